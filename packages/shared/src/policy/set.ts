import { bounded, type Heads } from '../clock/heads.ts'
import { canonical, compareStrings, type JsonValue } from '../json.ts'
import { packedArray } from './packed.ts'
import { advance, cannot, full, headsPerEntry, MAX_ENTRIES, type Policy } from './policy.ts'

type Member = readonly [element: JsonValue, heads: Heads]

/** Members by their canonical text; the field's own heads tell of removals, which leave none on the element. */
export interface SetState {
  readonly members: ReadonlyMap<string, Member>
  readonly heads: Heads
}

/**
 * Observed-remove, add wins: a removal drops the adds that its author had seen, and no other. Source: Bieniusa, Zawirski et al., "An
 * optimized conflict-free replicated set" (2012), with dotted heads in place of tags.
 */
export const setPolicy: Policy<SetState> = {
  name: 'set',
  kind: 'set',
  empty: (fallback) => ({
    members: new Map(Array.isArray(fallback) ? fallback.map((element) => [canonical(element), [element, []]]) : []),
    heads: [],
  }),
  apply(state, action, actor) {
    if (action.do !== 'init' && action.do !== 'add' && action.do !== 'remove') return cannot('set', action)
    const elements: readonly JsonValue[] = 'elements' in action ? action.elements : Array.isArray(action.value) ? action.value : []
    const members = new Map(state.members)
    const most = headsPerEntry(members.size)
    for (const element of elements) {
      const key = canonical(element)
      const { left, next } = advance(members.get(key)?.[1] ?? [], actor)
      if (action.do !== 'remove') members.set(key, [element, bounded(next, most)])
      else if (left.length > 0) members.set(key, [element, left])
      else members.delete(key)
    }
    if (members.size > MAX_ENTRIES) return full('set')
    return { state: { members, heads: advance(state.heads, actor).next } }
  },
  read: (state) => sorted(state).map(([element]) => element),
  heads: (state) => [...state.heads, ...[...state.members.values()].flatMap(([, heads]) => heads)],
  pack: (state, heads) => [sorted(state).map(([element, of]) => [element, heads(of)]), heads(state.heads)],
  unpack(packed, heads, held) {
    const [members, of] = packedArray(packed, 2)
    return {
      members: new Map(
        packedArray(members).map((member) => {
          const [element, elementOf] = packedArray(member, 2)
          const key = canonical(element as JsonValue)
          return [key, [element as JsonValue, heads(elementOf, held?.members.get(key)?.[1] ?? [])]]
        }),
      ),
      heads: heads(of, held?.heads ?? []),
    }
  },
}

const sorted = ({ members }: SetState): Member[] => [...members].sort(([a], [b]) => compareStrings(a, b)).map(([, member]) => member)
