import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Read } from '@holdfast/shared/internal/transaction/read'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'

// P9: what others wrote in a space leaves this device with it, also where an own transaction carries it.

/** What a transaction was based on left with a space that was taken from its user: nobody could check it or merge it any more. */
export interface Groundless {
  readonly groundless?: true
}

/** The spaces of which a transaction carries what others may have written: what it read, or what a merge goes by. */
const carried = new WeakMap<Transaction, readonly string[]>()

/** The same, without what others had written in these spaces, and groundless where that was anything; the same list if there is none. */
export function purge<T extends Groundless & { readonly transaction: Transaction }>(
  all: readonly T[],
  gone: readonly string[],
): readonly T[] {
  if (gone.length === 0 || !all.some(({ transaction }) => carries(transaction, gone))) return all
  return all.map((one) =>
    carries(one.transaction, gone) ? { ...one, transaction: purgedTransaction(one.transaction, gone), groundless: true } : one,
  )
}

function carries(transaction: Transaction, gone: readonly string[]): boolean {
  let spaces = carried.get(transaction)
  if (!spaces) {
    const { operations, reads = [] } = transaction
    const all = [...operations.filter((one) => withoutSeen(one) !== one), ...reads.filter((one) => withoutValues(one) !== one)]
    spaces = [...new Set(all.map(([, space]) => space))]
    carried.set(transaction, spaces)
  }
  return spaces.some((space) => gone.includes(space))
}

const purgedTransaction = (transaction: Transaction, gone: readonly string[]): Transaction => ({
  ...transaction,
  operations: transaction.operations.map((one) => (gone.includes(one[1]) ? withoutSeen(one) : one)),
  reads: transaction.reads?.map((one) => (gone.includes(one[1]) ? withoutValues(one) : one)),
})

const withoutSeen = (one: Operation): Operation =>
  (one[0] === 'ins' || one[0] === 'put' || one[0] === 'upd') && one[5] ? [one[0], one[1], one[2], one[3], one[4]] : one

const withoutValues = (one: Read): Read => (one[0] === 'r' && one[5] ? ['r', one[1], one[2], one[3], one[4]] : one)
