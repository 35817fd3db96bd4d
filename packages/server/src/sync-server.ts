import { HoldfastError } from '@holdfast/shared'
import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { Access } from '@holdfast/shared/internal/protocol/response'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { checkId } from '@holdfast/shared/internal/schema/value'
import { SEGMENT } from '@holdfast/shared/internal/segment/segment'
import type { Hono } from 'hono'
import { createCommitter } from './committer/committer.ts'
import type { Decided } from './engine/decide.ts'
import type { Engine } from './engine/engine.ts'
import { need } from './engine/reads.ts'
import { formOf } from './engine/segment-set.ts'
import { createHealing, type HealingMetrics } from './healing.ts'
import type { Committed, ServerBody, ServerTx, ServerVerbs, User } from './hooks.ts'
import { errorText, guardLog, logToStderr } from './log.ts'
import { createMemberships } from './membership.ts'
import { createNotifier } from './notify/notifier.ts'
import { nodePlatform } from './platform.ts'
import { createApp } from './routes/app.ts'
import { RequestFailure } from './routes/failure-response.ts'
import { createSegments } from './segments.ts'
import type { NoCommands, ServerLimits, SyncServerOptions } from './server-options.ts'

export interface SyncServer<S extends Schema = Schema> {
  /** To be mounted in another app, or served. */
  readonly app: Hono
  readonly fetch: (request: Request) => Response | Promise<Response>
  /**
   * Writes as the server itself, into any space, for jobs and webhooks: atomic, ordered and validated like any transaction. Gives what the
   * body gave; rejects with what it, or `validate`, threw. The body may run more than once, so it takes time and ids from `tx`.
   *
   * @example await sync.write((tx) => tx.space(list).todos.insert({ title: 'Pay' }))
   */
  write<R>(body: ServerBody<S, R>, options?: { readonly label?: string }): Promise<R>
  /** Lets a user into a space, or in further; never lowers what he has. Open streams hear of it at once. */
  grant(space: SpaceId, userId: string, access: Access, role?: string): Promise<void>
  /** Takes a space from a user: his devices purge it at their next sync, his streams end there at once. */
  revoke(space: SpaceId, userId: string): Promise<void>
  /** Sets exactly what a user has in a space, in one step; also lower than it was. */
  setAccess(space: SpaceId, userId: string, access: Access, role?: string): Promise<void>
  /** To be called by an app that keeps membership itself, when what a user may do has changed: his streams look again at once. */
  accessChanged(userId: string): void
  /** Whether this server can answer. */
  health(): Promise<Health>
  /** What this process has counted since it began. */
  metrics(): Metrics
  /** Answers what is under way, refuses what is new (503, retryable), ends the streams, closes the storage. */
  close(): Promise<void>
}

export interface Health {
  readonly ok: boolean
  readonly streams: number
}

export interface Metrics {
  readonly streams: number
  /** What became of what a restore, or a fail-over, lost. */
  readonly healing: HealingMetrics
}

const DEFAULTS: ServerLimits = { bodyBytes: LIMITS.bodyBytes, streamsPerUser: 20, streamLifetime: 30 * 60_000, drain: 10_000 }

/**
 * Makes a sync server: a Hono app over a storage.
 *
 * @throws HoldfastError `invalid_schema` if a command has no body, or a body no command
 * @example
 * const sync = createSyncServer({ schema, storage: sqlite('todo.db'), authenticate })
 * serve({ port: 3000, fetch: sync.fetch })
 */
export function createSyncServer<S extends Schema, C extends Commands = NoCommands, U extends User = User>(
  options: SyncServerOptions<S, C, U>,
): SyncServer<S> {
  const { schema, storage, path = '/holdfast', heartbeat = 15_000, platform = nodePlatform } = options
  const log = guardLog(options.log ?? logToStderr)
  const limits = { ...DEFAULTS, ...options.limits }
  const engine = engineOf(options as unknown as SyncServerOptions, (length) => platform.randomBytes(length))
  const memberships = createMemberships(storage, options.access)
  const notifier = createNotifier({ engine, storage, platform, memberships }, { ...limits, heartbeat, lifetime: limits.streamLifetime })
  const segments = createSegments({ engine, storage, platform, log })
  const committer = createCommitter({ engine, storage, platform, log, segments, memberships, committed })
  const healing = createHealing(log)
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  function committed(number: number, { commits, grants, told }: Decided): void {
    // Before the commit itself is told: who has just lost a space is not to see what else happened there.
    for (const user of new Set(grants.map((grant) => grant.user))) notifier.accessChanged(user)
    notifier.publish(number, commits)
    if (grants.length > 0) notifier.membersChanged(new Set(grants.map(({ space }) => space)))
    for (const one of told) void whileUnderWay(() => tell(one as Committed<S, U>))
  }

  async function tell(commit: Committed<S, U>): Promise<void> {
    try {
      await options.onCommit?.(commit)
    } catch (error) {
      log({ level: 'error', event: 'on_commit_failed', error: errorText(error) })
    }
  }

  const health = async (): Promise<Health> => {
    try {
      await storage.read(() => need('meta'))
      return { ok: closing === undefined, streams: notifier.streams }
    } catch (error) {
      log({ level: 'error', event: 'storage_failed', error: errorText(error) })
      return { ok: false, streams: notifier.streams }
    }
  }

  async function whileUnderWay<T>(body: () => Promise<T>): Promise<T> {
    const going = body()
    underWay.add(going)
    try {
      return await going
    } finally {
      underWay.delete(going)
    }
  }

  const admit = async <T>(body: () => Promise<T>): Promise<T> => {
    if (closing) throw new RequestFailure('server_error', 'This server is shutting down.')
    return await whileUnderWay(body)
  }

  const shutDown = async (): Promise<void> => {
    notifier.close()
    let cancel = () => {}
    const late = new Promise<void>((resolve) => {
      cancel = platform.setTimer(resolve, limits.drain)
    })
    await Promise.race([Promise.allSettled(underWay), late])
    cancel()
    await committer.drain()
    await storage.close()
  }

  const authenticate = async (request: Request): Promise<User | null> => {
    const user = await options.authenticate(request)
    if (user === null) return null
    checkId(user.id, 'id of a user')
    checkId(homeSpace(user.id), 'id of a user')
    return user
  }

  const write = <R>(body: (tx: object, server: ServerVerbs) => R): Promise<R> => admit(() => committer.write(body))

  const app = createApp({
    path,
    version: schema.version,
    maxBytes: limits.bodyBytes,
    platform,
    log,
    committer,
    healing,
    notifier,
    memberships,
    segments,
    authenticate,
    admit,
    health,
  })
  return {
    app,
    fetch: (request) => app.fetch(request),
    write<R>(body: ServerBody<S, R>, { label }: { readonly label?: string } = {}) {
      log({ level: 'debug', event: 'server_write', label })
      return write((tx, server) => body(tx as ServerTx<S>, server) as R)
    },
    grant: (space, user, access, role) => write((_, server) => server.grant(space, user, access, role)),
    revoke: (space, user) => write((_, server) => server.revoke(space, user)),
    setAccess: (space, user, access, role) => write((_, server) => server.setAccess(space, user, access, role)),
    accessChanged: (user) => notifier.accessChanged(user),
    health,
    metrics: () => ({ streams: notifier.streams, healing: healing.metrics() }),
    close() {
      closing ??= shutDown()
      return closing
    },
  }
}

function engineOf(options: SyncServerOptions, randomBytes: Engine['randomBytes']): Engine {
  const { schema, rules = {}, validate, createSpace, platform = nodePlatform, segmentsFrom = SEGMENT } = options
  const commands: Commands = options.commands ?? {}
  const run = (options.run ?? {}) as NonNullable<Engine['run']>
  for (const [name, command] of Object.entries(commands))
    if (!command.run && !Object.hasOwn(run, name))
      throw new HoldfastError('invalid_schema', `The command ${name} has no body: give it one in run.`)
  for (const name of Object.keys(run))
    if (!Object.hasOwn(commands, name)) throw new HoldfastError('invalid_schema', `There is no command ${name} for this body in run.`)
  const appAccess = options.access !== undefined
  const tellsChanges = options.onCommit !== undefined
  const { sha256 } = platform
  const size = Math.max(1, Math.min(segmentsFrom, SEGMENT))
  const segments = segmentsFrom < Number.POSITIVE_INFINITY ? { from: segmentsFrom, size, form: formOf(sha256, schema) } : undefined
  return { schema, rules, sha256, commands, run, validate, createSpace, appAccess, tellsChanges, segments, randomBytes }
}
