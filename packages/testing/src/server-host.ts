import { copyFileSync, rmSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createSyncServer, type SyncServer, type SyncServerOptions } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { nodePlatform } from '@holdfast/server/internal/platform'
import type { Storage } from '@holdfast/server/internal/storage/storage'
import { sqlite } from '@holdfast/server/sqlite'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { ManualClock } from './manual-clock.ts'
import type { Random } from './random.ts'
import { wrongClock } from './wrong-clock.ts'

export interface HostOptions {
  readonly file: string
  readonly clock: ManualClock
  readonly random: Random
  /** Looked at whenever a server starts: apps are deployed anew. */
  readonly app: () => Partial<SyncServerOptions<Schema>> & { readonly schema: Schema }
  /** Stands between a server and its file; `crash` ends all that runs there, and starts it again so many milliseconds later. */
  readonly disk?: ((storage: Storage, crash: (ms: number) => void) => Storage) | undefined
}

/** One run of a server process. */
interface Life {
  readonly server: SyncServer
  readonly storage: Storage
  /** Aborted when the process dies: what it was about to answer, and its streams, break off. */
  readonly over: AbortController
}

/** A machine with a file on which server processes come and go. */
export function createHost({ file, clock, random, app, disk = (storage) => storage }: HostOptions) {
  const wrong = wrongClock(clock)
  /** Those that answer what they have begun. */
  const ending = new Map<Life, Promise<void>>()
  let cancelStart = () => {}
  let life: Life | undefined = born()

  function born(): Life {
    const storage = sqlite(file, { epoch: 'e1' })
    const { schema, ...rest } = app()
    const server = createSyncServer({
      authenticate: unsafeTrustToken,
      log: () => undefined,
      // So few that most spaces come as several.
      segmentsFrom: 4,
      ...(rest as object),
      schema,
      storage: disk(storage, crash),
      platform: {
        ...nodePlatform,
        // In the same turn, so that a day is the same each time.
        gzip: async (bytes) => gzipSync(bytes),
        gunzip: async (bytes) => gunzipSync(bytes),
        now: wrong.now,
        randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
        setTimer: (call, ms) => (ms === 0 ? nodePlatform.setTimer(call, ms) : clock.setTimer(ms, call)),
      },
    })
    return { server, storage, over: new AbortController() }
  }

  function end(one: Life): Promise<void> {
    const ended = one.server.close().finally(() => ending.delete(one))
    ending.set(one, ended)
    return ended
  }

  function crash(ms: number): void {
    for (const one of [...(life ? [life] : []), ...ending.keys()]) {
      one.over.abort(new TypeError('connection reset'))
      void one.storage.close()
      end(one).catch(() => undefined)
    }
    ending.clear()
    life = undefined
    cancelStart()
    cancelStart = clock.setTimer(ms, start)
  }

  function start(): void {
    cancelStart()
    life ??= born()
  }

  const running = (): Life => {
    if (!life) throw new Error('The server is down.')
    return life
  }

  return {
    file,
    /** What its clock shows. */
    now: wrong.now,
    get isUp(): boolean {
      return life !== undefined
    },
    get server(): SyncServer {
      return running().server
    },
    get storage(): Storage {
      return running().storage
    },
    async serve(request: Request): Promise<Response> {
      const here = life
      if (!here) throw new TypeError('connection refused')
      const { signal } = here.over
      const response = await orGone(signal, Promise.resolve(here.server.fetch(request)))
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response
      const body = response.body?.pipeThrough(new TransformStream(), { signal }) ?? null
      return new Response(body, { status: response.status, headers: response.headers })
    },
    start,
    /** Answers what is under way, and ends. */
    async stop(): Promise<void> {
      cancelStart()
      if (life) void end(life)
      life = undefined
      await Promise.all(ending.values())
    },
    /** Dies at once: of what is under way nobody hears any more, and nothing is stored that is not. Is there again after so many milliseconds. */
    crash,
    /** A new process takes over what comes from now on; the old one answers what it has begun, on the same file. */
    upgrade(): void {
      cancelStart()
      if (life) end(life).catch(() => undefined)
      life = born()
    },
    /** Sets the clock of the machine apart, in milliseconds. */
    skewClock: wrong.skew,
    /** Lets it go so many times as fast as the others; with 0 it stands still. */
    driftClock: wrong.drift,
    /** The file becomes a copy of another; whatever it held is gone. Only while nothing runs on it. */
    replace(copy: string): void {
      for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      copyFileSync(copy, file)
    },
  }
}

export type Host = ReturnType<typeof createHost>

/** What comes of it, or nothing any more. */
function orGone<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(signal.reason)
    if (signal.aborted) return gone()
    signal.addEventListener('abort', gone)
    const forget = () => signal.removeEventListener('abort', gone)
    promise.then(resolve, reject).finally(forget)
  })
}
