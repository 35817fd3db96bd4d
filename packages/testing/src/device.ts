import 'fake-indexeddb/auto'
import { type Database, type OpenOptions, openDatabase, type Platform } from '@holdfast/client'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { IDBFactory } from 'fake-indexeddb'

type Fetch = (request: Request) => Response | Promise<Response>

/** What happens to requests on their way; `undefined` passes them on. */
export type Fault = (request: Request, pass: Fetch) => Response | Promise<Response>

let devices = 0

/**
 * A device in this process: its own IndexedDB, locks and channels, a network that can be cut, and any number of tabs. The client is the
 * shipping one; only the disk is a twin.
 */
export function createDevice(serve: Fetch) {
  const me = `device${++devices}`
  const indexedDB = new IDBFactory()
  let online = true
  let fault: Fault | undefined
  let skew = 0
  const wakes = new Set<() => void>()
  const open: { close(): Promise<void> }[] = []
  const platform: Partial<Platform> = {
    now: () => Date.now() + skew,
    indexedDB,
    locks: {
      request: (name: string, options: LockOptions, call: LockGrantedCallback<unknown>) =>
        navigator.locks.request(`${me} ${name}`, options, call),
      query: () => navigator.locks.query(),
    } as LockManager,
    channel(name) {
      const channel = new BroadcastChannel(`${me} ${name}`)
      ;(channel as unknown as { unref(): void }).unref()
      return channel
    },
    isVisible: () => true,
    isOnline: () => online,
    onWake(call) {
      wakes.add(call)
      return () => wakes.delete(call)
    },
    onSleep: () => () => undefined,
    persistence: async () => 'best-effort',
    requestPersistence: async () => undefined,
    report: (error) => {
      throw error
    },
    async fetch(url, init) {
      if (!online) throw new TypeError('fetch failed')
      const request = new Request(url, { ...init, redirect: 'follow' } as RequestInit)
      return fault ? fault(request, serve) : serve(request)
    },
  }
  return {
    platform,
    /** Opens a tab. */
    async tab<const S extends Schema>(
      options: Omit<OpenOptions<S>, 'token'> & Partial<Pick<OpenOptions<S>, 'token'>>,
    ): Promise<Database<S>> {
      const own = { ...platform, ...options.platform }
      const db = await openDatabase<S>({
        token: () => options.userId,
        url: 'http://server/holdfast',
        ...options,
        platform: own,
      } as OpenOptions<S>)
      open.push(db)
      return db
    },
    offline() {
      online = false
    },
    online() {
      online = true
      for (const wake of wakes) wake()
    },
    /** Puts something between the device and the server, or nothing again. */
    through(next: Fault | undefined) {
      fault = next
    },
    /** Sets the clock of the device apart from the others, in milliseconds. */
    skewClock(ms: number) {
      skew = ms
    },
    async close() {
      for (const db of open.splice(0)) await db.close()
    },
  }
}

/** Waits until something holds; the error of the last try says what did not. */
export async function eventually(check: () => void | Promise<void>, within = 5_000): Promise<void> {
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
