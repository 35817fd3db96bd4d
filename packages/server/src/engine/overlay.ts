import type { SpaceId } from '@holdfast/shared/internal/ids'
import { isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import { isChanged, type Touched } from '@holdfast/shared/internal/merge/touched'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Batch } from './batch.ts'
import { GrantLayer } from './grants.ts'
import type { Asking } from './reads.ts'

/** What one transaction would do, over what its batch did before: dropped when it is refused. */
export class Overlay {
  readonly grants: GrantLayer
  readonly #batch: Batch
  readonly #touched = new Map<string, Touched>()

  constructor(batch: Batch) {
    this.#batch = batch
    this.grants = new GrantLayer(batch.grants)
  }

  *record(space: SpaceId, table: string, id: string): Asking<RecordState | undefined> {
    const touched = this.#touched.get(recordKey(space, table, id))
    return touched ? touched.after : yield* this.#batch.record(space, table, id)
  }

  /** Every record of a table in a space that is alive, by id. */
  *rows(space: SpaceId, table: string): Asking<ReadonlyMap<string, RecordState>> {
    const held = yield* this.#batch.rows(space, table)
    const own = [...this.#touched.values()].filter((touched) => touched.space === space && touched.table === table)
    if (own.length === 0) return held
    const rows = new Map(held)
    for (const touched of own) {
      if (touched.after && isAlive(touched.after)) rows.set(touched.id, touched.after)
      else rows.delete(touched.id)
    }
    return rows
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
