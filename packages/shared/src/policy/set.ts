import type { Heads } from '../clock/heads.ts'
import { canonical, compareStrings, equalJson, type JsonValue } from '../json.ts'
import { packedArray } from './packed.ts'
import { advance, type Policy } from './policy.ts'

type Member = readonly [element: JsonValue, heads: Heads]

/** Members sorted by their canonical text; the field's own heads tell of removals, which leave none on the element. */
export interface SetState {
  readonly members: readonly Member[]
  readonly heads: Heads
}

/**
 * Observed-remove, add wins: a removal drops the adds that its author had seen, and no other. Source: Bieniusa, Zawirski et al., "An
 * optimized conflict-free replicated set" (2012), with dotted heads in place of tags.
 */
export const setPolicy: Policy<SetState> = {
  kind: 'set',
  empty: (fallback) => ({ members: Array.isArray(fallback) ? fallback.map((element) => [element, []] as const) : [], heads: [] }),
  apply(state, action, actor) {
    if (action.do === 'set' || action.do === 'inc' || action.do === 'reset') {
      return { refused: 'invalid_value', message: `A set cannot take "${action.do}".` }
    }
    const elements: readonly JsonValue[] = 'elements' in action ? action.elements : Array.isArray(action.value) ? action.value : []
    const members = new Map(state.members.map((member) => [canonical(member[0]), member]))
    for (const element of elements) {
      const key = canonical(element)
      const { left, next } = advance(members.get(key)?.[1] ?? [], actor)
      if (action.do !== 'remove') members.set(key, [element, next])
      else if (left.length > 0) members.set(key, [element, left])
      else members.delete(key)
    }
    const sorted = [...members].sort(([a], [b]) => compareStrings(a, b)).map(([, member]) => member)
    return { state: { members: sorted, heads: advance(state.heads, actor).next } }
  },
  read: (state) => state.members.map(([element]) => element),
  heads: (state) => [...state.heads, ...state.members.flatMap(([, heads]) => heads)],
  pack: (state, heads) => [state.members.map(([element, of]) => [element, heads(of)]), heads(state.heads)],
  unpack(packed, heads, held) {
    const [members, of] = packedArray(packed, 2)
    return {
      members: packedArray(members).map((member) => {
        const [element, elementOf] = packedArray(member, 2)
        const before = held?.members.find(([other]) => equalJson(other, element))
        return [element as JsonValue, heads(elementOf, before?.[1] ?? [])]
      }),
      heads: heads(of, held?.heads ?? []),
    }
  },
}
