import type { Head, Heads } from '../clock/heads.ts'
import type { SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import type { Policy } from '../policy/policy.ts'

/** What merging needs to know of a field; `schema/field.ts` has the whole. */
export interface MergeField {
  readonly policy: Policy
  readonly fallback: JsonValue | undefined
}

export interface MergeTable {
  readonly fields: Readonly<Record<string, MergeField>>
  readonly deletion: 'delete-wins' | 'edit-wins'
}

/** A record as merging sees it: immutable, so that what did not change is the same object. */
export interface RecordState {
  /** The inserts that made this incarnation. */
  readonly born: Heads
  /** There was an earlier incarnation, so an edit that has seen none of `born` may have been made to that. */
  readonly again?: true | undefined
  /** The seq at which it last began to exist. */
  readonly alive: number
  /** The deletes, once it is dead; its last values stay until the horizon. */
  readonly died: Heads
  readonly fields: Readonly<Record<string, unknown>>
}

export type Row = { readonly id: string; readonly $space: SpaceId } & Readonly<Record<string, JsonValue>>

export const isAlive = (record: RecordState): boolean => record.died.length === 0

/** The state of a field, also of one that the record was made without (by an older schema). */
export const fieldState = (table: MergeTable, record: RecordState, name: string): unknown =>
  record.fields[name] ?? field(table, name).policy.empty(field(table, name).fallback ?? null)

export function field(table: MergeTable, name: string): MergeField {
  const found = table.fields[name]
  if (!found) throw new Error(`No field ${name}: operations are checked before they are merged.`)
  return found
}

/** What an app sees of a record: frozen, with the same identity until it changes. */
export const toRow = (table: MergeTable, space: SpaceId, id: string, record: RecordState): Row =>
  makeRow(Object.entries(table.fields), [space, id], ({ policy, fallback }, name) =>
    policy.read(record.fields[name] ?? policy.empty(fallback ?? null)),
  )

/** A row from what its fields show. */
export function makeRow<F>(
  fields: readonly (readonly [name: string, field: F])[],
  [space, id]: readonly [SpaceId, string],
  show: (field: F, name: string) => JsonValue,
): Row {
  const row: Record<string, JsonValue> = { id, $space: space }
  for (const [name, field] of fields) row[name] = deepFreeze(show(field, name))
  return Object.freeze(row) as Row
}

function deepFreeze<T extends JsonValue>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}

/** All heads of a record. */
export function* recordHeads(table: MergeTable, record: RecordState): Iterable<Head> {
  yield* record.born
  yield* record.died
  for (const [name, state] of Object.entries(record.fields)) {
    const known = table.fields[name]
    if (known) yield* known.policy.heads(state)
  }
}

/** The seq of the last change in a list of heads: each change leaves its own head. */
export const lastSeq = (heads: Heads): number => heads.reduce((seq, head) => Math.max(seq, head.seq), 0)
