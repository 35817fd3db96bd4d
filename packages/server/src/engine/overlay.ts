import type { SpaceId } from '@holdfast/shared/internal/ids'
import { isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Batch } from './batch.ts'
import type { Asking } from './reads.ts'

/** A record that a transaction touches: as the batch had it, and as the transaction leaves it. */
export interface Touched {
  readonly space: SpaceId
  readonly table: string
  readonly id: string
  readonly before: RecordState | undefined
  readonly after: RecordState | undefined
}

/** What one transaction would do, over what its batch did before: dropped when it is refused. */
export class Overlay {
  readonly #batch: Batch
  readonly #touched = new Map<string, Touched>()

  constructor(batch: Batch) {
    this.#batch = batch
  }

  *record(space: SpaceId, table: string, id: string): Asking<RecordState | undefined> {
    const touched = this.#touched.get(recordKey(space, table, id))
    return touched ? touched.after : yield* this.#batch.record(space, table, id)
  }

  *set(place: { space: SpaceId; table: string; id: string }, after: RecordState | undefined): Asking<void> {
    const { space, table, id } = place
    const key = recordKey(space, table, id)
    const touched = this.#touched.get(key)
    const before = touched ? touched.before : yield* this.#batch.record(space, table, id)
    this.#touched.set(key, { space, table, id, before, after })
  }

  /** The records that are no longer what they were. */
  changed(): readonly (Touched & { readonly after: RecordState })[] {
    return [...this.#touched.values()].filter((touched): touched is Touched & { after: RecordState } => isChanged(touched))
  }
}

const isChanged = ({ before, after }: Touched): boolean =>
  after !== undefined &&
  after !== before &&
  (before === undefined ||
    before.born !== after.born ||
    before.died !== after.died ||
    before.alive !== after.alive ||
    Object.keys(after.fields).some((name) => after.fields[name] !== before.fields[name]))

/** The fields whose state a transaction changed, also where its value lost. */
export const changedFields = ({ before, after }: Touched): string[] =>
  before && after ? Object.keys(after.fields).filter((name) => after.fields[name] !== before.fields[name]) : []

/** What became of a record: it began to exist, went on, ended, or (an insert over a delete) ended and began again. */
export function fateOf({ before, after }: Touched): readonly ('insert' | 'update' | 'delete')[] {
  const was = before !== undefined && isAlive(before)
  const is = after !== undefined && isAlive(after)
  if (!was) return is ? ['insert'] : []
  if (!is) return ['delete']
  return before.alive === after.alive ? ['update'] : ['delete', 'insert']
}
