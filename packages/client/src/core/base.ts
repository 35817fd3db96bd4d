import { type Delta, unpackRecord } from '@holdfast/shared/internal/merge/pack'
import type { MergeTable } from '@holdfast/shared/internal/merge/record'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { View } from './view.ts'

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
