import type { Replica } from '../core/replica.ts'
import type { Fold } from '../store/store.ts'

/** Below this many folding is not worth a transaction. */
const LEAST = 256

/**
 * Events are folded when they outweigh the records they fold into: then each change is written about twice, whatever the size, and
 * opening reads at most twice what there is.
 */
export function isWorthFolding(replica: Replica, weight: number): boolean {
  if (replica.hasLeft) return true
  if (weight < LEAST) return false
  let records = 0
  for (const _ of replica.view.records()) if (++records > weight) return false
  return true
}

export function foldOf(replica: Replica, fence: number, healWindow: number): Fold {
  const oldest = replica.pending.reduce((least, { revision }) => Math.min(least, revision ?? least), replica.revision + 1)
  const sessions = replica.view.sessions()
  return {
    fence,
    upTo: replica.revision,
    known: {
      ...replica.known,
      users: new Map([...replica.known.users].filter(([session]) => sessions.has(session))),
      // A shift concerns what was written before it; when all of that has left, so may the shift.
      shifts: replica.known.shifts.filter(({ revision }) => revision >= oldest),
    },
    records: [...replica.view.records()],
    keepNotes: replica.pending.some(({ dropped }) => dropped !== undefined),
    keptSince: (replica.known.now ?? 0) - healWindow,
    lost: replica.known.lost,
  }
}
