import 'fake-indexeddb/auto'

/** Where time comes from, and what is to happen later. */
export interface Clock {
  now(): number
  /** Returns how to cancel. */
  setTimer(ms: number, call: () => void): () => void
}

export const realClock: Clock = {
  now: () => Date.now(),
  setTimer(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

interface Timer {
  readonly at: number
  readonly call: () => void
}

/** A clock that stands still until it is moved on. */
export interface ManualClock extends Clock {
  /** Moves on; what falls due is called in order, and what follows from it happens before the next. */
  advance(ms: number): Promise<void>
  /** Everything sleeps, and wakes late: what fell due meanwhile is called once, afterwards. */
  sleep(ms: number): Promise<void>
  /** Moves on to the next timer, if there is one up to then. */
  step(until: number): Promise<boolean>
}

export function manualClock(start = Date.UTC(2026, 4, 1, 12)): ManualClock {
  let now = start
  const timers = new Set<Timer>()

  async function step(until: number): Promise<boolean> {
    let next: Timer | undefined
    for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer
    if (!next) return false
    timers.delete(next)
    now = Math.max(now, next.at)
    next.call()
    await quiet()
    return true
  }

  return {
    now: () => now,
    setTimer(ms, call) {
      const timer = { at: now + ms, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    step,
    async sleep(ms) {
      await quiet()
      now += ms
      const due = [...timers].filter(({ at }) => at <= now).length
      for (let i = 0; i < due; i++) await step(now)
    },
    async advance(ms) {
      const end = now + ms
      await quiet()
      while (await step(end));
      now = end
    },
  }
}

let activity = 0

/** Something is going on in one of the twins. */
export const noteActivity = (): void => {
  activity++
}

interface Transactions {
  _start(): unknown
}

// Every step of an IndexedDB transaction is something that is going on.
const transactions = IDBTransaction.prototype as unknown as Transactions
const start = transactions._start
transactions._start = function (this: Transactions) {
  noteActivity()
  return start.call(this)
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Resolves when nothing is going on any more that does not wait for a timer: many turns of the event loop without any activity. */
export async function quiet(turns = 16): Promise<void> {
  for (let idle = 0, seen = activity; idle < turns; idle++) {
    await turn()
    if (seen === activity) continue
    seen = activity
    idle = 0
  }
}
