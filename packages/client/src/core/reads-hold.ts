import { lookedAt, newsAmong, questionHolds, recordHolds, writeHolds } from '@holdfast/shared/internal/merge/hold'
import type { MergeTable, RecordState } from '@holdfast/shared/internal/merge/record'
import { authorOf, type Knowing, type Pending } from './pending.ts'

/** What the view shows without the one that is asked about, and all that was written after it. */
interface Below extends Knowing {
  readonly tables: ReadonlyMap<string, MergeTable>
  state(space: string, table: string, id: string): RecordState | undefined
  /** Those that are alive, by id; those may be left out that nobody touched after this seq. */
  states(space: string, table: string, since: number): Iterable<readonly [id: string, record: RecordState]>
}

/** Whether the server would find what a serializable transaction read as it was read, as far as this device knows: the same check as there. */
export function readsHold(one: Pending, below: Below): boolean {
  const { reads = [] } = one.transaction
  const looked = lookedAt(reads)
  const hold = reads.every((read) => {
    const [, space, name] = read
    const table = below.tables.get(name)
    const author = authorOf(one, space, below)
    if (!table) return true
    if (read[0] === 'q')
      return questionHolds(newsAmong([name, table], space, below.states(space, name, author.base), { ...author, looked }), read)
    return recordHolds(table, below.state(space, name, read[3]), read, author)
  })
  return (
    hold &&
    one.operations.every((operation) => {
      const [, space, name, id] = operation
      const table = below.tables.get(name)
      return !table || writeHolds(table, below.state(space, name, id), operation, authorOf(one, space, below))
    })
  )
}
