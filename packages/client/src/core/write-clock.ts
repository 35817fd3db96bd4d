import type { Clock } from '@holdfast/shared/internal/clock/clock'
import type { Replica } from './replica.ts'

/** The clock of a new write: how far this tab is in each space that it touches or reads, and what of the device base has not absorbed. */
export function writeClock({ known, pending }: Replica, session: string, spaces: readonly string[]): Clock {
  const base = spaces.map((space) => [space, known.resync[space] ?? known.cut[space]?.seq ?? 0] as const)
  const seen: Record<string, number> = {}
  for (const { transaction } of pending) {
    const [other, n] = transaction.dot
    if (other !== session) seen[other] = Math.max(seen[other] ?? 0, n)
  }
  return { base: Object.fromEntries(base), seen }
}
