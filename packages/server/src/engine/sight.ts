import type { Asking } from './reads.ts'

/** Thrown through app code that reads what is not loaded yet. */
const NOT_LOADED = new Error('Not loaded yet: this is run again.')
/** How much a body may look for in one run: one that goes on until it finds something would never end. */
const GUESSES = 256
/** How often a body may begin again. */
const RUNS = 1_000

/** What synchronous code of the app's sees: what is loaded. What else it asks for is remembered, and its run does not count. */
export class Sight {
  readonly missing: (() => Asking<unknown>)[] = []

  /** The answer; if it is not there, the code goes no further. `ask` may be begun several times. */
  now<T>(ask: () => Asking<T>): T {
    const step = ask().next()
    if (step.done) return step.value
    this.missing.push(ask)
    throw NOT_LOADED
  }

  /**
   * The answer; if it is not there, nothing for now, so that one more run finds all that this one asks for: a body that names a thousand
   * records would otherwise run a thousand times.
   */
  guess<T>(ask: () => Asking<T | undefined>): T | undefined {
    const step = ask().next()
    if (step.done) return step.value
    this.missing.push(ask)
    if (this.missing.length >= GUESSES) throw NOT_LOADED
    return undefined
  }
}

/** Runs code of the app's from the beginning until everything that it reads is there: it is pure, so it may. */
export function* withSight<T>(run: (sight: Sight) => T): Asking<T> {
  for (let runs = 0; runs < RUNS; runs++) {
    const sight = new Sight()
    const outcome = tried(() => run(sight))
    for (const ask of sight.missing) yield* ask()
    if (sight.missing.length > 0) continue
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }
  throw new Error(`It read something new in each of ${RUNS} runs.`)
}

function tried<T>(run: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}
