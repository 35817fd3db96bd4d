import type { Random } from '../random.ts'

type Call = () => void

/**
 * From now on the seed chooses what is next among everything that is ready: requests to disks, locks that are granted, messages between
 * tabs, requests and answers. What one thing set off in one go keeps its order, as the events of one transaction of IndexedDB do.
 * Returns how to end it. fake-indexeddb, too, asks the global `setImmediate` for turns.
 */
export function chooseTurns(random: Random): () => void {
  const before = globalThis.setImmediate
  /** What is ready, by what set it off. */
  const ready: Call[][] = []
  /** What is set off by what runs now. */
  let setOff: Call[] = []

  function next(): void {
    const at = Math.floor(random() * ready.length)
    const line = ready[at] as Call[]
    const call = line.shift() as Call
    if (line.length === 0) ready.splice(at, 1)
    setOff = []
    call()
  }

  const chosen = (call: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    if (setOff.length === 0) ready.push(setOff)
    setOff.push(() => call(...args))
    // As many turns as there are calls, so each has one.
    return before(next)
  }
  globalThis.setImmediate = Object.assign(chosen, before) as typeof before
  return () => {
    globalThis.setImmediate = before
  }
}

/** Waits for a turn among what is ready. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
