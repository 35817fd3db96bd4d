import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { SessionId } from '@holdfast/shared/internal/ids'

/**
 * A textbook vector clock: of each process the number of its events that are known. A process is a session, an event a transaction.
 * Sources: Fidge (1988) and Mattern (1989). It grows with every session that ever was, which is why the product has none.
 */
export type VectorClock = ReadonlyMap<SessionId, number>

export const nothingSeen: VectorClock = new Map()

/** Whether who has this clock has seen that transaction. */
export const hasSeen = (clock: VectorClock, [session, n]: Dot): boolean => n <= (clock.get(session) ?? 0)

/** What two know together: the greater of each entry. */
export function join(clock: VectorClock, other: VectorClock): VectorClock {
  const joined = new Map(clock)
  for (const [session, n] of other) if (n > (joined.get(session) ?? 0)) joined.set(session, n)
  return joined
}

/** With one transaction more; those before it in its session are known with it. */
export const withEvent = (clock: VectorClock, dot: Dot): VectorClock => join(clock, new Map([dot]))
