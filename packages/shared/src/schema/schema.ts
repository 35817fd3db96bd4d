import { HoldfastError } from '../errors.ts'
import type { Command, DefineCommand } from './command.ts'
import type { Field, FieldDef } from './field.ts'
import type { Rules } from './rules.ts'
import type { Fields, Schema, Table, TableDef, Tables } from './table.ts'

/** A schema as `defineSchema` gives it. */
export interface DefinedSchema<T extends Tables = Tables> extends Schema<T> {
  /** Types the rules; see {@link Rules}. Returns them as they are. */
  rules(rules: Rules<Schema<T>>): Rules<Schema<T>>
  /**
   * Types a command, and returns it as it is. Arguments are validated by any Standard Schema, on both sides.
   *
   * @example schema.command({ args: v.object({ id: v.string() }), run: (tx, { id }) => tx.todos.increment(id, 'votes') })
   */
  readonly command: DefineCommand<Schema<T>>
}

// Tables sit on `db`, on a space and on `tx`: these are the names that those have, or will have, themselves.
const RESERVED = [
  'userId',
  'home',
  'space',
  'spaces',
  'can',
  'write',
  'run',
  'live',
  'status',
  'conflicts',
  'deadLetters',
  'ready',
  'sync',
  'close',
  'erase',
  'verdict',
  'id',
  'state',
  'members',
  'follow',
  'unfollow',
  'now',
  'newId',
  'then',
  'toJSON',
] as const

type BadName = `$${string}` | `_${string}` | 'prototype' | keyof typeof Object.prototype

/** For each table nothing, or the text of the error where a type stands in its way. */
type Faults<T extends Tables> = {
  readonly [N in keyof T]: N extends (typeof RESERVED)[number] | BadName
    ? `A table cannot be named "${N & string}": db needs that name itself.`
    : T[N] extends Table<infer F>
      ? FieldFaults<F, keyof T & string> extends infer E
        ? [E] extends [never]
          ? unknown
          : E
        : never
      : unknown
}
type FieldFaults<F extends Fields, Names extends string> = {
  [K in keyof F]: K extends 'id' | BadName
    ? `A field cannot be named "${K & string}".`
    : F[K] extends Field<infer D>
      ? [D['to']] extends [Names]
        ? never
        : `"${K & string}" is a ref to no table of this schema.`
      : never
}[keyof F]

const bad = (what: string, details?: Record<string, unknown>, cause?: unknown) => new HoldfastError('invalid_schema', what, details, cause)

function checkName(name: string, what: string, reserved: readonly string[]): void {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) throw bad(`${what}: a name starts with a letter and goes on with letters, digits and _`)
  if (reserved.includes(name) || name === 'prototype' || name in Object.prototype) throw bad(`${what}: this name is reserved`)
}

/**
 * Declares what an app stores. `version` counts 1, 2, 3… and goes up with every change to the tables.
 *
 * @throws HoldfastError `invalid_schema`
 * @example
 * const schema = defineSchema({ version: 1, tables: { todos: table({ title: string(), done: boolean().default(false) }) } })
 */
export function defineSchema<T extends Tables>({
  version,
  tables,
}: {
  readonly version: number
  readonly tables: T & Faults<T>
}): DefinedSchema<T> {
  if (!Number.isSafeInteger(version) || version < 1) throw bad('The version of a schema is 1, 2, 3…')
  const checked: Record<string, TableDef> = Object.create(null)
  for (const [name, table] of Object.entries<Table>(tables)) {
    checkName(name, `Table ${name}`, RESERVED)
    const fields: Record<string, FieldDef> = Object.create(null)
    for (const [field, def] of Object.entries(table.fields)) {
      const what = `Field ${name}.${field}`
      checkName(field, what, ['id'])
      if (def.to !== undefined && !Object.hasOwn(tables, def.to)) throw bad(`${what} is a ref to no table: ${def.to}`)
      const nulls = [def.reference?.onDelete, def.reference?.onMissing].includes('set-null')
      if (nulls && !def.nullable) throw bad(`${what} is set to null by its reference, and is not nullable`)
      if (def.reference && !def.scalar) throw bad(`${what} is a reference with several values at once`)
      fields[field] = Object.freeze({ ...def, fallback: checkFallback(def, name, field) })
    }
    for (const field of [...table.indexes, ...table.uniques].flat())
      if (!fields[field]?.scalar) throw bad(`Index or unique on ${name}.${field}: no such field, or one without order`)
    checked[name] = Object.freeze({ ...table, fields: Object.freeze(fields) })
  }
  const command = (given: Command) => Object.freeze({ ...given })
  return Object.freeze({
    version,
    tables: Object.freeze(checked) as unknown as T,
    rules: (rules: Rules<Schema<T>>) => rules,
    command: command as unknown as DefineCommand<Schema<T>>,
  })
}

function checkFallback({ fallback, check }: FieldDef, table: string, field: string): FieldDef['fallback'] {
  try {
    return fallback === undefined ? fallback : check(fallback, { table, field })
  } catch (error) {
    throw bad(`The default of ${table}.${field} is no value of that field`, { table, field }, error)
  }
}
