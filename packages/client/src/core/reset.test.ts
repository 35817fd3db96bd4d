import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import type { BaseEvent, WriteEvent } from './event.ts'
import { Replica } from './replica.ts'
import { absorbReset, isDenied, refetch } from './reset.ts'
import { healing } from './restored.ts'
import { absorbResponse } from './verdict.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })
const plain = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} } as const
const spaces: BaseEvent['spaces'] = [
  { space: 'x', access: 'write', role: null },
  { space: 'y', access: 'write', role: null },
]
const whole = (space: string, seq: number): Pick<BaseEvent, 'deltas' | 'cut'> => ({
  deltas: [{ space, from: 0, to: seq, whole: true, by: [], records: [] }],
  cut: { [space]: { seq, hash: '' } },
})
const write = (n: number, space: string): WriteEvent => ({
  e: 'write',
  generation: 1,
  lo: 0,
  transaction: { dot: ['A', n], version: 1, operations: [['put', space, 'notes', `n${n}`, { v: '1' }]], base: {}, seen: {}, at: n },
})

test('what is sent again after a restore stays on screen where base has to come anew from a disk that is broken', () => {
  const replica = new Replica(schema)
  replica.apply(1, { ...plain, spaces, ...whole('x', 2) })
  replica.apply(2, { ...plain, generation: 2, resets: { x: 0 } })
  replica.apply(3, { ...write(1, 'x'), healed: { x: 1 } })
  expect(replica.view.row('x', 'notes', 'n1')).toBeUndefined()
  replica.apply(4, { ...plain, generation: 2, ...whole('x', 1), reached: {} })
  expect(replica.view.row('x', 'notes', 'n1')).toBeDefined()
  replica.apply(5, refetch(replica.known, 2))
  expect(replica.view.row('x', 'notes', 'n1')).toBeDefined()
})

test('what was accepted and is not in base stays on screen when what came after it is asked for again', () => {
  const replica = new Replica(schema, { follow: ['x'] })
  replica.apply(1, { ...plain, spaces, ...whole('x', 1) })
  replica.apply(2, write(1, 'x'))
  replica.apply(3, write(2, 'y'))
  replica.apply(4, { ...plain, decided: { A: 2 }, accepted: [['A', 1, { x: 2 }]] })
  const kept = [{ transaction: write(2, 'y').transaction, generation: 1, at: { y: 5 }, confirmed: 1 }]
  const reset = { reset: new Map([['y', { agree: 3, heal: true }]]), hlc: 1, now: 1 }
  const { event, adds } = absorbReset(replica, reset, { fence: 1, kept })
  for (const [i, one] of [event, ...adds].entries()) replica.apply(5 + i, one)
  expect(adds).toHaveLength(1)
  expect(replica.decided('A')).toBe(1)
  expect(replica.view.row('x', 'notes', 'n1')).toBeDefined()
})

test('what is only asked for, for nothing says that it was lost, counts once it is refused', () => {
  const replica = new Replica(schema)
  replica.apply(1, { ...plain, spaces: spaces.slice(0, 1), ...whole('x', 1), decided: { A: 1 }, unproven: { A: 1 } })
  const kept = [{ transaction: write(1, 'y').transaction, generation: 1, at: { y: 5 }, confirmed: 1 }]
  const { event, adds } = absorbReset(replica, { lost: new Map([['B', 0]]), hlc: 1, now: 1 }, { fence: 1, kept })
  for (const [i, one] of [event, ...adds].entries()) replica.apply(2 + i, one)
  expect(replica.pending).toHaveLength(1)
  expect([healing(replica), replica.known.restored]).toEqual([0, { at: 1, total: 0, lost: 0 }])
  const verdicts = [{ is: 'refused', dot: ['A', 1], to: 1, code: 'forbidden', message: '' }]
  const response = { now: 2, verdicts, deltas: [], cut: new Map(), hlc: 2 } as unknown as Parameters<typeof absorbResponse>[1]
  replica.apply(4, absorbResponse(replica, response, { fence: 1, asked: 2, answered: 2, pull: true, session: 'A' }).event)
  expect(replica.known.restored).toEqual({ at: 1, total: 1, lost: 1 })
})

test('a refusal denies what this device has as confirmed, and nothing that it knows of, waits for or never wrote', () => {
  const replica = new Replica(schema)
  replica.apply(1, { ...plain, decided: { A: 5 }, void: [['A', 2, 2, 'conflict']] })
  replica.apply(2, write(6, 'y'))
  const kept = [1, 2, 4, 6].map((n) => ({ transaction: write(n, 'y').transaction, generation: 1, at: { y: n }, confirmed: 1 }))
  const without = { ...kept[0], transaction: write(5, 'y').transaction, groundless: true } as (typeof kept)[number]
  const denied = (...refused: [string, number, number][]) => isDenied(replica, refused, [...kept, without])
  expect([denied(), denied(['A', 2, 2]), denied(['A', 3, 3]), denied(['B', 1, 9]), denied(['A', 5, 6])]).toEqual(Array(5).fill(false))
  expect([denied(['A', 1, 1]), denied(['A', 3, 4])]).toEqual([true, true])
  // Another device wrote something else under the number 4, so that what is here goes on as C1.
  replica.apply(3, { ...plain, fork: { session: 'A', n: 4, to: 'C' } })
  expect([denied(['A', 4, 4]), denied(['C', 1, 1])]).toEqual([false, true])
})

test('all of base has come when what was lost has: a space that was joined meanwhile is another matter', () => {
  const replica = new Replica(schema)
  replica.apply(1, { ...plain, spaces: spaces.slice(0, 1), ...whole('x', 2) })
  replica.loseBase()
  replica.apply(2, { ...plain, spaces })
  expect(replica.isBaseLost).toBe(true)
  replica.apply(3, { ...plain, ...whole('x', 3) })
  expect(replica.isBaseLost).toBe(false)
})
