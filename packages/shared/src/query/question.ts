import type { SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import type { Reading } from './reading.ts'

/** A record of any table, as the app sees it: frozen, and the same object until it changes. */
export interface AnyRow {
  readonly id: string
  readonly $space: SpaceId
  readonly [field: string]: JsonValue
}

/** One record, before and after; `undefined` where it did not exist. Both are the very objects that the source gave, or will give. */
export interface RowChange {
  readonly table: string
  readonly space: SpaceId
  readonly id: string
  readonly before: AnyRow | undefined
  readonly after: AnyRow | undefined
}

/** One comparison. */
export type Part = readonly [field: string, op: string, operand: JsonValue]
/** Comparisons that must all hold. */
export type Test = readonly Part[]

/** By which field, and in which direction. */
export type Order = readonly [field: string, direction: 'asc' | 'desc']

/** A query as plain data. Equal questions have equal canonical JSON, and so share one maintained result. */
export interface Question {
  readonly table: string
  /** `null`: in all spaces. */
  readonly space: SpaceId | null
  /** In each group at least one test must hold; in a test every part. */
  readonly all: readonly (readonly Test[])[]
  readonly order: readonly Order[]
  readonly limit: number | null
}

/** Answers questions: live ones on `db`, tracked ones in a computation, those of the moment in a transaction. */
export interface Asker {
  rows(question: Question): Reading<readonly AnyRow[]>
  first(question: Question): Reading<AnyRow | undefined>
  count(question: Question): Reading<number>
  /** One record, in this space or in any. */
  record(table: string, space: string | undefined, id: string): Reading<AnyRow | undefined>
}

/** The question that has all records of a table for an answer, in one space or in all. */
export const everything = (table: string, space: SpaceId | null = null): Question => ({ table, space, all: [], order: [], limit: null })
