import { canonical, compareStrings, type JsonValue } from '../json.ts'
import type { TableDef } from '../schema/table.ts'
import { checkValue, invalid } from '../schema/value.ts'
import type { AnyRow, Order, Part, Question, Test } from './question.ts'

const LISTS = ['in', 'hasAny', 'hasAll']
const SCALAR = ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte', 'startsWith']
const SET = ['has', 'hasAny', 'hasAll']

/** Whether one can order by this field, and compare it. */
export const isScalar = ({ fields }: TableDef, field: string): boolean => field === 'id' || field === '$space' || !!fields[field]?.scalar

/**
 * The parts of a `where`, sorted. `undefined` is refused rather than skipped: a test that someone forgot to fill would match everything.
 *
 * @throws HoldfastError `invalid_value`, `unknown_field`
 */
export function parseTest(def: TableDef, table: string, test: object): Test {
  const parts: Part[] = []
  for (const [field, want] of Object.entries(test)) {
    const at = { table, field }
    const scalar = isScalar(def, field)
    if (!scalar && !def.fields[field]) throw invalid(at, 'no such field', { code: 'unknown_field' })
    const ops = scalar ? SCALAR : def.fields[field]?.kind === 'set' ? SET : []
    const comparisons: object = typeof want === 'object' && want !== null ? want : { eq: want }
    for (const [op, operand] of Object.entries(comparisons)) {
      if (!ops.includes(op) || LISTS.includes(op) !== Array.isArray(operand)) throw invalid(at, `cannot be asked with ${op}`)
      parts.push([field, op, checkValue(operand, at)])
    }
  }
  return inOrder(parts)
}

/** Equal questions are to be equal data, in whatever order they were put. */
export const inOrder = <T extends JsonValue>(parts: readonly T[]): readonly T[] =>
  parts.toSorted((a, b) => compareStrings(canonical(a), canonical(b)))

/** `null`, then booleans, numbers, strings by code point. */
export function compareValues(a: JsonValue | undefined, b: JsonValue | undefined): number {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  return level(a) - level(b) || (a as number) - (b as number)
}
const level = (value: JsonValue | undefined): number => ['boolean', 'number', 'string'].indexOf(typeof value)

const among = (list: unknown, element: unknown): boolean => Array.isArray(list) && list.includes(element)

/** Whether one comparison holds. A range holds only among values of one type: `null` is neither below nor above anything. */
export function holds(value: JsonValue | undefined, op: string, operand: JsonValue): boolean {
  switch (op) {
    case 'eq':
      return value === operand
    case 'ne':
      return value !== operand
    case 'in':
      return among(operand, value)
    case 'startsWith':
      return typeof value === 'string' && value.startsWith(operand as string)
    case 'has':
      return among(value, operand)
    case 'hasAny':
      return (operand as readonly JsonValue[]).some((element) => among(value, element))
    case 'hasAll':
      return (operand as readonly JsonValue[]).every((element) => among(value, element))
  }
  if (typeof value !== typeof operand) return false
  const order = compareValues(value, operand)
  return op === 'gt' ? order > 0 : op === 'gte' ? order >= 0 : op === 'lt' ? order < 0 : order <= 0
}

/** Whether a row of the right table and space is in the answer. It is asked of every row of a scan: hence no destructuring. */
export const matches = ({ all }: Pick<Question, 'all'>, row: AnyRow): boolean =>
  all.every((group) => group.some((test) => test.every((part) => holds(row[part[0]], part[1], part[2]))))

/** Total over the rows of one table: ties go by id, then by space. */
export type Compare = (a: AnyRow, b: AnyRow) => number

export const compareBy =
  (order: readonly Order[]): Compare =>
  (a, b) => {
    for (const [field, direction] of order) {
      const sign = compareValues(a[field], b[field])
      if (sign) return direction === 'asc' ? sign : -sign
    }
    return compareStrings(a.id, b.id) || compareStrings(a.$space, b.$space)
  }
