import { questionHolds, recordHolds } from '@holdfast/shared/internal/merge/hold'
import type { MergeTable, RecordState } from '@holdfast/shared/internal/merge/record'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import { authorOf, type Knowing, type Pending } from './pending.ts'

interface Looking extends Knowing {
  readonly tables: ReadonlyMap<string, MergeTable>
  base(space: string, table: string, id: string): RecordState | undefined
  baseRecords(space: string, table: string): Iterable<readonly [id: string, record: RecordState]>
  /** Whether others than this one wait on a record. */
  isShared(key: string, one: Pending): boolean
}

/**
 * Whether what a serializable transaction read holds, as far as base tells. Of a record that other own changes are waiting for the server
 * alone can say: it depends on what becomes of those.
 */
export const readsHold = (one: Pending, looking: Looking): boolean =>
  (one.transaction.reads ?? []).every((read) => {
    const [, space, name] = read
    const table = looking.tables.get(name)
    if (!table) return true
    const author = authorOf(one, space, looking)
    if (read[0] === 'q') return questionHolds(table, looking.baseRecords(space, name), read, author)
    if (looking.isShared(recordKey(space, name, read[3]), one)) return true
    return recordHolds(table, looking.base(space, name, read[3]), read, author)
  })
