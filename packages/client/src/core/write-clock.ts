import type { Clock } from '@holdfast/shared/internal/clock/clock'
import type { Known } from './known.ts'
import { countOf } from './pending.ts'
import type { Replica } from './replica.ts'

/** What a tab had seen at some moment, for a write that is made later: a clock of the history that went on then. */
export interface Seen extends Clock {
  readonly generation: number
}

interface Asked {
  readonly spaces: readonly string[]
  /** The last number of the own session, where that has to be stated because more will come before the write. */
  readonly upTo?: number
}

/** The clock of a new write: how far this tab is in each space that it touches or reads, and what of the device base has not absorbed. */
export function writeClock({ known, pending, isBaseLost }: Replica, session: string, { spaces, upTo }: Asked): Clock {
  // Who is shown nothing has seen nothing, whatever was here once.
  const reached = (space: string): number => (isBaseLost || !known.cut[space] ? 0 : (known.resync[space] ?? known.cut[space].seq))
  const base = spaces.map((space) => [space, reached(space)] as const)
  const seen: Record<string, number> = {}
  for (const [other, n] of countOf(pending).last) if (other !== session) seen[other] = n
  if (upTo !== undefined) seen[session] = upTo
  return { base: Object.fromEntries(base), seen }
}

/** Up to where a clock of an earlier moment counts today: a reset leaves of it what both histories share. */
export function baseOf({ generation, base }: Seen, { resets }: Known): Clock['base'] {
  const agreed = resets.filter((one) => one.generation > generation)
  return Object.fromEntries(
    Object.entries(base).map(([space, seq]) => [space, Math.min(seq, ...agreed.map(({ agree }) => agree[space] ?? seq))]),
  )
}

/** The clock of a write as of an earlier moment. Of a session that began since, nothing had been seen. */
export const asOf = ({ base, seen }: Seen, session: string): Clock => ({ base, seen: { [session]: 0, ...seen } })
