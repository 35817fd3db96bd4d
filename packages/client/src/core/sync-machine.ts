import { failureKind } from '@holdfast/shared/internal/protocol/failure'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { backoff } from './backoff.ts'

/**
 * Decides what the leader does next; `sync/sync-loop.ts` does it. Pure: the same state and event give the same effects, so retries,
 * back-off, sign-in and wake-ups are data.
 *
 * ```
 *            start                       answered, nothing left
 *   off ───────────────▶ syncing ──────────────────────────────▶ idle ──┐
 *    ▲                   ▲  │  ▲                                  │     │ wrote, hinted, woke
 *    │ stop              │  │  └──────────────────────────────────┘◀────┘
 *    │                   │  │ failed
 *    └───── any          │  ▼
 *                      waiting (retry: back-off; reauthenticate: a pause; upgrade: until woken)
 * ```
 *
 * The live stream stands beside it: opened once a pull has passed, closed on stop, opened again with back-off. A stuck upload never
 * stops downloads: the stream goes on, and after a failure with a batch of one the next exchange asks without sending.
 */
export interface SyncState {
  readonly phase: 'off' | 'idle' | 'syncing' | 'waiting'
  readonly stream: 'closed' | 'opening' | 'open' | 'waiting'
  /** Something happened while an exchange was under way. */
  readonly again: boolean
  /** …and it was word that the server has more than this exchange may have brought. */
  readonly owedAgain: boolean
  /** Base is behind what the server said (a hint, a gap, a first sync): only a pull helps. */
  readonly owed: boolean
  /** A first answer since the network came back has told the server's time: only then are transactions sent. */
  readonly clockKnown: boolean
  /** How many transactions the next request may carry. */
  readonly batch: number
  /** Whether it is the one transaction sent that the server cannot take: `ask` without sending, and if that has `passed` send it again. */
  readonly blame: 'none' | 'ask' | 'passed'
  readonly attempt: number
  readonly streamAttempt: number
  /** The exchange under way asked for a fresh token. */
  readonly refreshed: boolean
  readonly problem: Problem | null
  /** How much of the answer that is coming is here, from 0 to 1. */
  readonly progress: number
}

export interface Problem {
  readonly code: string
  readonly message: string
  /** Milliseconds by this device's clock. */
  readonly since: number
  readonly retryAt: number | null
}

export type SyncEvent =
  | { readonly is: 'start' | 'stop' | 'wrote' | 'owed' | 'woke' | 'timer' | 'streamTimer' | 'streamOpened' }
  | { readonly is: 'answered'; readonly more: boolean }
  | { readonly is: 'progress'; readonly fraction: number }
  | {
      readonly is: 'failed'
      readonly code: string
      readonly message: string
      readonly retryAfter?: number | undefined
      readonly sent: number
    }
  | { readonly is: 'streamEnded'; readonly code: string | null; readonly retryAfter?: number | undefined }

export type SyncEffect =
  | { readonly do: 'exchange'; readonly pull: boolean; readonly batch: number; readonly freshToken: boolean }
  | { readonly do: 'openStream' | 'closeStream' | 'cancelTimers' | 'poison' | 'reconcile' }
  | { readonly do: 'timer' | 'streamTimer'; readonly ms: number }

export interface Ambient {
  readonly now: number
  /** In [0, 1). */
  readonly random: number
  readonly queue: boolean
}

export const initialSync: SyncState = {
  phase: 'off',
  stream: 'closed',
  again: false,
  owedAgain: false,
  owed: true,
  clockKnown: false,
  batch: LIMITS.transactions,
  blame: 'none',
  attempt: 0,
  streamAttempt: 0,
  refreshed: false,
  problem: null,
  progress: 0,
}

/** Longest waits in milliseconds, by kind of failure. */
const CAP = { retry: 30_000, reauthenticate: 60_000, upgrade: 300_000, reset: 30_000, refused: 30_000 } as const

/** Transactions that are not too many for any line. */
const FEW = 8

type Step = readonly [SyncState, readonly SyncEffect[]]

export function step(state: SyncState, event: SyncEvent, ambient: Ambient): Step {
  switch (event.is) {
    case 'start':
      return state.phase === 'off' ? exchange({ ...initialSync, phase: 'idle' }, ambient) : [state, []]
    case 'stop':
      return [{ ...initialSync }, [{ do: 'cancelTimers' }, { do: 'closeStream' }]]
    case 'wrote':
    case 'owed':
      return wanted(state, event.is === 'owed', ambient)
    case 'woke':
      return woke(state, ambient)
    case 'timer':
      return state.phase === 'waiting' ? exchange({ ...state, phase: 'idle' }, ambient) : [state, []]
    case 'answered':
      return answered(state, event.more, ambient)
    case 'progress':
      return [{ ...state, progress: event.fraction }, []]
    case 'failed':
      return state.phase === 'syncing' ? failed(state, event, ambient) : [state, []]
    case 'streamTimer':
      if (state.stream !== 'waiting' || state.phase === 'off') return [state, []]
      // A token that is refused opens no stream either: it is opened again after the first good answer.
      return needsToken(state) ? [{ ...state, stream: 'closed' }, []] : [{ ...state, stream: 'opening' }, [{ do: 'openStream' }]]
    case 'streamOpened':
      return [{ ...state, stream: 'open' }, []]
    case 'streamEnded':
      return streamEnded(state, event, ambient)
  }
}

function wanted(state: SyncState, owed: boolean, ambient: Ambient): Step {
  if (state.phase === 'syncing') return [{ ...state, again: true, owedAgain: state.owedAgain || owed }, []]
  const next = { ...state, owed: state.owed || owed }
  return state.phase === 'idle' ? exchange(next, ambient) : [next, []]
}

/** The network is back, the tab is visible, the app asks: whatever was waited for is tried now. */
function woke(state: SyncState, ambient: Ambient): Step {
  if (state.phase === 'off') return [state, []]
  const fresh = { ...state, attempt: 0, streamAttempt: 0, owed: true }
  if (state.phase === 'syncing') return [{ ...fresh, again: true, owedAgain: true }, []]
  // A stream that waited for its timer is opened by the next answer instead.
  const stream = state.stream === 'waiting' ? 'closed' : state.stream
  const [next, effects] = exchange({ ...fresh, stream, phase: 'idle' }, ambient)
  return [next, [{ do: 'cancelTimers' }, ...effects]]
}

function exchange(state: SyncState, ambient: Ambient): Step {
  const sends = ambient.queue && state.clockKnown && state.blame !== 'ask'
  // What may not be sent yet is asked for: an exchange without it is what it waits for.
  const pull = state.owed || state.stream !== 'open' || (ambient.queue && !sends)
  if (!pull && !sends) return [{ ...state, phase: 'idle', again: false }, []]
  const freshToken = needsToken(state)
  const next: SyncState = { ...state, phase: 'syncing', again: false, owedAgain: false, refreshed: freshToken, progress: 0 }
  return [next, [{ do: 'exchange', pull, batch: sends ? state.batch : 0, freshToken }]]
}

const needsToken = ({ problem }: SyncState): boolean => problem !== null && failureKind(problem.code) === 'reauthenticate'

function answered(state: SyncState, more: boolean, ambient: Ambient): Step {
  if (state.phase !== 'syncing') return [state, []]
  const told: SyncState = { ...state, phase: 'idle', owed: state.owedAgain, owedAgain: false, clockKnown: true, refreshed: false }
  // That the server answers without the queue says nothing of the queue: its failures go on counting.
  const well: SyncState =
    state.blame === 'ask' && ambient.queue
      ? { ...told, blame: 'passed' }
      : {
          ...told,
          blame: 'none',
          attempt: 0,
          batch: state.clockKnown ? Math.min(LIMITS.transactions, state.batch * 2) : state.batch,
          problem: null,
        }
  const opens: SyncEffect[] = well.stream === 'closed' ? [{ do: 'openStream' }] : []
  const streaming: SyncState = opens.length > 0 ? { ...well, stream: 'opening' } : well
  if (!more && !state.again && !well.owed && !ambient.queue) return [streaming, opens]
  const [next, effects] = exchange({ ...streaming, owed: well.owed || (state.again && well.stream !== 'open') }, ambient)
  return [next, [...opens, ...effects]]
}

function failed(before: SyncState, event: SyncEvent & { is: 'failed' }, ambient: Ambient): Step {
  const kind = failureKind(event.code)
  // What was said meanwhile was not brought by this exchange.
  const state: SyncState = { ...before, owed: before.owed || before.owedAgain, owedAgain: false }
  const since = state.problem?.code === event.code ? state.problem.since : ambient.now
  if (kind === 'reset') return [{ ...state, problem: null }, [{ do: 'reconcile' }]]
  if (kind === 'reauthenticate' && event.code === 'unauthenticated' && !state.refreshed) {
    // The token may just have run out: a fresh one is asked for at once, and only once.
    const problem = { code: event.code, message: event.message, since, retryAt: ambient.now }
    return exchange({ ...state, phase: 'idle', problem }, ambient)
  }
  const countsTries = kind === 'retry'
  const attempt = countsTries ? state.attempt + 1 : state.attempt
  const cap = CAP[kind]
  const ms = Math.max(event.retryAfter ?? 0, countsTries ? backoff(attempt, ambient.random, cap) : cap / 2 + (cap / 2) * ambient.random)
  const blamesQueue = event.sent > 0 && (event.code === 'too_large' || event.code === 'server_error' || event.code === 'bad_request')
  const blamesOne = blamesQueue && event.sent === 1
  // What is too much for a slow line would be for ever.
  const blamesLine = event.code === 'offline' && event.sent > FEW
  // Not taken twice, while a question without it was: no server will. It goes out as void, and becomes a dead letter.
  const poison = blamesOne && state.blame === 'passed' && event.code !== 'server_error'
  const next: SyncState = {
    ...state,
    phase: 'waiting',
    again: false,
    // Whatever broke, the next answer tells the time anew before anything is stamped and sent.
    clockKnown: state.clockKnown && event.code !== 'offline',
    attempt,
    refreshed: false,
    batch: blamesQueue || blamesLine ? Math.max(1, Math.floor(Math.min(event.sent, state.batch) / 2)) : state.batch,
    blame: poison ? 'none' : blamesOne ? 'ask' : state.blame,
    problem: { code: event.code, message: event.message, since, retryAt: ambient.now + ms },
  }
  return [next, [...(poison ? [{ do: 'poison' } as const] : []), { do: 'timer', ms }]]
}

function streamEnded(state: SyncState, event: SyncEvent & { is: 'streamEnded' }, ambient: Ambient): Step {
  if (state.phase === 'off' || state.stream === 'closed') return [state, []]
  const wasOpen = state.stream === 'open'
  const streamAttempt = wasOpen && event.code === null ? 1 : state.streamAttempt + 1
  const ms = Math.max(event.retryAfter ?? 0, backoff(streamAttempt, ambient.random, CAP.retry))
  const busy = state.phase === 'syncing'
  const ended: SyncState = { ...state, stream: 'waiting', streamAttempt, owed: true, again: busy, owedAgain: busy }
  // While there is no stream the client polls: at once when it breaks, then with every attempt to open it again.
  const [next, effects] = ended.phase === 'idle' ? exchange(ended, ambient) : ([ended, []] as const)
  return [next, [{ do: 'streamTimer', ms }, ...effects]]
}
