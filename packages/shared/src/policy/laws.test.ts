import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Clock, sees } from '../clock/clock.ts'
import type { Head } from '../clock/heads.ts'
import { canonical, type JsonValue } from '../json.ts'
import { counterPolicy } from './counter.ts'
import type { Action, Policy } from './policy.ts'
import { registerPolicy } from './register.ts'
import { setPolicy } from './set.ts'

const SPACE = 'L'
const element = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom<JsonValue>('x', 'y', null, 3)
const elements = fc.uniqueArray(element, { minLength: 1, maxLength: 2 })

/** Every policy, and the actions it takes. One that is not here has no laws. */
const POLICIES: Readonly<Record<string, { policy: Policy; action: fc.Arbitrary<Action> }>> = {
  register: { policy: registerPolicy, action: value.map((v): Action => ({ do: 'set', value: v })) },
  counter: {
    policy: counterPolicy,
    action: fc.oneof(
      fc.integer({ min: -5, max: 5 }).map((delta): Action => ({ do: 'inc', delta })),
      fc.integer({ min: 0, max: 9 }).map((to): Action => ({ do: 'reset', to, sum: 0 })),
    ),
  },
  set: {
    policy: setPolicy,
    action: fc.tuple(fc.constantFrom('add', 'remove'), elements).map(([verb, of]): Action => ({ do: verb, elements: of }) as Action),
  },
}

interface Change {
  readonly action: Action
  readonly session: string
  readonly at: number
}

/** A change decided at a seq, by an author who had seen nothing unless its clock says so. */
const apply = (
  policy: Policy,
  state: unknown,
  { action, session, at }: Change,
  { seq, clock = { base: {}, seen: {} } }: { seq: number; clock?: Clock },
) => {
  const head: Head = { by: [session, 1], seq, at }
  const merged = policy.apply(state, action, { head, sees: (other) => sees(clock, head.by, SPACE, other) })
  if ('refused' in merged) throw new Error(merged.message)
  return merged.state
}

/** Concurrent changes: each by a session of its own, none has seen another. */
const concurrent = (action: fc.Arbitrary<Action>) =>
  fc
    .array(fc.record({ action, at: fc.integer({ min: 1, max: 4 }) }), { minLength: 2, maxLength: 4 })
    .map((list) => list.map((one, i): Change => ({ ...one, session: 'ABCD'[i] ?? 'Z' })))

const permutations = <T>(list: readonly T[]): T[][] =>
  list.length < 2 ? [[...list]] : list.flatMap((one, i) => permutations(list.filter((_, k) => k !== i)).map((rest) => [one, ...rest]))

const headsByDot = (policy: Policy, state: unknown) => [...new Set(policy.heads(state).map(({ by }) => by.join('.')))].sort()

describe.each(Object.entries(POLICIES))('the laws of %s', (_, { policy, action }) => {
  test('order does not matter: concurrent changes give the same value in every order the server may choose', () => {
    fc.assert(
      fc.property(concurrent(action), (changes) => {
        const results = permutations(changes).map((order) =>
          order.reduce((state, change, i) => apply(policy, state, change, { seq: i + 1 }), policy.empty(null)),
        )
        const shown = new Set(results.map((state) => canonical(policy.read(state))))
        expect([...shown]).toHaveLength(1)
        expect(new Set(results.map((state) => headsByDot(policy, state).join())).size).toBe(1)
      }),
    )
  })

  test('pure: the arguments stay as they were, and the same again gives the same', () => {
    fc.assert(
      fc.property(concurrent(action), (changes) => {
        let state = policy.empty(null)
        for (const [i, change] of changes.entries()) {
          const before = JSON.stringify(state)
          const once = apply(policy, state, change, { seq: i + 1 })
          expect(JSON.stringify(state)).toBe(before)
          expect(apply(policy, state, change, { seq: i + 1 })).toEqual(once)
          state = once
        }
      }),
    )
  })

  test('a change that has seen all leaves no head but its own, and its value stands whatever its clock says', () => {
    fc.assert(
      fc.property(concurrent(action), action, (changes, last) => {
        const before = changes.reduce((state, change, i) => apply(policy, state, change, { seq: i + 1 }), policy.empty(null))
        const after = apply(policy, before, { action: last, session: 'Y', at: 0 }, { seq: 9, clock: { base: { [SPACE]: 8 }, seen: {} } })
        if (last.do === 'set') {
          expect(policy.read(after)).toEqual(last.value)
          expect(headsByDot(policy, after)).toEqual(['Y.1'])
        }
        if (last.do === 'remove') for (const gone of last.elements) expect(policy.read(after)).not.toContain(gone)
        if (last.do === 'inc') expect(policy.read(after)).toBe((policy.read(before) as number) + last.delta)
      }),
    )
  })

  test('what is packed and unpacked is the same', () => {
    fc.assert(
      fc.property(concurrent(action), (changes) => {
        const state = changes.reduce((made, change, i) => apply(policy, made, change, { seq: i + 1 }), policy.empty(null))
        const all: Head[] = []
        const packed = policy.pack(state, (heads) => heads.map((head) => all.push(head) - 1))
        const again = policy.unpack(JSON.parse(JSON.stringify(packed)), (of) => (of as number[]).map((i) => all[i] as Head), undefined)
        expect(again).toEqual(state)
      }),
    )
  })
})

test('add wins, also where an own write covers an unseen one (schedules.md 1)', () => {
  // A adds e unseen by D; D adds e itself, then removes it: what D removes is its own add, not A's.
  let state = setPolicy.empty(null)
  state = apply(setPolicy, state, { action: { do: 'add', elements: ['e'] }, session: 'A', at: 1 }, { seq: 5 }) as typeof state
  state = apply(
    setPolicy,
    state,
    { action: { do: 'add', elements: ['e'] }, session: 'S', at: 2 },
    { seq: 6, clock: { base: { L: 4 }, seen: {} } },
  ) as typeof state
  const head: Head = { by: ['S', 2], seq: 7, at: 3 }
  const merged = setPolicy.apply(
    state,
    { do: 'remove', elements: ['e'] },
    { head, sees: (other) => sees({ base: { L: 4 }, seen: {} }, head.by, SPACE, other) },
  )
  expect('state' in merged && setPolicy.read(merged.state)).toEqual(['e'])
})

test('two resets to 0 at once give 0, and an increment that neither had seen survives both (schedules.md 1)', () => {
  let state = counterPolicy.empty(null)
  state = apply(counterPolicy, state, { action: { do: 'inc', delta: 5 }, session: 'A', at: 1 }, { seq: 1 }) as typeof state
  const seen = { base: { L: 1 }, seen: {} }
  state = apply(
    counterPolicy,
    state,
    { action: { do: 'reset', to: 0, sum: 5 }, session: 'B', at: 2 },
    { seq: 2, clock: seen },
  ) as typeof state
  state = apply(
    counterPolicy,
    state,
    { action: { do: 'reset', to: 0, sum: 5 }, session: 'C', at: 3 },
    { seq: 3, clock: seen },
  ) as typeof state
  expect(counterPolicy.read(state)).toBe(0)
  state = apply(counterPolicy, state, { action: { do: 'inc', delta: 2 }, session: 'D', at: 1 }, { seq: 4, clock: seen }) as typeof state
  expect(counterPolicy.read(state)).toBe(2)
})
