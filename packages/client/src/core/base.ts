import { type Delta, unpackRecord } from '@holdfast/shared/internal/merge/pack'
import type { MergeTable, Row } from '@holdfast/shared/internal/merge/record'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { RowChange, View } from './view.ts'

export interface Arrival {
  readonly tables: ReadonlyMap<string, MergeTable>
  readonly delta: Delta
  /** Heads up to this seq are seen by every clock of this device. */
  readonly floor: number
  /** Collects the records that have to be computed again. */
  readonly touched: Set<string>
}

/** Puts what the server confirmed into base. */
export function applyDelta(view: View, { tables, delta, floor, touched }: Arrival): void {
  const { space, by, whole, records } = delta
  if (whole) clearSpace(view, space, touched)
  for (const packed of records) {
    const [table, id] = packed.r
    const known = tables.get(table)
    if (!known) continue
    const held = view.base(space, table, id)
    view.setBase(space, table, id, unpackRecord(known, packed, { by, held, keep: (head) => head.seq > floor }))
    touched.add(recordKey(space, table, id))
  }
}

/** Takes a space out of base: it comes anew, or is not this user's any more. */
export function clearSpace(view: View, space: string, touched: Set<string>): void {
  for (const [table, id] of [...view.baseKeys(space)]) {
    view.setBase(space, table, id, undefined)
    touched.add(recordKey(space, table, id))
  }
}

/** What a view that was made anew changes, for those who watched the one before. */
export function changesSince(before: readonly (readonly [table: string, row: Row])[], shown: readonly RowChange[]): RowChange[] {
  const old = new Map(before.map(([table, row]) => [recordKey(row.$space, table, row.id), { table, row }]))
  const changes = shown.map((change): RowChange => {
    const key = recordKey(change.space, change.table, change.id)
    const was = old.get(key)
    old.delete(key)
    return { ...change, before: was?.row }
  })
  for (const { table, row } of old.values()) changes.push({ table, space: row.$space, id: row.id, before: row, after: undefined })
  return changes
}
