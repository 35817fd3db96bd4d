import { expect, test } from 'vitest'
import { sees } from '../clock/clock.ts'
import type { Head } from '../clock/heads.ts'
import type { JsonValue } from '../json.ts'
import { type ThreeWayState, threeWayPolicy } from './three-way.ts'

/** What was appended is kept; of what was replaced only the earlier one's. */
const policy = threeWayPolicy(({ base, theirs, mine }) => {
  const [was, value] = [String(base), String(mine)]
  return value.startsWith(was) ? { value: theirs + value.slice(was.length), conflict: false } : { value: theirs, conflict: true }
})

const change = (session: string, at: number): Head => ({ by: [session, 1], seq: at, at })
const write = (state: ThreeWayState, value: JsonValue, head: Head, seen: readonly Head[] = []) => {
  const actor = { head, base: 0, sees: (other: Head) => seen.includes(other) }
  const merged = policy.apply(state, { do: 'set', value, from: 'x' }, actor)
  if ('refused' in merged) throw new Error(merged.message)
  return { state: merged.state, told: (merged.dropped ?? []).map(({ value: lost, by, keptBy }) => [lost, by.by[0], keptBy.by[0]]) }
}

const [ann, bob, cleo] = [change('ann', 1), change('bob', 2), change('cleo', 3)]
const empty = policy.empty('x')

test('golden: whose value could not be kept is told, be he the newcomer or one who was there', () => {
  expect(write(write(empty, 'xa', ann).state, 'b', bob)).toMatchObject({ state: { value: 'xa' }, told: [['b', 'bob', 'ann']] })
  expect(write(write(empty, 'b', bob).state, 'xa', ann)).toMatchObject({ state: { value: 'xa' }, told: [['b', 'bob', 'ann']] })
})

test('golden: he is told once, whoever comes later', () => {
  const both = write(write(empty, 'b', bob).state, 'xa', ann).state
  expect(write(both, 'xc', cleo)).toMatchObject({ state: { value: 'xac' }, told: [] })
  expect(write(both, 'c', cleo)).toMatchObject({ state: { value: 'xa' }, told: [['c', 'cleo', 'ann']] })
})

test('golden: whoever has seen them all replaces them, and nobody is told', () => {
  const both = write(write(empty, 'b', bob).state, 'xa', ann).state
  expect(write(both, 'y', cleo, [ann, bob])).toMatchObject({ state: { value: 'y' }, told: [] })
})

// Found by a review, and not mended yet: a branch does not keep what its own chain began with, so what one had seen of that is taken for new.
test.fails('known gap: a chain of which somebody has seen the beginning gives the same in every order', () => {
  const chain = [
    { dot: ['A', 1], base: 0, value: 'a', from: '' },
    { dot: ['A', 2], base: 0, value: 'aa', from: 'a' },
    { dot: ['B', 1], base: 1, value: 'ab', from: 'a' },
  ] as const
  const run = (order: readonly number[]) =>
    order.reduce((state, which, i) => {
      const { dot, base, value, from } = chain[which] as (typeof chain)[number]
      const head: Head = { by: dot, seq: i + 1, at: which + 1 }
      const actor = { head, base, sees: (other: Head) => sees({ base: { s: base }, seen: {} }, dot, 's', other) }
      const merged = policy.apply(state, { do: 'set', value, from }, actor)
      return 'refused' in merged ? state : merged.state
    }, policy.empty(''))
  expect(policy.read(run([0, 2, 1]))).toBe(policy.read(run([0, 1, 2])))
})
