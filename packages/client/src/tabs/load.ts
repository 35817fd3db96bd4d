import { isHoldfastError } from '@holdfast/shared/internal/errors'
import { namedSegments, type Revision, type StoreEvent } from '../core/event.ts'
import type { HeldSegment } from '../core/held-segment.ts'
import type { Replica } from '../core/replica.ts'
import { refetch } from '../core/reset.ts'
import type { RowChange } from '../core/view.ts'
import type { NamedSegment, SegmentBytes, Snapshot, Store } from '../store/store.ts'

/** Segments as they were read from the disk; undefined if one of them is not there, or is not what was stored. */
function holdSegments(replica: Replica, names: readonly NamedSegment[], bytes: SegmentBytes): HeldSegment[] | undefined {
  try {
    return names.map((named) => replica.hold(named, bytes.get(named[0]) ?? new ArrayBuffer(0)))
  } catch {
    return undefined
  }
}

/** Brings memory to what is on disk. Where a segment is broken base is lost, which is only a copy; what waits to be sent is in events. */
export function loadSnapshot(replica: Replica, { known, folded, segments, events, bytes }: Snapshot): RowChange[] {
  const base = holdSegments(replica, segments, bytes)
  // Not pushed together: there may be more of them than a function takes arguments.
  const changes = [replica.load(known, folded, base ?? [])]
  if (!base) changes.push(replica.loseBase())
  for (const [revision, event] of events) {
    const held = holdSegments(replica, namedSegments(event), bytes)
    changes.push(replica.apply(revision, event, held ?? []))
    if (!held) changes.push(replica.loseBase())
  }
  return changes.flat()
}

type Missed = readonly [revision: Revision, event: StoreEvent, segments: readonly HeldSegment[]]

/** What memory has missed, with the segments that it names. Undefined if only to load helps: that went into a fold, or is broken. */
export async function readMissed(replica: Replica, store: Store): Promise<readonly Missed[] | undefined> {
  const missed = await store.since(replica.revision)
  if (missed === 'folded') return undefined
  const names = missed.flatMap(([, event]) => namedSegments(event))
  const bytes = names.length > 0 ? await store.segments(names.map(([name]) => name)) : new Map()
  const all = missed.map(([revision, event]) => [revision, event, holdSegments(replica, namedSegments(event), bytes)] as const)
  return all.every(([, , held]) => held) ? (all as readonly Missed[]) : undefined
}

interface Place {
  readonly replica: Replica
  readonly store: Store
  readonly announce: (revision: Revision, event: StoreEvent) => void
}

/** Whether base is lost, and no event says yet that it is to come again. */
export const needsRefetch = ({ isBaseLost, known }: Pick<Replica, 'isBaseLost' | 'known'>): boolean =>
  isBaseLost && Object.keys(known.cut).some((space) => known.resync[space] === undefined)

/**
 * Has base fetched anew. Whoever leads may have it whole and would only ask for what comes next, so the lead is taken from him for as long
 * as this takes. False if that could not be stored; true also if another tab was quicker with anything: then it is to be looked at again.
 */
export async function refetchBase({ replica, store, announce }: Place): Promise<boolean> {
  try {
    // Where there is no room even for that, no lead is taken from anybody.
    await store.probe()
    const fence = await store.takeFence()
    // From here on nobody else stores base: what was stored since this memory was read belongs in it first.
    const missed = await store.since(replica.revision)
    if (missed === 'folded' || missed.some(([, { e }]) => e === 'base')) return true
    const event = refetch(replica.known, fence)
    const { revision } = await store.commit({ event, gone: [], kept: [], adds: [] })
    announce(revision, event)
    return true
  } catch (error) {
    return isHoldfastError(error) && error.details.reason === 'fenced'
  }
}
