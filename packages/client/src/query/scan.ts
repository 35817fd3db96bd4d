import type { Asker, RowChange } from '@holdfast/shared/internal/query/question'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { createViews } from './live-query.ts'
import type { PackedSource } from './packed-rows.ts'

/**
 * Answers that are read from the source each time, with changes on top: for bodies that run while the view is taken apart, when what live
 * queries hold would be what was there before.
 */
export function scan(source: PackedSource, tables: Readonly<Record<string, TableDef>>): (changes: () => readonly RowChange[]) => Asker {
  const bare = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, { ...table, indexes: [] }]))
  return createViews({ source, tables: bare, report: () => undefined }).during
}
