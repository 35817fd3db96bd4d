import { winner } from '@holdfast/shared/internal/clock/heads'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import { HoldfastError } from '@holdfast/shared/internal/errors'
import { equalJson, type JsonValue } from '@holdfast/shared/internal/json'
import { fieldState, type Row } from '@holdfast/shared/internal/merge/record'
import type { Live } from '@holdfast/shared/internal/query/reading'
import { TableHandle } from '@holdfast/shared/internal/query/table-handle'
import type { Write } from '@holdfast/shared/internal/transaction/write'
import { userOf } from './core/user-of.ts'
import type { Seen } from './core/write-clock.ts'
import { type Internals, internalsOf } from './internals.ts'
import type { WriteOptions } from './surface.ts'
import { EmptyWrite } from './write.ts'

/** What somebody else has written meanwhile; `at` in milliseconds since 1970, `userId` null where this device cannot tell. */
export interface Theirs<V> {
  readonly value: V
  readonly userId: string | null
  readonly at: number
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
 * while he typed.
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
 * @throws HoldfastError `unknown_record`, `ambiguous_id`
 * @example
 * const draft = openDraft(db.todos, id)
 * draft.set({ title: 'Oat milk' })
 * if (draft.theirs.title) draft.take('title')
 * await draft.save()
 */
export function openDraft<I extends string, R extends object, P extends object>(table: Drafted<I, R, P>, id: I): Draft<R, P> {
  const { scope, table: name } = TableHandle.of(table as unknown as TableHandle)
  const row = table.get(id) as Row | undefined
  if (!row || !scope.owner) throw new HoldfastError('unknown_record', `${name} has no record "${id}".`, { table: name, id })
  const live = scope.asker.record(name, row.$space, id) as Live<Row | undefined>
  return new Form(internalsOf(scope.owner()), { table: name, row, live }) as unknown as Draft<R, P>
}

interface Change {
  readonly value: JsonValue
  /** The record when this was first changed: what its author had before him. */
  readonly over: Row
  readonly seen: Seen
}

type State = DraftState<Row, Row>

class Form implements Live<State> {
  readonly key: string
  readonly #internals: Internals
  readonly #table: string
  /** The record as it was last there. */
  #row: Row
  #gone = false
  #changes = new Map<string, Change>()
  #state: State | undefined
  #pinned: Seen | undefined
  #closed = false
  readonly #stop: () => void
  readonly #listeners = new Set<(state: State) => void>()

  constructor(
    internals: Internals,
    { table, row, live }: { readonly table: string; readonly row: Row; readonly live: Live<Row | undefined> },
  ) {
    this.key = `draft ${JSON.stringify([table, row.$space, row.id])}`
    this.#internals = internals
    this.#table = table
    this.#row = row
    this.#stop = live.subscribe((now) => {
      this.#gone = now === undefined
      if (now) this.#row = now
      this.#changed()
    })
  }

  get values() {
    return this.read().values
  }
  get changed() {
    return this.read().changed
  }
  get theirs() {
    return this.read().theirs
  }
  get gone() {
    return this.#gone
  }

  read(): State {
    this.#state ??= this.#show()
    return this.#state
  }

  #show(): State {
    const changes = [...this.#changes]
    const theirs = changes.flatMap(([field, change]) => (this.#isMet(field, change) ? [[field, this.#theirs(field)]] : []))
    return Object.freeze({
      values: Object.freeze({ ...this.#row, ...Object.fromEntries(changes.map(([field, { value }]) => [field, value])) }) as Row,
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
      const before = this.#changes.get(field)
      const over = before?.over ?? this.#row
      // Until now he saw what came to this field; from now on he sees what he types.
      const seen = before?.seen ?? this.#internals.tab.look(this.#row.$space)
      if (equalJson(value, over[field] ?? null)) this.#changes.delete(field)
      else this.#changes.set(field, { value, over, seen })
    }
    this.#changed()
  }

  take(field: string): void {
    this.#changes.delete(field)
    this.#changed()
  }

  save(options?: WriteOptions): Write<void> {
    this.#checkOpen()
    const saved = this.#changes
    if (saved.size === 0) return new EmptyWrite(undefined)
    const { $space: space, id } = this.#row
    const patch = Object.fromEntries([...saved].map(([field, { value }]) => [field, value]))
    const over = { ...this.#row, ...Object.fromEntries([...saved].map(([field, change]) => [field, change.over[field] ?? null])) } as Row
    const at = { space, table: this.#table, id }
    const isGone = this.#gone
    const write = this.#internals.write(
      (_, composition) => (isGone ? composition.takeBack(at, patch, over) : composition.update(at, patch, over)),
      space,
      { ...options, seen: this.#seen() },
    )
    this.#changes = new Map()
    this.#changed()
    // What could not be stored is still in the form.
    write.then(undefined, () => {
      if (this.#closed) return
      this.#changes = new Map([...saved, ...this.#changes])
      this.#changed()
    })
    return write
  }

  reset(): void {
    this.#changes = new Map()
    this.#changed()
  }

  close(): void {
    this.#closed = true
    this.#stop()
    this.#listeners.clear()
    this.reset()
  }

  /** Whether somebody has changed a field since, to something else than is meant here. */
  #isMet(field: string, { value, over }: Change): boolean {
    const now = this.#row[field] ?? null
    return !equalJson(now, over[field] ?? null) && !equalJson(now, value)
  }

  #theirs(field: string): Theirs<JsonValue> {
    const { replica, tables, userId } = this.#internals
    const { $space, id } = this.#row
    const def = tables[this.#table]
    const state = replica.view.state($space, this.#table, id)
    const head = def && state && winner(def.fields[field]?.policy.heads(fieldState(def, state, field)) ?? [])
    return { value: this.#row[field] ?? null, userId: head ? userOf(replica, head.by, userId) : null, at: head ? msOf(head.at) : 0 }
  }

  /**
   * As of when the save has seen the record. Where nothing came that its author has not taken in that is now; else the oldest of his
   * changes says: of some that he did see somebody may be told needlessly, nothing is written over in silence.
   */
  #seen(): Seen | undefined {
    const changes = [...this.#changes]
    const isNews = this.#gone || changes.some(([field, { over }]) => !equalJson(this.#row[field] ?? null, over[field] ?? null))
    return isNews ? changes[0]?.[1].seen : undefined
  }

  #changed(): void {
    // While something is changed here, heads that it has not seen are not forgotten.
    const { pins } = this.#internals.replica
    if (this.#pinned) pins.delete(this.#pinned)
    this.#pinned = [...this.#changes.values()][0]?.seen
    if (this.#pinned) pins.add(this.#pinned)
    this.#state = undefined
    for (const listener of this.#listeners) listener(this.read())
  }

  #checkOpen(): void {
    if (this.#closed) throw new HoldfastError('closed', 'This draft is closed.')
  }
}
