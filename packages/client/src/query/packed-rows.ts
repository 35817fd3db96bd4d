import type { JsonValue } from '@holdfast/shared/internal/json'
import { compareBy, compareValues, matches } from '@holdfast/shared/internal/query/predicate'
import type { AnyRow, Question, Test } from '@holdfast/shared/internal/query/question'
import { type Column, testOf } from '@holdfast/shared/internal/segment/column'
import { MOST_RECORDS } from '@holdfast/shared/internal/segment/segment'
import { search } from './sorted-rows.ts'

/** Rows of one table and space that are columns still: each becomes an object when it is looked at. */
export interface PackedRows {
  readonly size: number
  /** Whether the row at this place is here still: one that was touched since is loose. */
  has(i: number): boolean
  /** What rows show of a field, `id` and `$space` among them. */
  column(field: string): Column | undefined
  /** The same object each time. */
  row(i: number): AnyRow
}

/** The view, as queries need it. */
export interface PackedSource {
  /** The records of a table in one space, or in all, in any order. */
  rows(table: string, space: string | undefined): Iterable<AnyRow>
  /** One record; may throw `ambiguous_id` if no space is given. */
  get(table: string, space: string | undefined, id: string): AnyRow | undefined
  packed(table: string, space: string | undefined): readonly PackedRows[]
  /** The rows that are in no pack. */
  loose(table: string, space: string | undefined): Iterable<AnyRow>
  /** Grows whenever rows are packed anew: a place of before means nothing then. */
  readonly layout: number
  /** Grows whenever many rows changed at once, and no change was told of each. */
  readonly renewals: number
}

/** A row by its pack and its place there, in one number: a segment has no more records than the lower half can name. */
export type Place = number

export const rowAt = (packs: readonly PackedRows[], place: Place): AnyRow => packs[place >>> 16]?.row(place & 0xffff) as AnyRow

/** What is in the answer to a question, in any order: of what is packed the places, and the rows of the rest. */
function matching(source: PackedSource, { table, space, all }: Question) {
  const packs = source.packed(table, space ?? undefined)
  return {
    packs,
    *places(): Iterable<Place> {
      for (const [p, pack] of packs.entries()) {
        const test = packTest(pack, all)
        for (let i = 0; i < pack.size; i++) if (test(i) && pack.has(i)) yield p * MOST_RECORDS + i
      }
    },
    *loose(): Iterable<AnyRow> {
      for (const row of source.loose(table, space ?? undefined)) if (matches({ all }, row)) yield row
    },
  }
}

/** The rows that are in the answer to a question, in any order; of those that are not, none becomes an object. */
export function* allMatching(source: PackedSource, question: Question): Iterable<AnyRow> {
  const { packs, places, loose } = matching(source, question)
  for (const place of places()) yield rowAt(packs, place)
  yield* loose()
}

/** How many they are: none becomes an object. */
export function countMatching(source: PackedSource, question: Question): number {
  const { places, loose } = matching(source, question)
  return lengthOf(places()) + lengthOf(loose())
}

export function lengthOf(all: Iterable<unknown>): number {
  let n = 0
  for (const _ of all) n++
  return n
}

/** The first of them, in the order of the question: no others become objects. */
export function firstMatching(source: PackedSource, question: Question, enough: number): AnyRow[] {
  const { order } = question
  const { packs, places, loose } = matching(source, question)
  const read = [...order.map(([field]) => field), 'id', '$space'].map((field) => packs.map((pack) => pack.column(field)))
  const show = (column: number, place: Place) => read[column]?.[place >>> 16]?.at(place & 0xffff)
  const compare = (a: Place, b: Place): number => {
    for (let column = 0; column < read.length; column++) {
      const sign = compareValues(show(column, a), show(column, b))
      if (sign) return order[column]?.[1] === 'desc' ? -sign : sign
    }
    return 0
  }
  const best: Place[] = []
  for (const place of places()) {
    if (best.length >= enough && compare(place, best[enough - 1] ?? place) >= 0) continue
    const at = search(best.length, (k) => compare(best[k] as Place, place) < 0)
    best.splice(at, 0, place)
    if (best.length > enough) best.pop()
  }
  return [...best.map((place) => rowAt(packs, place)), ...loose()].sort(compareBy(order)).slice(0, enough)
}

/** Whether the row at a place meets all of these groups. */
export function packTest(pack: PackedRows, all: readonly (readonly Test[])[]): (i: number) => boolean {
  const groups = all.map((group) => anyOf(group.map((test) => allOf(test.map((part) => partTest(pack, part))))))
  return allOf(groups)
}

function partTest(pack: PackedRows, [field, op, operand]: Test[number]): (i: number) => boolean {
  const column = pack.column(field)
  return column ? testOf(column, op, operand) : () => false
}

type Holds = (i: number) => boolean

function allOf(tests: readonly Holds[]): Holds {
  const [one, two, ...more] = tests
  if (!one) return () => true
  if (!two) return one
  return more.length === 0 ? (i) => one(i) && two(i) : (i) => tests.every((test) => test(i))
}

const anyOf = (tests: readonly Holds[]): Holds => (tests.length === 1 ? (tests[0] as Holds) : (i) => tests.some((test) => test(i)))

/** Sorts places, which come by id within each space, by what these columns show; ties by id, then by space. Each value is decoded once. */
export function sortPlaces(packs: readonly PackedRows[], places: Uint32Array, columns: readonly string[]): Uint32Array {
  const read = (field: string): JsonValue[] => {
    const columns = packs.map((pack) => pack.column(field))
    return Array.from(places, (place) => columns[place >>> 16]?.at(place & 0xffff) ?? null)
  }
  const values = columns.map(read)
  const spaces = new Set(packs.map((pack) => pack.column('$space')?.at(0)))
  const ranked = spaces.size <= 1 ? rankOf(values, places.length) : undefined
  if (ranked) return Uint32Array.from(ranked, (rank) => places[rank % places.length] as Place)
  const compares = values.map(compareOf)
  const ids = ['id', '$space'].map((field) => packs.map((pack) => pack.column(field)))
  const show = (of: (typeof ids)[number], place: Place) => of[place >>> 16]?.at(place & 0xffff)
  const order = new Uint32Array(places.length).map((_, k) => k)
  order.sort((a, b) => {
    for (const compare of compares) {
      const sign = compare(a, b)
      if (sign) return sign
    }
    if (spaces.size <= 1) return a - b
    for (const of of ids) {
      const sign = compareValues(show(of, places[a] as Place), show(of, places[b] as Place))
      if (sign) return sign
    }
    return 0
  })
  return order.map((k) => places[k] as Place)
}

/**
 * Whole numbers and booleans as one number for each place, in order: sorting those takes a tenth of comparing. The place itself comes
 * last, so that ties go by id and the number says where it was from. Undefined where there is anything else, or too much for a number.
 */
function rankOf(columns: readonly (readonly JsonValue[])[], length: number): Float64Array | undefined {
  const ranks = new Float64Array(length)
  let most = 1
  for (const values of columns) {
    // As the first column is, where places are grouped by it.
    if (values.every((value) => value === values[0])) continue
    const kind = typeof values[0]
    if (kind !== 'number' && kind !== 'boolean') return undefined
    let low = Infinity
    let high = -Infinity
    for (const value of values) {
      if (typeof value !== kind || !Number.isSafeInteger(Number(value))) return undefined
      low = Math.min(low, Number(value))
      high = Math.max(high, Number(value))
    }
    const range = high - low + 1
    most *= range
    if (most * length > Number.MAX_SAFE_INTEGER) return undefined
    for (let k = 0; k < length; k++) ranks[k] = (ranks[k] as number) * range + (Number(values[k]) - low)
  }
  for (let k = 0; k < length; k++) ranks[k] = (ranks[k] as number) * length + k
  return ranks.sort()
}

/** How two of these values stand, by where they are. */
function compareOf(values: readonly JsonValue[]): (a: number, b: number) => number {
  const kind = typeof values[0]
  if ((kind !== 'number' && kind !== 'boolean') || !values.every((value) => typeof value === kind))
    return (a, b) => compareValues(values[a], values[b])
  const numbers = Float64Array.from(values as readonly number[])
  return (a, b) => (numbers[a] as number) - (numbers[b] as number)
}
