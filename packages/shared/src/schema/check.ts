import type { JsonValue } from '../json.ts'
import type { FieldDef } from './field.ts'
import type { TableDef } from './table.ts'
import { checkInteger, invalid, type Place } from './value.ts'

const VERBS: Readonly<Record<Exclude<FieldDef['kind'], 'register'>, string>> = {
  counter: 'increment() and reset()',
  set: 'add() and remove()',
  map: 'setKey() and deleteKey()',
  rank: 'move()',
}

/** Checked values by field name; without a prototype. */
export type Values = Record<string, JsonValue>

/** The fields that are mentioned. Names are looked up among own properties only, on both sides. */
function mentioned(table: TableDef, values: unknown, at: Place): Map<string, unknown> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw invalid(at, 'expected an object with fields')
  const given = new Map<string, unknown>()
  for (const [field, value] of Object.entries(values)) {
    if (!table.fields[field]) throw invalid({ ...at, field }, 'no such field', { code: 'unknown_field' })
    if (value !== undefined) given.set(field, value)
  }
  return given
}

/**
 * The values of a new record: what is given, checked, and the defaults of registers that are not. Omitted counters and sets stay out.
 * `id` is not among `values`.
 *
 * @throws HoldfastError `invalid_value`, `unknown_field`
 */
export function checkInsert(table: TableDef, values: unknown, at: Place): Values {
  const given = mentioned(table, values, at)
  const out: Values = Object.create(null)
  for (const [field, { kind, fallback, check }] of Object.entries(table.fields)) {
    const place = { ...at, field }
    if (given.has(field)) out[field] = check(given.get(field), place)
    else if (kind === 'register') {
      if (fallback === undefined) throw invalid(place, 'required, but missing')
      out[field] = fallback
    }
  }
  return out
}

/**
 * The registers that an update sets; maybe none.
 *
 * @throws HoldfastError `invalid_value`, also for what is no register, `unknown_field`
 */
export function checkPatch(table: TableDef, patch: unknown, at: Place): Values {
  const out: Values = Object.create(null)
  for (const [field, value] of mentioned(table, patch, at)) {
    const place = { ...at, field }
    const { kind, check } = table.fields[field] as FieldDef
    if (kind !== 'register') throw invalid(place, `a ${kind} is changed by ${VERBS[kind]}`)
    out[field] = check(value, place)
  }
  return out
}

/** The field of this kind, for the verbs that name one. @throws HoldfastError `unknown_field`, or `invalid_value` if it has not that verb */
export function checkField(table: TableDef, kind: FieldDef['kind'], at: Place): FieldDef {
  const field = table.fields[at.field ?? '']
  if (!field) throw invalid(at, 'no such field', { code: 'unknown_field' })
  if (field.kind !== kind) throw invalid(at, `not a ${kind}, but a ${field.kind}`)
  return field
}

/** The elements to add to or remove from a set: sorted, without duplicates. @throws HoldfastError `invalid_value` */
export function checkElements(field: FieldDef, elements: unknown, at: Place): readonly JsonValue[] {
  if (field.kind !== 'set') throw invalid(at, `not a set, but a ${field.kind}`)
  return field.check(elements, at) as readonly JsonValue[]
}

/** The number by which a counter is incremented, or to which it is reset. @throws HoldfastError `invalid_value` */
export const checkDelta = (value: unknown, at: Place): number => checkInteger(value, at)
