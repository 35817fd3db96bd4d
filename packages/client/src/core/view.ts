import { type Merge, merge } from '@holdfast/shared/internal/merge/merge'
import { isAlive, type MergeTable, type RecordState, type Row, recordHeads, toRow } from '@holdfast/shared/internal/merge/record'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import { authorOf, byOrder, type Knowing, keyOf, type Pending } from './pending.ts'
import { readsHold } from './reads-hold.ts'

interface Entry {
  base: RecordState | undefined
  /** Base with pending on top; the same object as base where nothing is pending. */
  view: RecordState | undefined
  row: Row | undefined
}

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
  readonly #spaces = new Map<string, Map<string, Map<string, Entry>>>()
  readonly #pending = new Map<string, Pending[]>()
  /** Something left the view for a moment, and its rows with it. */
  #replayed = false
  #changed = new Map<string, { table: string; space: string; id: string; before: Row | undefined }>()

  constructor(tables: ReadonlyMap<string, MergeTable>, knowing: Knowing) {
    this.#tables = tables
    this.#knowing = knowing
  }

  row(space: string, table: string, id: string): Row | undefined {
    return this.#entry(space, table, id)?.row
  }

  /** The state behind a row, for who builds on it within a transaction. */
  state(space: string, table: string, id: string): RecordState | undefined {
    return this.#entry(space, table, id)?.view
  }

  base(space: string, table: string, id: string): RecordState | undefined {
    return this.#entry(space, table, id)?.base
  }

  /** The rows with this id, in whatever space; more than one only where the app chose the id. */
  *find(table: string, id: string): Iterable<Row> {
    for (const space of this.#spaces.keys()) {
      const row = this.row(space, table, id)
      if (row) yield row
    }
  }

  *rows(table: string, space?: string): Iterable<Row> {
    for (const [id, tables] of this.#spaces) {
      if (space !== undefined && id !== space) continue
      for (const entry of tables.get(table)?.values() ?? []) if (entry.row) yield entry.row
    }
  }

  /** Every record of base, for folding. */
  *records(): Iterable<readonly [space: string, table: string, id: string, record: RecordState]> {
    for (const [space, tables] of this.#spaces) {
      for (const [table, entries] of tables) for (const [id, { base }] of entries) if (base) yield [space, table, id, base]
    }
  }

  /** The sessions that base has heads of. */
  sessions(): ReadonlySet<string> {
    const sessions = new Set<string>()
    for (const [, name, , record] of this.records()) {
      const table = this.#tables.get(name)
      if (table) for (const { by } of recordHeads(table, record)) sessions.add(by[0])
    }
    return sessions
  }

  /** Puts a record into base. The caller reviews its key afterwards. */
  setBase(space: string, table: string, id: string, record: RecordState | undefined): void {
    const entry = this.#touch(space, table, id)
    entry.base = record
  }

  *baseKeys(space: string): Iterable<readonly [table: string, id: string]> {
    for (const [table, entries] of this.#spaces.get(space) ?? []) for (const [id, { base }] of entries) if (base) yield [table, id]
  }

  /** Finds out whether the server would still take what rests on what it read. It, and what came after it, is not shown for the moment. */
  examine(one: Pending): void {
    one.stale = !readsHold(one, {
      ...this.#knowing,
      tables: this.#tables,
      state: (space, table, id) => this.state(space, table, id),
      states: (space, table) => this.#states(space, table),
    })
  }

  *#states(space: string, table: string): Iterable<readonly [id: string, record: RecordState]> {
    for (const [id, { view }] of this.#spaces.get(space)?.get(table) ?? []) if (view && isAlive(view)) yield [id, view]
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
    this.#predict([pending], pending.keys, (key) => this.#byKey(key)?.view)
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
      if (size === all.size && !this.#predict(involved, all, (key) => this.#byKey(key)?.base)) {
        for (const pending of involved) if (pending.doomed) for (const key of pending.keys) all.add(key)
      }
    }
  }

  /** What changed since the last call, each record once. */
  takeChanges(): RowChange[] {
    const changes: RowChange[] = []
    for (const { table, space, id, before } of this.#changed.values()) {
      const entry = this.#entry(space, table, id)
      if (this.#replayed && entry?.row) entry.row = sameRow(before, entry.row)
      const after = entry?.row
      if (before !== after) changes.push({ table, space, id, before, after })
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
    for (const operation of pending.operations) {
      const key = keyOf(operation)
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
    if (!entry.base && !entry.view) this.#spaces.get(space)?.get(table)?.delete(id)
  }

  #touch(space: string, table: string, id: string): Entry {
    let tables = this.#spaces.get(space)
    if (!tables) {
      tables = new Map()
      this.#spaces.set(space, tables)
    }
    let entries = tables.get(table)
    if (!entries) {
      entries = new Map()
      tables.set(table, entries)
    }
    let entry = entries.get(id)
    if (!entry) {
      entry = { base: undefined, view: undefined, row: undefined }
      entries.set(id, entry)
    }
    const key = recordKey(space, table, id)
    if (!this.#changed.has(key)) this.#changed.set(key, { table, space, id, before: entry.row })
    return entry
  }

  #entry(space: string, table: string, id: string): Entry | undefined {
    return this.#spaces.get(space)?.get(table)?.get(id)
  }

  #byKey(key: string): Entry | undefined {
    const [space, table, id] = key.split('\0') as [string, string, string]
    return this.#entry(space, table, id)
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

/** A row that shows the same keeps its identity, however often it was computed again. */
function sameRow(before: Row | undefined, after: Row): Row {
  if (!before) return after
  return JSON.stringify(before) === JSON.stringify(after) ? before : after
}
