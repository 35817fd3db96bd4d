import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Live, Status, Write } from '@holdfast/client'
import { createSyncServer, type SyncServer, type SyncServerOptions } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { nodePlatform } from '@holdfast/server/internal/platform'
import { sqlite } from '@holdfast/server/sqlite'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { createDevice, type Device, type DeviceOptions, type Fault } from './device.ts'
import { type Dump, dumpSpace, seqOf } from './dump-space.ts'
import { manualClock, quiet } from './manual-clock.ts'
import { type Random, seededRandom } from './random.ts'
import { testSchema } from './test-schema.ts'

/** A world loses no power: its file lies in memory where the system has such a folder, and costs no disk. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export interface WorldOptions extends Partial<SyncServerOptions<typeof testSchema>> {
  /** Another app than the tests' own, as `defineServer` gives it. A user's token is his id, unless it says otherwise. */
  readonly server?: { readonly schema: Schema }
  /** Everything that the server and the devices take for random. */
  readonly random?: Random
  /** Stands before the server, and hears all that reaches it. */
  readonly door?: Fault
}

/**
 * A server on a SQLite file and any number of devices, in one process, under one clock that stands still until it is moved: hours of
 * waiting take milliseconds, and nothing depends on how fast this machine is.
 */
export function createWorld({
  random = seededRandom(1),
  server: app = { schema: testSchema },
  door = (request, pass) => pass(request),
  ...options
}: WorldOptions = {}) {
  const clock = manualClock()
  const folder = mkdtempSync(join(MEMORY, 'holdfast-'))
  const file = join(folder, 'server.db')
  const devices: Device[] = []
  let backups = 0
  let storage = sqlite(file, { epoch: 'e1' })
  let server: SyncServer | undefined = start()

  function start(): SyncServer {
    return createSyncServer({
      authenticate: unsafeTrustToken,
      log: () => undefined,
      ...(options as object),
      ...app,
      storage,
      platform: {
        ...nodePlatform,
        now: () => clock.now(),
        randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
        setTimer: (call, ms) => (ms === 0 ? nodePlatform.setTimer(call, ms) : clock.setTimer(ms, call)),
      },
    })
  }

  const world = {
    clock,
    /** The server's file. */
    file,
    get server(): SyncServer {
      if (!server) throw new Error('The server is down.')
      return server
    },
    /** What devices reach: nobody, while the server is down. */
    async serve(request: Request): Promise<Response> {
      const here = server
      if (!here) throw new TypeError('connection refused')
      return await door(request, async (one) => here.fetch(one))
    },
    device(more: DeviceOptions = {}): Device {
      const device = createDevice(world.serve, { clock, random: seededRandom(Math.floor(random() * 2 ** 32)), ...more })
      devices.push(device)
      return device
    },
    async stop(): Promise<void> {
      await server?.close()
      server = undefined
    },
    start(): void {
      storage = sqlite(file, { epoch: 'e1' })
      server = start()
    },
    /** A copy of the server's file; what is open breaks off, as when it is copied in the night. */
    async backup(): Promise<string> {
      await world.stop()
      const copy = join(folder, `backup${++backups}.db`)
      copyFileSync(file, copy)
      world.start()
      return copy
    },
    /** The server goes on with an older file: whatever it did since is gone. */
    async restore(copy: string): Promise<void> {
      await world.stop()
      for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      copyFileSync(copy, file)
      world.start()
    },
    /** What the server has in a space. */
    dump: (space: string): Promise<Dump> => storage.read(() => dumpSpace(app.schema, space)),
    /** How many transactions the server has in a space. */
    seqOf: (space: string): Promise<number> => storage.read(() => seqOf(space)),
    /** Lets time pass, from timer to timer, until something holds: at most so much of it. */
    async until(check: () => void | Promise<void>, within = 180_000): Promise<void> {
      const end = clock.now() + within
      for (;;) {
        await quiet()
        try {
          return await check()
        } catch (error) {
          if (!(await clock.step(end))) throw error
        }
      }
    },
    /** Lets time pass until all of these have sent what they wrote, and know of no problem. */
    async synced(...tabs: readonly { readonly status: Live<Status> }[]): Promise<void> {
      for (const { status } of tabs) {
        await world.until(() => {
          const { state, pending, problem } = status.read()
          if (state !== 'synced' || pending > 0 || problem !== null)
            throw new Error(`This tab is ${JSON.stringify({ state, pending, problem })}.`)
        })
      }
    },
    async close(): Promise<void> {
      for (const device of devices) await device.close()
      await world.stop()
      rmSync(folder, { recursive: true })
    },
  }
  return world
}

export type World = ReturnType<typeof createWorld>

export interface Watch {
  /** Every status that was shown. */
  readonly seen: readonly Status[]
  /** What was not true of one of them. */
  readonly lies: readonly string[]
}

/**
 * Holds every status that is shown against what is known of the writes made through this tab: never "synced" while one of them has no
 * verdict, and never stuck or paused without saying why and what to do.
 */
export function watchStatus(db: { readonly status: Live<Status> }, writes: readonly Write<unknown>[]): Watch {
  const seen: Status[] = []
  const lies: string[] = []
  db.status.subscribe((status) => {
    seen.push(status)
    const said = JSON.stringify(status)
    if (status.state !== 'synced') {
      const must = status.state === 'paused' || status.state === 'stuck'
      if (must && !(status.problem?.code && status.problem.fix)) lies.push(`no reason: ${said}`)
      return
    }
    if (status.pending > 0 || status.problem) lies.push(`synced with something left: ${said}`)
    for (const write of [...writes]) {
      void Promise.race([write.confirmed(), 'open']).then((verdict) => {
        if (verdict === 'open') lies.push(`synced without a verdict on ${write.id}: ${said}`)
      })
    }
  })
  return { seen, lies }
}
