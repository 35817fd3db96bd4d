import type { Head } from '../clock/heads.ts'
import { equalJson } from '../json.ts'
import type { Actor } from '../policy/policy.ts'
import { matches } from '../query/predicate.ts'
import { everything } from '../query/question.ts'
import { type Operation, recordKey } from '../transaction/operation.ts'
import type { Read } from '../transaction/read.ts'
import { fieldState, isAlive, type MergeTable, type RecordState, type Row, recordHeads, toRow } from './record.ts'

// What a serializable transaction looked at holds if looking again, where it is decided, would show the same (DESIGN 5.5). That makes its
// place in the server's order the one place where all of it happens: optimistic concurrency control by backward validation. Source: Kung
// and Robinson, "On Optimistic Methods for Concurrency Control" (1981), with heads in place of version numbers.

type Author = Pick<Actor, 'base' | 'sees'>

/** Whether a record shows what it did: it is there or not, as then, and nobody changed it since but those whom its reader had seen. */
export function recordHolds(
  table: MergeTable,
  record: RecordState | undefined,
  [, , , , there, values = {}]: Read & { 0: 'r' },
  author: Author,
): boolean {
  if (!record || !isAlive(record)) return there === 0
  if (there === 0 || isNewsTo(author, table, record)) return false
  // An own change that he looked at may have been refused since, or a command may have come to something else.
  return Object.entries(values).every(([name, value]) => {
    const { policy } = table.fields[name] ?? {}
    return policy !== undefined && equalJson(policy.read(fieldState(table, record, name)), value)
  })
}

/** The records that a transaction looked at one by one, by key. */
export const lookedAt = (reads: readonly Read[]): ReadonlySet<string> =>
  new Set(reads.flatMap((read) => (read[0] === 'r' ? [recordKey(read[1], read[2], read[3])] : [])))

/**
 * Of these records, all that are alive in a table, those that show what their reader had not seen: only they can be news to a question.
 * What an own change that was not decided made of a record he looked at by itself; of any other it is what only the server knew, such as
 * what a command came to.
 */
export function* newsAmong(
  [name, table]: readonly [name: string, table: MergeTable],
  space: string,
  records: Iterable<readonly [id: string, record: RecordState]>,
  { looked, ...author }: Author & { readonly looked: ReadonlySet<string> },
): Iterable<Row> {
  const confirmed = { ...author, sees: ({ seq }: Head) => seq <= author.base }
  for (const [id, record] of records) {
    const isNews = isNewsTo(looked.has(recordKey(space, name, id)) ? author : confirmed, table, record)
    if (isNews) yield toRow(table, space, id, record)
  }
}

/** Whether a question finds nothing now that its asker cannot have found. */
export function questionHolds(news: Iterable<Row>, [, , name, all]: Read & { 0: 'q' }): boolean {
  for (const row of news) if (matches({ ...everything(name), all }, row)) return false
  return true
}

/** Whether a change overwrites nothing that its author had not seen: what it sets counts as read. Sums, and additions to sets, take all. */
export function writeHolds(table: MergeTable, record: RecordState | undefined, operation: Operation, author: Author): boolean {
  if (!record) return true
  const [kind, , , , what] = operation
  // An edit of what is gone is no edit of it any more; who knows that it is gone is refused for that.
  if (!isAlive(record)) return ['ins', 'put', 'del', 'res'].includes(kind) || record.died.some((head) => author.sees(head))
  if (kind === 'ins' || kind === 'del') return !isNewsTo(author, table, record)
  if (kind === 'inc' || kind === 'add' || kind === 'rem' || kind === 'res') return true
  const names = typeof what === 'string' ? [what] : Object.keys(what ?? {})
  return names.every((name) => table.fields[name]?.policy.heads(fieldState(table, record, name)).every((head) => author.sees(head)))
}

/** Whether somebody changed it, or brought it back, whom the author had not seen. */
function isNewsTo({ base, sees }: Author, table: MergeTable, record: RecordState): boolean {
  let isKnown = record.alive <= base
  for (const head of recordHeads(table, record)) {
    if (!sees(head)) return true
    // A change of his own made it. One that brought it back has left no head.
    isKnown ||= head.seq === record.alive
  }
  return !isKnown
}
