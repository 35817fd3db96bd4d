import type { SpaceId } from '../ids.ts'
import { isAlive, type RecordState, type Row, toRow } from '../merge/record.ts'
import type { TableDef } from '../schema/table.ts'

/** A record that a transaction wrote, as it was before and as it is left so far. */
export class Written {
  readonly space: SpaceId
  readonly table: string
  readonly id: string
  readonly before: RecordState | undefined
  readonly rowBefore: Row | undefined
  state: RecordState | undefined
  readonly #def: TableDef
  #shown: RecordState | undefined
  #row: Row | undefined

  constructor(
    def: TableDef,
    { space, table, id }: Pick<Written, 'space' | 'table' | 'id'>,
    { before, rowBefore }: Pick<Written, 'before' | 'rowBefore'>,
  ) {
    this.#def = def
    this.space = space
    this.table = table
    this.id = id
    this.before = before
    this.rowBefore = rowBefore
    this.state = before
    this.#shown = before
    this.#row = rowBefore
  }

  /** Made when somebody looks: of most that a long transaction writes nobody does. */
  get after(): Row | undefined {
    if (this.#shown !== this.state) {
      this.#shown = this.state
      this.#row = this.state && isAlive(this.state) ? toRow(this.#def, this.space, this.id, this.state) : undefined
    }
    return this.#row
  }
}
