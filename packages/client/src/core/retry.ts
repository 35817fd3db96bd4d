import type { Dot } from '@holdfast/shared/internal/clock/dot'
import { RETRIES } from '@holdfast/shared/internal/ids'
import type { StoredDeadLetter, WriteEvent } from './event.ts'

/** Whether a session is one of a dead letter's own, in which it is tried again. */
export const isOfRetries = ([session]: Dot): boolean => session.includes(RETRIES)

/** The name under which a dead letter is tried the next time. */
export const nextTry = ([session, n]: Dot): Dot => (session.includes(RETRIES) ? [session, n + 1] : [`${session}${RETRIES}${n}`, 1])

/**
 * The same again, under a new name: operations, clock and time stay, so that what was written since, by whomever, is still concurrent with
 * it; and what its own session had written before it, it says that it has seen (DESIGN 5.7). The name is made of the letter's: however
 * often it is asked for, in however many tabs, it is one transaction.
 */
export function retried({ transaction, generation, label }: StoredDeadLetter): WriteEvent {
  const [session, n] = transaction.dot
  const again = isOfRetries(transaction.dot)
  const seen = again || n === 1 ? transaction.seen : { [session]: n - 1, ...transaction.seen }
  return {
    e: 'write',
    generation,
    transaction: { ...transaction, dot: nextTry(transaction.dot), seen },
    lo: 0,
    ...(label === undefined ? {} : { label }),
  }
}
