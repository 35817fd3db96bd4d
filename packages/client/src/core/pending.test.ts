import { expect, test } from 'vitest'
import type { BaseEvent, WriteEvent } from './event.ts'
import { foldBase, nothingKnown } from './known.ts'
import { countOf, type Pending, sendable, toPending } from './pending.ts'
import { retried } from './retry.ts'

const written = (dot: readonly [string, number], seen: Record<string, number>): WriteEvent => ({
  e: 'write',
  generation: 1,
  transaction: { dot, version: 1, operations: [], base: { x: 4 }, seen, at: 1 },
  lo: 0,
})
const forked = { ...nothingKnown, forks: [{ session: 'A', n: 3, to: 'B' }] }
const { transaction: _, ...rest } = { ...written(['A', 5], {}), id: 'A.5', code: 'rule_refused', message: '', at: 0 }

test('a fork renames a write with what it had seen of its own, and with what it says that it had not', () => {
  // A.5 is B.3: it counts A up to 2 and B up to 2 by itself, or what it states.
  expect(sendable(written(['A', 5], {}), forked).seen).toEqual({ A: 2 })
  expect(sendable(written(['A', 5], { A: 3 }), forked)).toMatchObject({ dot: ['B', 3], seen: { A: 2, B: 1 } })
  expect(sendable(written(['A', 5], { A: 1 }), forked)).toMatchObject({ dot: ['B', 3], seen: { A: 1, B: 0 } })
  expect(sendable(written(['C', 1], { B: 2, A: 1 }), forked).seen).toEqual({ A: 1, B: 2 })
})

test('what is tried again has seen no more of its own than it had', () => {
  const again = (seen: Record<string, number>) => retried({ ...rest, transaction: written(['A', 5], seen).transaction }).transaction.seen
  expect(again({})).toEqual({ A: 4 })
  expect(again({ A: 2 })).toEqual({ A: 2 })
})

const plain: BaseEvent = {
  ...{ e: 'base', generation: 2, fence: 1, deltas: [], cut: {}, hlc: 0, decided: {}, accepted: [], dead: [] },
}
const reset = foldBase(nothingKnown, 1, {
  ...plain,
  resets: { x: 2 },
  healed: [
    ['H', 1, { x: 3 }],
    ['H', 2, { x: 5 }],
  ],
})

test('a clock of a history that was lost names what of it is sent again, and was seen; also under the name of another try', () => {
  expect(sendable(written(['A', 5], {}), reset)).toMatchObject({ base: { x: 2 }, seen: { H: 1 } })
  const again = foldBase(reset, 2, { ...plain, again: ['H.1', 'H.2'] })
  const [name] = retried({ ...rest, transaction: { ...written(['H', 1], {}).transaction } }).transaction.dot
  expect(sendable(written(['A', 5], {}), again).seen).toEqual({ H: 1, [name]: 1 })
})

test('also what is noticed to be lost in a later step', () => {
  const later = foldBase(reset, 2, { ...plain, healed: [['L', 1, { x: 4 }]] })
  expect(sendable(written(['A', 5], {}), later).seen).toEqual({ H: 1, L: 1 })
})

test('what was sent again after one reset says nothing of the seqs of another history', () => {
  const twice = foldBase(reset, 2, { ...plain, generation: 3, resets: { x: 2 }, healed: [['K', 1, { x: 3 }]] })
  expect(sendable(written(['A', 5], {}), twice).seen).toEqual({ H: 1 })
  expect(sendable({ ...written(['A', 5], {}), generation: 2 }, twice).seen).toEqual({ K: 1 })
})

test('what waits is counted on, not anew at each write (P12)', () => {
  let looks = 0
  const pendingOf = (session: string, n: number): Pending => {
    const pending = toPending(written([session, n], {}), n, 0)
    const { event } = pending
    const get = () => {
      looks++
      return event
    }
    return Object.defineProperty(pending, 'event', { get })
  }
  const list = [pendingOf('A', 2), pendingOf('B', 1), pendingOf('A', 1)]
  expect([...countOf(list).last]).toEqual([
    ['A', 2],
    ['B', 1],
  ])
  list.push(pendingOf('B', 7))
  looks = 0
  expect(countOf(list)).toMatchObject({ last: new Map(Object.entries({ A: 2, B: 7 })), oldest: 1 })
  expect(looks).toBe(1)
})
