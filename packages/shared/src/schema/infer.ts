import type { Id, SpaceId } from '../ids.ts'
import type { Field, FieldKind, FieldType } from './field.ts'
import type { Fields, Schema, Table } from './table.ts'

export type TableName<S extends Schema> = keyof S['tables'] & string

/** The declared fields of a table. */
export type FieldsOf<S extends Schema, T extends TableName<S>> = S['tables'][T] extends Table<infer F> ? F : never

type TypeOf<F> = F extends Field<infer T> ? T : never
type ValueOf<F> = TypeOf<F>['value']
type InputOf<F> = TypeOf<F>['input']
type Names<F extends Fields, Want extends Partial<FieldType>> = { [K in keyof F]: TypeOf<F[K]> extends Want ? K : never }[keyof F] & string

/** The names of a table's fields of one kind. */
export type FieldNames<S extends Schema, T extends TableName<S>, Kind extends FieldKind> = Names<FieldsOf<S, T>, { kind: Kind }>

/** What one can order by: `id`, counters, ranks, and registers of one scalar value. */
export type OrderName<S extends Schema, T extends TableName<S>> = 'id' | Names<FieldsOf<S, T>, { scalar: true }>

/** What a field holds in a row. */
export type FieldValue<S extends Schema, T extends TableName<S>, K extends keyof FieldsOf<S, T>> = ValueOf<FieldsOf<S, T>[K]>

/** What one element of a set is. */
export type ElementOf<S extends Schema, T extends TableName<S>, K extends FieldNames<S, T, 'set'>> =
  ValueOf<FieldsOf<S, T>[K]> extends readonly (infer V)[] ? V : never

/**
 * A record as the app sees it: frozen, and the same object until it changes.
 *
 * @example type Todo = Row<typeof schema, 'todos'>
 */
export type Row<S extends Schema, T extends TableName<S>> = RowOf<FieldsOf<S, T>, T>
type RowOf<F extends Fields, T extends string> = {
  readonly [K in keyof F | 'id' | '$space']: K extends 'id' ? Id<T> : K extends '$space' ? SpaceId : ValueOf<F[K]>
}

/** Where in an order a record of this table goes: at either end, or next to another one. */
export type PositionIn<T extends string> = 'first' | 'last' | { readonly after: Id<T> } | { readonly before: Id<T> }

/** What one value of a map is. */
export type EntryOf<S extends Schema, T extends TableName<S>, K extends FieldNames<S, T, 'map'>> =
  ValueOf<FieldsOf<S, T>[K]> extends { readonly [key: string]: infer V } ? V : never

/** What `insert` takes: an `id` of the app's own if it has one, the required fields, and any others. */
export type Insert<S extends Schema, T extends TableName<S>> = Values<FieldsOf<S, T>> & { readonly id?: Id<T> | undefined }
type Values<F extends Fields> = { readonly [K in Names<F, { optional: false }>]: InputOf<F[K]> } & {
  readonly [K in Names<F, { optional: true }>]?: InputOf<F[K]> | undefined
}

/** What `update` takes: registers only, since all other fields have verbs of their own. `undefined` means "not mentioned". */
export type Patch<S extends Schema, T extends TableName<S>> = PatchOf<FieldsOf<S, T>>
type PatchOf<F extends Fields> = { readonly [K in Names<F, { kind: 'register' }>]?: InputOf<F[K]> | undefined }

/** What `upsert` takes: as `Insert`, the id being named already. */
export type Upsert<S extends Schema, T extends TableName<S>> = Values<FieldsOf<S, T>>

/** Tests that all hold: a value means equality. Set fields are asked by their elements; json fields are not asked. */
export type Where<S extends Schema, T extends TableName<S>> = WhereOf<FieldsOf<S, T>, T>
type WhereOf<F extends Fields, T extends string> = {
  readonly [K in Names<F, { scalar: true; kind: 'register' | 'counter' }>]?: Scalar<ValueOf<F[K]>>
} & {
  readonly [K in Names<F, { kind: 'set' }>]?: ValueOf<F[K]> extends readonly (infer V)[] ? Elements<V> : never
} & { readonly id?: Scalar<Id<T>>; readonly $space?: Scalar<SpaceId> }

type Scalar<V> = V | Compare<V>
type Compare<V> = Equality<V> &
  ([NonNullable<V>] extends [number] ? Range<number> : [NonNullable<V>] extends [string] ? Range<string> & Prefix : unknown)
interface Equality<V> {
  readonly eq?: V
  readonly ne?: V
  readonly in?: readonly V[]
}
interface Range<V> {
  readonly gt?: V
  readonly gte?: V
  readonly lt?: V
  readonly lte?: V
}
interface Prefix {
  readonly startsWith?: string
}
interface Elements<V> {
  readonly has?: V
  readonly hasAny?: readonly V[]
  readonly hasAll?: readonly V[]
}
