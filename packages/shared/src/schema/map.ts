import type { JsonValue } from '../json.ts'
import { mapPolicy } from '../policy/map.ts'
import type { Policy } from '../policy/policy.ts'
import type { Field } from './field.ts'
import type { Register } from './register.ts'
import { checkValue, idProblem, invalid, type Place } from './value.ts'

type Entries = Readonly<Record<string, JsonValue>>

/** A register for each key: what is done to one says nothing of the others. */
export type MapField<V> = Field<{
  kind: 'map'
  value: { readonly [key: string]: V }
  input: { readonly [key: string]: V }
  optional: true
  scalar: false
  to: never
}>

/** A map of values, each a register by its key: changed by `setKey` and `deleteKey`. @example scores: map(number()) */
export const map = <V>(of: Register<V>): MapField<V> => {
  const check = (given: unknown, at: Place): Entries => {
    const values = checkValue(given, at)
    if (typeof values !== 'object' || values === null || Array.isArray(values)) throw invalid(at, 'expected an object')
    return Object.freeze(Object.fromEntries(Object.entries(values).map(([key, value]) => [checkKey(key, at), of.def.check(value, at)])))
  }
  return {
    def: {
      kind: 'map',
      policy: mapPolicy as Policy,
      nullable: false,
      fallback: {},
      scalar: false,
      check,
      verbs: {
        setKey: ([key, value], { at }) => ['key', check({ [checkKey(key, at)]: value }, at)],
        deleteKey: (keys, { at }) => (keys.length > 0 ? ['unk', keys.map((key) => checkKey(key, at))] : undefined),
      },
    },
  }
}

function checkKey(key: unknown, at: Place): string {
  const problem = idProblem(key)
  if (problem) throw invalid(at, `a key: ${problem}`)
  return key as string
}
