import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { newNonce, newSession } from '@holdfast/shared/internal/ids'
import type { Frame } from '@holdfast/shared/internal/protocol/frame'
import { encodeRequest } from '@holdfast/shared/internal/protocol/request'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import type { KeptTransaction } from '../core/event.ts'
import { vanished } from '../core/known.ts'
import { hasQueue, nextRequest } from '../core/queue.ts'
import { absorbReset } from '../core/reset.ts'
import { initialSync, type SyncEffect, type SyncEvent, type SyncState, step } from '../core/sync-machine.ts'
import { absorbFrame, absorbResponse, continues, type Exchange, isAt, isNews } from '../core/verdict.ts'
import type { Store } from '../store/store.ts'
import type { Tab } from '../tabs/tab.ts'
import { createDenials } from './denials.ts'
import { type Address, post } from './http.ts'
import { openStream } from './live-stream.ts'
import { createStaging } from './segments.ts'

export interface SyncLoopOptions {
  readonly address: Address
  readonly tab: Tab
  readonly store: Store
  readonly userId: string
  /** How long own confirmed transactions are kept, in milliseconds. */
  readonly healWindow: number
  /** Since when nothing is to be sent, until its user has reviewed it. */
  readonly held: () => number | undefined
  readonly onState: (state: SyncState) => void
  /** The server says that who is in these spaces has changed. */
  readonly onMembers: (spaces: readonly string[]) => void
  /** The store says that another tab leads. */
  readonly onFenced: () => void
}

/** Performs what the machine decides, one effect after the other; it owns no decision. One exists while this tab leads. */
export function createSyncLoop(options: SyncLoopOptions) {
  const { address, tab, store, userId, healWindow, onState, onFenced } = options
  const { platform } = address
  const { replica } = tab
  const hasWork = () => hasQueue(replica) && !options.held()
  const staging = createStaging({ address, store, replica, onProgress })
  const wasDenied = createDenials({ replica, store, beginAgain })
  let state: SyncState = initialSync
  let fence = 0
  let life = new AbortController()
  let closeStream = () => {}
  let differing: readonly string[] = []
  const cancels = new Map<'timer' | 'streamTimer', () => void>()
  const settled = new Set<() => void>()
  // Frames and answers are stored one after the other: each continues the cut that the one before left.
  let storing: Promise<unknown> = Promise.resolve()

  function dispatch(event: SyncEvent): void {
    const [next, effects] = step(state, event, { now: platform.now(), random: platform.random(), queue: hasWork() })
    state = next
    onState(state)
    for (const effect of effects) perform(effect)
    if (state.phase !== 'syncing') for (const tell of settled) tell()
  }

  function perform(effect: SyncEffect): void {
    switch (effect.do) {
      case 'exchange':
        // While a pull is under way frames wait for it; a push alone, however slow, holds up no download.
        void attempt((signal) =>
          effect.pull ? inOrder(() => exchange(effect, signal, (work) => work())) : exchange(effect, signal, inOrder),
        )
        break
      case 'reconcile':
        void attempt((signal) => inOrder(() => reconcile(signal)))
        break
      case 'poison':
        void poison()
        break
      case 'openStream':
        closeStream = openStream(
          address,
          { userId, follow: replica.followed },
          {
            onOpen: () => dispatch({ is: 'streamOpened' }),
            onFrame: (frame) => void inOrder(() => onFrame(frame)),
            onEnd: (failure) => dispatch({ is: 'streamEnded', code: failure?.code ?? null, retryAfter: retryAfter(failure) }),
          },
        )
        break
      case 'closeStream':
        closeStream()
        break
      case 'cancelTimers':
        for (const cancel of cancels.values()) cancel()
        break
      case 'timer':
      case 'streamTimer':
        cancels.get(effect.do)?.()
        cancels.set(
          effect.do,
          platform.setTimer(effect.ms, () => dispatch({ is: effect.do })),
        )
        break
    }
  }

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const next = storing.then(work)
    storing = next.catch(() => undefined)
    return next
  }

  /** How many transactions the exchange under way carries. */
  let sent = 0

  async function attempt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = life
    sent = 0
    try {
      await work(signal)
    } catch (error) {
      if (signal.aborted) return
      const failure = isHoldfastError(error) ? error : new HoldfastError('storage_failed', 'Syncing failed on this device.', {}, error)
      if (failure.details.reason === 'fenced') return onFenced()
      dispatch({ is: 'failed', code: failure.code, message: failure.message, retryAfter: retryAfter(failure), sent })
    }
  }

  async function ask(pull: boolean, batch: number) {
    // While a space is fetched anew no position speaks of what came after the newest that both share: the server may lose it once more.
    const { resync, cut } = replica.known
    const kept = pull && Object.keys(resync).some((space) => cut[space]) ? await store.kept() : []
    return nextRequest(replica, { user: userId, nonce: newNonce(platform), pull, batch, kept, segments: staging.isOfUse })
  }

  /** Told in steps that can be seen. */
  function onProgress(fraction: number): void {
    if (fraction - state.progress >= 0.02) dispatch({ is: 'progress', fraction })
  }

  type Order = (work: () => Promise<void>) => Promise<void>

  async function exchange(effect: SyncEffect & { do: 'exchange' }, signal: AbortSignal, order: Order): Promise<void> {
    // Nothing of what it would bring could be stored.
    if (replica.known.fence > fence) return onFenced()
    const request = await ask(effect.pull, hasWork() ? effect.batch : 0)
    sent = request.submissions.filter((one) => !('reason' in one)).length
    const asked = platform.now()
    const { answer: response } = await post(address, 'sync', encodeRequest(request), { refresh: effect.freshToken, signal, onProgress })
    checkUser(response)
    if (response.differs || response.lost) {
      differing = response.differs ?? []
      dispatch({ is: 'failed', code: 'differs', message: 'The server has another history.', sent })
      return
    }
    // Asking the same again at once would bring the same, for ever.
    if (request.submissions.length > 0 && response.verdicts.length === 0)
      throw new HoldfastError('bad_response', 'The server says nothing of what was sent.')
    const answered = platform.now()
    if ((await wasLost(response, signal)) || (await wasDenied(response))) return
    let fits = true
    await order(() => {
      fits = continues(replica, response)
      return absorb(response, { asked, answered, pull: effect.pull, signal })
    })
    // What it decided counts all the same.
    if (!fits) throw new HoldfastError('bad_response', 'The answer does not go on from where this device is.')
    dispatch({ is: 'answered', more: hasWork() })
    if (state.phase !== 'off') void inOrder(() => tab.foldIfWorth(fence, healWindow)).catch(() => undefined)
  }

  /** Says where this device has been, in these spaces, and all that it has confirmed: the server says what it shares, and what it lost. */
  async function compare(spaces: readonly string[], signal: AbortSignal) {
    const kept = await store.kept()
    const asking = { user: userId, nonce: newNonce(platform), pull: true, batch: 0, kept, segments: staging.isOfUse, list: { spaces } }
    const request = nextRequest(replica, asking)
    const { answer: response } = await post(address, 'sync', encodeRequest(request), { refresh: false, signal })
    checkUser(response)
    return { response, kept }
  }

  /** Goes on in the server's history. A space that it lost with the rest is one that both share nothing of. */
  async function beginAgain(response: SyncResponse, kept: readonly KeptTransaction[]): Promise<void> {
    const gone =
      response.lost && response.spaces
        ? vanished(replica.known, response.spaces).map((space) => [space, { agree: 0, heal: true }] as const)
        : []
    await tab.commit(absorbReset(replica, { ...response, reset: new Map([...(response.reset ?? []), ...gone]) }, { fence, kept }))
    dispatch({ is: 'owed' })
    dispatch({ is: 'answered', more: true })
  }

  /**
   * Spaces that are this user's no more were taken from him, or the server was restored to a time before he had them: then what this
   * device confirmed there is lost, and it heals that, as far as he may (DESIGN 6).
   */
  async function wasLost(response: SyncResponse, signal: AbortSignal): Promise<boolean> {
    const gone = response.spaces ? vanished(replica.known, response.spaces) : []
    if (gone.length === 0 || !(await store.kept()).some(({ at }) => gone.some((space) => at[space] !== undefined))) return false
    let compared = await compare([], signal)
    // Other spaces are of another history too: nothing else is said until those are compared.
    if (compared.response.differs) compared = await compare(compared.response.differs, signal)
    const { response: found, kept } = compared
    if (!found.lost && !found.reset) return false
    await beginAgain(found, kept)
    return true
  }

  async function reconcile(signal: AbortSignal): Promise<void> {
    const asked = platform.now()
    const { response, kept } = await compare(differing, signal)
    if (response.differs || (differing.length > 0 && !response.reset))
      throw new HoldfastError('bad_response', 'The server cannot say what it shares with this device.')
    if (response.reset || response.lost) return await beginAgain(response, kept)
    await absorb(response, { asked, answered: platform.now(), pull: true, signal })
    dispatch({ is: 'owed' })
    dispatch({ is: 'answered', more: true })
  }

  async function absorb(
    response: SyncResponse,
    { signal, ...exchange }: Pick<Exchange, 'asked' | 'answered' | 'pull'> & { signal: AbortSignal },
  ) {
    const session = newSession(platform)
    const segments = await staging.stage(response.deltas, signal)
    if (signal.aborted) return
    const commit = absorbResponse(replica, response, { ...exchange, fence, session, healWindow })
    if (exchange.pull || isNews(commit, replica.known)) await tab.commit(commit, segments)
  }

  function checkUser({ user }: SyncResponse): void {
    if (user !== userId) throw new HoldfastError('wrong_user', 'The server knows this token as another user.')
  }

  async function poison(): Promise<void> {
    const first = replica.pending.find(({ accepted, revision, dropped }) => !accepted && revision !== undefined && dropped === undefined)
    if (first) await tab.note({ e: 'note', drop: first.transaction.dot, reason: 'poison' }).catch(() => undefined)
  }

  async function onFrame(frame: Frame): Promise<void> {
    if (state.phase === 'off') return
    try {
      if (frame.is === 'members') return options.onMembers(frame.spaces)
      // A server that is elsewhere, be it behind, may have been restored; and what the user may do may have changed: a pull finds out.
      if (frame.is === 'cut' && frame.tag === replica.known.spacesTag && isAt(replica, frame.cut)) return
      // While a pull is owed a frame would only show part of what it will bring.
      if (frame.is !== 'commit' || state.owed || state.owedAgain) return dispatch({ is: 'owed' })
      const taken = absorbFrame(replica, frame, { fence, local: platform.now() })
      if (taken === 'pull') dispatch({ is: 'owed' })
      else if (taken !== 'skip') {
        await tab.commit(taken.commit)
        onState(state)
      }
    } catch (error) {
      if (isHoldfastError(error) && error.details.reason === 'fenced') onFenced()
      else dispatch({ is: 'owed' })
    }
  }

  return {
    async start(): Promise<void> {
      const mine = new AbortController()
      life = mine
      const taken = await store.takeFence()
      await tab.catchUp()
      // Another tab has taken the lead meanwhile, or this one is closed.
      if (mine.signal.aborted) return
      fence = taken
      dispatch({ is: 'start' })
    },
    stop(): void {
      life.abort()
      dispatch({ is: 'stop' })
    },
    wrote: () => dispatch({ is: 'wrote' }),
    /** Something of base is to come anew. */
    owed: () => dispatch({ is: 'owed' }),
    /** What is to be held on this device has changed: a stream follows what was asked for when it was opened. */
    refollow(): void {
      closeStream()
      dispatch({ is: 'streamEnded', code: null })
      dispatch({ is: 'owed' })
    },
    wake: () => dispatch({ is: 'woke' }),
    /** Resolves when the exchange under way, or the next one, has ended. */
    settle: () =>
      new Promise<void>((resolve) => {
        const tell = () => {
          settled.delete(tell)
          resolve()
        }
        settled.add(tell)
        dispatch({ is: 'woke' })
      }),
  }
}

export type SyncLoop = ReturnType<typeof createSyncLoop>

const retryAfter = (failure: HoldfastError | null): number | undefined =>
  typeof failure?.details.retryAfter === 'number' ? failure.details.retryAfter : undefined
