import type { Dot } from '../clock/dot.ts'
import { PENDING } from '../clock/heads.ts'
import { HoldfastError } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import { merge } from '../merge/merge.ts'
import type { Row } from '../merge/record.ts'
import type { Touched } from '../merge/touched.ts'
import type { RowChange } from '../query/question.ts'
import { checkInsert, checkPatch } from '../schema/check.ts'
import type { Calling } from '../schema/field.ts'
import type { TableDef } from '../schema/table.ts'
import { checkId, invalid } from '../schema/value.ts'
import { type Constrained, checkConstraints, consequencesOf, isConstrained, onceEach } from './constraints.ts'
import { ambiguous, type Ground } from './ground.ts'
import { countOn, type Operation, type Reset, recordKey, type SeenValues } from './operation.ts'
import { type Looked, seenValues } from './seen-values.ts'
import { checkFieldSizes, checkOperations } from './size.ts'
import { Written } from './written.ts'

/** A record as a verb names it; without a space, wherever its id is. */
export interface At {
  readonly space: string | undefined
  readonly table: string
  readonly id: string
}

type Exact = At & { readonly space: string }

export interface Composing {
  readonly ground: Ground
  readonly tables: Readonly<Record<string, TableDef>>
  /** The name that the transaction will have. */
  readonly dot: Dot
  readonly newId: () => string
}

/**
 * A transaction while its body runs: the operations so far, and what they make of the view, so that it reads its own writes. Everything
 * is checked here, at the call, with the server's own functions.
 */
export class Composition {
  readonly operations: Operation[] = []
  readonly #composing: Composing
  readonly #written = new Map<string, Written>()
  #open = true

  constructor(composing: Composing) {
    this.#composing = composing
  }

  /** What the transaction changed so far, for reads within it. */
  changes(): RowChange[] {
    this.#check()
    return [...this.#written.values()].map(({ space, table, id, rowBefore, after }) => ({ space, table, id, before: rowBefore, after }))
  }

  /** The records that it touched, with their states: what rules are asked about. */
  touched(): Touched[] {
    return [...this.#written.values()].map(({ space, table, id, before, state }) => ({ space, table, id, before, after: state }))
  }

  close(): readonly Operation[] {
    this.#open = false
    const spaces = new Map<string, Constrained>()
    for (const one of this.#written.values()) {
      const { space, table, id, before, rowBefore, state } = one
      const def = this.#composing.tables[table] as TableDef
      checkFieldSizes(def, { table, before, after: state })
      if (!isConstrained(def)) continue
      const constrained = spaces.get(space) ?? this.#constrained(space)
      spaces.set(space, constrained)
      const { after } = one
      if (after) checkConstraints({ space, table, id }, { before: rowBefore, after }, constrained)
    }
    checkOperations(this.operations)
    return this.operations
  }

  insert(space: string, table: string, values: { readonly id?: unknown }): string {
    const { id: own, ...rest } = values
    const id = own === undefined ? this.#composing.newId() : checkId(own, `an id of ${table}`)
    const at = { space, table, id }
    this.#do(['ins', space, table, id, checkInsert(this.#def(table), this.#placed(at, rest), at)])
    return id
  }

  upsert(space: string, table: string, id: string, values: unknown): void {
    const at = { space, table, id: checkId(id, `an id of ${table}`) }
    const checked = checkInsert(this.#def(table), this.#placed(at, values), at)
    this.#do(['put', space, table, id, checked, ...this.#seen(at, checked)])
  }

  /** `looked` is what its author had before him in a field, where that is not what is here now. */
  update(at: At, patch: unknown, looked?: (field: string) => Looked | undefined): void {
    const { table, id } = at
    const values = checkPatch(this.#def(table), patch, at)
    const home = this.#spaceOf(at)
    if (Object.keys(values).length > 0)
      this.#do(['upd', home, table, id, values, ...this.#seen({ space: home, table, id }, values, looked)])
  }

  /** With all that has to go with it, or no longer names it: what the references of this schema say. */
  delete(at: At): void {
    this.#def(at.table)
    const { doomed, cleared } = consequencesOf({ ...at, space: this.#spaceOf(at) }, this.#constrained(this.#spaceOf(at)))
    for (const { space, table, id } of doomed) this.#do(['del', space, table, id])
    for (const [{ space, table, id }, field] of cleared) this.#do(['upd', space, table, id, { [field]: null }])
  }

  restore(at: At): void {
    const { space, table, id } = at
    this.#def(table)
    if (space === undefined)
      throw new HoldfastError('invalid_value', 'To restore a record its space has to be named: db.home, or db.space(…).')
    // What a dead record was is known to the server alone: there is nothing here to predict from.
    if (!this.#row({ space, table, id })) this.operations.push(['res', space, table, checkId(id, `an id of ${table}`)])
  }

  /** Puts values back that a merge dropped; a record that was deleted meanwhile lives again. Counters and sets kept what they had. */
  takeBack(at: At, values: unknown, looked?: (field: string) => Looked | undefined): void {
    const { table, id } = at
    const space = this.#spaceOf(at)
    const { fields } = this.#def(table)
    const registers = Object.entries(values as object).filter(([name]) => fields[name]?.kind === 'register')
    const patch = checkPatch(this.#def(table), Object.fromEntries(registers), at)
    this.#putBack(['upd', space, table, id, patch, ...this.#seen({ space, table, id }, patch, looked)])
  }

  /** The same with the entry of a map. */
  takeBackEntry(at: At, field: string, entry: Readonly<Record<string, unknown>>): void {
    const { table, id } = at
    const def = this.#def(table).fields[field]
    if (def?.kind !== 'map') throw invalid({ table, id, field }, 'no such map', { code: 'unknown_field' })
    this.#putBack(['key', this.#spaceOf(at), table, id, field, def.check(entry, { table, id, field }) as Record<string, JsonValue>])
  }

  #putBack(operation: Operation): void {
    const [, space, table, id] = operation
    // What a dead record was is known to the server alone: there is nothing here to predict from.
    if (!this.#composing.ground.row(space, table, id)) this.operations.push(['res', space, table, id], operation)
    else this.#do(operation)
  }

  /** A verb of a field's kind: `increment`, `add`, `move`… */
  change(at: At, field: string, verb: string, given: readonly unknown[]): void {
    const { table, id } = at
    const def = this.#def(table).fields[field]
    const place = { table, id, field }
    if (!def) throw invalid(place, 'no such field', { code: 'unknown_field' })
    const act = def.verbs && Object.hasOwn(def.verbs, verb) ? def.verbs[verb] : undefined
    if (!act) throw invalid(place, `a ${def.kind} has no ${verb}()`)
    const space = this.#spaceOf(at)
    const change = act(given, this.#calling({ ...place, space }))
    if (change) this.#do([change[0], space, table, id, field, change[1]] as Operation)
  }

  /** What an insert means by words, and by nothing: where a new record goes that nobody placed. */
  #placed(at: Exact, values: unknown): unknown {
    const places = Object.entries(this.#def(at.table).fields).flatMap(([field, { place }]) => (place ? [{ field, place }] : []))
    if (places.length === 0 || typeof values !== 'object' || values === null) return values
    const isThere = this.#row(at) !== undefined
    const given = values as Readonly<Record<string, unknown>>
    const meant = places.filter(({ field }) => given[field] !== undefined || !isThere)
    return {
      ...given,
      ...Object.fromEntries(meant.map(({ field, place }) => [field, place(given[field], this.#calling({ ...at, field }))])),
    }
  }

  /** As it is now: what is asked of a whole table is put together once. */
  #constrained(space: string): Constrained {
    const { tables, ground } = this.#composing
    return {
      tables,
      isWhole: ground.isWhole(space),
      row: (table, id) => this.#row({ space, table, id }),
      rows: onceEach((table) => this.#rows(space, table)),
    }
  }

  #calling(at: Exact & { readonly field: string }): Calling {
    return { at, dot: this.#composing.dot, others: () => this.#others(at), counted: () => this.#counted(at) }
  }

  #others({ space, table, id }: Exact): Iterable<Row> {
    const rows = this.#rows(space, table)
    rows.delete(id)
    return rows.values()
  }

  /** As the transaction has left them so far, by id. */
  #rows(space: string, table: string): Map<string, Row> {
    const rows = new Map<string, Row>()
    for (const row of this.#composing.ground.rows(table, space)) rows.set(row.id, row)
    for (const written of this.#written.values()) {
      if (written.space !== space || written.table !== table) continue
      if (written.after) rows.set(written.id, written.after)
      else rows.delete(written.id)
    }
    return rows
  }

  #row({ space, table, id }: Exact): Row | undefined {
    const written = this.#written.get(recordKey(space, table, id))
    return written ? written.after : this.#composing.ground.row(space, table, id)
  }

  #seen(at: Exact, values: object, looked: (field: string) => Looked | undefined = () => this.#look(at)): [] | [SeenValues] {
    return seenValues(this.#def(at.table), Object.keys(values), looked)
  }

  #look(at: Exact): Looked | undefined {
    const { base } = this.#composing.ground
    const row = this.#row(at)
    return row && { row, ...(base ? { base: base(at.space, at.table, at.id) } : {}) }
  }

  /** What a reset counts: what its ground does, and what this transaction has added so far. */
  #counted(at: Exact & { readonly field: string }): Pick<Reset, 'sum' | 'own'> {
    const { ground, dot } = this.#composing
    const key = recordKey(at.space, at.table, at.id)
    const { sum, own } = countOn(ground.counted(at), { dot, operations: this.operations }, key, at.field)
    return { sum, own }
  }

  #def(table: string): TableDef {
    this.#check()
    return this.#composing.tables[table] as TableDef
  }

  #check(): void {
    if (!this.#open) throw new HoldfastError('tx_closed', 'This transaction is over: a tx is of use only inside its write().')
  }

  /** Where a record is that was named by its id alone. */
  #spaceOf({ space, table, id }: At): string {
    if (space !== undefined) return space
    const found = new Set(this.#composing.ground.find(table, id))
    for (const written of this.#written.values()) {
      if (written.table !== table || written.id !== id) continue
      if (written.after) found.add(written.space)
      else found.delete(written.space)
    }
    const [only, ...others] = found
    if (only === undefined) throw new HoldfastError('unknown_record', `${table} has no record "${id}".`, { table, id })
    if (others.length > 0) throw ambiguous(table, id)
    return only
  }

  #do(operation: Operation): void {
    const [, space, table, id] = operation
    const { ground, dot } = this.#composing
    const key = recordKey(space, table, id)
    const written = this.#written.get(key) ?? this.#touch(space, table, id)
    const author = {
      head: { by: dot, seq: PENDING, at: ground.hlc + 1 },
      base: PENDING,
      // Whoever writes here has seen all that is there.
      sees: () => true,
      counted: (own: Reset['own']) => own.reduce((sum, [, , delta]) => sum + delta, 0),
    }
    const merged = merge(this.#def(table), written.state, operation, author)
    if ('refused' in merged) throw new HoldfastError(merged.refused, `${table}: ${merged.message}`, { table, id })
    written.state = merged.record
    this.#written.set(key, written)
    this.operations.push(operation)
  }

  #touch(space: string, table: string, id: string): Written {
    const { ground } = this.#composing
    const row = ground.row(space, table, id)
    const state = ground.state(space, table, id)
    return new Written(this.#def(table), { space, table, id }, { before: state, rowBefore: row })
  }
}
