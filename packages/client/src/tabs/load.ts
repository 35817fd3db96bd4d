import { isHoldfastError } from '@holdfast/shared/internal/errors'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { type BaseEvent, namedSegments, type Revision, type StoreEvent } from '../core/event.ts'
import type { HeldSegment } from '../core/held-segment.ts'
import type { Replica } from '../core/replica.ts'
import { refetch } from '../core/reset.ts'
import type { RowChange } from '../core/view.ts'
import type { NamedSegment, SegmentBytes, Snapshot, Store } from '../store/store.ts'

/** Segments as they were read from the disk, and the spaces of those that are not there, or are not what was stored. */
function holdSegments(replica: Replica, names: readonly NamedSegment[], bytes: SegmentBytes) {
  const segments: HeldSegment[] = []
  const broken: string[] = []
  for (const named of names) {
    const [name, space] = named
    try {
      segments.push(replica.hold(named, bytes.get(name) ?? new ArrayBuffer(0)))
    } catch {
      broken.push(space)
    }
  }
  return { segments, broken }
}

/**
 * Brings memory to what is on disk. Base is only a copy of what the server has: of a space of which a segment is broken nothing is shown,
 * rather than a part, until it has come anew; what waits to be sent is not in segments, and is there. Gives these spaces.
 */
export function loadSnapshot(replica: Replica, { known, folded, segments, events, bytes }: Snapshot) {
  const base = holdSegments(replica, segments, bytes)
  const broken = new Set(base.broken)
  // Not pushed together: there may be more of them than a function takes arguments.
  const changes: (readonly RowChange[])[] = [replica.load(known, folded, base.segments)]
  for (const [revision, event] of events) {
    if (event.e === 'base') for (const { space, whole } of event.deltas) if (whole) broken.delete(space)
    const held = holdSegments(replica, namedSegments(event), bytes)
    for (const space of held.broken) broken.add(space)
    changes.push(replica.apply(revision, event.e === 'base' ? without(event, broken) : event, held.segments))
  }
  const lost = [...broken].filter((space) => replica.known.cut[space])
  if (lost.length > 0) changes.push(replica.lose(lost))
  return { changes: changes.flat(), broken: lost }
}

/** Changes of what is not there are of no use. */
const without = (event: BaseEvent, broken: ReadonlySet<string>): StoreEvent =>
  broken.size === 0 ? event : { ...event, deltas: event.deltas.filter(({ space }) => !broken.has(space)) }

/** What memory has missed, with the segments that it names. Undefined if only to load helps: that went into a fold, or is broken. */
export async function readMissed(replica: Replica, store: Store) {
  const missed = await store.since(replica.revision)
  if (missed === 'folded') return undefined
  const names = missed.flatMap(([, event]) => namedSegments(event))
  const bytes = names.length > 0 ? await store.segments(names.map(([name]) => name)) : new Map()
  const all = missed.map(([revision, event]) => ({ revision, event, ...holdSegments(replica, namedSegments(event), bytes) }))
  return all.some(({ broken }) => broken.length > 0) ? undefined : all
}

interface Place {
  readonly replica: Replica
  readonly store: Store
  readonly announce: (revision: Revision, event: StoreEvent) => void
}

/**
 * Has spaces fetched anew. Whoever leads may have them whole and would only ask for what comes next, so the lead is taken from him for as
 * long as this takes. False if another tab was quicker with anything.
 */
export async function refetchSpaces(spaces: readonly SpaceId[], { replica, store, announce }: Place): Promise<boolean> {
  const event = refetch(replica, spaces, await store.takeFence())
  try {
    const { revision } = await store.commit({ event, gone: [], kept: [], adds: [] })
    announce(revision, event)
    return true
  } catch (error) {
    if (isHoldfastError(error) && error.details.reason === 'fenced') return false
    throw error
  }
}
