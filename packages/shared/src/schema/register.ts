import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Id } from '../ids.ts'
import { equalJson, type JsonValue } from '../json.ts'
import { latestPolicy } from '../policy/latest.ts'
import type { Policy } from '../policy/policy.ts'
import type { Field, FieldDef, Reference } from './field.ts'
import type { Merge, Siblings } from './merges.ts'
import { checkValue, idProblem, invalid, type Place } from './value.ts'

/** A field that is one value, replaced as a whole. Each modifier gives a new field. */
export interface Register<V, Optional extends boolean = boolean, Scalar extends boolean = boolean, To extends string = string>
  extends Field<{ kind: 'register'; value: V; input: V; optional: Optional; scalar: Scalar; to: To }> {
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
  /**
   * How concurrent writes merge, if not as `latest`: `first`, `max`, `min`, `siblings`, `strict`, or `threeWay(…)`. To be said last.
   *
   * @example timestamp().nullable().merge(min)
   */
  merge(how: Merge<V>): Register<V, Optional, Scalar, To>
  merge(how: Siblings): Field<{ kind: 'register'; value: readonly [V, ...V[]]; input: V; optional: Optional; scalar: false; to: To }>
}

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
  merge: (({ keeps, policyOf }: Merge<never> | Siblings) => {
    const policy = policyOf((value) => def.check(value, { table: 'the result of its merge function' }))
    return build({ ...def, policy, scalar: def.scalar && keeps === 'one' })
  }) as never,
})

/** `problem` says what is wrong with a value of the value domain. */
const register = (problem: (value: JsonValue) => string | undefined | false, more: Partial<FieldDef> = {}): never =>
  build({
    kind: 'register',
    policy: latestPolicy as Policy,
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

/**
 * The id of a record of another table, or of this one. Without options that is all: the record may be in another space, or nowhere. With
 * them it is in the same space, or the write is refused: `missing_ref`, or `restricted` for the delete of what others name.
 *
 * @example ref('lists', { onDelete: 'cascade', onMissing: 'revive' })
 */
export const ref = <const T extends string>(
  to: T,
  reference?: { readonly onDelete: Reference['onDelete']; readonly onMissing?: Reference['onMissing'] },
): Register<Id<T>, false, true, T> =>
  register(idProblem, { to, ...(reference ? { reference: { onMissing: 'reject', ...reference } } : {}) })

/** Any JSON, replaced as a whole; values that belong together are one `json()`. With a schema it is validated, else `T` is believed. */
export function json<S extends StandardSchemaV1>(schema: S): Register<StandardSchemaV1.InferOutput<S>, false, false, never>
export function json<T = JsonValue>(): Register<T, false, false, never>
export function json(schema?: StandardSchemaV1): Register<unknown, false, false, never> {
  const any: Register<unknown, false, false, never> = register(() => undefined, { scalar: false })
  return schema ? any.check(schema as StandardSchemaV1<NonNullable<unknown>>) : any
}
