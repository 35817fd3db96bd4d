import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import type { BaseEvent } from './event.ts'
import { Replica } from './replica.ts'
import { absorbResponse, isNews } from './verdict.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

// Found by `pnpm sim --seed 113`: a cloned device sent on, and the stream told this one before the answer to its own request came.
test('an answer that comes after frames have told more takes no number back', () => {
  const replica = new Replica(schema)
  const told: BaseEvent = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: { A: 3 }, accepted: [], dead: [], deltas: [], cut: {} }
  replica.apply(1, told)
  const verdicts = [
    { is: 'applied', dot: ['A', 1], at: {}, conflicts: 0 },
    { is: 'applied', dot: ['B', 2], at: {}, conflicts: 0 },
  ] as const
  const response = { now: 0, verdicts, deltas: [], cut: new Map(), hlc: 0 } as unknown as Parameters<typeof absorbResponse>[1]
  const { event } = absorbResponse(replica, response, { fence: 1, asked: 0, answered: 0, pull: true, session: 'C' })
  expect(event.decided).toEqual({ B: 2 })
  replica.apply(2, event)
  expect([replica.decided('A'), replica.decided('B')]).toEqual([3, 2])
})

test('an answer that says what a frame has said, or nothing, is no news; whatever it says besides is', () => {
  const replica = new Replica(schema)
  const cut = { L: { seq: 3, hash: 'h' } }
  const told: BaseEvent = {
    e: 'base',
    generation: 1,
    fence: 1,
    hlc: 9,
    decided: { A: 3 },
    accepted: [],
    dead: [],
    deltas: [],
    cut,
    offset: 5,
  }
  replica.apply(1, told)
  const verdict = { is: 'applied', dot: ['A', 3], at: { L: 3 }, conflicts: 0 } as const
  const news = (more: object, local = 0) => {
    const response = { now: 5, verdicts: [verdict], deltas: [], cut: new Map(), hlc: 9, ...more } as unknown as Parameters<
      typeof absorbResponse
    >[1]
    return isNews(absorbResponse(replica, response, { fence: 1, asked: local, answered: local, pull: false, session: 'C' }), replica.known)
  }
  expect(news({})).toBe(false)
  expect(news({ verdicts: [{ ...verdict, dot: ['A', 4] }] })).toBe(true)
  expect(news({ verdicts: [{ ...verdict, conflicts: 1 }] })).toBe(true)
  expect(news({ verdicts: [{ ...verdict, result: 0 }] })).toBe(true)
  expect(news({ verdicts: [{ is: 'fork', dot: ['A', 3] }] })).toBe(true)
  expect(news({ verdicts: [{ is: 'refused', dot: ['A', 3], to: 3, code: 'discarded', message: '' }] })).toBe(true)
  expect(news({ spaces: [], spacesTag: 't' })).toBe(true)
  expect(news({ hlc: 10 })).toBe(true)
  expect(news({}, -2_000)).toBe(true)
})

// The device slept from when it asked until long after the answer had come, or before it went out.
test.each([
  ['what is known can still be so', 5, [0, 7_000_000, 8_000_000], 5],
  ['it cannot: the middle', 5, [0, 7_000_000, 10], 6_999_995],
  ['nothing is known: the middle', undefined, [0, 7_000_000, 8_000_000], 3_000_000],
  ['the clock was set back meanwhile: the middle', 5, [8_000_000, 7_000_000, 0], 3_000_000],
])('the offset of clocks: %s', (_, offset, [asked = 0, now = 0, answered = 0], expected) => {
  const replica = new Replica(schema)
  const transaction = { dot: ['A', 1] as const, version: 1, operations: [], base: {}, seen: {}, at: 1024 }
  replica.apply(1, { e: 'write', generation: 1, transaction, lo: 0 })
  const told: BaseEvent = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} }
  replica.apply(2, offset === undefined ? told : { ...told, offset })
  const response = { now, verdicts: [], deltas: [], cut: new Map(), hlc: 0 } as unknown as Parameters<typeof absorbResponse>[1]
  const { event } = absorbResponse(replica, response, { fence: 1, asked, answered, pull: true, session: 'C' })
  expect(event.offset).toBe(expected)
  // What waits moves with it, or stays where it is.
  expect(event.shift?.by ?? 0).toBe(expected === offset ? 0 : expected - (offset ?? 0))
})
