import type { Dot } from '../clock/dot.ts'
import type { JsonValue } from '../json.ts'
import type { Row } from '../merge/record.ts'
import type { FieldKind, Policy } from '../policy/policy.ts'
import type { Place as RankPlace } from '../policy/rank-key.ts'
import type { Reset } from '../transaction/operation.ts'
import type { Place } from './value.ts'

export type { FieldKind } from '../policy/policy.ts'

/** What a verb may look at when it is called. */
export interface Calling {
  readonly at: Place & { readonly field: string }
  /** The transaction that is being written. */
  readonly dot: Dot
  /** The other records of its table and space. */
  others(): Iterable<Row>
  /** What a reset counts: what was confirmed, and the own increments that are on their way. */
  counted(): Pick<Reset, 'sum' | 'own'>
}

/** An operation but for the record and field that it is about. */
export type Change =
  | readonly ['inc', number]
  | readonly ['off', Reset]
  | readonly ['add' | 'rem', readonly JsonValue[]]
  | readonly ['key', Readonly<Record<string, JsonValue>>]
  | readonly ['unk', readonly string[]]
  | readonly ['mov', RankPlace]

/** Checks what a verb was given, and says what it does: nothing at all, maybe. Throws `invalid_value`. */
export type Verb = (given: readonly unknown[], calling: Calling) => Change | undefined

/** What keeps a field from naming a record that is not there. */
export interface Reference {
  /** What a delete does to the records that name the deleted one, and which its author had seen. */
  readonly onDelete: 'cascade' | 'restrict' | 'set-null'
  /**
   * What becomes of a record that names a deleted one when neither author had seen the other: it is refused (or, if it came first, goes to
   * its author's conflicts), the other one lives again, or it names nothing.
   */
  readonly onMissing: 'reject' | 'revive' | 'set-null'
}

/** A field as the engines see it. */
export interface FieldDef {
  readonly kind: FieldKind
  readonly policy: Policy
  readonly nullable: boolean
  /** What an insert without this field gets; `undefined` if it is required. */
  readonly fallback: JsonValue | undefined
  /** Whether it can be asked for in `where`, ordered by and indexed: one string, number, boolean or null. */
  readonly scalar: boolean
  /** The table whose ids it holds. */
  readonly to?: string
  /** What holds between it and the records that it names; without it, it is just an id. */
  readonly reference?: Reference
  /**
   * What is written, as it will be stored: of a set all elements, sorted and without duplicates, of a rank its place. Else it throws
   * `invalid_value`.
   */
  check(value: unknown, at: Place): JsonValue
  /** How it is changed by name: `increment`, `add`, `move`… A register has none: it is set. */
  readonly verbs?: Readonly<Record<string, Verb>>
  /** What an insert that says nothing of it, or something in words, means by that. */
  place?(given: unknown, calling: Calling): JsonValue
}

/** What the type of a field says about it. */
export interface FieldType {
  readonly kind: FieldKind
  readonly value: unknown
  /** What is written, where that is not what is read. */
  readonly input: unknown
  /** Whether an insert may leave it out. */
  readonly optional: boolean
  readonly scalar: boolean
  readonly to: string
}

declare const type: unique symbol

/** A field being declared: its definition, and its types. */
export interface Field<T extends FieldType = FieldType> {
  readonly def: FieldDef
  readonly [type]?: T
}
