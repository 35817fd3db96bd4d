import { HoldfastError } from '@holdfast/shared'
import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { Access } from '@holdfast/shared/internal/protocol/response'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { checkId } from '@holdfast/shared/internal/schema/value'
import type { Hono } from 'hono'
import { createCommitter } from './committer/committer.ts'
import { grant, revoke } from './engine/access.ts'
import type { Engine } from './engine/engine.ts'
import { need } from './engine/reads.ts'
import { errorText, guardLog, type Log, logToStderr } from './log.ts'
import { createNotifier } from './notify/notifier.ts'
import { nodePlatform, type Platform } from './platform.ts'
import { createApp } from './routes/app.ts'
import { RequestFailure } from './routes/failure-response.ts'
import type { Storage } from './storage/storage.ts'

/** Whom a request comes from; more than the id is the app's own. */
export interface User {
  readonly id: string
}

/** Finds out who sends a request, from its cookie or token: null answers 401, and the client pauses and goes on writing locally. */
export type Authenticate = (request: Request) => User | null | Promise<User | null>

export interface SyncServerOptions<S extends Schema = Schema> {
  readonly schema: S
  readonly storage: Storage
  readonly authenticate: Authenticate
  readonly rules?: Rules<S> | undefined
  /** Under which `sync`, `live` and `health` live; `/holdfast`. */
  readonly path?: string | undefined
  /** Milliseconds between two signs of life of a stream; 15,000. */
  readonly heartbeat?: number | undefined
  readonly limits?: Partial<ServerLimits> | undefined
  readonly log?: Log | undefined
  readonly platform?: Platform | undefined
}

export interface ServerLimits {
  /** Bytes of a request body, after decompression. */
  readonly bodyBytes: number
  readonly streamsPerUser: number
  /** Milliseconds after which a stream is ended and has to authenticate again. */
  readonly streamLifetime: number
  /** Milliseconds that a shutdown waits for requests which are under way. */
  readonly drain: number
}

export interface SyncServer {
  /** To be mounted in another app, or served. */
  readonly app: Hono
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Lets a user into a space, or in further; never lowers what he has. Open streams hear of it at once. */
  grant(space: SpaceId, userId: string, access: Access, role?: string): Promise<void>
  /** Takes a space from a user: his devices purge it at their next sync, his streams end there at once. */
  revoke(space: SpaceId, userId: string): Promise<void>
  /** Whether this server can answer. */
  health(): Promise<Health>
  /** Answers what is under way, refuses what is new (503, retryable), ends the streams, closes the storage. */
  close(): Promise<void>
}

export interface Health {
  readonly ok: boolean
  readonly streams: number
}

const DEFAULTS: ServerLimits = { bodyBytes: LIMITS.bodyBytes, streamsPerUser: 20, streamLifetime: 30 * 60_000, drain: 10_000 }

/**
 * Makes a sync server: a Hono app over a storage.
 *
 * @example
 * const sync = createSyncServer({ schema, storage: sqlite('todo.db'), authenticate })
 * serve({ port: 3000, fetch: sync.fetch })
 */
export function createSyncServer<S extends Schema>(options: SyncServerOptions<S>): SyncServer {
  const { schema, storage, path = '/holdfast', heartbeat = 15_000, platform = nodePlatform } = options
  const log = guardLog(options.log ?? logToStderr)
  const limits = { ...DEFAULTS, ...options.limits }
  const engine: Engine = { schema, rules: (options.rules ?? {}) as Rules, sha256: platform.sha256 }
  const notifier = createNotifier({ engine, storage, platform }, { ...limits, heartbeat, lifetime: limits.streamLifetime })
  const committer = createCommitter({ engine, storage, platform, log, committed: (number, commits) => notifier.publish(number, commits) })
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const health = async (): Promise<Health> => {
    try {
      await storage.read(() => need('meta'))
      return { ok: closing === undefined, streams: notifier.streams }
    } catch (error) {
      log({ level: 'error', event: 'storage_failed', error: errorText(error) })
      return { ok: false, streams: notifier.streams }
    }
  }

  const admit = async <T>(body: () => Promise<T>): Promise<T> => {
    if (closing) throw new RequestFailure('server_error', 'This server is shutting down.')
    const going = body()
    underWay.add(going)
    try {
      return await going
    } finally {
      underWay.delete(going)
    }
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

  const authenticate = async (request: Request): Promise<string | null> => {
    const user = await options.authenticate(request)
    if (user !== null) checkId(homeSpace(user.id), 'id of a user')
    return user === null ? null : user.id
  }

  const app = createApp({
    path,
    version: schema.version,
    maxBytes: limits.bodyBytes,
    platform,
    log,
    committer,
    notifier,
    authenticate,
    admit,
    health,
  })
  return {
    app,
    fetch: (request) => app.fetch(request),
    async grant(space, user, access, role) {
      checkId(space, 'id of a space')
      checkId(homeSpace(user), 'id of a user')
      await storage.write(() => grant(user, { space, access, role }))
      notifier.accessChanged(user)
    },
    async revoke(space, user) {
      if (space === homeSpace(user)) throw new HoldfastError('invalid_value', 'A user keeps his own space.', { space })
      await storage.write(() => revoke(user, space))
      notifier.accessChanged(user)
    },
    health,
    close() {
      closing ??= shutDown()
      return closing
    },
  }
}
