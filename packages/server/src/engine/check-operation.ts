import { HoldfastError } from '@holdfast/shared'
import type { JsonValue } from '@holdfast/shared/internal/json'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import { checkDelta, checkElements, checkField, checkInsert, checkPatch, type Values } from '@holdfast/shared/internal/schema/check'
import { checkPlace } from '@holdfast/shared/internal/schema/rank'
import type { Schema, TableDef } from '@holdfast/shared/internal/schema/table'
import { checkId, MAX_NODES, type Place } from '@holdfast/shared/internal/schema/value'
import type { Operation, Reset, SeenValues } from '@holdfast/shared/internal/transaction/operation'

/** How many entries an operation of each kind has. */
const LENGTHS: ReadonlyMap<unknown, number> = new Map(
  Object.entries({ ins: 5, put: 5, upd: 5, del: 4, res: 4, inc: 6, off: 6, add: 6, rem: 6, key: 6, unk: 6, mov: 6 }),
)
/** How many own increments a counter's reset may name. */
const OWN = 1_000

const invalid = (what: string): HoldfastError => new HoldfastError('invalid_value', what)

/** Whether this is an operation of a kind that nobody has heard of: its author is newer than this server. */
export const isOfUnknownKind = (operation: unknown): boolean =>
  Array.isArray(operation) && typeof operation[0] === 'string' && !LENGTHS.has(operation[0]) && operation[0] !== 'cmd'

/**
 * An operation as it arrived → one that can be merged: known table, known fields, values inside their domain.
 *
 * @throws HoldfastError `invalid_value`, `unknown_field`, `unsupported` (a kind or an option of a later version), `forbidden` (a conflict
 * is written by the engine only)
 */
export function checkOperation(schema: Schema, operation: unknown): Operation {
  if (!Array.isArray(operation)) throw invalid('An operation is an array.')
  const [kind, space, name, id, ...rest] = operation as unknown[]
  const length = LENGTHS.get(kind)
  if (length === undefined) throw invalid('An operation starts with its kind.')
  const options = operation.length === length + 1 ? checkOptions(kind, operation[length]) : undefined
  if (operation.length !== length && !options) throw invalid(`"${kind}" has ${length} entries.`)
  const target = [checkId(space, 'id of a space'), checkTable(schema, kind, name), checkId(id, `id of ${name}`)] as const
  if (kind === 'del' || kind === 'res') return [kind, ...target]
  const table = schema.tables[target[1]] as TableDef
  const at: Place = { table: target[1], id: target[2] }
  if (kind === 'ins' || kind === 'put' || kind === 'upd') {
    const values = kind === 'upd' ? checkPatch(table, rest[0], at) : mentioned(checkInsert(table, rest[0], at), rest[0] as object)
    return options ? [kind, ...target, values, checkSeen(table, options, { at, values })] : [kind, ...target, values]
  }
  if (typeof rest[0] !== 'string') throw invalid(`"${kind}" names a field.`)
  const place = { ...at, field: rest[0] }
  if (kind === 'inc') return [kind, ...target, numeric(table, place), checkDelta(rest[1], place)]
  if (kind === 'off') return [kind, ...target, numeric(table, place), checkReset(rest[1], place)]
  if (kind === 'key') return [kind, ...target, rest[0], checkField(table, 'map', place).check(rest[1], place) as Values]
  if (kind === 'unk') return [kind, ...target, rest[0], checkKeys(table, rest[1], place)]
  if (kind === 'mov') return [kind, ...target, ranked(table, place), checkPlace(rest[1], place)]
  return [kind as 'add' | 'rem', ...target, rest[0], checkElements(checkField(table, 'set', place), rest[1], place)]
}

function checkOptions(kind: unknown, last: unknown): object | undefined {
  if (typeof last !== 'object' || last === null) return undefined
  if ('only' in last) throw new HoldfastError('unsupported', 'This server does not know "only" yet.')
  const isKnown = Object.keys(last).every((key) => key === 'from' || key === 'base')
  return isKnown && 'from' in last && (kind === 'put' || kind === 'upd') ? last : undefined
}

/** What the author saw, of fields that he writes and that merge by it. */
function checkSeen(table: TableDef, options: object, { at, values }: { at: Place; values: Values }): SeenValues {
  const checked = Object.entries(options).map(([key, seen]) => {
    if (typeof seen !== 'object' || seen === null) throw invalid(`"${key}" has values that its author saw.`)
    const out: Values = Object.create(null)
    for (const [field, value] of Object.entries(seen)) {
      const def = table.fields[field]
      if (!def?.policy.from || !Object.hasOwn(values, field)) throw invalid(`"${key}" is of fields that are written and merge by it.`)
      out[field] = def.check(value, { ...at, field })
    }
    return [key, out]
  })
  return Object.fromEntries(checked)
}

function checkKeys(table: TableDef, keys: unknown, place: Place & { readonly field: string }): readonly string[] {
  checkField(table, 'map', place)
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_NODES) throw invalid('To remove keys from a map they are listed.')
  return keys.map((key) => checkId(key, `key of ${place.field}`))
}

function checkTable(schema: Schema, kind: unknown, name: unknown): string {
  if (name === CONFLICTS) {
    if (kind !== 'del') throw new HoldfastError('forbidden', 'A conflict can only be deleted.')
  } else if (typeof name !== 'string' || !schema.tables[name]) throw invalid('An operation names a table that this schema does not have.')
  return name
}

/** What its author predicted with: defaults that he left out are for a record that is new, not for one that others made meanwhile. */
function mentioned(checked: Values, given: object): Values {
  const out: Record<string, JsonValue> = Object.create(null)
  for (const [field, value] of Object.entries(checked)) if (Object.hasOwn(given, field)) out[field] = value
  return out
}

function ranked(table: TableDef, at: Place & { readonly field: string }): string {
  checkField(table, 'rank', at)
  return at.field
}

function numeric(table: TableDef, at: Place & { readonly field: string }): string {
  checkField(table, 'counter', at)
  return at.field
}

function checkReset(given: unknown, at: Place): Reset {
  if (typeof given !== 'object' || given === null) throw invalid('A reset says to what.')
  const { to, sum, own = [] } = given as Record<string, unknown>
  if (!Array.isArray(own) || own.length > OWN) throw invalid(`A reset names at most ${OWN} own increments.`)
  return {
    to: checkDelta(to, at),
    sum: checkDelta(sum, at),
    own: own.map((one: unknown): Reset['own'][number] => {
      if (!Array.isArray(one) || typeof one[0] !== 'string') throw invalid('An own increment is its session, its number and by how much.')
      return [one[0], checkDelta(one[1], at), checkDelta(one[2], at)]
    }),
  }
}
