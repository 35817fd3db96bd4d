import { expect, test } from 'vitest'
import { insert, testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

// at = max(min(at, the server's HLC now), 1 + the session's last); the HLC ticks with each decision. Expected values are written by hand.

const MS = 1_024
const NOW = 1_000_000

interface Step {
  readonly from: string
  readonly at: number
  readonly now?: number
  readonly decided: number | 'refused'
  readonly hlc: number
}

const histories: Record<string, readonly Step[]> = {
  'a time in the past stays': [{ from: 'A', at: 5, decided: 5, hlc: NOW * MS }],
  'the time of now stays': [{ from: 'A', at: NOW * MS, decided: NOW * MS, hlc: NOW * MS }],
  'one that is ahead, by one, by years, by centuries, is the server’s': [
    { from: 'A', at: NOW * MS + 1, decided: NOW * MS, hlc: NOW * MS },
    { from: 'B', at: 2_199_023_255_552_000, decided: NOW * MS + 1, hlc: NOW * MS + 1 },
    { from: 'C', at: 9_007_199_254_740_991, decided: NOW * MS + 2, hlc: NOW * MS + 2 },
  ],
  'what is clamped does not tie, however late the clock': [
    { from: 'A', at: 9e15, decided: NOW * MS, hlc: NOW * MS },
    { from: 'B', at: 9e15, now: 0, decided: NOW * MS + 1, hlc: NOW * MS + 1 },
    { from: 'C', at: 9e15, now: NOW + 1, decided: (NOW + 1) * MS, hlc: (NOW + 1) * MS },
  ],
  'what is not clamped may tie: the dot decides': [
    { from: 'A', at: 5, decided: 5, hlc: NOW * MS },
    { from: 'B', at: 5, decided: 5, hlc: NOW * MS + 1 },
  ],
  'a session goes on by one where it says less': [
    { from: 'A', at: 500, decided: 500, hlc: NOW * MS },
    { from: 'A', at: 500, decided: 501, hlc: NOW * MS + 1 },
    { from: 'A', at: 7, decided: 502, hlc: NOW * MS + 2 },
    { from: 'A', at: 503, decided: 503, hlc: NOW * MS + 3 },
    { from: 'B', at: 7, decided: 7, hlc: NOW * MS + 4 },
  ],
  'also after one that was clamped': [
    { from: 'A', at: 9e15, decided: NOW * MS, hlc: NOW * MS },
    { from: 'A', at: 0, decided: NOW * MS + 1, hlc: NOW * MS + 1 },
  ],
  'a refusal takes a tick and leaves no time': [
    { from: 'A', at: 500, decided: 500, hlc: NOW * MS },
    { from: 'A', at: 900, decided: 'refused', hlc: NOW * MS + 1 },
    { from: 'A', at: 600, decided: 600, hlc: NOW * MS + 2 },
  ],
  'in 1970 the first decision is one later than nothing': [
    { from: 'A', at: 0, now: 0, decided: 1, hlc: 1 },
    { from: 'B', at: 0, now: 0, decided: 1, hlc: 2 },
    { from: 'A', at: 9e15, now: 0, decided: 3, hlc: 3 },
  ],
}

test.each(Object.entries(histories))('%s', async (_, steps) => {
  const world = testServer({ now: NOW })
  const ann = world.client('ann')
  const ns = new Map<string, number>()
  let seq = 0
  for (const { from, at, now, decided, hlc } of steps) {
    world.clock.now = now ?? world.clock.now
    const n = (ns.get(from) ?? 0) + 1
    ns.set(from, n)
    const title = decided === 'refused' ? 7 : 'Milk'
    const answer = await ann.sync({ tx: [tx(from, n, [insert('home:ann', `${from}${n}`, { title })], { at })] })
    if (decided !== 'refused') seq++
    const head = answer.deltas[0]?.by.find(([session, k]) => session === from && k === n)
    expect([answer.hlc, head]).toEqual([hlc, decided === 'refused' ? undefined : [from, n, seq, decided]])
  }
})

test('a full counter carries into the milliseconds', async () => {
  const ann = testServer({ now: 1 }).client('ann')
  const ticks = Array.from({ length: 1_023 }, (_, i) => tx('B', i + 1, [], { at: 0 }))
  expect((await ann.sync({ tx: [tx('A', 1, [], { at: 9e15 })] })).hlc).toBe(1_024)
  for (const some of [ticks.slice(0, 500), ticks.slice(500, 1_000), ticks.slice(1_000)]) await ann.sync({ tx: some })
  const answer = await ann.sync({ tx: [tx('C', 1, [insert('home:ann', 't')], { at: 9e15 })] })
  expect([answer.hlc, answer.deltas[0]?.by]).toEqual([2_048, [['C', 1, 1, 2_048]]])
})
