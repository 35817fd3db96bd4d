import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { Delta } from '@holdfast/shared/internal/merge/pack'
import { toDeadLetter } from './dead-letter.ts'
import type { KeptTransaction, StoredDeadLetter, WriteEvent } from './event.ts'
import type { Pending } from './pending.ts'
import type { Replica } from './replica.ts'
import { isOfRetries, retried } from './retry.ts'

const NOT_HEALED = { code: 'lost', message: 'The server was restored to a time before this, to undo it.' }

/** A dead letter of what a restored server lost and its operator does not want back. */
export const notHealed = (of: Pick<Pending, 'transaction'> & { readonly event: KeptTransaction | WriteEvent }, at: number) =>
  toDeadLetter(of, NOT_HEALED, at)

/** The dead letter of what was sent again, and refused: what it lacks another device, whose turn is still to come, may bring. */
export const refusedAgain = (letter: StoredDeadLetter, { event: { healed } }: Pending, until: number): StoredDeadLetter =>
  healed && (letter.code === 'unknown_record' || letter.code === 'missing_ref') ? { ...letter, waits: { until, healed } } : letter

/** Whether a dead letter is proposed again by itself. */
export const isWaiting = ({ waits, groundless }: StoredDeadLetter, now: number): boolean =>
  waits !== undefined && !groundless && now < waits.until

/**
 * Those that wait for a record which these changes bring. The first time any change of what a letter names will do, since what it lacks may
 * have come before its refusal; after that only one of what `isHere` does not know, or it would be asked at each change of all the others.
 */
export function helpedBy(
  letters: readonly StoredDeadLetter[],
  deltas: readonly Delta[],
  { now, isHere }: { readonly now: number; isHere(space: SpaceId, table: string, id: string): boolean },
): readonly StoredDeadLetter[] {
  return letters.filter((letter) => {
    if (!isWaiting(letter, now)) return false
    const { operations, command, dot } = letter.transaction
    const text = JSON.stringify([operations, command])
    const isNew = ({ space, whole }: Delta, table: string, id: string) => whole || !isOfRetries(dot) || !isHere(space, table, id)
    // What is in segments nobody has looked at: it may be that.
    const mayHave = ({ space, segments = [] }: Delta) => segments.length > 0 && (command || text.includes(JSON.stringify(space)))
    return deltas.some(
      (delta) =>
        mayHave(delta) ||
        delta.records.some(({ r: [table, id], died }) => !died && text.includes(JSON.stringify(id)) && isNew(delta, table, id)),
    )
  })
}

/** Proposes such a letter again, under a new name, before everything that was written since. */
export const proposedAgain = (letter: StoredDeadLetter): WriteEvent => ({
  ...retried(letter),
  healed: letter.waits?.healed,
})

/** How many writes that are sent again have no verdict yet. */
export const healing = (replica: Pick<Replica, 'pending' | 'decided'>): number =>
  replica.pending.filter(({ event, transaction: { dot } }) => event.healed && !event.asked && dot[1] > replica.decided(dot[0])).length
