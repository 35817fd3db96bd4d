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

/** What these operations add to a counter. */
export const incrementOf = (operations: readonly Operation[], key: string, field: string): number =>
  operations.reduce((sum, operation) => sum + incrementIn(operation, key, field), 0)

function incrementIn(operation: Operation, key: string, field: string): number {
  if (recordKey(operation[1], operation[2], operation[3]) !== key) return 0
  if (operation[0] === 'inc') return operation[4] === field ? operation[5] : 0
  if (operation[0] !== 'ins' && operation[0] !== 'put') return 0
  const value = operation[4][field]
  return typeof value === 'number' ? value : 0
}
