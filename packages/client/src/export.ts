import { dotName } from '@holdfast/shared/internal/clock/dot'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import type { CommandCall, Transaction } from '@holdfast/shared/internal/transaction/transaction'
import { deadLettersOf, summaryOf } from './core/dead-letter.ts'
import { internalsOf } from './internals.ts'

/** A write that is on this device alone. */
export interface ExportedWrite {
  readonly id: string
  /** When it was made, in milliseconds since 1970. */
  readonly at: number
  /** What it would do, a line for each operation. */
  readonly summary: readonly string[]
  /** The same for programs; see `docs/protocol.md`. */
  readonly operations: Transaction['operations']
  readonly command?: CommandCall | undefined
}

export interface Export {
  readonly userId: string
  /** Writes without a verdict, and those that no server takes, until they are in the other list. */
  readonly unsent: readonly ExportedWrite[]
  /** Writes that were refused, each with the reason. */
  readonly refused: readonly (ExportedWrite & { readonly code: string; readonly message: string })[]
}

/**
 * Everything that would be lost with this device, as plain JSON: to be saved as a file before somebody signs out for good.
 *
 * @example const file = new Blob([JSON.stringify(exportUnsent(db), null, 2)], { type: 'application/json' })
 */
export function exportUnsent(db: object): Export {
  const { userId, replica } = internalsOf(db)
  const exported = (transaction: Transaction, label: string | undefined): ExportedWrite => ({
    id: dotName(transaction.dot),
    at: msOf(transaction.at),
    summary: summaryOf({ transaction, label }),
    operations: transaction.operations,
    ...(transaction.command ? { command: transaction.command } : {}),
  })
  return {
    userId,
    unsent: replica.pending
      .filter(({ accepted, dropped }) => !accepted && dropped !== 'discarded' && dropped !== 'purged')
      .map(({ transaction, event }) => exported(transaction, event.label)),
    refused: deadLettersOf(replica).map(({ transaction, label, code, message }) => ({ ...exported(transaction, label), code, message })),
  }
}
