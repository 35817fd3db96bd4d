/**
 * Everything nondeterministic that the client uses, in one small object: the simulator and tests bring their own. Its default is the
 * browser.
 */
export interface Platform {
  /** Milliseconds since 1970, by this device. */
  now(): number
  random(): number
  randomBytes(length: number): Uint8Array
  /** Calls once after `ms` milliseconds; returns how to cancel that. */
  setTimer(ms: number, call: () => void): () => void
  fetch(url: string, init: RequestInit): Promise<Response>
  readonly indexedDB: IDBFactory
  /** Undefined where the browser has none: then every tab of the device leads alone. */
  readonly locks: LockManager | undefined
  channel(name: string): BroadcastChannel
  isVisible(): boolean
  isOnline(): boolean
  /** Calls when the network comes back, the page is shown or thawed; returns how to stop. */
  onWake(call: () => void): () => void
  /** Calls when the page is hidden or frozen; returns how to stop. */
  onSleep(call: () => void): () => void
  /** Whether the browser has promised to keep what is stored. */
  persistence(): Promise<'persistent' | 'best-effort' | 'memory'>
  requestPersistence(): Promise<void>
  /** Where errors go that no caller can catch: those of listeners. */
  report(error: unknown): void
}

const WAKES = ['online', 'pageshow', 'focus'] as const

export const browserPlatform: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  setTimer(ms, call) {
    // What is longer than its timers take, 24 days, a browser ends at once.
    const id = setTimeout(call, Math.min(ms, 2 ** 31 - 1))
    return () => clearTimeout(id)
  },
  fetch: (url, init) => fetch(url, init),
  get indexedDB() {
    return indexedDB
  },
  get locks() {
    return navigator.locks as LockManager | undefined
  },
  channel: (name) => new BroadcastChannel(name),
  isVisible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
  isOnline: () => navigator.onLine !== false,
  onWake(call) {
    const stop = new AbortController()
    const options = { signal: stop.signal }
    for (const name of WAKES) globalThis.addEventListener(name, call, options)
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && call(), options)
      document.addEventListener('resume', call, options)
    }
    return () => stop.abort()
  },
  onSleep(call) {
    const stop = new AbortController()
    const options = { signal: stop.signal }
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && call(), options)
      document.addEventListener('freeze', call, options)
    }
    return () => stop.abort()
  },
  async persistence() {
    return (await navigator.storage?.persisted?.()) ? 'persistent' : 'best-effort'
  },
  async requestPersistence() {
    await navigator.storage?.persist?.()
  },
  report: (error) => reportError(error),
}
