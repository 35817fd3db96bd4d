import type { Replica } from '../core/replica.ts'
import type { Fold } from '../store/store.ts'

/** Below this many folding is not worth a transaction. */
const LEAST = 256
/** How many records may be written again for each that was touched. */
const MOST = 4

/** Events are folded when that writes each change a few times at most, whatever the size of base; until then opening reads them, too. */
export function isWorthFolding(replica: Replica, weight: number): boolean {
  if (replica.hasLeft) return true
  return weight >= LEAST && replica.view.records.foldCost() <= MOST * weight
}

export function foldOf(replica: Replica, nameOf: () => string, { fence, healWindow }: { fence: number; healWindow: number }) {
  const oldest = replica.pending.reduce((least, { revision }) => Math.min(least, revision ?? least), replica.revision + 1)
  const segments = replica.pack(nameOf)
  const sessions = replica.view.records.sessions()
  return {
    fence,
    upTo: replica.revision,
    known: {
      ...replica.known,
      users: new Map([...replica.known.users].filter(([session]) => sessions.has(session))),
      // A shift concerns what was written before it; when all of that has left, so may the shift.
      shifts: replica.known.shifts.filter(({ revision }) => revision >= oldest),
    },
    segments,
    keepNotes: replica.pending.some(({ dropped }) => dropped !== undefined),
    keptSince: (replica.known.now ?? 0) - healWindow,
    lost: replica.known.lost,
  } satisfies Fold
}
