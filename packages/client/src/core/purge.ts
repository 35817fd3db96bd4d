import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import type { StoredDeadLetter } from './event.ts'

// P9: what others wrote in a space leaves this device with it, also where an own transaction carries it.

type Lost = readonly string[]

/** Those letters, without what others had written in spaces that are their user's no more; the same, if they have nothing of that. */
export function withoutLost(letters: readonly StoredDeadLetter[], lost: Lost): readonly StoredDeadLetter[] {
  if (lost.length === 0 || !letters.some(({ transaction }) => carriesLost(transaction, lost))) return letters
  return letters.map((letter) => {
    const { waits: _, ...rest } = letter
    return carriesLost(letter.transaction, lost) ? { ...rest, transaction: purged(letter.transaction, lost), groundless: true } : letter
  })
}

/** Whether a transaction carries what others may have written there: what it read, or what a merge goes by. */
export const carriesLost = ({ operations, reads = [] }: Pick<Transaction, 'operations' | 'reads'>, lost: Lost): boolean =>
  reads.some((read) => read[0] === 'r' && read[5] !== undefined && lost.includes(read[1])) ||
  operations.some((operation) => lost.includes(operation[1]) && purgedOperation(operation) !== operation)

const purged = (transaction: Transaction, lost: Lost): Transaction => ({
  ...transaction,
  operations: transaction.operations.map((operation) => (lost.includes(operation[1]) ? purgedOperation(operation) : operation)),
  reads: transaction.reads?.map((read) => (read[0] === 'r' && lost.includes(read[1]) ? ['r', read[1], read[2], read[3], read[4]] : read)),
})

function purgedOperation(operation: Operation): Operation {
  const [kind, space, table, id] = operation
  return (kind === 'ins' || kind === 'put' || kind === 'upd') && operation[5] ? [kind, space, table, id, operation[4]] : operation
}
