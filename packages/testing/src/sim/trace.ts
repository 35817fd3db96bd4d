import { createHash } from 'node:crypto'

/** What happened in a run, in the order in which it did: the same run has the same hash. */
export class Trace {
  readonly #hash = createHash('sha256')
  readonly #lines: string[] = []
  readonly #start: number
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
    this.#start = now()
  }

  /** `detail` counts for the hash, and is too long for a timeline. */
  note(who: string, what: string, detail = ''): void {
    const line = `${((this.#now() - this.#start) / 1_000).toFixed(3).padStart(10)}s  ${who.padEnd(8)} ${what}`
    this.#lines.push(line)
    this.#hash.update(`${line}\n${detail}\n`)
  }

  /** Of all that was noted so far. */
  hash(): string {
    return this.#hash.copy().digest('hex').slice(0, 16)
  }

  /** A line for each thing that happened, in virtual seconds from the start. */
  get timeline(): readonly string[] {
    return this.#lines
  }
}
