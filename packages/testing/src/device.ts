import 'fake-indexeddb/auto'
import { type Database, type OpenOptions, openDatabase, type Platform } from '@holdfast/client'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { IDBFactory } from 'fake-indexeddb'
import { createChannels } from './channels.ts'
import { copyDatabases } from './copy-databases.ts'
import { Gate } from './gate.ts'
import { createLocks } from './locks.ts'
import { type Clock, realClock } from './manual-clock.ts'
import { createDisk } from './sim/disk.ts'
import { wrongClock } from './wrong-clock.ts'

type Fetch = (request: Request) => Response | Promise<Response>

/** What happens to requests on their way; `undefined` passes them on. */
export type Fault = (request: Request, pass: Fetch) => Response | Promise<Response>

// biome-ignore lint/complexity/noBannedTypes: an app without commands has none.
type NoCommands = {}

export type TabOptions<S extends Schema, C extends Commands = NoCommands> = Omit<OpenOptions<S, C>, 'token'> &
  Partial<Pick<OpenOptions<S, C>, 'token'>>

export interface DeviceOptions {
  readonly clock?: Clock
  /** From 0 up to, and without, 1: everything that the device takes for random. */
  readonly random?: () => number
  readonly indexedDB?: IDBFactory
  /** Whether its browser has Web Locks; true unless stated. */
  readonly hasLocks?: boolean
}

/**
 * A device in this process: its own IndexedDB, locks and channels, a network that can be cut, and any number of tabs. The client is the
 * shipping one; only the browser is a twin.
 */
export function createDevice(
  serve: Fetch,
  { clock = realClock, random = Math.random, indexedDB = new IDBFactory(), hasLocks = true }: DeviceOptions = {},
) {
  const locks = createLocks()
  const channels = createChannels()
  const disk = createDisk(indexedDB)
  let online = true
  let line = new AbortController()
  let fault: Fault | undefined
  const wrong = wrongClock(clock)
  let calls = 0
  let alarm: { calls: number; readonly ring: () => void } | undefined
  const wakes = new Set<() => void>()
  const open: { close(): Promise<void> }[] = []
  const lives: AbortController[] = []

  /** Something outside of the page is asked, or answers. */
  function noteCall(): void {
    calls++
    if (!alarm || --alarm.calls > 0) return
    const { ring } = alarm
    alarm = undefined
    ring()
  }

  async function fetch(url: string, init: RequestInit, life: AbortSignal): Promise<Response> {
    noteCall()
    const signal = AbortSignal.any([line.signal, life, ...(init.signal ? [init.signal] : [])])
    if (!online || signal.aborted) throw new TypeError('fetch failed')
    const request = new Request(url, { ...init, redirect: 'follow', signal } as RequestInit)
    const response = await unless(signal, Promise.resolve(fault ? fault(request, serve) : serve(request)))
    noteCall()
    if (init.redirect === 'error' && response.status >= 300 && response.status < 400) throw new TypeError('fetch failed')
    // What has come of a stream is all there is when the line is cut; what lies ready comes whole, which is much quicker.
    const isSlow = fault || response.headers.get('content-type')?.startsWith('text/event-stream')
    const body = isSlow ? response.body?.pipeThrough(new TransformStream(), { signal }) : await unless(signal, response.arrayBuffer())
    return new Response(body instanceof ArrayBuffer && body.byteLength === 0 ? null : body, {
      status: response.status,
      headers: response.headers,
    })
  }

  const locksOf = (life: AbortSignal, gate: Gate) =>
    ({
      request(name: string, options: LockOptions, call: (lock: Lock | null) => unknown) {
        const gone = new Promise<void>((resolve) => life.addEventListener('abort', () => resolve()))
        const until = options.signal ? { ...options, signal: AbortSignal.any([options.signal, life]) } : options
        return gate.hold(locks.request(name, until, (lock) => Promise.race([gate.hold(Promise.resolve(lock)).then(call), gone])))
      },
      query: () => locks.query(),
    }) as LockManager

  /** The browser as one tab has it, until the tab is no more. */
  const platformOf = (life: AbortSignal, gate: Gate): Platform => ({
    now: wrong.now,
    random,
    randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
    setTimer(ms, call) {
      let cancelled = false
      const cancel = clock.setTimer(ms, () => gate.pass(() => life.aborted || cancelled || call()))
      return () => {
        cancelled = true
        cancel()
      }
    },
    async fetch(url, init) {
      return await gate.hold(fetch(url, init, life))
    },
    indexedDB: disk.mount(life, noteCall),
    locks: hasLocks ? locksOf(life, gate) : undefined,
    channel: (name) => channels.open(name, life, gate),
    isVisible: () => true,
    isOnline: () => online,
    onWake(call) {
      const wake = () => life.aborted || call()
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
    onSleep: () => () => undefined,
    persistence: async () => 'best-effort',
    requestPersistence: async () => undefined,
    report(error) {
      // A listener that throws fails the test, and nothing else.
      setImmediate(() => {
        throw error
      })
    },
  })

  async function openTab<const S extends Schema, const C extends Commands>(
    options: TabOptions<S, C>,
    life: AbortSignal,
    gate = new Gate(),
  ): Promise<Database<S, C>> {
    const platform = { ...platformOf(life, gate), ...options.platform }
    return await openDatabase<S, C>({ token: () => options.userId, url: 'http://server/holdfast', ...options, platform } as OpenOptions<
      S,
      C
    >)
  }

  const device = {
    hasLocks,
    get indexedDB() {
      return disk.indexedDB
    },
    disk,
    get isOnline() {
      return online
    },
    /** Calls when so many more calls to the disk and the network have been made: in the middle of whatever is going on. */
    atCall(calls: number, ring: () => void) {
      alarm = { calls, ring }
    },
    /** How many calls to the disk and the network there were, and how many transactions that change the disk. */
    counts: () => ({ calls, changes: disk.changes }),
    /** Nothing is planned any more: no call fails, and there is room. */
    calm() {
      alarm = undefined
      disk.calm()
    },
    /** Opens a tab. */
    async tab<const S extends Schema, const C extends Commands = NoCommands>(options: TabOptions<S, C>): Promise<Database<S, C>> {
      const db = await openTab(options, new AbortController().signal)
      open.push(db)
      return db
    },
    /**
     * Opens a tab that can be killed: from then on it hears nothing, says nothing, and holds no lock, as after a crash. Or frozen: it
     * does nothing but keeps its lock, and all that happens to it waits until it is thawed.
     */
    async mortalTab<const S extends Schema, const C extends Commands = NoCommands>(options: TabOptions<S, C>): Promise<MortalTab<S, C>> {
      const life = new AbortController()
      lives.push(life)
      const gate = new Gate()
      const died = new Promise<never>((_, reject) => life.signal.addEventListener('abort', () => reject(new TabDied())))
      died.catch(() => undefined)
      const db = await Promise.race([openTab(options, life.signal, gate), died])
      // What dies while it closes never says that it has.
      db.close = (
        (close) => () =>
          Promise.race([close(), died.catch(() => undefined)])
      )(db.close.bind(db))
      return { db, kill: () => life.abort(), freeze: () => gate.close(), thaw: () => gate.open() }
    },
    /** The browser dies, and all its tabs with it: those too that are just being opened. */
    crash() {
      for (const life of lives.splice(0)) life.abort()
    },
    offline() {
      online = false
      line.abort(new TypeError('network changed'))
    },
    online() {
      online = true
      line = new AbortController()
      for (const wake of wakes) wake()
    },
    /** The page is shown again, or the user came back to it. */
    wake() {
      for (const wake of wakes) wake()
    },
    /** Puts something between the device and the server, or nothing again. */
    through(next: Fault | undefined) {
      fault = next
    },
    /** Breaks every connection that is open, streams too, and lets new ones be made. */
    cutLines() {
      line.abort(new TypeError('network changed'))
      line = new AbortController()
    },
    /** Puts something between the tabs, or nothing again. */
    between: channels.between,
    /** Sets the clock of the device apart from the others, in milliseconds. */
    skewClock: wrong.skew,
    /** Lets its clock go so many times as fast as the others, from what it shows; with 0 it stands still. */
    driftClock: wrong.drift,
    /** A copy of its disk. */
    copyDisk: () => copyDatabases(disk.indexedDB),
    async close() {
      for (const db of open.splice(0)) await db.close()
      device.crash()
    },
  }
  return device
}

export type Device = ReturnType<typeof createDevice>

export interface MortalTab<S extends Schema, C extends Commands = NoCommands> {
  readonly db: Database<S, C>
  kill(): void
  freeze(): void
  thaw(): void
}

/** A tab that is no more before it was open. */
export class TabDied extends Error {
  override readonly name = 'TabDied'
}

function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return new Promise((resolve, reject) => {
    const fail = () => reject(signal.reason)
    signal.addEventListener('abort', fail)
    // Node keeps a signal made by AbortSignal.any() alive for as long as somebody listens to it.
    const over = () => signal.removeEventListener('abort', fail)
    work.then(resolve, reject).then(over, over)
  })
}

/** Waits until something holds; the error of the last try says what did not. */
export async function eventually(check: () => void | Promise<void>, within = 30_000): Promise<void> {
  const end = performance.now() + within
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}
