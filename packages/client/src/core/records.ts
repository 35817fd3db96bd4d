import { isAlive, type MergeTable, type RecordState, type Row } from '@holdfast/shared/internal/merge/record'
import type { HeldSegment } from './held-segment.ts'
import { type Entry, TableRecords } from './table-records.ts'

/** A row that shows the same keeps its identity, however often it was computed again. */
export function sameRow(before: Row | undefined, after: Row): Row {
  if (!before) return after
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}

/** Everything in memory, by space and table: what of it is predicted, `view.ts` says. */
export class Records {
  readonly #tables: ReadonlyMap<string, MergeTable>
  readonly #spaces = new Map<string, Map<string, TableRecords>>()
  /** Grows whenever records are put into other segments. */
  layout = 0
  /** Grows whenever many rows may have changed without a word of each. */
  renewals = 0

  constructor(tables: ReadonlyMap<string, MergeTable>) {
    this.#tables = tables
  }

  of(space: string, table: string): TableRecords | undefined {
    return this.#spaces.get(space)?.get(table)
  }

  /** The entry of a record, and whether it is new. */
  touch(space: string, table: string, id: string): readonly [Entry, isNew: boolean] {
    let tables = this.#spaces.get(space)
    if (!tables) {
      tables = new Map()
      this.#spaces.set(space, tables)
    }
    let records = tables.get(table)
    if (!records) {
      records = new TableRecords()
      tables.set(table, records)
    }
    const isNew = !records.entries.has(id)
    return [records.touch(id), isNew]
  }

  spaces(): Iterable<string> {
    return this.#spaces.keys()
  }

  *rows(table: string, space?: string): Iterable<Row> {
    for (const records of this.#ofTable(table, space)) yield* records.rows()
  }

  /** Rows that are columns still. */
  packed(table: string, space?: string): readonly HeldSegment[] {
    return [...this.#ofTable(table, space)].flatMap(({ segments }) => segments)
  }

  /** And those that are not. */
  *loose(table: string, space?: string): Iterable<Row> {
    for (const records of this.#ofTable(table, space)) yield* records.loose()
  }

  /** Those that are alive, without those that everybody who was at this seq has seen. */
  *newsSince(seq: number, space: string, table: string): Iterable<readonly [id: string, record: RecordState]> {
    const { segments = [], entries = [] } = this.of(space, table) ?? {}
    for (const held of segments) {
      const { segment } = held
      for (let i = 0; i < held.size; i++) if (held.has(i) && !segment.isOld(i, seq)) yield [segment.id(i), segment.record(i)]
    }
    for (const [id, { view }] of entries) if (view && isAlive(view)) yield [id, view]
  }

  /** Every record that was touched since it went into a segment, and that base has. */
  *touchedIn(space: string): Iterable<readonly [table: string, id: string]> {
    for (const [table, { entries }] of this.#spaces.get(space) ?? []) for (const [id, { base }] of entries) if (base) yield [table, id]
  }

  hasSegments(space: string): boolean {
    return [...(this.#spaces.get(space)?.values() ?? [])].some(({ segments }) => segments.length > 0)
  }

  /** Base of a space is these segments, and nothing else. */
  renew(space: string, segments: readonly HeldSegment[]): void {
    const former = this.#spaces.get(space)
    const tables = new Map<string, TableRecords>()
    for (const [name, held] of Map.groupBy(segments, ({ segment }) => segment.table)) {
      const records = new TableRecords()
      records.segments = held
      tables.set(name, records)
    }
    this.#spaces.set(space, tables)
    this.layout++
    this.renewals++
    for (const [name, records] of former ?? []) keepRows(records, tables.get(name))
  }

  /** Rows that show what they showed before are the objects that they were. */
  keepRows(before: Records): void {
    this.layout = before.layout + 1
    this.renewals = before.renewals + 1
    for (const [space, name, records] of before.#all()) keepRows(records, this.of(space, name))
  }

  /** How many records folding would write. */
  foldCost(): number {
    let sum = 0
    for (const [, , { cost }] of this.#all()) sum += cost
    return sum
  }

  /** Puts all of base into segments, the same as before where nothing was touched; the rows stay what they are. */
  pack(nameOf: () => string): HeldSegment[] {
    this.layout++
    for (const [space, name, records] of this.#all()) {
      const table = this.#tables.get(name)
      if (table) records.pack([name, table], { space, nameOf })
    }
    return [...this.#all()].flatMap(([, , { segments }]) => segments)
  }

  /** The sessions that base has heads of. */
  sessions(): ReadonlySet<string> {
    const sessions = new Set<string>()
    for (const [, name, records] of this.#all()) {
      const table = this.#tables.get(name)
      if (table) for (const session of records.sessions(table)) sessions.add(session)
    }
    return sessions
  }

  *#ofTable(table: string, space: string | undefined): Iterable<TableRecords> {
    for (const [id, tables] of this.#spaces) {
      const records = space === undefined || id === space ? tables.get(table) : undefined
      if (records) yield records
    }
  }

  *#all(): Iterable<readonly [space: string, table: string, records: TableRecords]> {
    for (const [space, tables] of this.#spaces) for (const [table, records] of tables) yield [space, table, records]
  }
}

function keepRows(former: TableRecords, now: TableRecords | undefined): void {
  for (const [id, row] of former.looked()) now?.keep(id, (after) => sameRow(row, after))
}
