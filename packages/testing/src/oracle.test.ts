import { expect, test } from 'vitest'
import { runHistory } from './oracle/history.ts'
import { emptyTally, Mismatch } from './oracle/judge.ts'

// P6 against textbook vector clocks: random histories of devices, tabs and spaces on the client's core and the server's engine.
//
// HOLDFAST_SEED=17 runs one history; HOLDFAST_HISTORIES=200000 more of them, HOLDFAST_FROM=5001 others.

const only = process.env.HOLDFAST_SEED
const { HOLDFAST_HISTORIES: histories = 3000, HOLDFAST_FROM: from = 1 } = process.env
/** A tab that a write from before the fold took back behind it; another history that had come to the same seq; a tie over a head that a
 * delta had left out. */
const regressions = [1024466, 1064990, 2118658]
const more = Array.from({ length: Number(histories) }, (_, i) => Number(from) + i)
const seeds = only ? [Number(only)] : [...regressions, ...more]

test(`${seeds.length} random histories: concurrent is what vector clocks call concurrent`, () => {
  const tally = emptyTally()
  const failed: string[] = []
  for (const seed of seeds) {
    try {
      runHistory(seed, tally)
    } catch (error) {
      if (!(error instanceof Mismatch)) throw new Error(`HOLDFAST_SEED=${seed}: ${(error as Error).message}`, { cause: error })
      failed.push(`HOLDFAST_SEED=${seed}: ${error.message}`)
    }
  }
  process.stdout.write(`${seeds.length} histories: ${JSON.stringify(tally)}\n`)
  expect(failed.slice(0, 3), `${failed.length} of ${seeds.length} histories`).toEqual([])
  // One that compares nothing proves nothing.
  if (seeds.length >= 1000) for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0)
}, 3_600_000)
