import type { Random } from './random.ts'

type Call = () => void

/** What asks for a turn while a run goes on; without one the event loop is asked. */
let current: ((call: Call) => void) | undefined

/** Calls when its turn comes among what is ready. */
export function ready(call: Call): void {
  if (current) current(call)
  else setImmediate(call)
}

/** Waits for a turn among what is ready. */
export const turn = (): Promise<void> => new Promise(ready)

/**
 * While `work` goes on the seed chooses what is next among everything that is ready: requests to disks, locks that are granted, messages
 * between tabs, requests and answers. fake-indexeddb asks the global `setImmediate` for turns: what it sets off in one go keeps its order,
 * as the events of one transaction do. Not for two at once.
 */
export async function inChosenOrder<T>(random: Random, work: () => Promise<T>): Promise<T> {
  const before = globalThis.setImmediate
  /** Lines of what is ready: what stands in one keeps its order. */
  const lines: Call[][] = []
  /** What is set off by what runs now. */
  let setOff: Call[] = []

  function next(): void {
    const at = Math.floor(random() * lines.length)
    const line = lines[at] as Call[]
    const call = line.shift() as Call
    if (line.length === 0) lines.splice(at, 1)
    setOff = []
    call()
  }

  // As many turns of the event loop as there are calls, so each has one.
  current = (call) => {
    lines.push([call])
    before(next)
  }
  const inLine = (call: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    if (setOff.length === 0) lines.push(setOff)
    setOff.push(() => call(...args))
    return before(next)
  }
  globalThis.setImmediate = Object.assign(inLine, before) as typeof before
  try {
    return await work()
  } finally {
    globalThis.setImmediate = before
    current = undefined
  }
}
