import { canonical, compareStrings, type JsonValue } from '../json.ts'
import { advance, cannot, type Policy } from './policy.ts'
import { inOrder, manyValues, type Versions } from './versions.ts'

/** Concurrent writes all stand, side by side, until one that has seen them resolves it. Equal ones are one. */
export const siblingsPolicy: Policy<Versions> = {
  ...manyValues,
  name: 'siblings',
  apply(state, action, actor) {
    if (action.do !== 'set' && action.do !== 'init') return cannot('siblings', action)
    const left = state.filter(({ heads }) => heads.some((head) => !actor.sees(head)))
    const { own } = advance(manyValues.heads(state), actor)
    return { state: inOrder([...left, { value: action.value, heads: [own] }]) }
  },
  read(state) {
    const values = new Map<string, JsonValue>(state.map(({ value }) => [canonical(value), value]))
    return [...values].sort(([a], [b]) => compareStrings(a, b)).map(([, value]) => value)
  },
}
