import type { Code, Id, Insert, Patch, Row, SpaceId } from '@holdfast/shared'
import type { ElementOf, FieldNames, FieldValue, OrderName, TableName, Upsert, Where } from '@holdfast/shared/internal/schema/infer'
import type { Schema } from '@holdfast/shared/internal/schema/table'

/** A span of time: milliseconds, or a number with a unit. @example '10s' */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

/** A value that can be read; what a transaction and a `live(compute)` work with. */
export interface Reading<T> {
  /** Equal for equal questions. */
  readonly key: string
  read(): T
}

/** A value that changes: `read()` gives it now, `subscribe()` from now on. */
export interface Live<T> extends Reading<T> {
  /**
   * Calls at once with the current value, then synchronously at the end of each transaction or applied response that changed it: once,
   * after every query is up to date. The value is the same object until it changes. Returns the way to stop.
   */
  subscribe(listener: (value: T) => void): () => void
}

/** Where one asks: on `db` and on spaces answers are live, in a transaction they are not. */
type Mode = 'live' | 'now'
type Answer<M extends Mode, T> = M extends 'live' ? Live<T> : Reading<T>

/** An immutable question about one table. Holds nothing until subscribed. Without `orderBy`, in the order of ids. */
export type Query<S extends Schema, T extends TableName<S>, M extends Mode = 'live'> = Answer<M, readonly Row<S, T>[]> & Asking<S, T, M>
interface Asking<S extends Schema, T extends TableName<S>, M extends Mode> extends Iterable<Row<S, T>> {
  /** Also this must hold. @example todos.where({ done: false, due: { lt: Date.now() } }) */
  where(test: Where<S, T>): Query<S, T, M>
  /** Also at least one of these must hold. */
  whereAny(...tests: readonly Where<S, T>[]): Query<S, T, M>
  /** Strings go by code point, `null` comes first; ties go by id. May be repeated. */
  orderBy(field: OrderName<S, T>, direction?: 'asc' | 'desc'): Query<S, T, M>
  limit(n: number): Query<S, T, M>
  first(): Answer<M, Row<S, T> | undefined>
  count(): Answer<M, number>
}

/** What `db.live` computes from. */
export type TableReads<S extends Schema, T extends TableName<S>, M extends Mode = 'now'> = Query<S, T, M> & {
  /** The record as it is now. On `db` it throws `ambiguous_id` if two spaces have this id. */
  get(id: Id<T>): Row<S, T> | undefined
}

type Done<M extends Mode, T> = M extends 'live' ? Write<T> : T

interface Verbs<S extends Schema, T extends TableName<S>, M extends Mode> {
  /** Sets registers; a field that is `undefined` is not mentioned. */
  update(id: Id<T>, patch: Patch<S, T>): Done<M, void>
  delete(id: Id<T>): Done<M, void>
}
interface CounterVerbs<S extends Schema, T extends TableName<S>, M extends Mode> {
  /** Adds a whole number, 1 unless stated. Increments made at the same time all count. */
  increment(id: Id<T>, field: FieldNames<S, T, 'counter'>, by?: number): Done<M, void>
  /** Sets the counter, to 0 unless stated. Increments that this device had not seen still count. */
  reset(id: Id<T>, field: FieldNames<S, T, 'counter'>, to?: number): Done<M, void>
}
interface SetVerbs<S extends Schema, T extends TableName<S>, M extends Mode> {
  add<K extends FieldNames<S, T, 'set'>>(id: Id<T>, field: K, ...elements: readonly ElementOf<S, T, K>[]): Done<M, void>
  /** Removes what this device has seen; an element that someone else adds at the same time stays. */
  remove<K extends FieldNames<S, T, 'set'>>(id: Id<T>, field: K, ...elements: readonly ElementOf<S, T, K>[]): Done<M, void>
}
interface Inserting<S extends Schema, T extends TableName<S>, M extends Mode> {
  /** Makes a record, under an id of its own unless `values` has one. */
  insert(values: Insert<S, T>): Done<M, Id<T>>
  /** Makes the record, or merges these values into the one with this id. */
  upsert(id: Id<T>, values: Upsert<S, T>): Done<M, void>
}
interface Records<S extends Schema, T extends TableName<S>> {
  /** One record, live; `undefined` while there is none. */
  record(id: Id<T>): Live<Row<S, T> | undefined>
}
type If<Names, Members> = [Names] extends [never] ? unknown : Members

/** A table across all spaces: read, update and delete by id. */
export type TableView<S extends Schema, T extends TableName<S>, M extends Mode = 'live'> = TableReads<S, T, M> &
  Verbs<S, T, M> &
  If<FieldNames<S, T, 'counter'>, CounterVerbs<S, T, M>> &
  If<FieldNames<S, T, 'set'>, SetVerbs<S, T, M>> &
  (M extends 'live' ? Records<S, T> : unknown)

/** A table of one space: only here can one insert. */
export type SpaceTableView<S extends Schema, T extends TableName<S>, M extends Mode = 'live'> = TableView<S, T, M> & Inserting<S, T, M>

type Views<S extends Schema, M extends Mode> = { readonly [T in TableName<S>]: TableView<S, T, M> }
type SpaceViews<S extends Schema, M extends Mode> = { readonly [T in TableName<S>]: SpaceTableView<S, T, M> }
type Reads<S extends Schema> = { readonly [T in TableName<S>]: TableReads<S, T> }

/** A write that is on screen already. `await` it to know that it is stored on this device, `confirmed()` for what the server said. */
export interface Write<T> extends PromiseLike<T> {
  /** Names the write for `db.verdict`, also after a reload. */
  readonly id: string
  /** What the write gave, at once: the id of an insert. */
  readonly value: T
  /** Never rejects. Offline it may take days: with `within` it says `pending` after that time. */
  confirmed(options?: { readonly within?: Duration }): Promise<Verdict<T>>
}

/** The server's final word, or `pending` while it has not spoken. */
export type Verdict<T> =
  | { readonly status: 'applied'; readonly result: T; readonly conflicts: number }
  | { readonly status: 'pending' }
  | { readonly status: 'refused'; readonly code: Code | (string & {}); readonly message: string; readonly deadLetter: string }

export interface WriteOptions {
  /** What a person would call this write, in lists of dead letters and for undo. */
  readonly label?: string
}

interface Context {
  readonly userId: string
  /** Milliseconds since 1970; the same throughout the transaction. */
  readonly now: number
  /** A fresh id: unique, not secret. */
  newId(): string
}
interface Spaces<Space> {
  /** The user's own space. */
  readonly home: Space
  space(id: SpaceId): Space
}

/** One space inside a transaction. */
export type TxSpace<S extends Schema> = { readonly id: SpaceId } & SpaceViews<S, 'now'>

/** A transaction of `db.write`: reads see its own writes, verbs give values. It ends with the closure. */
export type Tx<S extends Schema> = Context & Spaces<TxSpace<S>> & Views<S, 'now'>

/** A transaction of `space.write`: its tables are those of that space; the others are in `home` and `space(id)`. */
export type SpaceTx<S extends Schema> = Context & Spaces<TxSpace<S>> & SpaceViews<S, 'now'>

/** What `db.live` reads through: what is read through it is what the result depends on. */
export type Reader<S extends Schema> = Spaces<{ readonly id: SpaceId } & Reads<S>> & Reads<S>

type Synchronous<R> = [Extract<R, PromiseLike<unknown>>] extends [never]
  ? unknown
  : 'A transaction is synchronous: its body returns no promise, and no write of db, which would not be part of it.'

interface Writing<T> {
  /**
   * Writes all or nothing. The body runs once, at once, and synchronously; what it returns is the value of the write, and if it throws,
   * nothing happened.
   */
  write<R>(body: (tx: T) => R & Synchronous<R>, options?: WriteOptions): Write<R>
}

/** The unit of access and sharing: a user's own data, a shared list, a workspace. A handle costs nothing and never expires. */
export type Space<S extends Schema> = Writing<SpaceTx<S>> &
  SpaceViews<S, 'live'> & {
    readonly id: SpaceId
    readonly state: Live<SpaceState>
    /** Resolves when its first copy is complete, and waits for that while offline; rejects when the space is `gone`. */
    ready(): Promise<void>
  }

export type SpaceState =
  | { readonly is: 'loading'; readonly progress: number }
  | { readonly is: 'ready'; readonly access: 'read' | 'write'; readonly role: string | null }
  | { readonly is: 'gone'; readonly why: 'revoked' | 'deleted' | 'refused'; readonly deadLetters: number }

/** The data of one user on this device, in memory; tables sit on it by name. */
export type Database<S extends Schema> = Spaces<Space<S>> &
  Writing<Tx<S>> &
  Views<S, 'live'> & {
    readonly userId: string
    /** The spaces that the user may read. */
    readonly spaces: Live<readonly SpaceId[]>
    /**
     * A value computed from what it reads through `read`, and computed again when that changes: joins, sums.
     *
     * @example db.live((read) => read.lists.read().map((list) => read.todos.where({ list: list.id }).count().read()))
     */
    live<V>(compute: (read: Reader<S>) => V): Live<V>
    readonly status: Live<Status>
    /** The user's own edits that a merge dropped. */
    readonly conflicts: Live<readonly Conflict<S>[]>
    /** The user's writes that were refused. */
    readonly deadLetters: Live<readonly DeadLetter[]>
    /** What became of a write, by `write.id`; `undefined` if this device does not know it (any more). */
    verdict(write: string): Promise<Verdict<unknown> | undefined>
    /** Resolves when every space of the user has its first copy. */
    ready(): Promise<void>
    /** Syncs now; resolves when that has succeeded or failed, with the status then. */
    sync(): Promise<Status>
    close(): Promise<void>
    /** Deletes everything on this device. Throws `unsent_writes` while there are any, unless they are to be discarded. */
    erase(options?: { readonly unsent?: 'refuse' | 'discard' }): Promise<void>
  }

/** Times are milliseconds since 1970. */
export interface Status {
  readonly state: 'synced' | 'syncing' | 'offline' | 'paused' | 'stuck'
  readonly online: boolean
  /** Writes without a verdict, and since when the oldest of them waits. */
  readonly pending: number
  readonly oldestPending: number | null
  readonly lastSynced: number | null
  readonly progress: { readonly done: number; readonly total: number } | null
  readonly conflicts: number
  readonly deadLetters: number
  /** Whether this tab is the one that syncs. */
  readonly leader: boolean
  readonly storage: 'persistent' | 'best-effort' | 'memory'
  readonly problem: Problem | null
}

/** Why it does not go on, and what would help. */
export interface Problem {
  readonly code: Code | (string & {})
  readonly message: string
  readonly since: number
  readonly retryAt: number | null
  readonly fix: 'wait' | 'sign_in' | 'upgrade' | 'free_space' | 'review' | 'reload'
}

/** One of two values that met; `at` in milliseconds since 1970. */
export interface Side<V> {
  readonly value: V
  readonly userId: string
  readonly at: number
}

/**
 * An edit of this user that a merge dropped: another value stands (`value`), or the record was deleted meanwhile (`deleted`): then
 * `dropped.value` has what he had written to it, by field.
 */
export type Conflict<S extends Schema = Schema> = { [T in TableName<S>]: ConflictIn<S, T> }[TableName<S>]
type ConflictIn<S extends Schema, T extends TableName<S>> =
  | DeletedConflict<S, T>
  | { [K in FieldNames<S, T, 'register'>]: ValueConflict<S, T, K> }[FieldNames<S, T, 'register'>]
interface ConflictOf<T extends string> {
  readonly id: string
  readonly space: SpaceId
  readonly table: T
  readonly record: Id<T>
  /** Writes the dropped value again, over what stands now; a deleted record lives again. */
  restore(): Write<void>
  /** Lets it be: on all devices of the user. */
  dismiss(): Write<void>
}
interface ValueConflict<S extends Schema, T extends TableName<S>, K extends FieldNames<S, T, 'register'>> extends ConflictOf<T> {
  readonly kind: 'value'
  readonly field: K
  readonly kept: Side<FieldValue<S, T, K>>
  readonly dropped: Side<FieldValue<S, T, K>>
}
interface DeletedConflict<S extends Schema, T extends TableName<S>> extends ConflictOf<T> {
  readonly kind: 'deleted'
  readonly field: null
  readonly kept: null
  readonly dropped: Side<Partial<Omit<Row<S, T>, 'id' | '$space'>>>
}

/** A transaction that was refused: kept until the user decides. */
export interface DeadLetter {
  readonly id: string
  readonly code: Code | (string & {})
  readonly message: string
  readonly at: number
  /** What it would have done, a line for each operation. */
  readonly summary: readonly string[]
  /** The dead letter without which this one makes no sense. */
  readonly causedBy: string | null
  /** Forgets it; what it would have written is lost. */
  discard(): Promise<void>
}
