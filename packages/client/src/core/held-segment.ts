import type { RecordState, Row } from '@holdfast/shared/internal/merge/record'
import type { Column } from '@holdfast/shared/internal/segment/column'
import type { Segment } from '@holdfast/shared/internal/segment/segment'

/** A segment in memory: rows are decoded when they are looked at, and are the same objects from then on. */
export class HeldSegment {
  readonly space: string
  readonly name: string
  readonly segment: Segment
  /** It is on disk under its name. */
  stored: boolean
  readonly #rows = new Map<number, Row>()
  /** A write looks at a record several times. */
  #last: readonly [place: number, record: RecordState] | undefined
  #moved: Uint8Array | undefined
  /** How many of its records have an entry that stands for them. */
  moves = 0

  constructor({ space, name, segment, stored }: Pick<HeldSegment, 'space' | 'name' | 'segment' | 'stored'>) {
    this.space = space
    this.name = name
    this.segment = segment
    this.stored = stored
  }

  get size(): number {
    return this.segment.size
  }

  has(i: number): boolean {
    return this.#moved === undefined || this.#moved[i] === 0
  }

  column(field: string): Column | undefined {
    const { space } = this
    return field === '$space' ? { at: () => space } : this.segment.column(field)
  }

  /** The same object while nobody asks for another. */
  record(i: number): RecordState {
    if (this.#last?.[0] !== i) this.#last = [i, this.segment.record(i)]
    return this.#last[1]
  }

  row(i: number): Row {
    let row = this.#rows.get(i)
    if (!row) {
      row = this.segment.row(i, this.space)
      this.#rows.set(i, row)
    }
    return row
  }

  /** Those that somebody has looked at. */
  looked(): Iterable<readonly [place: number, row: Row]> {
    return this.#rows
  }

  /** Gives a place the object that somebody knows this row by. */
  show(i: number, row: Row): void {
    this.#rows.set(i, row)
  }

  /** No entry stands for any of its records. */
  settle(): void {
    this.#moved = undefined
    this.moves = 0
  }

  /** From now on an entry stands for this record. */
  move(i: number): void {
    this.#moved ??= new Uint8Array(this.size)
    if (this.#moved[i] === 0) this.moves++
    this.#moved[i] = 1
  }
}
