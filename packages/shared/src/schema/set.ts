import { canonical, compareStrings, type JsonValue } from '../json.ts'
import type { Policy } from '../policy/policy.ts'
import { setPolicy } from '../policy/set.ts'
import type { Field, FieldDef } from './field.ts'
import type { Register } from './register.ts'
import { checkValue, invalid, MAX_NODES, type Place } from './value.ts'

/** Elements that are added and removed: a concurrent addition wins over a removal. */
export type SetField<V> = Field<{ kind: 'set'; value: readonly V[]; input: Iterable<V> & object; optional: true; scalar: false; to: never }>

/** A set of strings, numbers or booleans, changed by `add` and `remove`. @example tags: set(string()) */
export const set = <V extends string | number | boolean>(of: Register<V, false, true>): SetField<V> => ({
  def: {
    kind: 'set',
    policy: setPolicy as Policy,
    nullable: false,
    fallback: [],
    scalar: false,
    check: (value, at) => checkSet(of.def, value, at),
    verbs: {
      add: (given, { at }) => changed('add', checkSet(of.def, given, at)),
      remove: (given, { at }) => changed('rem', checkSet(of.def, given, at)),
    },
  },
})

const changed = (verb: 'add' | 'rem', elements: readonly JsonValue[]) => (elements.length > 0 ? ([verb, elements] as const) : undefined)

function checkSet(of: FieldDef, value: unknown, at: Place): readonly JsonValue[] {
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
