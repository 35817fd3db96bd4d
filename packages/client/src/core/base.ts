import type { Clock } from '@holdfast/shared/internal/clock/clock'
import { type Delta, unpackRecord } from '@holdfast/shared/internal/merge/pack'
import type { MergeTable } from '@holdfast/shared/internal/merge/record'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import { beginning, writesIntoLost } from './access.ts'
import type { BaseEvent } from './event.ts'
import type { HeldSegment } from './held-segment.ts'
import type { Known } from './known.ts'
import type { Pending } from './pending.ts'
import { purge } from './purge.ts'
import type { View } from './view.ts'

export interface Arrival {
  readonly tables: ReadonlyMap<string, MergeTable>
  readonly delta: Delta
  /** The segments that this event names. */
  readonly segments: readonly HeldSegment[]
  /** Heads up to this seq are seen by every clock of this device. */
  readonly floor: number
  /** Collects the records that have to be computed again. */
  readonly touched: Set<string>
}

/** The oldest `base` that one of these clocks may still be sent with; heads before it are seen by everyone here. */
export const floorOf = (space: string, to: number, clocks: readonly Pick<Clock, 'base'>[]): number =>
  clocks.reduce((least, { base }) => Math.min(least, base[space] ?? to), to)

/** Puts what the server confirmed into base. */
export function applyDelta(view: View, { tables, delta, segments, floor, touched }: Arrival): void {
  const { space, by, whole, records } = delta
  if (whole)
    view.renew(
      space,
      segments.filter((held) => held.space === space),
      touched,
    )
  for (const packed of records) {
    const [table, id] = packed.r
    const known = tables.get(table)
    if (!known) continue
    const held = view.base(space, table, id)
    view.setBase(space, table, id, unpackRecord(known, packed, { by, held, keep: (head) => head.seq > floor }))
    touched.add(recordKey(space, table, id))
  }
}

/** Whether all of base comes with an event. */
export function isWhole({ deltas }: BaseEvent, replica: { readonly known: Known; follows(space: string): boolean }): boolean {
  const { cut, spaces } = replica.known
  const whole = new Set(deltas.flatMap((delta) => (delta.whole ? delta.space : [])))
  const mine = new Set(spaces?.map(({ space }) => space))
  return Object.keys(cut).every((space) => whole.has(space) || !mine.has(space) || !replica.follows(space))
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
  const dead = purge(
    known.dead,
    known.lost.filter((space) => !mine.has(space)),
  )
  if (leaving.length === 0 && dead === known.dead) return known
  const cut = { ...known.cut }
  const resync = { ...known.resync }
  for (const space of leaving) {
    view.renew(space, [], touched)
    delete cut[space]
    delete resync[space]
  }
  return { ...known, cut, resync, dead }
}
