import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Id } from '../ids.ts'
import { canonical, compareStrings, equalJson, type JsonValue } from '../json.ts'
import { counterPolicy } from '../policy/counter.ts'
import type { Policy } from '../policy/policy.ts'
import { registerPolicy } from '../policy/register.ts'
import { setPolicy } from '../policy/set.ts'
import { checkValue, idProblem, invalid, MAX_NODES, type Place } from './value.ts'

/** The kind of a field decides its verbs: a register is set in a patch, a counter incremented, a set added to. */
export type FieldKind = 'register' | 'counter' | 'set'

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
  /** The value as it will be stored: of a set all elements, sorted and without duplicates; else it throws `invalid_value`. */
  check(value: unknown, at: Place): JsonValue
}

/** What the type of a field says about it. */
export interface FieldType {
  readonly kind: FieldKind
  readonly value: unknown
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

/** A field that is one value, replaced as a whole. Each modifier gives a new field. */
export interface Register<V, Optional extends boolean = boolean, Scalar extends boolean = boolean, To extends string = string>
  extends Field<{ kind: 'register'; value: V; optional: Optional; scalar: Scalar; to: To }> {
  /** May also be `null`, and is unless an insert says otherwise. */
  nullable(): Register<V | null, true, Scalar, To>
  /** What an insert without this field gets. */
  default(value: V): Register<V, true, Scalar, To>
  /**
   * Validates with any Standard Schema (Zod, Valibot, ArkType…), at the call and again on the server. It must answer synchronously and
   * with an equal value: what was written is what is stored. A `null` that `nullable()` allows is not asked about.
   *
   * @example string().check(v.pipe(v.string(), v.nonEmpty()))
   */
  check(schema: StandardSchemaV1<NonNullable<V>, NonNullable<V>>): Register<V, Optional, Scalar, To>
}

/** A whole number that is incremented: concurrent increments add up. */
export type Counter = Field<{ kind: 'counter'; value: number; optional: true; scalar: true; to: never }>

/** Elements that are added and removed: a concurrent addition wins over a removal. */
export type SetField<V> = Field<{ kind: 'set'; value: readonly V[]; optional: true; scalar: false; to: never }>

function conform(schema: StandardSchemaV1, value: JsonValue, at: Place): JsonValue {
  let result: ReturnType<StandardSchemaV1['~standard']['validate']>
  try {
    result = schema['~standard'].validate(value)
  } catch (error) {
    throw invalid(at, 'its validator threw', { cause: error })
  }
  if ('then' in result) throw invalid(at, 'its validator is asynchronous')
  if (result.issues) throw invalid(at, result.issues[0]?.message ?? 'refused by its validator')
  if (!equalJson(result.value as JsonValue, value)) throw invalid(at, 'its validator changes the value')
  return value
}

const build = (def: FieldDef): Register<never> => ({
  def,
  nullable: () =>
    build({
      ...def,
      nullable: true,
      fallback: def.fallback === undefined ? null : def.fallback,
      check: (value, at) => (value === null ? null : def.check(value, at)),
    }) as never,
  default: (fallback) => build({ ...def, fallback }) as never,
  check: (schema) =>
    build({
      ...def,
      check(given, at) {
        const value = def.check(given, at)
        return value === null && def.nullable ? null : conform(schema, value, at)
      },
    }),
})

/** `problem` says what is wrong with a value of the value domain. A merge modifier would replace `policy` in `build`. */
const register = (problem: (value: JsonValue) => string | undefined | false, more: Partial<FieldDef> = {}): never =>
  build({
    kind: 'register',
    policy: registerPolicy as Policy,
    nullable: false,
    fallback: undefined,
    scalar: true,
    check(given, at) {
      const value = checkValue(given, at)
      const wrong = problem(value)
      if (wrong) throw invalid(at, wrong)
      return value
    },
    ...more,
  }) as never

const typed = (name: 'string' | 'number' | 'boolean') => (value: JsonValue) => typeof value !== name && `expected a ${name}`

/** Text, well-formed and without NUL. Strings are ordered by code point everywhere. */
export const string = (): Register<string, false, true, never> => register(typed('string'))

/** A finite number. To count, take {@link counter}: concurrent writes to a number do not add up. */
export const number = (): Register<number, false, true, never> => register(typed('number'))

export const boolean = (): Register<boolean, false, true, never> => register(typed('boolean'))

/** A moment in milliseconds since 1970, as `Date.now()` gives it. A `Date` is mutable, and so outside the value domain. */
export const timestamp = (): Register<number, false, true, never> => register(typed('number'))

/** One of these strings. @example oneOf('sand', 'sea', 'moss').default('sand') */
export const oneOf = <const V extends string>(...values: readonly [V, ...V[]]): Register<V, false, true, never> =>
  register((value) => !values.includes(value as V) && `expected one of ${values.join(', ')}`)

/** The id of a record of another table, or of this one. Whether that record exists is not checked. */
export const ref = <const T extends string>(to: T): Register<Id<T>, false, true, T> => register(idProblem, { to })

/** Any JSON, replaced as a whole; values that belong together are one `json()`. With a schema it is validated, else `T` is believed. */
export function json<S extends StandardSchemaV1>(schema: S): Register<StandardSchemaV1.InferOutput<S>, false, false, never>
export function json<T = JsonValue>(): Register<T, false, false, never>
export function json(schema?: StandardSchemaV1): Register<unknown, false, false, never> {
  const any: Register<unknown, false, false, never> = register(() => undefined, { scalar: false })
  return schema ? any.check(schema as StandardSchemaV1<NonNullable<unknown>>) : any
}

/** A whole number from 0 on, changed by `increment` and `reset`. */
export const counter = (): Counter => ({
  def: { kind: 'counter', policy: counterPolicy as Policy, nullable: false, fallback: 0, scalar: true, check: checkInteger },
})

/** A safe integer; -0 becomes 0. */
export function checkInteger(value: unknown, at: Place): number {
  if (!Number.isSafeInteger(value)) throw invalid(at, 'expected a safe integer')
  return (value as number) + 0
}

/** A set of strings, numbers or booleans, changed by `add` and `remove`. @example tags: set(string()) */
export const set = <V extends string | number | boolean>(of: Register<V, false, true>): SetField<V> => ({
  def: {
    kind: 'set',
    policy: setPolicy as Policy,
    nullable: false,
    fallback: [],
    scalar: false,
    check: (value, at) => checkSet(of.def, value, at),
  },
})

function checkSet(of: FieldDef, value: unknown, at: Place): JsonValue {
  // A string is iterable too, but a set of its characters is never what was meant.
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) throw invalid(at, 'expected an array or a Set')
  const given: unknown[] = []
  for (const element of value as Iterable<unknown>) if (given.push(element) > MAX_NODES) break
  const elements = new Map<string, JsonValue>()
  for (const element of checkValue(given, at) as readonly JsonValue[]) {
    const checked = of.check(element, at)
    if (typeof checked === 'object') throw invalid(at, 'an element that is no string, number or boolean')
    elements.set(canonical(checked), checked)
  }
  return Object.freeze([...elements].sort(([a], [b]) => compareStrings(a, b)).map(([, element]) => element))
}
