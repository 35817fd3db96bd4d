import type { Asking } from './reads.ts'

/** Thrown through app code that reads what is not loaded yet. */
const NOT_LOADED = new Error('Not loaded yet: this is run again.')
/** How much a body may look for in its first run, and at most; each run may look for twice what the one before did. */
const GUESSES = { first: 256, most: 65_536 }
/** How often a body may begin again, and how much it may look for in all: one that goes on until it finds something would never end. */
const LIMITS = { runs: 1_000, guesses: 1_000_000 }

/** What synchronous code of the app's sees: what is loaded. What else it asks for is remembered, and its run does not count. */
export class Sight {
  readonly missing: (() => Asking<unknown>)[] = []
  readonly #guesses: number

  constructor(guesses: number) {
    this.#guesses = guesses
  }

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
    if (this.missing.length >= this.#guesses) throw NOT_LOADED
    return undefined
  }
}

/** Runs code of the app's from the beginning until everything that it reads is there: it is pure, so it may. */
export function* withSight<T>(run: (sight: Sight) => T): Asking<T> {
  let guesses = GUESSES.first
  let looked = 0
  for (let runs = 0; runs < LIMITS.runs && looked < LIMITS.guesses; runs++) {
    const sight = new Sight(guesses)
    guesses = Math.min(2 * guesses, GUESSES.most)
    const outcome = tried(() => run(sight))
    for (const ask of sight.missing) yield* ask()
    looked += sight.missing.length
    if (sight.missing.length > 0) continue
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }
  throw new Error('It looks for more and more: a body has to come to an end.')
}

function tried<T>(run: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}
