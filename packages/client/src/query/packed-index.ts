import type { JsonValue } from '@holdfast/shared/internal/json'
import { type Compare, compareBy, compareValues, holds, matches } from '@holdfast/shared/internal/query/predicate'
import type { AnyRow, Question } from '@holdfast/shared/internal/query/question'
import { MOST_RECORDS } from '@holdfast/shared/internal/segment/segment'
import type { Plan } from './index-plan.ts'
import { lengthOf, type PackedRows, type PackedSource, type Place, packTest, rowAt, sortPlaces } from './packed-rows.ts'
import { type Edit, type SortedRows, search, sortRows } from './sorted-rows.ts'

/** Places with the same value in the first column of an index; sorted by the others when they are first asked for. */
interface Bucket {
  places: Uint32Array
  sorted: boolean
}

/** An index of one space or of all: packed rows by place, and loose ones as rows. */
export interface PackedIndex {
  /** The rows that are in the answer to a question: in the order of the plan if it has one, and then no more than are `enough`. */
  find(question: Question, plan: Plan, enough: number): AnyRow[]
  /** How many they are. */
  count(question: Question, plan: Plan): number
  apply(edits: readonly Edit[]): void
  /** Sorts about so many places that nobody has asked for yet; whether there are more. */
  sortAhead(places: number): boolean
}

/** Groups what is packed by the first column, which costs a look at each code; nothing becomes a row before it is in an answer. */
export function createIndex(
  source: PackedSource,
  { table, space }: Pick<Question, 'table' | 'space'>,
  columns: readonly string[],
): PackedIndex {
  const packs = source.packed(table, space ?? undefined)
  const loose: SortedRows = sortRows(source.loose(table, space ?? undefined), compareBy(columns.map((column) => [column, 'asc'])))
  const buckets = bucketsOf(packs, columns[0] ?? '')
  const read = columns.map((column) => packs.map((pack) => pack.column(column)))
  const show = (place: Place, column: number): JsonValue => read[column]?.[place >>> 16]?.at(place & 0xffff) ?? null

  function sorted(bucket: Bucket): Uint32Array {
    if (!bucket.sorted) {
      bucket.places = sortPlaces(packs, bucket.places, columns)
      bucket.sorted = true
    }
    return bucket.places
  }

  /** The buckets that a plan asks for, in its order. */
  function asked({ bounds, reversed }: Plan): readonly Bucket[] {
    const own = bounds.filter(([field]) => field === columns[0])
    const wanted = [...buckets].filter(([value]) => value === EVERY || own.every(([, op, operand]) => holds(value, op, operand)))
    wanted.sort(([a], [b]) => compareValues(a as JsonValue, b as JsonValue))
    return (reversed ? wanted.reverse() : wanted).map(([, bucket]) => bucket)
  }

  /** Places in the order of the plan. */
  function* placed(plan: Plan): Iterable<Place> {
    for (const bucket of asked(plan)) {
      const places = sorted(bucket)
      const valueAt = (k: number, field: string) => show(places[k] as Place, columns.indexOf(field))
      for (const k of inOrder(places.length, valueAt, columns, plan)) yield places[k] as Place
    }
  }

  /** Of what is packed, what is in an answer, in the order of the plan. */
  function* packedPlaces({ all }: Question, plan: Plan): Iterable<Place> {
    // What the bounds say need not be asked again.
    const left = all.filter((group) => !isBound(group, plan))
    const tests = new Map<PackedRows, (i: number) => boolean>()
    for (const place of placed(plan)) {
      const [pack, i] = [packs[place >>> 16] as PackedRows, place & 0xffff]
      if (!pack.has(i)) continue
      let test = tests.get(pack)
      if (!test) {
        test = packTest(pack, left)
        tests.set(pack, test)
      }
      if (test(i)) yield place
    }
  }

  function* packedRows(question: Question, plan: Plan): Iterable<AnyRow> {
    for (const place of packedPlaces(question, plan)) yield rowAt(packs, place)
  }

  function* looseRows(question: Question, plan: Plan): Iterable<AnyRow> {
    const { rows } = loose
    const valueAt = (k: number, field: string) => rows[k]?.[field] ?? null
    for (const k of inOrder(rows.length, valueAt, columns, plan)) if (matches(question, rows[k] as AnyRow)) yield rows[k] as AnyRow
  }

  return {
    find(question, plan, enough) {
      const most = plan.ordered ? enough : Infinity
      const found: AnyRow[] = []
      if (most <= 0) return found
      for (const row of merged(packedRows(question, plan), looseRows(question, plan), compareBy(question.order))) {
        if (found.push(row) >= most) break
      }
      return found
    },
    count: (question, plan) => lengthOf(packedPlaces(question, plan)) + lengthOf(looseRows(question, plan)),
    apply: loose.apply,
    sortAhead(places) {
      let left = places
      for (const bucket of buckets.values()) {
        if (bucket.sorted) continue
        if (left <= 0) return true
        left -= sorted(bucket).length
      }
      return false
    },
  }
}

/** Two lists in one order as one. */
function* merged(a: Iterable<AnyRow>, b: Iterable<AnyRow>, compare: Compare): Iterable<AnyRow> {
  const others = b[Symbol.iterator]()
  let other = others.next()
  for (const row of a) {
    for (; !other.done && compare(other.value, row) < 0; other = others.next()) yield other.value
    yield row
  }
  for (; !other.done; other = others.next()) yield other.value
}

const EVERY = Symbol('every value')

/** By value where there are few; one for all others. */
function bucketsOf(packs: readonly PackedRows[], field: string): Map<JsonValue | typeof EVERY, Bucket> {
  const columns = packs.map((pack) => pack.column(field))
  const lists = new Map<JsonValue | typeof EVERY, number[]>()
  const listOf = (value: JsonValue | typeof EVERY) => {
    const list = lists.get(value) ?? []
    if (list.length === 0) lists.set(value, list)
    return list
  }
  const isFew = columns.every((column) => column?.codes)
  for (const [p, pack] of packs.entries()) {
    const { codes, values = [] } = columns[p] ?? {}
    const into = isFew && codes ? values.map(listOf) : [listOf(EVERY)]
    const few = isFew ? codes : undefined
    for (let i = 0; i < pack.size; i++) into[few ? (few[i] as number) : 0]?.push(p * MOST_RECORDS + i)
  }
  return new Map([...lists].map(([value, list]) => [value, { places: Uint32Array.from(list), sorted: false }]))
}

/** Whether a plan's bounds say all that a group of a question does. */
const isBound = (group: Question['all'][number], { bounds }: Plan): boolean =>
  group.length === 1 && group[0]?.length === 1 && bounds.includes(group[0][0] as Plan['bounds'][number])

/** What a sorted list shows at a place. */
type ValueAt = (k: number, field: string) => JsonValue

/** The places of a sorted list between the plan's bounds, in its order: what is equal by all columns by id, in whichever direction. */
function* inOrder(length: number, valueAt: ValueAt, columns: readonly string[], plan: Plan): Iterable<number> {
  const [from, to] = rangeOf(length, valueAt, plan)
  if (!plan.reversed) {
    for (let k = from; k < to; k++) yield k
    return
  }
  const isEqual = (a: number, b: number) => columns.every((column) => compareValues(valueAt(a, column), valueAt(b, column)) === 0)
  for (let end = to; end > from; ) {
    let begin = end - 1
    while (begin > from && isEqual(begin - 1, begin)) begin--
    for (let k = begin; k < end; k++) yield k
    end = begin
  }
}

function rangeOf(length: number, valueAt: ValueAt, { bounds }: Plan): readonly [from: number, to: number] {
  const side = (k: number): number => {
    for (const [field, op, operand] of bounds) {
      const value = valueAt(k, field)
      if (!holds(value, op, operand)) return compareValues(value, operand) || (op === 'gt' ? -1 : 1)
    }
    return 0
  }
  return [search(length, (k) => side(k) < 0), search(length, (k) => side(k) <= 0)]
}
