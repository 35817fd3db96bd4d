import { hash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Sha256 } from '@holdfast/shared/internal/history/history-hash'

/** The outside world of a server: everything that is not the same each time. The simulator gives its own. */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number
  randomBytes(length: number): Uint8Array
  readonly sha256: Sha256
  gzip(bytes: Uint8Array): Promise<Uint8Array>
  gunzip(bytes: Uint8Array): Promise<Uint8Array>
  /** Calls back once; with 0 as soon as what is under way has been dealt with. Returns how to cancel. */
  setTimer(callback: () => void, ms: number): () => void
}

/** Longest wait that a timer of Node takes, 24 days; it ends longer ones at once. */
const LONGEST = 2 ** 31 - 1

/** Node. Its timers keep no process alive. */
export const nodePlatform: Platform = {
  now: () => Date.now(),
  randomBytes: (length) => randomBytes(length),
  gzip: promisify(gzip),
  gunzip: promisify(gunzip),
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  setTimer(callback, ms) {
    if (ms === 0) {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(callback, Math.min(ms, LONGEST))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** From 0 up to, and without, 1. */
export const randomFraction = (platform: Platform): number => {
  const [a = 0, b = 0] = platform.randomBytes(2)
  return (a * 256 + b) / 65_536
}
