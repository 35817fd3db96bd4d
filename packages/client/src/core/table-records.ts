import { compareStrings } from '@holdfast/shared/internal/json'
import { type MergeTable, type RecordState, type Row, recordHeads } from '@holdfast/shared/internal/merge/record'
import { encodeSegment, openSegment, SEGMENT } from '@holdfast/shared/internal/segment/segment'
import { HeldSegment } from './held-segment.ts'

/** A record that was touched since its segment was made. It is in place of what the segment has, also where it is no more. */
export interface Entry {
  base: RecordState | undefined
  /** Base with pending on top; the same object as base where nothing is pending. */
  view: RecordState | undefined
  row: Row | undefined
  /** Base is not what the segment has. */
  isNew: boolean
}

type Spot = readonly [held: HeldSegment, place: number]

/** The records of one table in one space: segments, by id, and entries for what was touched. */
export class TableRecords {
  readonly entries = new Map<string, Entry>()
  segments: readonly HeldSegment[] = []

  /** Where the segments have a record that no entry stands for. */
  spot(id: string): Spot | undefined {
    const held = this.segmentFor(id)
    const place = held ? held.segment.find(id) : -1
    return held && place >= 0 && held.has(place) ? [held, place] : undefined
  }

  /** The segment into whose range an id falls: the last that does not begin after it, or the first. */
  segmentFor(id: string): HeldSegment | undefined {
    let low = 0
    let high = this.segments.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareStrings((this.segments[middle] as HeldSegment).segment.id(0), id) <= 0) low = middle + 1
      else high = middle
    }
    return this.segments[Math.max(0, low - 1)]
  }

  row(id: string): Row | undefined {
    const entry = this.entries.get(id)
    if (entry) return entry.row
    const spot = this.spot(id)
    return spot?.[0].row(spot[1])
  }

  /** What is confirmed of a record, or what is shown of it. */
  state(id: string, which: 'base' | 'view'): RecordState | undefined {
    const entry = this.entries.get(id)
    if (entry) return entry[which]
    const spot = this.spot(id)
    return spot?.[0].record(spot[1])
  }

  /** The entry of a record, made if there is none. */
  touch(id: string): Entry {
    const known = this.entries.get(id)
    if (known) return known
    const spot = this.spot(id)
    const base = spot?.[0].record(spot[1])
    const entry = { base, view: base, row: spot?.[0].row(spot[1]), isNew: false }
    spot?.[0].move(spot[1])
    this.entries.set(id, entry)
    return entry
  }

  /** Forgets an entry that says nothing. */
  drop(id: string): void {
    const held = this.segmentFor(id)
    if (!held || held.segment.find(id) < 0) this.entries.delete(id)
  }

  *rows(): Iterable<Row> {
    for (const held of this.segments) for (let i = 0; i < held.size; i++) if (held.has(i)) yield held.row(i)
    yield* this.loose()
  }

  *loose(): Iterable<Row> {
    for (const { row } of this.entries.values()) if (row) yield row
  }

  /** The rows that somebody may hold. */
  *looked(): Iterable<readonly [id: string, row: Row]> {
    for (const held of this.segments) for (const [i, row] of held.looked()) if (held.has(i)) yield [row.id, row]
    for (const [id, { row }] of this.entries) if (row) yield [id, row]
  }

  /** Gives a row that shows what it showed before the object that it was before. */
  keep(id: string, same: (now: Row) => Row): void {
    const entry = this.entries.get(id)
    if (entry?.row) entry.row = same(entry.row)
    const spot = entry ? undefined : this.spot(id)
    spot?.[0].show(spot[1], same(spot[0].row(spot[1])))
  }

  /** How many records packing would write. */
  get cost(): number {
    return this.segments.reduce((sum, { moves, size }) => sum + (moves > 0 ? size : 0), this.entries.size)
  }

  /** The sessions that base has heads of. */
  *sessions(table: MergeTable): Iterable<string> {
    for (const { segment } of this.segments) yield* segment.sessions()
    for (const { base } of this.entries.values()) if (base) for (const { by } of recordHeads(table, base)) yield by[0]
  }

  /**
   * Packs what base has: segments that nothing was touched of stay, the others are made anew. What shows something else than base, since
   * a transaction is pending, keeps its entry.
   */
  pack([name, table]: readonly [string, MergeTable], { space, nameOf }: { readonly space: string; readonly nameOf: () => string }): void {
    if (this.entries.size === 0) return
    const fresh = Map.groupBy(
      [...this.entries].filter(([, { isNew }]) => isNew).map(([id]) => id),
      (id) => this.segmentFor(id),
    )
    const looked = [...this.looked()]
    const tables = new Map([[name, table]])
    const make = (records: readonly (readonly [string, RecordState])[]) => {
      const segment = openSegment(
        encodeSegment(name, table, records, () => true),
        tables,
      )
      return new HeldSegment({ space, name: nameOf(), segment, stored: false })
    }
    this.segments = (this.segments.length > 0 ? this.segments : [undefined]).flatMap((held) => {
      const ids = fresh.get(held)
      return held && !ids ? [held] : inSegments(this.#merged(held, ids ?? [])).map(make)
    })
    for (const held of this.segments) held.settle()
    for (const [id, entry] of [...this.entries]) {
      const spot = this.spot(id)
      entry.isNew = false
      if (entry.base === entry.view) this.entries.delete(id)
      else spot?.[0].move(spot[1])
    }
    for (const [id, row] of looked) {
      const spot = this.entries.has(id) ? undefined : this.spot(id)
      spot?.[0].show(spot[1], row)
    }
  }

  /** The records of a segment as base has them now, with those that are new there. */
  #merged(held: HeldSegment | undefined, ids: readonly string[]): (readonly [string, RecordState])[] {
    const all = new Map<string, RecordState | undefined>(ids.map((id) => [id, this.entries.get(id)?.base]))
    for (let i = 0; held && i < held.size; i++) {
      const id = held.segment.id(i)
      if (!all.has(id)) all.set(id, held.has(i) ? held.segment.record(i) : this.entries.get(id)?.base)
    }
    const records = [...all].flatMap(([id, record]) => (record ? [[id, record] as const] : []))
    return records.sort(([a], [b]) => compareStrings(a, b))
  }
}

/** Parts of about the same size, none of them too big. */
function inSegments<T>(all: readonly T[]): (readonly T[])[] {
  const count = Math.ceil(all.length / (1.5 * SEGMENT))
  const size = Math.ceil(all.length / count)
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size))
}
