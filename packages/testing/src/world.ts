import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Live, Status, Write } from '@holdfast/client'
import type { SyncServer, SyncServerOptions } from '@holdfast/server'
import { need } from '@holdfast/server/internal/engine/reads'
import { beginEpoch } from '@holdfast/server/internal/storage/sqlite/begin-epoch'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { createDevice, type Device, type DeviceOptions, type Fault } from './device.ts'
import { type Dump, dumpSpace, seqOf } from './dump-space.ts'
import { manualClock, quiet, turns } from './manual-clock.ts'
import { type Random, seededRandom } from './random.ts'
import { createHost, type Host, type HostOptions } from './server-host.ts'
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
  /** Stands between the server and its file. */
  readonly disk?: HostOptions['disk']
}

/**
 * A server on a SQLite file and any number of devices, in one process, under one clock that stands still until it is moved: hours of
 * waiting take milliseconds, and nothing depends on how fast this machine is.
 */
export function createWorld({
  random = seededRandom(1),
  server: app = { schema: testSchema },
  door = (request, pass) => pass(request),
  disk,
  ...options
}: WorldOptions = {}) {
  const clock = manualClock()
  const folder = mkdtempSync(join(MEMORY, 'holdfast-'))
  const file = join(folder, 'server.db')
  const devices: Device[] = []
  /** The devices that reach another server than the first. */
  const routes = new Map<Device, Host>()
  let copies = 0
  let epochs = 0
  const open = (at: string): Host =>
    createHost({ file: at, clock, random, disk, app: () => ({ ...options, ...app }) as unknown as ReturnType<HostOptions['app']> })
  const host = open(file)
  let branch: Host | undefined

  /** Lets time pass until it has settled: what waits for a timer would wait for ever. */
  async function meanwhile<T>(work: Promise<T>): Promise<T> {
    let settled = false
    const settle = () => {
      settled = true
    }
    work.then(settle, settle)
    for (;;) {
      await quiet()
      if (settled || !(await clock.step(Number.POSITIVE_INFINITY))) return await work
    }
  }

  const world = {
    clock,
    meanwhile,
    /** The server's file. */
    file,
    get server(): SyncServer {
      return host.server
    },
    /** The machine that it runs on. */
    host,
    /** What devices reach: nobody, while the server is down. */
    serve: (request: Request): Promise<Response> => serveAt(() => host, request),
    device(more: DeviceOptions = {}): Device {
      const device: Device = createDevice((request) => serveAt(() => routes.get(device) ?? host, request), {
        clock,
        random: seededRandom(Math.floor(random() * 2 ** 32)),
        ...more,
      })
      devices.push(device)
      return device
    },
    stop: (): Promise<void> => meanwhile(host.stop()),
    start: (): void => host.start(),
    /** A copy of the server's file; what is open breaks off, as when it is copied in the night. */
    async backup(): Promise<string> {
      await world.stop()
      const copy = join(folder, `backup${++copies}.db`)
      copyFileSync(file, copy)
      world.start()
      return copy
    },
    /** The server goes on with an older file: whatever it did since is gone. With `heal` as its operator does it, by `holdfast restore`. */
    async restore(copy: string, heal?: boolean): Promise<void> {
      await world.stop()
      host.replace(copy)
      if (heal !== undefined) beginEpoch(file, { heal, epoch: `restored ${++epochs}` })
      world.start()
    },
    /** A copy of the server lives on beside it, and is what these devices reach. */
    async fork(...others: readonly Device[]): Promise<Host> {
      branch = open(await world.backup())
      for (const device of others) {
        routes.set(device, branch)
        device.cutLines()
      }
      return branch
    },
    /** One of the two is all that is left, for everybody. */
    async join(winner: 'original' | 'copy'): Promise<void> {
      if (!branch) return
      await meanwhile(branch.stop())
      if (winner === 'copy') await world.restore(branch.file)
      branch = undefined
      for (const device of routes.keys()) device.cutLines()
      routes.clear()
    },
    /** The other of two servers, if there are two. */
    get branch(): Host | undefined {
      return branch
    },
    /** What the server has in a space. */
    dump: (space: string): Promise<Dump> => host.storage.read(() => dumpSpace(app.schema, space)),
    /** How many transactions the server has in a space. */
    seqOf: (space: string): Promise<number> => host.storage.read(() => seqOf(space)),
    /** The spaces that a user was let into. */
    spacesOf: async (user: string): Promise<readonly string[]> =>
      (await host.storage.read(() => need('grants', user))).map(({ space }) => space),
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
      if (branch) await meanwhile(branch.stop())
      await world.stop()
      rmSync(folder, { recursive: true })
    },
  }

  function serveAt(where: () => Host, request: Request): Promise<Response> {
    if (!where().isUp) return Promise.reject(new TypeError('connection refused'))
    return Promise.resolve(door(request, (one) => where().serve(one)))
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

const [yes, no] = [() => true, () => false]

/**
 * Holds every status that is shown against what is known of the writes made through this tab: never "synced" while one of them has no
 * verdict, and never stuck or paused without saying why and what to do.
 */
export function watchStatus(db: { readonly status: Live<Status> }, writes: readonly Write<unknown>[]): Watch {
  const seen: Status[] = []
  const lies: string[] = []
  db.status.subscribe((status) => {
    const before = seen.at(-1)?.problem?.code ?? ''
    seen.push(status)
    const said = JSON.stringify(status)
    if (status.state !== 'synced') {
      const must = status.state === 'paused' || status.state === 'stuck'
      if (must && !(status.problem?.code && status.problem.fix)) lies.push(`no reason: ${said}`)
      return
    }
    if (status.pending > 0 || status.problem) lies.push(`synced with something left: ${said}`)
    for (const write of [...writes]) {
      void Promise.race([write.confirmed(), 'open']).then(async (verdict) => {
        // What could not be stored was told just now, and is rejected in this very turn: of no other write is that an excuse.
        const isRejected = () => Promise.race([write.then(no, yes), turns(1).then(no)])
        if (verdict === 'open' && !(before.startsWith('storage') && (await isRejected())))
          lies.push(`synced without a verdict on ${write.id}: ${said}`)
      })
    }
  })
  return { seen, lies }
}
