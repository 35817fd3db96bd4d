import type { Policy } from '../policy/policy.ts'
import { rankPolicy, UNPLACED } from '../policy/rank.ts'
import { isRankKey, type Place } from '../policy/rank-key.ts'
import type { Field } from './field.ts'
import { placeAmong } from './place.ts'
import { idProblem, invalid, type Place as Named } from './value.ts'

/** The place of a record among others: to order by, and by nothing else. */
export type RankField = Field<{ kind: 'rank'; value: string; input: Position; optional: true; scalar: true; to: never }>

/** Where in an order a record goes: at either end, or next to another one. */
export type Position = 'first' | 'last' | { readonly after: string } | { readonly before: string }

/**
 * The place of a record in an order that people make: changed by `move`. Concurrent moves never duplicate or lose a record, and what one
 * person puts somewhere in a row stays together.
 *
 * @example table({ title: string(), position: rank() }).index('position')
 */
export const rank = (): RankField => ({
  def: {
    kind: 'rank',
    policy: rankPolicy as Policy,
    nullable: false,
    fallback: UNPLACED,
    scalar: true,
    check: (given, at) => (given === UNPLACED ? given : checkPlace(given, at)),
    place: (position = 'last', calling) => placeAmong(position, calling),
    verbs: { move: ([position], calling) => ['mov', checkPlace(placeAmong(position, calling), calling.at)] },
  },
})

/** A place as it is written. @throws HoldfastError `invalid_value` */
export function checkPlace(given: unknown, at: Named): Place {
  const [key, ...items] = Array.isArray(given) ? given : []
  if (items.length !== 2 || !isRankKey(key) || items.some((id) => id !== null && idProblem(id) !== undefined))
    throw invalid(at, 'expected a place: its key, and the ids of the records before and after it, or null')
  return [key, items[0], items[1]]
}
