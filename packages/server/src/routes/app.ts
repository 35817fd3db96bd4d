import { Hono } from 'hono'
import type { Committer } from '../committer/committer.ts'
import type { Healing } from '../healing.ts'
import type { User } from '../hooks.ts'
import { errorText, type Log } from '../log.ts'
import type { Memberships } from '../membership.ts'
import type { Notifier } from '../notify/notifier.ts'
import { type Platform, randomFraction } from '../platform.ts'
import type { Segments } from '../segments.ts'
import { failureOf, failureResponse, RequestFailure } from './failure-response.ts'
import { handleLive } from './live.ts'
import { handleMembers } from './members.ts'
import { handleSegment } from './segments.ts'
import { handleSync } from './sync.ts'

export interface AppWorld {
  readonly path: string
  readonly version: number
  readonly maxBytes: number
  readonly platform: Platform
  readonly log: Log
  readonly committer: Committer
  readonly healing: Healing
  readonly notifier: Notifier
  readonly memberships: Memberships
  readonly segments: Segments
  /** Whoever sends a request, or null. */
  readonly authenticate: (request: Request) => Promise<User | null>
  readonly health: () => Promise<{ readonly ok: boolean }>
  /** Wraps whatever answers a request, so that a shutdown can wait for it; throws while there is one. */
  readonly admit: <T>(body: () => Promise<T>) => Promise<T>
}

/** The HTTP surface: who asks, which handler, what to say when it fails. It decides nothing. */
export function createApp(world: AppWorld): Hono {
  const { platform, log, version } = world
  const app = new Hono().basePath(world.path)
  const now = () => platform.now()

  const failed = (error: unknown, user?: User): Response => {
    const failure = failureOf(error)
    // What a client is told of it has no reason in it; whoever runs the server needs one.
    const reason = failure === 'server_error' && error instanceof Error ? (error.cause ?? error) : error
    log({ level: failure === 'server_error' ? 'warn' : 'info', event: 'request_failed', failure, error: errorText(reason) })
    return failureResponse(error, { version, now: now(), user: user?.id, jitter: randomFraction(platform) })
  }

  const handle = async (request: Request, body: (user: User) => Promise<Response>): Promise<Response> => {
    let user: User | undefined
    try {
      return await world.admit(async () => {
        user = await userOf(world, request)
        return await body(user)
      })
    } catch (error) {
      return failed(error, user)
    }
  }

  app.post('/sync', (c) => handle(c.req.raw, (user) => handleSync('submit', { ...world, now }, c.req.raw, user)))
  app.post('/preview', (c) => handle(c.req.raw, (user) => handleSync('preview', { ...world, now }, c.req.raw, user)))
  app.on(['GET', 'POST'], '/live', (c) => handle(c.req.raw, (user) => handleLive(world, c.req.raw, user)))
  app.get('/members', (c) => handle(c.req.raw, (user) => handleMembers({ ...world, now }, c.req.raw, user.id)))
  app.get('/segments/:name', (c) =>
    world.admit(() => handleSegment(world, c.req.raw, c.req.param('name'))).catch((error: unknown) => failed(error)),
  )
  app.get('/health', async (c) => {
    const health = await world.health()
    return c.json(health, health.ok ? 200 : 503, { 'cache-control': 'no-store' })
  })
  return app
}

async function userOf({ authenticate, log }: AppWorld, request: Request): Promise<User> {
  let user: User | null
  try {
    user = await authenticate(request)
  } catch (error) {
    log({ level: 'error', event: 'authenticate_failed', error: errorText(error) })
    throw new RequestFailure('server_error', 'Who you are could not be found out just now.')
  }
  if (user === null) throw new RequestFailure('unauthenticated', 'Sign in to sync.')
  return user
}
