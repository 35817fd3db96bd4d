import { type Code, isRefusal } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import { maxPolicy, minPolicy } from '../policy/extreme.ts'
import { firstPolicy } from '../policy/first.ts'
import { latestPolicy } from '../policy/latest.ts'
import type { Policy } from '../policy/policy.ts'
import { siblingsPolicy } from '../policy/siblings.ts'
import { strictPolicy } from '../policy/strict.ts'
import { Conflicting, type Sides, threeWayPolicy } from '../policy/three-way.ts'

/** The value as it is stored, or it throws. */
type Check = (value: unknown) => JsonValue

/**
 * How concurrent writes to a register merge: given to `.merge(…)`. Each is a value to import, so that a bundle has those that its schema
 * uses, and no other.
 */
export interface Merge<in V> {
  /** How many values a row has. */
  readonly keeps: 'one'
  readonly policyOf: (check: Check) => Policy
  readonly accepts?: (value: V) => void
}

const by = <V>(policy: Policy<never>): Merge<V> => ({ keeps: 'one', policyOf: () => policy as Policy<unknown> as Policy })

/** The later write stands, by the clocks of those who wrote; the other value is a conflict of its author. The default. */
export const latest: Merge<unknown> = /* @__PURE__ */ by(latestPolicy as Policy<never>)

/** The write that reached the server first stands; the other value is a conflict of its author. */
export const first: Merge<unknown> = /* @__PURE__ */ by(firstPolicy as Policy<never>)

/** The greatest value stands. `null` yields to any. @example number().merge(max) */
export const max: Merge<number | string | null> = /* @__PURE__ */ by(maxPolicy as Policy<never>)

/** The least value stands. `null` yields to any. @example timestamp().nullable().merge(min) */
export const min: Merge<number | string | null> = /* @__PURE__ */ by(minPolicy as Policy<never>)

/** The newcomer's whole transaction is refused, with `conflict`. */
export const strict: Merge<unknown> = /* @__PURE__ */ by(strictPolicy as Policy<never>)

/** Every concurrent value stays, until one writes who has seen them all. */
export interface Siblings {
  readonly keeps: 'all'
  readonly policyOf: Merge<unknown>['policyOf']
}

const keepingAll = (policy: Policy<never>): Siblings => ({ ...by(policy), keeps: 'all' })

/** The row has all concurrent values, in a fixed order; whoever writes next resolves them. @example string().merge(siblings) */
export const siblings: Siblings = /* @__PURE__ */ keepingAll(siblingsPolicy as Policy<never>)

/**
 * Merges with a function of the app's, pure and synchronous: `base` is what the author of `mine` had seen. It gives the merged value, or
 * `conflicting(value)` where it had to drop something of `mine`, whose author is then told. What it throws refuses the newcomer:
 * `hook_failed`, or a `refuse()` in its own words.
 *
 * @example string().merge(threeWay(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : conflicting(theirs))))
 */
export const threeWay = <V>(merge: (sides: Sides<V>) => V | Conflicting<V>): Merge<V> => ({
  keeps: 'one',
  policyOf: (check) =>
    threeWayPolicy((sides) => {
      try {
        const merged = merge(sides as unknown as Sides<V>)
        const conflict = merged instanceof Conflicting
        return { value: check(conflict ? merged.value : merged), conflict }
      } catch (error) {
        if (isRefusal(error)) return { refused: error.code as Code, message: error.message }
        return { refused: 'hook_failed', message: 'The merge function of this field failed.' }
      }
    }) as Policy<unknown> as Policy,
})

/** The result of a merge function that could not keep all of `mine`. */
export const conflicting = <V>(value: V): Conflicting<V> => new Conflicting(value)
