import type { Clock } from '@holdfast/shared/internal/clock/clock'
import { type Delta, unpackRecord } from '@holdfast/shared/internal/merge/pack'
import type { MergeTable, Row } from '@holdfast/shared/internal/merge/record'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import { beginning, writesIntoLost } from './access.ts'
import type { Known } from './known.ts'
import type { Pending } from './pending.ts'
import type { RowChange, View } from './view.ts'

export interface Arrival {
  readonly tables: ReadonlyMap<string, MergeTable>
  readonly delta: Delta
  /** Heads up to this seq are seen by every clock of this device. */
  readonly floor: number
  /** Collects the records that have to be computed again. */
  readonly touched: Set<string>
}

/** The oldest `base` that one of these clocks may still be sent with; heads before it are seen by everyone here. */
export const floorOf = ({ space, to }: Delta, clocks: readonly Pick<Clock, 'base'>[]): number =>
  clocks.reduce((least, { base }) => Math.min(least, base[space] ?? to), to)

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
function clearSpace(view: View, space: string, touched: Set<string>): void {
  for (const [table, id] of [...view.baseKeys(space)]) {
    view.setBase(space, table, id, undefined)
    touched.add(recordKey(space, table, id))
  }
}

interface Leaving {
  readonly known: Known
  readonly pending: readonly Pending[]
  readonly follows: (space: string) => boolean
  /** Collects the records that have to be computed again. */
  readonly touched: Set<string>
}

/**
 * What the user may no longer see, or wants no longer here, leaves the device; what he wrote there and did not get out goes no more.
 * Gives what is known after it, the same object if nothing left.
 */
export function leaveOthers(view: View, { known, pending, follows, touched }: Leaving): Known {
  if (known.spaces === null) return known
  for (const one of pending) {
    if (one.accepted || (one.dropped && one.dropped !== 'purged')) continue
    // Who is let in again before anything was said of it finds what he wrote where it was.
    const dropped = writesIntoLost(one, known) ? 'purged' : undefined
    if (dropped === one.dropped) continue
    one.dropped = dropped
    for (const key of one.keys) touched.add(key)
  }
  const mine = new Set([...known.spaces.map(({ space }) => space), ...beginning({ known, pending })])
  const leaving = Object.keys(known.cut).filter((space) => !mine.has(space) || !follows(space))
  if (leaving.length === 0) return known
  const cut = { ...known.cut }
  const resync = { ...known.resync }
  for (const space of leaving) {
    clearSpace(view, space, touched)
    delete cut[space]
    delete resync[space]
  }
  return { ...known, cut, resync }
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
