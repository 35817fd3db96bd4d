import { compareStrings, type JsonValue } from '../json.ts'
import { advance, cannot, type Policy } from './policy.ts'
import { inOrder, manyValues, type Versions } from './versions.ts'

/** Numbers by size, strings by code point; nothing is less, and more, than any value. */
const compare = (a: JsonValue, b: JsonValue): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareStrings(String(a), String(b))

/** By value, over all that no later change had seen: nothing is dropped that had not lost by the rule itself. */
function extreme(name: 'max' | 'min', sign: 1 | -1): Policy<Versions> {
  return {
    ...manyValues,
    name,
    apply(state, action, actor) {
      if (action.do !== 'set' && action.do !== 'init') return cannot(name, action)
      const left = state.filter(({ heads }) => heads.some((head) => !actor.sees(head)))
      const { own } = advance(manyValues.heads(state), actor)
      return { state: inOrder([...left, { value: action.value, heads: [own] }]) }
    },
    read: (state) =>
      state.reduce<JsonValue>((best, { value }) => {
        if (best === null || value === null) return best ?? value
        return sign * compare(value, best) > 0 ? value : best
      }, null),
  }
}

/** Among concurrent writes the greatest value stands; `null` yields to any. */
export const maxPolicy = extreme('max', 1)
/** Among concurrent writes the least value stands; `null` yields to any. */
export const minPolicy = extreme('min', -1)
