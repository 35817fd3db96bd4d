import { HoldfastError } from '@holdfast/shared/internal/errors'
import { equalJson, type JsonValue } from '@holdfast/shared/internal/json'
import { fieldState, type Row } from '@holdfast/shared/internal/merge/record'
import type { Live } from '@holdfast/shared/internal/query/reading'
import { TableHandle } from '@holdfast/shared/internal/query/table-handle'
import type { Write } from '@holdfast/shared/internal/transaction/write'
import { alone } from './core/alone.ts'
import { asOf, type Change, type Changes, firstOf, isMet, type Look, oldestOf } from './core/draft-change.ts'
import { decidingHead, type Origin, originOf } from './core/origin.ts'
import { baseOf, type Seen } from './core/write-clock.ts'
import { type Internals, internalsOf } from './internals.ts'
import type { WriteOptions } from './surface.ts'
import { EmptyWrite } from './write.ts'

/** What somebody else has written meanwhile. */
export interface Theirs<V> extends Origin {
  readonly value: V
}

/** What a form shows. */
export interface DraftState<R, P> {
  /** The record, with what was changed here; fields that were not follow what arrives. */
  readonly values: R
  /** The fields that a save would write. */
  readonly changed: readonly (keyof P & string)[]
  /** Of the changed fields those that somebody has written otherwise since they were changed here. */
  readonly theirs: { readonly [K in keyof P & keyof R]?: Theirs<R[K]> }
  /** The record was deleted meanwhile. Saving brings it back. */
  readonly gone: boolean
}

/**
 * The changes to a record that somebody is making in a form: written against what he has seen, and not against what this device has got
 * while he typed. He has seen what the form was given last, by `values`, `read()` or its listener: at first what was there when it was
 * opened; then of a field what he took; and all that is there after `save` and `reset`.
 */
export interface Draft<R, P> extends Live<DraftState<R, P>>, DraftState<R, P> {
  /** Changes registers, as far as one types: checked when it is saved. What is set back to what was there is not changed any more. */
  set(patch: P): void
  /** Takes what is there over what was changed here. */
  take(field: keyof P & string): void
  /**
   * Writes what was changed, as one transaction that has seen what its author has. Where somebody else wrote meanwhile both are merged by
   * the policy of the field, and whoever loses is told. The draft goes on from there.
   *
   * @throws HoldfastError what any write does: `invalid_value`, `forbidden`, `rule_refused`…; `closed` after `close()`
   */
  save(options?: WriteOptions): Write<void>
  /** Forgets what was changed. */
  reset(): void
  /** To be called when the form goes: until then what arrives is kept apart for it. */
  close(): void
}

/** A table, of all spaces or of one. */
interface Drafted<I, R, P> {
  get(id: I): R | undefined
  update(id: I, patch: P): unknown
}

/**
 * Opens a draft of a record. It lives in this tab's memory: a reload forgets it.
 *
 * @throws HoldfastError `unknown_record`, `ambiguous_id`; `use_tx` inside a write
 * @example
 * const draft = openDraft(db.todos, id)
 * draft.set({ title: 'Oat milk' })
 * if (draft.theirs.title) draft.take('title')
 * await draft.save()
 */
export function openDraft<I extends string, R extends object, P extends object>(table: Drafted<I, R, P>, id: I): Draft<R, P> {
  const { scope, table: name } = TableHandle.of(table as unknown as TableHandle)
  if (!scope.owner) throw new HoldfastError('use_tx', 'A draft outlives a transaction: it is opened on db, or on a space.')
  const row = table.get(id) as Row | undefined
  if (!row) throw new HoldfastError('unknown_record', `${name} has no record "${id}".`, { table: name, id })
  const live = scope.asker.record(name, row.$space, id) as Live<Row | undefined>
  return new Form(internalsOf(scope.owner()), { table: name, row, live }) as unknown as Draft<R, P>
}

type State = DraftState<Row, Row>

class Form implements Live<State> {
  readonly key: string
  readonly #internals: Internals
  readonly #table: string
  readonly #live: Live<Row | undefined>
  /** The record as it was last there. */
  #row: Row
  #gone = false
  #changes = new Map<string, Change>()
  #state: State | undefined
  /** What its user has before him: the record as the form was given it last, and what this tab had seen then. */
  #given: Look
  #looks = 0
  /** Fields of which he has seen more since. */
  readonly #taken = new Map<string, Look>()
  /** While it is open, heads that it has not seen are not forgotten. */
  readonly #pin: { readonly base: Seen['base'] }
  #closed = false
  /** What was saved and is not stored yet. */
  readonly #unstored: Changes[] = []
  readonly #stop: () => void
  readonly #listeners = new Set<(state: State) => void>()

  constructor(
    internals: Internals,
    { table, row, live }: { readonly table: string; readonly row: Row; readonly live: Live<Row | undefined> },
  ) {
    this.key = `draft ${JSON.stringify([table, row.$space, row.id])}`
    this.#internals = internals
    this.#table = table
    this.#live = live
    this.#row = row
    this.#given = this.#look()
    // What he was given counts, too: the next field that he changes is as of then.
    const oldest = () => (firstOf([...this.#changes.values(), this.#given]) ?? this.#given).seen
    this.#pin = {
      get base() {
        return baseOf(oldest(), internals.replica.known)
      },
    }
    internals.replica.pins.add(this.#pin)
    this.#stop = live.subscribe(() => {
      this.#meet()
      this.#changed()
    })
  }

  get values() {
    return this.read().values
  }
  get changed() {
    return this.#now().changed
  }
  get theirs() {
    return this.#now().theirs
  }
  get gone() {
    return this.#now().gone
  }

  read(): State {
    this.#give()
    return this.#now()
  }

  /** The record as it is now: another listener may ask before the one above has heard, and this tab has seen it by then. */
  #meet(): void {
    if (this.#closed) return
    const now = this.#live.read()
    if (now === (this.#gone ? undefined : this.#row)) return
    this.#gone = now === undefined
    if (now) this.#row = now
    this.#state = undefined
  }

  #look(): Look {
    this.#meet()
    const { $space, id } = this.#row
    const base = this.#internals.replica.view.base($space, this.#table, id)
    return { nth: this.#looks++, over: this.#row, base, seen: this.#internals.tab.look($space) }
  }

  #give(): void {
    this.#given = this.#look()
    this.#taken.clear()
  }

  #now(): State {
    this.#meet()
    this.#state ??= this.#show()
    return this.#state
  }

  #show(): State {
    const changes = [...this.#changes]
    const theirs = changes.flatMap(([field, change]) => (isMet(field, change, this.#row) ? [[field, this.#theirs(field)]] : []))
    return Object.freeze({
      values: Object.freeze({ ...this.#row, ...Object.fromEntries(changes.map(([field, { shown }]) => [field, shown])) }) as Row,
      changed: Object.freeze([...this.#changes.keys()]),
      theirs: Object.freeze(Object.fromEntries(theirs)),
      gone: this.#gone,
    })
  }

  subscribe(listener: (state: State) => void): () => void {
    const own = (state: State) => listener(state)
    this.#listeners.add(own)
    own(this.read())
    return () => void this.#listeners.delete(own)
  }

  set(patch: Readonly<Record<string, JsonValue | undefined>>): void {
    this.#checkOpen()
    for (const [field, value] of Object.entries(patch)) {
      if (value === undefined) continue
      // Until now he saw what came to this field; from now on he sees what he types.
      const { nth, over, base, seen } = this.#changes.get(field) ?? this.#taken.get(field) ?? this.#given
      const policy = this.#internals.tables[this.#table]?.fields[field]?.policy
      const shown = policy ? alone(policy, value) : value
      if (equalJson(shown, over[field] ?? null)) this.#changes.delete(field)
      else this.#changes.set(field, { value, nth, over, base, seen, shown })
    }
    this.#changed()
  }

  take(field: string): void {
    this.#checkOpen()
    this.#changes.delete(field)
    this.#taken.set(field, this.#look())
    this.#changed()
  }

  save(options?: WriteOptions): Write<void> {
    this.#checkOpen()
    this.#meet()
    const saved = this.#changes
    const isGone = this.#gone
    if (saved.size === 0 && !isGone) return new EmptyWrite(undefined)
    const { $space: space, id } = this.#row
    const oldest = oldestOf(saved, isGone ? undefined : this.#row)
    const fields = this.#internals.tables[this.#table]?.fields
    const seen = new Map([...saved].map(([field, change]) => [field, asOf(oldest, { ...change, field, policy: fields?.[field]?.policy })]))
    const patch = Object.fromEntries([...seen].map(([field, { value }]) => [field, value]))
    const looked = (field: string) => {
      const { over: row = this.#row, base } = seen.get(field) ?? {}
      return { row, base }
    }
    const at = { space, table: this.#table, id }
    const write = this.#internals.write(
      (_, composition) => {
        // Of a record that is not here a transaction has nothing to be judged by.
        if (isGone) this.#internals.judge.judge([{ ...at, before: undefined, after: undefined }])
        if (!isGone) composition.update(at, patch, looked)
        else if (saved.size > 0) composition.takeBack(at, patch, looked)
        else composition.restore(at)
      },
      space,
      { ...options, seen: oldest?.seen },
    )
    this.#changes = new Map()
    this.#give()
    this.#changed()
    this.#unstored.push(saved)
    write.then(
      () => void this.#unstored.splice(this.#unstored.indexOf(saved), 1),
      () => this.#failed(saved),
    )
    return write
  }

  /** What could not be stored is still in the form, with what was saved after it: that is not stored either. */
  #failed(saved: Changes): void {
    const from = this.#unstored.indexOf(saved)
    if (this.#closed || from < 0) return
    // What was typed over it is as of when that was: nobody saw what never came to be.
    const all = new Map<string, Change>()
    for (const [field, { value, shown, ...as }] of [...this.#unstored.splice(from), this.#changes].flatMap((changes) => [...changes]))
      all.set(field, { ...as, ...all.get(field), value, shown })
    this.#changes = all
    this.#changed()
  }

  reset(): void {
    this.#checkOpen()
    this.#changes = new Map()
    this.#give()
    this.#changed()
  }

  close(): void {
    this.#closed = true
    this.#stop()
    this.#listeners.clear()
    this.#internals.replica.pins.delete(this.#pin)
  }

  #theirs(field: string): Theirs<JsonValue> {
    const { $space, id } = this.#row
    const def = this.#internals.tables[this.#table]
    const { policy } = def?.fields[field] ?? {}
    const state = this.#internals.replica.view.state($space, this.#table, id)
    const head = def && policy && state && decidingHead(policy, fieldState(def, state, field))
    return { value: this.#row[field] ?? null, ...originOf(this.#internals, head) }
  }

  #changed(): void {
    this.#state = undefined
    for (const listener of this.#listeners) listener(this.read())
  }

  #checkOpen(): void {
    if (this.#closed) throw new HoldfastError('closed', 'This draft is closed.')
  }
}
