import { canonical, type JsonValue } from '../json.ts'
import { json } from '../schema/field.ts'
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
  readonly kept: Side | null
  readonly dropped: Side
}

export const conflictsTable = table({ v: json<ConflictValue>() })

/** What a conflict's id is made of: at most one a field and session, so that a hundred losing keystrokes leave one. */
export const conflictName = (table: string, record: string, field: string | null, session: string): string =>
  canonical([table, record, field, session])
