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

/** The event loop's own, whatever a simulation puts in its place. */
const { setImmediate: later } = globalThis
const round = () => new Promise<void>((resolve) => later(resolve))

/** Lets the event loop go round so often: what takes longer is cut in the middle. */
export async function turns(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await round()
}

let quieting: Promise<void> | undefined

/**
 * Resolves when nothing is going on any more that does not wait for a timer. Nothing in a world waits for a thread or a socket, so what
 * goes on always has a turn of the event loop before it.
 */
export function quiet(): Promise<void> {
  // Two would wait for each other's turns.
  quieting ??= settle()
  return quieting
}

/** What polls for ever is not waited for: fake-indexeddb does so while one connection keeps another from being opened. */
const TURNS = 50_000

async function settle(): Promise<void> {
  // Twice, since what runs after this in the same turn may ask for the next one.
  for (let idle = 0, turns = 0; idle < 2 && turns < TURNS; turns++) {
    await round()
    idle = process.getActiveResourcesInfo().includes('Immediate') ? 0 : idle + 1
  }
  quieting = undefined
}
