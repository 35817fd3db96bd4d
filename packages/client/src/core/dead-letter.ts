import { dotName } from '@holdfast/shared/internal/clock/dot'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import type { Operation, Reset } from '@holdfast/shared/internal/transaction/operation'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import type { StoredDeadLetter, WriteEvent } from './event.ts'
import type { Groundless } from './purge.ts'
import type { Replica } from './replica.ts'

/** What becomes of a write into a space that is its user's no more. */
export const REVOKED = { code: 'revoked', message: 'This is no longer shared with you.' } as const

/** What becomes of a serializable write that rests on what a restored server lost. */
export const GROUNDLESS = { code: 'conflict', message: 'What this was based on was lost when the server was restored.' } as const

/**
 * The dead letters, and those to be: what writes into a lost space is on no screen any more, so it is in this list already, although the
 * server has not said yet that it was not in time.
 */
export function deadLettersOf({ known, pending }: Pick<Replica, 'known' | 'pending'>): readonly StoredDeadLetter[] {
  // Asked at each write: where nothing was lost there is nothing to look for.
  const purged = known.lost.length > 0 ? pending.filter(({ dropped }) => dropped === 'purged') : []
  if (purged.length === 0) return known.dead
  return [...known.dead, ...purged.map((one) => toDeadLetter(one, REVOKED, known.now ?? msOf(one.transaction.at)))]
}

export const toDeadLetter = (
  {
    transaction,
    event,
  }: { readonly transaction: Transaction; readonly event: Pick<WriteEvent, 'transaction' | 'generation' | 'label'> & Groundless },
  { code, message }: { readonly code: string; readonly message: string },
  at: number,
): StoredDeadLetter => ({
  id: dotName(transaction.dot),
  code,
  message,
  at,
  // As it was written, but for a clock that was repaired: what resets and forks make of it is found out anew where it is sent.
  transaction: { ...event.transaction, dot: transaction.dot, at: transaction.at },
  generation: event.generation,
  ...(event.label === undefined ? {} : { label: event.label }),
  ...(event.groundless ? { groundless: true } : {}),
})

/** What a transaction would have done, in words, a line for each operation. */
export const summaryOf = ({ transaction, label }: { readonly transaction: Transaction; readonly label?: string | undefined }): string[] => [
  ...(label ? [label] : []),
  ...(transaction.command
    ? [`${transaction.command.name} ${JSON.stringify(transaction.command.args)}`]
    : transaction.operations.map(lineOf)),
]

const WORDS: Readonly<Record<Operation[0], string>> = {
  ins: 'insert',
  put: 'insert or update',
  upd: 'update',
  del: 'delete',
  res: 'restore',
  inc: 'increment',
  off: 'reset',
  add: 'add to',
  rem: 'remove from',
  key: 'set keys of',
  unk: 'remove keys of',
  mov: 'move',
}

function lineOf([kind, , table, id, ...rest]: Operation): string {
  const [first, second] = rest
  const [of, what] = typeof first === 'string' ? [`${first} of `, second] : ['', first]
  const said = what === undefined || kind === 'mov' ? '' : `: ${JSON.stringify(kind === 'off' ? (what as Reset).to : what)}`
  return `${WORDS[kind]} ${of}${table} ${id}${said}`
}

/** The dead letter that another one rests on: the first whose record or counter it speaks of and whose dot it had seen. */
export function causeOf(letter: StoredDeadLetter, all: readonly StoredDeadLetter[]): string | null {
  const { dot, seen, operations, reads = [] } = letter.transaction
  const read = reads.filter((one) => one[0] === 'r')
  const records = new Set([...operations, ...read].map(([, space, table, id]) => `${space}\0${table}\0${id}`))
  const cause = all.find(({ id, transaction }) => {
    const [session, n] = transaction.dot
    const knew = n <= (seen[session] ?? (session === dot[0] ? dot[1] - 1 : 0))
    return id !== letter.id && knew && transaction.operations.some(([, space, table, of]) => records.has(`${space}\0${table}\0${of}`))
  })
  return cause?.id ?? null
}
