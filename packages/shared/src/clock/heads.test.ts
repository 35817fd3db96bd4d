import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sees } from './clock.ts'
import { bounded, type Head, MAX_CONCURRENT, winner } from './heads.ts'

const many = (count: number, at: (i: number) => number = (i) => i): Head[] =>
  Array.from({ length: count }, (_, i) => ({ by: [`s${i}`, 1], seq: i + 1, at: at(i) }))

test('as many as are told apart stay as they are', () => {
  const heads = many(MAX_CONCURRENT)
  expect(bounded(heads)).toBe(heads)
})

test('of more the oldest, the winner and the newest stay', () => {
  const heads = many(100, (i) => (i === 7 ? 1_000 : i))
  const seqs = bounded(heads).map(({ seq }) => seq)
  expect(seqs).toEqual([1, 8, ...Array.from({ length: MAX_CONCURRENT - 2 }, (_, i) => 100 - (MAX_CONCURRENT - 3) + i)])
  expect(bounded(many(9), 4).map(({ seq }) => seq)).toEqual([1, 7, 8, 9])
})

test('what is pending is the newest', () => {
  const heads = many(70).map((head) => (head.seq === 2 || head.seq === 3 ? { ...head, seq: Number.POSITIVE_INFINITY } : head))
  expect(bounded(heads).map(({ by }) => by[0])).toEqual(expect.arrayContaining(['s0', 's1', 's2', 's69']))
})

test('who goes by how far he was finds the same: that nothing is new to him, who won, and what he had seen of it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 5, maxLength: 30 }), fc.nat(31), fc.integer({ min: 4, max: 8 }), (times, base, most) => {
      const all = many(times.length, (i) => times[i] as number)
      const kept = bounded(all, most)
      const left = (heads: readonly Head[]) => heads.filter((head) => !sees({ base: { L: base }, seen: {} }, ['new', 1], 'L', head))
      expect(kept.length).toBeLessThanOrEqual(most)
      expect(winner(kept)).toBe(winner(all))
      expect(left(kept).length === 0).toBe(left(all).length === 0)
      expect(left(kept).length < kept.length).toBe(left(all).length < all.length)
      expect(left(kept).includes(winner(all) as Head)).toBe(left(all).includes(winner(all) as Head))
    }),
  )
})
