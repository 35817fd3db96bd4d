import { msOf } from '@holdfast/shared/internal/clock/hlc'
import { failureKind } from '@holdfast/shared/internal/protocol/failure'
import type { Problem, Status } from '../surface.ts'
import { deadLettersOf } from './dead-letter.ts'
import type { Revision } from './event.ts'
import { isComplete } from './known.ts'
import { countOf } from './pending.ts'
import type { Replica } from './replica.ts'
import { healing } from './restored.ts'
import type { Problem as SyncProblem, SyncState } from './sync-machine.ts'

/** What the tab that syncs says of it, and what it had stored by then. */
export interface SyncReport {
  readonly state: SyncState
  readonly revision: Revision
}

export interface Circumstances {
  readonly replica: Replica
  /** How syncing goes in the tab that syncs; undefined until it said. */
  readonly sync: SyncReport | undefined
  readonly leader: boolean
  readonly network: boolean
  readonly storage: Status['storage']
  readonly storageProblem: { readonly code: string; readonly message: string; readonly since: number } | undefined
  readonly conflicts: number
  /** When the oldest write was made of those for which the queue is held. */
  readonly held: number | undefined
}

/** After this many failures in a row of a server that does answer, waiting alone is no longer a good answer. */
const STUCK_AFTER = 6

const FIX: Readonly<Record<string, Problem['fix']>> = {
  unauthenticated: 'sign_in',
  wrong_user: 'sign_in',
  closed: 'sign_in',
  upgrade: 'upgrade',
  review: 'review',
  storage_full: 'free_space',
  storage_blocked: 'reload',
  storage_unavailable: 'reload',
  storage_failed: 'reload',
}

/** What the app shows. It never says "synced" while something of ours waits, or while the server is known or thought to have more. */
export function statusOf({ replica, sync: report, leader, network, storage, storageProblem, conflicts, held }: Circumstances): Status {
  const { known, pending } = replica
  const sync = report?.state
  const problem = problemOf(sync?.problem ?? toReview(held), storageProblem)
  const spaces = (known.spaces ?? []).filter(({ space }) => replica.follows(space))
  const loaded = replica.isBaseLost ? 0 : spaces.filter(({ space }) => known.cut[space]).length
  return {
    state: stateOf(sync, network, problem, pending.length > 0 || !isComplete(replica) || replica.revision < (report?.revision ?? 0)),
    online: network && sync !== undefined && sync.phase !== 'off' && !isOffline(sync.problem),
    pending: pending.length,
    oldestPending: pending.length > 0 ? msOf(countOf(pending).oldest) : null,
    lastSynced: known.now,
    progress: loaded < spaces.length ? { done: loaded, total: spaces.length } : null,
    conflicts,
    deadLetters: deadLettersOf(replica).length,
    restored: restoredOf(replica),
    leader,
    storage,
    problem,
  }
}

function restoredOf(replica: Replica): Status['restored'] {
  const { restored } = replica.known
  if (!restored) return null
  const { at, total, lost } = restored
  const waiting = healing(replica)
  return { at, healing: waiting, back: Math.max(0, total - waiting - lost), lost }
}

const toReview = (since: number | undefined): SyncProblem | null =>
  since ? { code: 'review', message: 'To be reviewed first.', since, retryAt: null } : null

const isOffline = (problem: SyncProblem | null): boolean => problem?.code === 'offline' || problem?.code === 'bad_response'

function stateOf(sync: SyncState | undefined, network: boolean, problem: Problem | null, waiting: boolean): Status['state'] {
  if (problem?.code.startsWith('storage_')) return 'stuck'
  if (problem?.code === 'closed') return 'paused'
  if (!network) return 'offline'
  if (problem?.code === 'review') return 'paused'
  if (!sync || sync.phase === 'off') return 'syncing'
  if (sync.problem) {
    const kind = failureKind(sync.problem.code)
    if (kind === 'reauthenticate' || kind === 'upgrade') return sync.phase === 'syncing' ? 'syncing' : 'paused'
    if (isOffline(sync.problem)) return 'offline'
    return sync.attempt >= STUCK_AFTER ? 'stuck' : 'syncing'
  }
  return sync.phase === 'idle' && !sync.owed && !waiting ? 'synced' : 'syncing'
}

function problemOf(sync: SyncProblem | null, storage: Circumstances['storageProblem']): Problem | null {
  const found = storage ? { ...storage, retryAt: null } : sync
  return found && { ...found, fix: FIX[found.code] ?? 'wait' }
}
