import type { FieldsOf, Row, TableName } from './infer.ts'
import type { Schema } from './table.ts'

/** Who writes, and as what in the record's space; `role` is `null` where none was given. */
export type Who = { readonly userId: string; readonly role: string | null }

/**
 * Who may write what, by table. Pure and per record: the client asks them at the call, the server decides by them. What no rule speaks of
 * is allowed to everyone who may write in the space. Reading goes by space, never by row.
 */
export type Rules<S extends Schema = Schema> = { readonly [T in TableName<S>]?: TableRules<S, T> }

/** The rules of one table; a write is refused with `rule_refused` unless its rule returns `true`. */
export interface TableRules<S extends Schema, T extends TableName<S>> {
  insert?(change: Who & { readonly after: Row<S, T> }): boolean
  update?(
    change: Who & { readonly before: Row<S, T>; readonly after: Row<S, T>; readonly changed: readonly (keyof FieldsOf<S, T> & string)[] },
  ): boolean
  delete?(change: Who & { readonly before: Row<S, T> }): boolean
}
