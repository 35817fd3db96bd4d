import type { Id } from '../ids.ts'
import type {
  ElementOf,
  EntryOf,
  FieldNames,
  Insert,
  OrderName,
  Patch,
  PositionIn,
  Row,
  TableName,
  Upsert,
  Where,
} from '../schema/infer.ts'
import type { Schema } from '../schema/table.ts'
import type { Write } from '../transaction/write.ts'
import type { Live, Reading } from './reading.ts'

/** Where one asks: on `db` and on spaces answers are live, in a transaction they are not. */
export type Mode = 'live' | 'now'
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
interface MapVerbs<S extends Schema, T extends TableName<S>, M extends Mode> {
  setKey<K extends FieldNames<S, T, 'map'>>(id: Id<T>, field: K, key: string, value: EntryOf<S, T, K>): Done<M, void>
  deleteKey<K extends FieldNames<S, T, 'map'>>(id: Id<T>, field: K, ...keys: readonly string[]): Done<M, void>
}
interface RankVerbs<S extends Schema, T extends TableName<S>, M extends Mode> {
  /**
   * Puts the record elsewhere in its order: at an end, or next to another record of its space. Wherever that has gone by the time the
   * server hears of it, the record goes there.
   */
  move(id: Id<T>, field: FieldNames<S, T, 'rank'>, position: PositionIn<T>): Done<M, void>
}
interface Inserting<S extends Schema, T extends TableName<S>, M extends Mode> {
  /** Makes a record, under an id of its own unless `values` has one. */
  insert(values: Insert<S, T>): Done<M, Id<T>>
  /** Makes the record, or merges these values into the one with this id. */
  upsert(id: Id<T>, values: Upsert<S, T>): Done<M, void>
  /** Brings a deleted record back, as it was when it was deleted. The server knows what that was: it shows when that has answered. */
  restore(id: Id<T>): Done<M, void>
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
  If<FieldNames<S, T, 'map'>, MapVerbs<S, T, M>> &
  If<FieldNames<S, T, 'rank'>, RankVerbs<S, T, M>> &
  (M extends 'live' ? Records<S, T> : unknown)

/** A table of one space: only here can one insert. */
export type SpaceTableView<S extends Schema, T extends TableName<S>, M extends Mode = 'live'> = TableView<S, T, M> & Inserting<S, T, M>

export type Views<S extends Schema, M extends Mode> = { readonly [T in TableName<S>]: TableView<S, T, M> }
export type SpaceViews<S extends Schema, M extends Mode> = { readonly [T in TableName<S>]: SpaceTableView<S, T, M> }
export type Reads<S extends Schema> = { readonly [T in TableName<S>]: TableReads<S, T> }
