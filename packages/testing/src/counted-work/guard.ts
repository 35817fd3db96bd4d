import type { Counts } from './counting.ts'

/** By how much a count may grow, or shrink, before somebody has to say that it is meant. */
const GROWS = 1.5
const SHRINKS = 0.5

const WRITE = 'pnpm counted-work --write'

/** What was counted differs from what is written; empty if nothing does. Counts of what is not written, or not done any more, differ too. */
export function faultsOf(counted: Readonly<Record<string, Counts>>, written: Readonly<Record<string, Counts>>): string[] {
  const faults: string[] = []
  for (const span of namesIn(counted, written)) {
    for (const what of namesIn(counted[span], written[span])) {
      const [now, was] = [counted[span]?.[what] ?? 0, written[span]?.[what] ?? 0]
      const change = `${span}: ${what}: ${was} -> ${now}${was > 0 ? ` (${(now / was).toFixed(1)} times)` : ''}`
      if (now > was * GROWS) faults.push(`${change}. Mend it; or, if it has to be, write it anew: ${WRITE}`)
      if (now < was * SHRINKS) faults.push(`${change}. Less than half: write it anew, so that it stays so: ${WRITE}`)
    }
  }
  return faults
}

const namesIn = (...all: readonly (object | undefined)[]): ReadonlySet<string> => new Set(all.flatMap((one = {}) => Object.keys(one)))
