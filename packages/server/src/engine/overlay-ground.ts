import type { SpaceId } from '@holdfast/shared/internal/ids'
import { isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import type { CounterState } from '@holdfast/shared/internal/policy/counter'
import type { AnyRow } from '@holdfast/shared/internal/query/question'
import { idProblem } from '@holdfast/shared/internal/schema/value'
import type { Ground } from '@holdfast/shared/internal/transaction/ground'
import type { Batch } from './batch.ts'
import type { Overlay } from './overlay.ts'
import type { Sight } from './sight.ts'

/** What synchronous code of the app's may see. */
export interface Outlook {
  readonly batch: Batch
  readonly overlay: Overlay
  readonly sight: Sight
  /** Whether it may read there at all; otherwise nothing is there. */
  mayRead(space: SpaceId): boolean
  /** Where it looks for what is asked for without a space. */
  everywhere(): readonly SpaceId[]
}

/** What is decided so far, as the ground of a transaction and of questions. */
export class OverlayGround implements Ground {
  readonly hlc: number
  readonly #outlook: Outlook

  constructor(outlook: Outlook, hlc: number) {
    this.#outlook = outlook
    this.hlc = hlc
  }

  row(space: SpaceId, table: string, id: string): AnyRow | undefined {
    const state = this.state(space, table, id)
    return state && isAlive(state) ? this.#outlook.batch.row(space, table, id, state) : undefined
  }

  state(space: SpaceId, table: string, id: string): RecordState | undefined {
    const { sight, overlay } = this.#outlook
    return idProblem(id) || !this.#isReadable(space) ? undefined : sight.guess(() => overlay.record(space, table, id))
  }

  find(table: string, id: string): readonly SpaceId[] {
    return this.#outlook.everywhere().filter((space) => this.row(space, table, id))
  }

  /** The records of a table in a space, or wherever one looks without naming one. */
  rows(table: string, space: SpaceId | null): readonly AnyRow[] {
    const { batch, sight, overlay, everywhere } = this.#outlook
    return (space === null ? everywhere() : [space]).flatMap((one) =>
      this.#isReadable(one) ? [...sight.now(() => overlay.rows(one, table))].map(([id, record]) => batch.row(one, table, id, record)) : [],
    )
  }

  /** Where one may not look nothing can be told from what is not found. */
  isWhole(space: SpaceId): boolean {
    return this.#isReadable(space)
  }

  /** Everything is confirmed here. */
  counted({ space, table, id, field }: Parameters<Ground['counted']>[0]): ReturnType<Ground['counted']> {
    const record = this.state(space, table, id)
    const state = record?.fields[field] as CounterState | undefined
    return { isThere: record !== undefined && isAlive(record), sum: state?.sum ?? 0, own: [] }
  }

  #isReadable(space: SpaceId): boolean {
    return idProblem(space) === undefined && this.#outlook.mayRead(space)
  }
}
