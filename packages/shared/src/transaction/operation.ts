import type { Dot } from '../clock/dot.ts'
import type { SessionId, SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import type { Place } from '../policy/rank-key.ts'

type Values = Readonly<Record<string, JsonValue>>
type Target = readonly [space: SpaceId, table: string, id: string]

/**
 * One change to one record: insert, put (upsert), update, delete, restore; increment and offset (reset) of a counter; add to and remove
 * from a set; set and unset keys of a map; move to a place. A reset carries what its author counted — the sum of base and the own pending
 * increments — so that the server can leave out those that it refused. `from` has what the author of a write saw in fields that merge by
 * it, and `base` what of that was confirmed, where own pending writes had made it otherwise; `only` is in the format for the issue that
 * brings it.
 */
export type Operation =
  | readonly ['ins' | 'put' | 'upd', ...Target, values: Values, options?: SeenValues]
  | readonly ['del' | 'res', ...Target]
  | readonly ['inc', ...Target, field: string, delta: number]
  | readonly ['off', ...Target, field: string, reset: Reset]
  | readonly ['add' | 'rem', ...Target, field: string, elements: readonly JsonValue[]]
  | readonly ['key', ...Target, field: string, values: Values]
  | readonly ['unk', ...Target, field: string, keys: readonly string[]]
  | readonly ['mov', ...Target, field: string, place: Place]

export interface SeenValues {
  readonly from?: Values
  readonly base?: Values
}

export interface Reset {
  readonly to: number
  readonly sum: number
  readonly own: readonly (readonly [session: SessionId, n: number, delta: number])[]
}

/** A record's key in maps that span spaces and tables. No id may hold a NUL, so this is unambiguous. */
export const recordKey = (space: SpaceId, table: string, id: string): string => `${space}\0${table}\0${id}`

/** What a counter of a record has been counted by, as one device sees it. */
export interface Counted extends Pick<Reset, 'sum' | 'own'> {
  /** Whether the record is there: one that is inserted when it is not is another of its name, and begins at nothing. */
  readonly isThere: boolean
}

/** Counts on, by what a transaction does to the record. */
export function countOn(
  before: Counted,
  { dot, operations }: { readonly dot: Dot; readonly operations: readonly Operation[] },
  key: string,
  field: string,
): Counted {
  let { isThere, sum, own } = before
  let delta = 0
  for (const operation of operations) {
    const [kind, space, table, id, what] = operation
    if (recordKey(space, table, id) !== key) continue
    const begins = kind === 'ins' || kind === 'put'
    if (begins && !isThere) [sum, own, delta] = [0, [], 0]
    isThere = begins || kind === 'res' || (isThere && kind !== 'del')
    const by = begins ? operation[4][field] : kind === 'inc' && what === field && operation[5]
    if (typeof by === 'number') delta += by
  }
  return { isThere, sum, own: delta === 0 ? own : [...own, [dot[0], dot[1], delta]] }
}
