import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Clock, sees } from '../clock/clock.ts'
import type { Head } from '../clock/heads.ts'
import { canonical, type JsonValue } from '../json.ts'
import { counterPolicy } from './counter.ts'
import { maxPolicy, minPolicy } from './extreme.ts'
import { firstPolicy } from './first.ts'
import { latestPolicy } from './latest.ts'
import { mapPolicy } from './map.ts'
import type { Action, Policy } from './policy.ts'
import { rankPolicy } from './rank.ts'
import { setPolicy } from './set.ts'
import { siblingsPolicy } from './siblings.ts'
import { strictPolicy } from './strict.ts'
import { threeWayPolicy } from './three-way.ts'

const SPACE = 'L'
const element = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom<JsonValue>('x', 'y', null, 3)
const size = fc.constantFrom<JsonValue>(1, 2, 3, null)
const elements = fc.uniqueArray(element, { minLength: 1, maxLength: 2 })
const setting = (of: fc.Arbitrary<JsonValue>) => of.map((v): Action => ({ do: 'set', value: v }))

/** Which words both keep, and which either brings. */
const threeWay = threeWayPolicy(({ base, theirs, mine }) => {
  const [was, left, right] = [base, theirs, mine].map((text) =>
    String(text ?? '')
      .split(' ')
      .filter(Boolean),
  ) as [string[], string[], string[]]
  const kept = was.filter((word) => left.includes(word) && right.includes(word))
  return {
    value: [...new Set([...kept, ...left, ...right])]
      .filter((word) => !was.includes(word) || kept.includes(word))
      .sort()
      .join(' '),
    conflict: false,
  }
})

interface Subject {
  readonly policy: Policy
  readonly action: fc.Arbitrary<Action>
  /** It goes by the order in which changes reach the server. */
  readonly ordered?: true
}

/** Every policy, and the actions it takes. One that is not here has no laws. */
const POLICIES: Readonly<Record<string, Subject>> = {
  latest: { policy: latestPolicy as Policy, action: setting(value) },
  first: { policy: firstPolicy as Policy, action: setting(value), ordered: true },
  strict: { policy: strictPolicy as Policy, action: setting(value), ordered: true },
  max: { policy: maxPolicy as Policy, action: setting(size) },
  min: { policy: minPolicy as Policy, action: setting(size) },
  siblings: { policy: siblingsPolicy as Policy, action: setting(value) },
  'three-way': { policy: threeWay as Policy, action: setting(fc.constantFrom('a', 'a b', 'b c', 'c', 'a c d')) },
  counter: {
    policy: counterPolicy as Policy,
    action: fc.oneof(
      fc.integer({ min: -5, max: 5 }).map((delta): Action => ({ do: 'inc', delta })),
      fc.integer({ min: 0, max: 9 }).map((to): Action => ({ do: 'reset', to, sum: 0 })),
      // An insert or upsert, of which a reset that had not seen it takes nothing back, whichever is the later one.
      fc.integer({ min: 0, max: 9 }).map((value): Action => ({ do: 'init', value })),
    ),
  },
  set: {
    policy: setPolicy as Policy,
    action: fc.tuple(fc.constantFrom('add', 'remove'), elements).map(([verb, of]): Action => ({ do: verb, elements: of }) as Action),
  },
  map: {
    policy: mapPolicy as Policy,
    action: fc.oneof(
      fc.dictionary(element, value, { minKeys: 1, maxKeys: 2 }).map((values): Action => ({ do: 'keys', values: { ...values } })),
      elements.map((keys): Action => ({ do: 'unkey', keys: keys as string[] })),
    ),
  },
  rank: { policy: rankPolicy as Policy, action: fc.constantFrom('K', 'KK', 'V').map((key): Action => ({ do: 'move', key })) },
}

test('every policy there is has its laws here', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => !file.includes('.test.'))
  const made = files.flatMap(
    (file) => readFileSync(new URL(file, import.meta.url), 'utf8').match(/^ +name: '[\w-]+'|= extreme\('\w+'/gm) ?? [],
  )
  expect(made.map((found) => found.split("'")[1]).sort()).toEqual(Object.keys(POLICIES).sort())
})

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
  const merged = policy.apply(state, action, { head, base: clock.base[SPACE] ?? 0, sees: (other) => sees(clock, head.by, SPACE, other) })
  if ('refused' in merged) {
    // As a transaction that was refused: nothing of it is there.
    if (merged.refused === 'conflict') return state
    throw new Error(merged.message)
  }
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

/** Sessions that go on writing without hearing of each other: each has seen its own, and carries what that shows. */
const sessions = (action: fc.Arbitrary<Action>) =>
  fc.array(fc.array(fc.tuple(action, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })

/** Every order in which the server may hear of them: each session in its own. */
function interleavings<T>(lists: readonly (readonly T[])[]): T[][] {
  const left = lists.filter((list) => list.length > 0)
  if (left.length === 0) return [[]]
  return left.flatMap((list) =>
    interleavings(left.map((other) => (other === list ? other.slice(1) : other))).map((rest) => [list[0] as T, ...rest]),
  )
}

function written(policy: Policy, lists: readonly (readonly (readonly [Action, number])[])[]) {
  return lists.map((list, s) => {
    let [state, at] = [policy.empty(null), 0]
    return list.map(([action, after], i) => {
      at += after
      const from = policy.from ? { from: policy.read(state) } : {}
      const change = { action: { ...action, ...from }, dot: ['ABC'[s] ?? 'Z', i + 1] as const, at }
      const merged = policy.apply(state, change.action, {
        head: { by: change.dot, seq: Number.POSITIVE_INFINITY, at },
        base: 0,
        sees: () => true,
      })
      if ('state' in merged) state = merged.state
      return change
    })
  })
}

describe.each(Object.entries(POLICIES))('the laws of %s', (name, { policy, action: any, ordered }) => {
  // Whoever has seen nothing has seen nothing of what merges by it.
  const action = policy.from ? any.map((one): Action => ({ ...one, from: null }) as Action) : any
  if (!ordered)
    test('order does not matter for sessions that build on their own: every order gives the same value', () => {
      fc.assert(
        fc.property(sessions(action), (lists) => {
          const shown = new Set(
            interleavings(written(policy, lists)).map((order) => {
              const end = order.reduce<unknown>((state, { action: one, dot, at }, i) => {
                const head: Head = { by: dot, seq: i + 1, at }
                const merged = policy.apply(state, one, { head, base: 0, sees: (other) => sees({ base: {}, seen: {} }, dot, SPACE, other) })
                return 'state' in merged ? merged.state : state
              }, policy.empty(null))
              return canonical(policy.read(end))
            }),
          )
          expect([...shown]).toHaveLength(1)
        }),
        { numRuns: 60 },
      )
    })

  if (!ordered)
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

  test('heads are an antichain that lists every change which none has seen', () => {
    fc.assert(
      fc.property(concurrent(action), (changes) => {
        const state = changes.reduce((made, change, i) => apply(policy, made, change, { seq: i + 1 }), policy.empty(null))
        const dots = headsByDot(policy, state)
        expect(dots.length).toBeLessThanOrEqual(changes.length)
        // What was refused leaves nothing.
        expect(dots).toEqual(name === 'strict' ? ['A.1'] : changes.map(({ session }) => `${session}.1`).sort())
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
          expect(policy.read(after)).toEqual(name === 'siblings' ? [last.value] : last.value)
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
    { head, base: 4, sees: (other) => sees({ base: { L: 4 }, seen: {} }, head.by, SPACE, other) },
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
