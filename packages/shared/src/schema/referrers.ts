import type { Reference } from './field.ts'
import type { TableDef } from './table.ts'

/** A field that names records of another table. */
export interface Referrer {
  readonly table: string
  readonly field: string
  readonly reference: Reference
}

/** The fields whose references to a table have to hold. */
export const referrersTo = (tables: Readonly<Record<string, TableDef>>, target: string): readonly Referrer[] =>
  Object.entries(tables).flatMap(([table, { fields }]) =>
    Object.entries(fields).flatMap(([field, { to, reference }]) => (to === target && reference ? [{ table, field, reference }] : [])),
  )
