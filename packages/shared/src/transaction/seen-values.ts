import { equalJson, type JsonValue } from '../json.ts'
import { fieldState, type MergeTable, type RecordState } from '../merge/record.ts'
import type { SeenValues } from './operation.ts'

/** What an author has before him of a record. */
export interface Looked {
  readonly row: Readonly<Record<string, JsonValue>>
  /** What of that is confirmed: without the own writes that are not. The same, where nobody has such. */
  readonly base?: RecordState | undefined
}

/** What a write to these fields tells of what its author saw; nothing, where none of them merges by it. */
export function seenValues(table: MergeTable, named: readonly string[], looked: (field: string) => Looked | undefined): [] | [SeenValues] {
  const from: Record<string, JsonValue> = {}
  const base: Record<string, JsonValue> = {}
  for (const name of named) {
    const { policy, fallback = null } = table.fields[name] ?? {}
    const { row, ...confirmed } = (policy?.from && looked(name)) || {}
    if (!policy || !row) continue
    const shown = row[name] ?? null
    from[name] = shown
    if (!('base' in confirmed)) continue
    const known = confirmed.base ? policy.read(fieldState(table, confirmed.base, name)) : fallback
    if (!equalJson(known, shown)) base[name] = known
  }
  if (Object.keys(from).length === 0) return []
  return [Object.keys(base).length > 0 ? { from, base } : { from }]
}
