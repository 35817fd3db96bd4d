import { canonical, type JsonValue } from '../json.ts'
import { json } from '../schema/register.ts'
import { table } from '../schema/table.ts'

/** The reserved table for conflicts: records of the record's own space, written by the engine in the same seq as the merge. */
export const CONFLICTS = '$conflicts'

interface Side {
  readonly [key: string]: JsonValue
  readonly value: JsonValue
  readonly user: string
  readonly at: number
}

/** A value that a merge discarded, addressed to the user whose it was. */
export interface ConflictValue {
  readonly [key: string]: JsonValue
  readonly to: string
  readonly kind: 'value' | 'deleted'
  readonly table: string
  readonly record: string
  readonly field: string | null
  /** Of a map. */
  readonly key?: string
  readonly kept: Side | null
  readonly dropped: Side
}

export const conflictsTable = table({ v: json<ConflictValue>() })

/** What a conflict's id is made of: at most one a field (or key) and session, so that a hundred losing keystrokes leave one. */
export const conflictName = (
  table: string,
  record: string,
  spot: { readonly field: string | null; readonly key?: string },
  session: string,
): string => canonical([table, record, spot.field, ...(spot.key === undefined ? [] : [spot.key]), session])
