import { HoldfastError } from '../errors.ts'
import type { Row } from '../merge/record.ts'
import { referrersTo } from '../schema/referrers.ts'
import type { TableDef } from '../schema/table.ts'
import { recordKey } from './operation.ts'

interface At {
  readonly space: string
  readonly table: string
  readonly id: string
}

/** A space as a transaction leaves it. */
export interface Constrained {
  readonly tables: Readonly<Record<string, TableDef>>
  /** Whether what is not found here is not there. */
  readonly isWhole: boolean
  row(table: string, id: string): Row | undefined
  rows(table: string): ReadonlyMap<string, Row>
}

/**
 * What a delete comes to by the references to it, as far as its author can see: what goes with it, and which fields no longer name anything.
 *
 * @throws HoldfastError `restricted` where a reference says so
 */
export function consequencesOf(at: At, { tables, rows }: Constrained): { doomed: At[]; cleared: (readonly [At, field: string])[] } {
  const doomed = new Map([[recordKey(at.space, at.table, at.id), at]])
  const cleared: (readonly [At, field: string])[] = []
  for (const { space, table, id } of doomed.values()) {
    for (const { table: from, field, reference } of referrersTo(tables, table)) {
      for (const row of rows(from).values()) {
        if (row[field] !== id) continue
        const child = { space, table: from, id: row.id }
        if (reference.onDelete === 'set-null') cleared.push([child, field])
        else if (reference.onDelete === 'cascade') doomed.set(recordKey(space, from, row.id), child)
        else if (!doomed.has(recordKey(space, from, row.id))) throw restricted(at, from, row.id)
      }
    }
  }
  return { doomed: [...doomed.values()], cleared: cleared.filter(([child]) => !doomed.has(recordKey(child.space, child.table, child.id))) }
}

/** Whether there is anything to check in this table. */
export const isConstrained = ({ fields, uniques }: TableDef): boolean =>
  uniques.length > 0 || Object.values(fields).some(({ reference }) => reference !== undefined)

/**
 * Checks what a transaction leaves of a record: that what it names anew is there, and that nobody else has what is to be unique.
 *
 * @throws HoldfastError `missing_ref`, `not_unique`
 */
export function checkConstraints(
  { table, id }: At,
  { before, after }: { readonly before: Row | undefined; readonly after: Row },
  { tables, isWhole, row, rows }: Constrained,
): void {
  const { fields, uniques } = tables[table] ?? { fields: {}, uniques: [] }
  for (const [field, { to, reference }] of Object.entries(fields)) {
    const target = after[field]
    if (!reference || to === undefined || typeof target !== 'string' || target === before?.[field]) continue
    if (isWhole && !row(to, target)) throw missingRef({ table, id }, field)
  }
  for (const names of uniques) {
    if (names.every((name) => after[name] === before?.[name])) continue
    for (const other of rows(table).values()) if (other.id !== id && isSame(names, after, other)) throw notUnique({ table, id }, names)
  }
}

/** Puts together what is asked of a whole table once, however often it is asked. */
export function onceEach<V>(make: (table: string) => V): (table: string) => V {
  const made = new Map<string, V>()
  return (table) => {
    const value = made.get(table) ?? make(table)
    made.set(table, value)
    return value
  }
}

/** Whether two records have the same values where no two may; `null` is like nothing else. */
const isSame = (names: readonly string[], one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean =>
  names.every((name) => one[name] !== null && one[name] === other[name])

type Named = Pick<At, 'table' | 'id'>

export const missingRef = ({ table, id }: Named, field: string): HoldfastError =>
  new HoldfastError('missing_ref', `${table}.${field} names a record that is not there, or no more.`, { table, id, field })

export const restricted = ({ table, id }: Named, by: string, child: string): HoldfastError =>
  new HoldfastError('restricted', `${by} "${child}" still names it.`, { table, id, by, child })

export const notUnique = ({ table, id }: Named, fields: readonly string[]): HoldfastError =>
  new HoldfastError('not_unique', `${table}: another record has the same ${fields.join(', ')}.`, { table, id, fields })
