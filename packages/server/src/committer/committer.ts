import { HoldfastError } from '@holdfast/shared'
import { newSession, type SessionId } from '@holdfast/shared/internal/ids'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { Asker } from '../engine/asker.ts'
import { Batch } from '../engine/batch.ts'
import { type Decided, type Decision, decide, decideAll, isHalted } from '../engine/decide.ts'
import type { Engine } from '../engine/engine.ts'
import { preview } from '../engine/preview.ts'
import { type Lacking, type Offer, type Pulled, pull } from '../engine/pull.ts'
import type { Asking } from '../engine/reads.ts'
import type { Body } from '../engine/run-body.ts'
import type { WriteOutcome } from '../engine/server-write.ts'
import { errorText, type Log } from '../log.ts'
import type { Memberships } from '../membership.ts'
import type { Platform } from '../platform.ts'
import type { Segments } from '../segments.ts'
import type { Storage } from '../storage/storage.ts'

/** What a request is answered: what became of it, and (unless nothing could be decided) what there is to know. */
export type Answer = Decision & Partial<Pulled>

/** Who asks; when is found out when he is answered. */
export type Who = Omit<Asker, 'now'>

export interface Committer {
  /**
   * Decides a request, commits, then reads what it asks for from a snapshot that has all of it. Rejects with what the storage threw, and
   * with `rate_limited` when too many are waiting; nothing was answered then, and the same request may be sent again.
   */
  submit(request: SyncRequest, who: Who): Promise<Answer>
  /**
   * Says what a request would be answered if it were decided now, and commits nothing. One at a time, on a snapshot, each in a turn of its
   * own: all that waits to be committed goes before the next one. Rejects with `rate_limited` when too many are waiting.
   */
  preview(request: SyncRequest, who: Who): Promise<Answer>
  /** Runs and commits a write of the server's own; gives what its body gave, and rejects with what it, or `validate`, threw. */
  write<T>(body: Body<T>): Promise<T>
  /** Resolves when everything that was submitted is committed. */
  drain(): Promise<void>
}

type Ask = { readonly request: SyncRequest; readonly who: Who } | { readonly body: Body<unknown>; readonly session: SessionId }

interface Waiting {
  readonly ask: Ask
  settle(outcome: Promise<Decision | WriteOutcome>): void
}

/** How much is committed together, which bounds how long the lock is held; one request goes whatever its size. */
const TOGETHER = { requests: 64, transactions: 1_000 }
/** How many may wait. */
const QUEUE = 4_096
/** How many previews may: each takes as long as a commit. */
const PREVIEWS = 64

/**
 * Group commit: requests that wait are decided and committed together, one fsync for many. `committed` hears of every commit, in order,
 * before anyone is answered.
 */
export function createCommitter(world: {
  readonly engine: Engine
  readonly storage: Storage
  readonly platform: Platform
  readonly log: Log
  /** Builds what is to be sent. */
  readonly segments: Pick<Segments, 'build'>
  /** Asked again where that took its time. */
  readonly memberships: Pick<Memberships, 'readerOf'>
  readonly committed: (number: number, decided: Decided) => void
}): Committer {
  const { engine, storage, platform, log } = world
  const waiting: Waiting[] = []
  let running: Promise<void> | undefined
  let session: SessionId | undefined
  let previewing = 0
  let previewed: Promise<unknown> = Promise.resolve()

  const logFailures = (failures: readonly unknown[]): void => {
    for (const { message, cause } of failures as Error[])
      log({ level: 'error', event: 'hook_failed', what: message, error: errorText(cause) })
  }

  const commit = async (batch: readonly Waiting[]): Promise<Decided> => {
    const now = platform.now()
    const asked = batch.map(({ ask }) => ('body' in ask ? { ...ask, now } : { request: ask.request, asker: { ...ask.who, now } }))
    return await storage.write(() => decideAll(engine, asked))
  }

  const settleAll = async (batch: readonly Waiting[]): Promise<void> => {
    let decided: Decided
    try {
      decided = await commit(batch)
    } catch (error) {
      log({ level: batch.length > 1 ? 'warn' : 'error', event: 'commit_failed', requests: batch.length, error: errorText(error) })
      // One of them may be what the storage, or a bug, chokes on: the others shall not suffer for it.
      if (batch.length > 1 && !storage.isUnavailable?.(error)) for (const one of batch) await settleAll([one])
      else for (const { settle } of batch) settle(Promise.reject(error))
      return
    }
    // It is stored: whatever goes wrong from here on, nothing of it is decided again.
    try {
      logFailures(decided.failures)
      if (decided.commit !== undefined) world.committed(decided.commit, decided)
    } catch (error) {
      log({ level: 'error', event: 'publish_failed', error: errorText(error) })
    }
    for (const [i, { settle }] of batch.entries()) settle(Promise.resolve(decided.outcomes[i] as Decision | WriteOutcome))
  }

  const run = async (): Promise<void> => {
    // What arrives in the same turn of the event loop goes together.
    await new Promise<void>((resolve) => platform.setTimer(resolve, 0))
    while (waiting.length > 0) await settleAll(waiting.splice(0, fitting(waiting)))
    running = undefined
  }

  const enqueue = (ask: Ask): Promise<Decision | WriteOutcome> => {
    if (waiting.length >= QUEUE) throw new HoldfastError('rate_limited', 'Too many requests are waiting.')
    return new Promise<Decision | WriteOutcome>((settle) => {
      waiting.push({ ask, settle })
      running ??= run()
    })
  }

  /** Reads what there is to know; where that lacks segments they are built first. Those that cannot be built are not waited for again. */
  const told = async <T extends Lacking>(who: Who, job: (who: Who, offer: Offer) => Asking<T>): Promise<T> => {
    const found = await storage.read(() => job(who, { now: platform.now() }))
    if (!found.lacks) return found
    await world.segments.build(found.lacks)
    // Whoever was put out by his app meanwhile is not to be told what came after.
    const still = { ...who, ...(await world.memberships.readerOf(who.user)) }
    return await storage.read(() => job(still, { now: platform.now(), asIs: true }))
  }

  return {
    async submit(request, who) {
      if (request.submissions.length === 0) {
        return await told(who, (still, offer) => look(engine, request, { asker: { ...still, now: offer.now }, offer }))
      }
      const decision = (await enqueue({ request, who })) as Decision
      if (isHalted(decision) || decision.hlc !== undefined) return decision
      // Where nothing was decided nothing is answered of what was asked, and the rest is told all the same.
      const answered = decision.changed ? { ...request, submissions: [] } : request
      return { ...decision, ...(await told(who, (still, offer) => pull(engine, answered, still, offer))) }
    },
    async preview(request, who) {
      if (previewing >= PREVIEWS) throw new HoldfastError('rate_limited', 'Too many previews are waiting.')
      previewing++
      const turn = previewed.then(async () => {
        await new Promise<void>((resolve) => platform.setTimer(resolve, 0))
        return await storage.read(() => preview(engine, request, { ...who, now: platform.now() }))
      })
      previewed = turn.catch(() => undefined)
      try {
        const { answer, failures } = await turn
        logFailures(failures)
        return answer
      } finally {
        previewing--
      }
    },
    async write<T>(body: Body<T>) {
      session ??= newSession(platform)
      const outcome = (await enqueue({ body, session })) as WriteOutcome
      if ('error' in outcome) throw outcome.error
      return outcome.value as T
    },
    async drain() {
      await running
    },
  }
}

/** How many of those that wait go together. */
function fitting(waiting: readonly Waiting[]): number {
  let transactions = 0
  const end = waiting.findIndex(({ ask }, i) => {
    transactions += 'body' in ask ? 1 : ask.request.submissions.length
    return i > 0 && (i >= TOGETHER.requests || transactions > TOGETHER.transactions)
  })
  return end < 0 ? waiting.length : end
}

/** A request that submits nothing needs no lock. */
function* look(
  engine: Engine,
  request: SyncRequest,
  { asker, offer }: { readonly asker: Asker; readonly offer: Offer },
): Asking<Answer & Lacking> {
  const decision = yield* decide(new Batch(engine), request, asker)
  return isHalted(decision) ? decision : { ...decision, ...(yield* pull(engine, request, asker, offer)) }
}
