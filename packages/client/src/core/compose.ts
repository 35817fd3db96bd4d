import type { Dot } from '@holdfast/shared/internal/clock/dot'
import { PENDING } from '@holdfast/shared/internal/clock/heads'
import { HoldfastError } from '@holdfast/shared/internal/errors'
import { merge } from '@holdfast/shared/internal/merge/merge'
import { isAlive, type RecordState, type Row, toRow } from '@holdfast/shared/internal/merge/record'
import type { CounterState } from '@holdfast/shared/internal/policy/counter'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { checkDelta, checkElements, checkField, checkInsert, checkPatch } from '@holdfast/shared/internal/schema/check'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { checkId, utf8Length } from '@holdfast/shared/internal/schema/value'
import { type Operation, type Reset, recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Replica } from './replica.ts'
import type { RowChange } from './view.ts'

interface Touched {
  readonly space: string
  readonly table: string
  readonly id: string
  readonly before: Row | undefined
  state: RecordState | undefined
  after: Row | undefined
}

/** A record as a verb names it; without a space, wherever its id is. */
export interface At {
  readonly space: string | undefined
  readonly table: string
  readonly id: string
}

export interface Composing {
  readonly replica: Replica
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
  readonly #touched = new Map<string, Touched>()
  #open = true

  constructor(composing: Composing) {
    this.#composing = composing
  }

  /** What the transaction changed so far, for reads within it. */
  changes(): RowChange[] {
    this.#check()
    return [...this.#touched.values()].map(({ space, table, id, before, after }) => ({ space, table, id, before, after }))
  }

  close(): readonly Operation[] {
    this.#open = false
    if (this.operations.length > LIMITS.operations) throw tooLarge(`more than ${LIMITS.operations} operations`)
    if (utf8Length(JSON.stringify(this.operations)) > LIMITS.transactionBytes) throw tooLarge(`more than ${LIMITS.transactionBytes} bytes`)
    return this.operations
  }

  insert(space: string, table: string, values: { readonly id?: unknown }): string {
    const { id: own, ...rest } = values
    const id = own === undefined ? this.#composing.newId() : checkId(own, `an id of ${table}`)
    this.#do(['ins', space, table, id, checkInsert(this.#def(table), rest, { table, id })])
    return id
  }

  upsert(space: string, table: string, id: string, values: unknown): void {
    const at = { table, id: checkId(id, `an id of ${table}`) }
    this.#do(['put', space, table, id, checkInsert(this.#def(table), values, at)])
  }

  update(at: At, patch: unknown): void {
    const { table, id } = at
    const values = checkPatch(this.#def(table), patch, at)
    const home = this.#spaceOf(at)
    if (Object.keys(values).length > 0) this.#do(['upd', home, table, id, values])
  }

  delete(at: At): void {
    this.#do(['del', this.#spaceOf(at), at.table, at.id])
  }

  /** Puts values back that a merge dropped; a record that was deleted meanwhile lives again. Counters and sets kept what they had. */
  takeBack(at: At, values: unknown): void {
    const { table, id } = at
    const space = this.#spaceOf(at)
    const { fields } = this.#def(table)
    const registers = Object.entries(values as object).filter(([name]) => fields[name]?.kind === 'register')
    const update: Operation = ['upd', space, table, id, checkPatch(this.#def(table), Object.fromEntries(registers), at)]
    // What a dead record was is known to the server alone: there is nothing here to predict from.
    if (!this.#composing.replica.view.row(space, table, id)) this.operations.push(['res', space, table, id], update)
    else this.#do(update)
  }

  increment(at: At, field: string, by: unknown = 1): void {
    const { table, id } = this.#field('counter', at, field)
    this.#do(['inc', this.#spaceOf(at), table, id, field, checkDelta(by, { ...at, field })])
  }

  reset(at: At, field: string, to: unknown = 0): void {
    const { table, id } = this.#field('counter', at, field)
    const home = this.#spaceOf(at)
    this.#do(['off', home, table, id, field, this.#resetOf(home, { table, id, field }, checkDelta(to, { ...at, field }))])
  }

  add(at: At, field: string, elements: readonly unknown[]): void {
    this.#members('add', at, field, elements)
  }

  remove(at: At, field: string, elements: readonly unknown[]): void {
    this.#members('rem', at, field, elements)
  }

  #members(verb: 'add' | 'rem', at: At, field: string, elements: readonly unknown[]): void {
    const { table, id } = at
    const checked = checkElements(checkField(this.#def(table), 'set', { ...at, field }), elements, { ...at, field })
    const home = this.#spaceOf(at)
    if (checked.length > 0) this.#do([verb, home, table, id, field, checked])
  }

  #field(kind: 'counter', at: At, field: string): At {
    checkField(this.#def(at.table), kind, { ...at, field })
    return at
  }

  /** What a reset counts: base's sum, and the increments of ours that are still on their way, each by its dot. */
  #resetOf(space: string, { table, id, field }: { table: string; id: string; field: string }, to: number): Reset {
    const { replica, dot } = this.#composing
    const key = recordKey(space, table, id)
    const base = replica.view.base(space, table, id)?.fields[field] as CounterState | undefined
    const own = replica.pending.filter(({ keys, hidden, dropped }) => keys.has(key) && !hidden && dropped === undefined)
    const written = [...own.map(({ transaction }) => [transaction.dot, transaction.operations] as const), [dot, this.operations] as const]
    return {
      to,
      sum: base?.sum ?? 0,
      own: written.flatMap(([by, operations]) => {
        const delta = operations.reduce((sum, operation) => sum + incrementIn(operation, key, field), 0)
        return delta === 0 ? [] : [[by[0], by[1], delta] as const]
      }),
    }
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
    const found = new Set<string>()
    for (const row of this.#composing.replica.find(table, id)) found.add(row.$space)
    for (const touched of this.#touched.values()) {
      if (touched.table !== table || touched.id !== id) continue
      if (touched.after) found.add(touched.space)
      else found.delete(touched.space)
    }
    const [only, ...others] = found
    if (only === undefined) throw new HoldfastError('unknown_record', `${table} has no record "${id}".`, { table, id })
    if (others.length > 0) throw ambiguous(table, id)
    return only
  }

  #do(operation: Operation): void {
    const [, space, table, id] = operation
    const { replica, dot } = this.#composing
    const key = recordKey(space, table, id)
    const touched = this.#touched.get(key) ?? this.#touch(space, table, id)
    const author = {
      head: { by: dot, seq: PENDING, at: replica.hlc + 1 },
      // Whoever writes here has seen all that is in the view.
      sees: () => true,
      counted: (own: Reset['own']) => own.reduce((sum, [, , delta]) => sum + delta, 0),
    }
    const merged = merge(this.#def(table), touched.state, operation, author)
    if ('refused' in merged) throw new HoldfastError(merged.refused, `${table}: ${merged.message}`, { table, id })
    touched.state = merged.record
    touched.after = merged.record && isAlive(merged.record) ? toRow(this.#def(table), space, id, merged.record) : undefined
    this.#touched.set(key, touched)
    this.operations.push(operation)
  }

  #touch(space: string, table: string, id: string): Touched {
    const { view } = this.#composing.replica
    const row = view.row(space, table, id)
    return { space, table, id, before: row, after: row, state: view.state(space, table, id) }
  }
}

export const ambiguous = (table: string, id: string): HoldfastError =>
  new HoldfastError('ambiguous_id', `${table} "${id}" is in more than one space: ask db.space(…).`, { table, id })

const tooLarge = (what: string): HoldfastError => new HoldfastError('too_large', `A transaction cannot have ${what}.`)

function incrementIn(operation: Operation, key: string, field: string): number {
  if (recordKey(operation[1], operation[2], operation[3]) !== key) return 0
  if (operation[0] === 'inc') return operation[4] === field ? operation[5] : 0
  if (operation[0] !== 'ins' && operation[0] !== 'put') return 0
  const value = operation[4][field]
  return typeof value === 'number' ? value : 0
}
