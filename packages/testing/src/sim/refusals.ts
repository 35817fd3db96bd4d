import { sees } from '@holdfast/shared/internal/clock/clock'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { Head } from '@holdfast/shared/internal/clock/heads'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import { Broken } from './broken.ts'
import type { History } from './history.ts'

interface Life {
  /** The first seq at which it was there. */
  readonly born: number
  readonly died: Head[]
}

/**
 * A record that its author had seen is unknown to the server only if he had seen its end, too: of what is deleted the server keeps that it
 * was, so that an edit follows the delete policy, and who brings it back finds it. Of one history: a restored server knows less.
 */
export function judgeRefusals(
  { tables }: Pick<Schema, 'tables'>,
  history: History,
  refused: Iterable<{ readonly code: string; readonly transaction: Transaction }>,
): void {
  const lives = livesIn(history)
  for (const { code, transaction } of refused) {
    if (code !== 'unknown_record' || transaction.command) continue
    const isUnknown = (operation: Operation): boolean => {
      const [kind, space, table, id] = operation
      const life = lives.get(recordKey(space, table, id))
      if (!life || !tables[table] || life.born > (transaction.base[space] ?? 0)) return true
      return kind !== 'res' && life.died.some((head) => sees(transaction, transaction.dot, space, head))
    }
    if (!transaction.operations.some(isUnknown))
      throw new Broken('tombstones', `${dotName(transaction.dot)} was refused for a record that was there: ${JSON.stringify(transaction)}`)
  }
}

function livesIn(history: History): ReadonlyMap<string, Life> {
  const lives = new Map<string, Life>()
  for (const [space, entries] of history) {
    for (const [at, { effects }] of entries.entries()) {
      for (const [table, id, { died = [] }] of effects) {
        const key = recordKey(space, table, id)
        const life = lives.get(key) ?? { born: at + 1, died: [] }
        lives.set(key, life)
        for (const [session, n, seq, time] of died as readonly (readonly [string, number, number, number])[])
          life.died.push({ by: [session, n], seq, at: time })
      }
    }
  }
  return lives
}
