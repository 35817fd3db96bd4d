import type { Field, FieldDef } from './field.ts'

/** A table as the engines see it. */
export interface TableDef {
  /** Without a prototype, so that any name may be looked up. */
  readonly fields: Readonly<Record<string, FieldDef>>
  readonly indexes: readonly (readonly string[])[]
  /** Fields of which no two records of a space have the same values. */
  readonly uniques: readonly (readonly string[])[]
  /** What becomes of a delete and an edit that had not seen each other. */
  readonly deletion: 'delete-wins' | 'edit-wins'
}

export type Fields = Readonly<Record<string, Field>>

declare const types: unique symbol

/** A table with the types of its fields. */
export interface Table<F extends Fields = Fields> extends TableDef {
  readonly [types]?: F
}

export type Tables = Readonly<Record<string, Table>>

/** What an app stores: its tables, their fields, how those merge. */
export interface Schema<T extends Tables = Tables> {
  readonly version: number
  /** Without a prototype, so that any name may be looked up. */
  readonly tables: T
}

/** A table being declared. */
export interface TableBuilder<F extends Fields> extends Table<F> {
  /**
   * Keeps the records ordered by these fields, for queries that compare the first ones with a value and order by, or bound, the next.
   * May be repeated.
   *
   * @example table({ title: string(), done: boolean() }).index('done', 'title')
   */
  index(...fields: readonly [Indexable<F>, ...Indexable<F>[]]): TableBuilder<F>
  /**
   * No two records of a space have the same values in these fields, taken together; `null` in one of them is like nothing else. Whoever
   * reaches the server first has them, the other write is refused: `not_unique`. May be repeated.
   *
   * @example table({ name: string() }).unique('name')
   */
  unique(...fields: readonly [Indexable<F>, ...Indexable<F>[]]): TableBuilder<F>
  /**
   * What becomes of a delete and an edit that had not seen each other: by default the record is gone and the edit is a conflict of its
   * author, from which the record can be restored; with `edit-wins` it stays, with the edit.
   */
  deletes(policy: TableDef['deletion']): TableBuilder<F>
}

/** The fields that can be ordered by: counters and registers other than json. */
export type Indexable<F extends Fields> = {
  [K in keyof F & string]: F[K] extends Field<infer T> ? (true extends T['scalar'] ? K : never) : never
}[keyof F & string]

/** Declares a table by its fields. Names start with a letter and go on with letters, digits and `_`; `id` is there already. */
export function table<F extends Fields>(fields: F): TableBuilder<F> {
  const defs: Record<string, FieldDef> = Object.create(null)
  for (const [name, { def }] of Object.entries(fields)) defs[name] = def
  const build = (rest: Omit<TableDef, 'fields'>): TableBuilder<F> => ({
    fields: Object.freeze(defs),
    ...rest,
    index: (...names) => build({ ...rest, indexes: [...rest.indexes, names] }),
    unique: (...names) => build({ ...rest, uniques: [...rest.uniques, names] }),
    deletes: (policy) => build({ ...rest, deletion: policy }),
  })
  return build({ indexes: [], uniques: [], deletion: 'delete-wins' })
}
