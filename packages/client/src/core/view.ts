import { type Merge, merge } from '@holdfast/shared/internal/merge/merge'
import { isAlive, type MergeTable, type RecordState, type Row, toRow } from '@holdfast/shared/internal/merge/record'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { HeldSegment } from './held-segment.ts'
import { authorOf, byOrder, type Knowing, keysOf, type Pending } from './pending.ts'
import { readsHold } from './reads-hold.ts'
import { Records, sameRow } from './records.ts'
import type { Entry } from './table-records.ts'

/** What one record was and is, for those who watch. */
export interface RowChange {
  readonly table: string
  readonly space: string
  readonly id: string
  readonly before: Row | undefined
  readonly after: Row | undefined
}

/**
 * What the app sees: base with pending on top, nothing of it stored. A change touches only the records that it names, and the records of
 * predictions that it makes or breaks; a transaction is predicted whole or not at all.
 */
export class View {
  readonly #tables: ReadonlyMap<string, MergeTable>
  readonly #knowing: Knowing
  readonly records: Records
  readonly #pending = new Map<string, Pending[]>()
  /** Something left the view for a moment, and its rows with it. */
  #replayed = false
  #renewed = false
  #changed = new Map<string, { table: string; space: string; id: string; before: Row | undefined; moved: boolean }>()

  constructor(tables: ReadonlyMap<string, MergeTable>, knowing: Knowing) {
    this.#tables = tables
    this.records = new Records(tables)
    this.#knowing = knowing
  }

  row(space: string, table: string, id: string): Row | undefined {
    return this.records.of(space, table)?.row(id)
  }

  /** The state behind a row, for who builds on it within a transaction. */
  state(space: string, table: string, id: string): RecordState | undefined {
    return this.records.of(space, table)?.state(id, 'view')
  }

  base(space: string, table: string, id: string): RecordState | undefined {
    return this.records.of(space, table)?.state(id, 'base')
  }

  /** The rows with this id, in whatever space; more than one only where the app chose the id. */
  *find(table: string, id: string): Iterable<Row> {
    for (const space of this.records.spaces()) {
      const row = this.row(space, table, id)
      if (row) yield row
    }
  }

  /** Puts a record into base. The caller reviews its key afterwards. */
  setBase(space: string, table: string, id: string, record: RecordState | undefined): void {
    const entry = this.#touch(space, table, id)
    entry.base = record
    entry.isNew = true
  }

  /**
   * Takes a space out of base, since it comes anew or is not this user's any more, and puts these segments there. Collects the records that
   * have to be computed again.
   */
  renew(space: string, segments: readonly HeldSegment[], touched: Set<string>): void {
    if (segments.length > 0 || this.records.hasSegments(space)) {
      this.records.renew(space, segments)
      this.#renewed = true
      for (const [key, waiting] of this.#pending) if (waiting.length > 0 && key.startsWith(`${space}\0`)) touched.add(key)
    }
    for (const [table, id] of [...this.records.touchedIn(space)]) {
      this.setBase(space, table, id, undefined)
      touched.add(recordKey(space, table, id))
    }
  }

  /** Whether many records may have changed, since the last call, that nobody said to have touched. */
  takeRenewed(): boolean {
    const renewed = this.#renewed
    this.#renewed = false
    return renewed
  }

  /** Finds out whether the server would still take what rests on what it read. It, and what came after it, is not shown for the moment. */
  examine(one: Pending): void {
    one.stale = !readsHold(one, {
      ...this.#knowing,
      tables: this.#tables,
      state: (space, table, id) => this.state(space, table, id),
      states: (space, table, since) => this.records.newsSince(since, space, table),
    })
  }

  /** Puts a transaction on top: costs its own operations only, because nothing stands above it. */
  push(pending: Pending): void {
    this.#index(pending)
    this.#top(pending)
  }

  /** Shows one that is indexed already, as the topmost. */
  replay(pending: Pending): void {
    pending.doomed = false
    this.#replayed = true
    this.#top(pending)
  }

  #top(pending: Pending): void {
    this.#predict([pending], pending.keys, (key) => this.#byKey(key, 'view'))
  }

  add(pending: Pending): void {
    this.#index(pending)
  }

  delete(pending: Pending): void {
    for (const key of pending.keys) {
      const left = (this.#pending.get(key) ?? []).filter((other) => other !== pending)
      if (left.length > 0) this.#pending.set(key, left)
      else this.#pending.delete(key)
    }
  }

  /** Computes again what some records show, from base up. */
  review(keys: Iterable<string>): void {
    const all = new Set(keys)
    let size = -1
    let involved: Pending[] = []
    // A prediction that failed may hold now, or fail now: then its other records change too.
    while (size !== all.size) {
      size = all.size
      const found = new Set<Pending>()
      for (const key of all) for (const pending of this.#pending.get(key) ?? []) found.add(pending)
      involved = [...found].sort(byOrder)
      for (const pending of involved) {
        if (!pending.doomed) continue
        pending.doomed = false
        for (const key of pending.keys) all.add(key)
      }
      if (size === all.size && !this.#predict(involved, all, (key) => this.#byKey(key, 'base'))) {
        for (const pending of involved) if (pending.doomed) for (const key of pending.keys) all.add(key)
      }
    }
  }

  /** What changed since the last call, each record once; one that left its segment is told of also where it shows the same. */
  takeChanges(): RowChange[] {
    const changes: RowChange[] = []
    for (const { table, space, id, before, moved } of this.#changed.values()) {
      const records = this.records.of(space, table)
      if (this.#replayed) records?.keep(id, (row) => sameRow(before, row))
      const after = records?.row(id)
      if (before !== after || moved) changes.push({ table, space, id, before, after })
    }
    this.#changed = new Map()
    this.#replayed = false
    return changes
  }

  /** Predicts these transactions, in order, on these records; false when one turned out doomed whose other records are not among them. */
  #predict(involved: readonly Pending[], keys: ReadonlySet<string>, start: (key: string) => RecordState | undefined): boolean {
    const states = new Map<string, RecordState | undefined>()
    for (const key of keys) states.set(key, start(key))
    for (const pending of involved) {
      if (pending.hidden || pending.dropped || pending.doomed || pending.stale || pending.lifted) continue
      const own = this.#apply(pending, keys, states)
      if (own) for (const [key, state] of own) states.set(key, state)
      else {
        pending.doomed = true
        if (!isSubset(pending.keys, keys)) return false
      }
    }
    for (const [key, state] of states) this.#show(key, state)
    return true
  }

  #apply(pending: Pending, keys: ReadonlySet<string>, states: ReadonlyMap<string, RecordState | undefined>) {
    const own = new Map<string, RecordState | undefined>()
    const of = keysOf(pending.operations)
    for (const [i, operation] of pending.operations.entries()) {
      const key = of[i] as string
      if (!keys.has(key)) continue
      const before = own.has(key) ? own.get(key) : states.get(key)
      const merged = this.mergeOne(operation, before, pending)
      if (!merged) return undefined
      own.set(key, merged.record)
    }
    return own
  }

  /** One operation on one state; undefined where the server would surely refuse it. */
  mergeOne(operation: Operation, before: RecordState | undefined, pending: Pending): Pick<Merge, 'record'> | undefined {
    const table = this.#tables.get(operation[2])
    if (!table) return { record: before }
    const merged = merge(table, before, operation, authorOf(pending, operation[1], this.#knowing))
    if (!('refused' in merged)) return merged
    // What is unknown here may be dead on the server, where the edit becomes a conflict: nothing to show, and nothing broken.
    return merged.refused === 'unknown_record' ? { record: before } : undefined
  }

  #show(key: string, state: RecordState | undefined): void {
    const [space, table, id] = key.split('\0') as [string, string, string]
    const entry = this.#touch(space, table, id)
    const known = this.#tables.get(table)
    if (entry.view !== state || (state && !entry.row)) {
      entry.view = state
      entry.row = state && isAlive(state) && known ? sameRow(entry.row, toRow(known, space, id, state)) : undefined
    }
    if (!entry.base && !entry.view) this.records.of(space, table)?.drop(id)
  }

  #touch(space: string, table: string, id: string): Entry {
    const [entry, isNew] = this.records.touch(space, table, id)
    const key = recordKey(space, table, id)
    if (!this.#changed.has(key)) this.#changed.set(key, { table, space, id, before: entry.row, moved: isNew && entry.row !== undefined })
    return entry
  }

  #byKey(key: string, which: 'base' | 'view'): RecordState | undefined {
    const [space, table, id] = key.split('\0') as [string, string, string]
    return this.records.of(space, table)?.state(id, which)
  }

  #index(pending: Pending): void {
    for (const key of pending.keys) {
      const list = this.#pending.get(key)
      if (list) list.push(pending)
      else this.#pending.set(key, [pending])
    }
  }
}

const isSubset = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => {
  for (const key of a) if (!b.has(key)) return false
  return true
}
