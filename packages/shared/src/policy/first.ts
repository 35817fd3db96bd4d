import { bounded, type Heads } from '../clock/heads.ts'
import { equalJson, type JsonValue } from '../json.ts'
import { packedArray } from './packed.ts'
import { advance, cannot, type Policy } from './policy.ts'

export interface FirstState {
  readonly value: JsonValue
  /** The change that made the value: nobody else's stands until somebody has seen it. */
  readonly by: Heads
  /** Those that came too late. */
  readonly rest: Heads
}

/** Among concurrent writes the value that got there first stands; the other is dropped and recorded. Goes by the order of the server. */
export const firstPolicy: Policy<FirstState> = {
  name: 'first',
  kind: 'register',
  empty: (fallback) => ({ value: fallback, by: [], rest: [] }),
  apply(state, action, actor) {
    if (action.do !== 'set' && action.do !== 'init') return cannot('first', action)
    const { left, own } = advance([...state.by, ...state.rest], actor)
    const [standing] = left.filter((head) => state.by.includes(head))
    // Whoever had seen the value in effect replaces it; what came too late for that one was dropped, and told, before.
    if (!standing) return { state: { value: action.value, by: [own], rest: left } }
    const merged = { value: state.value, by: [standing], rest: bounded([...left.filter((head) => head !== standing), own]) }
    if (equalJson(action.value, state.value)) return { state: merged }
    return { state: merged, dropped: [{ value: action.value, by: own, kept: state.value, keptBy: standing }] }
  },
  read: (state) => state.value,
  heads: (state) => [...state.by, ...state.rest],
  pack: (state, heads) => [state.value, heads(state.by), heads(state.rest)],
  unpack(packed, heads, held) {
    const [value, by, rest] = packedArray(packed, 3)
    const had = [...(held?.by ?? []), ...(held?.rest ?? [])]
    const winner = heads(by, []).length > 0 ? heads(by, []) : heads(undefined, held?.by ?? [])
    const isWinner = new Set(winner.map(({ by: [session, n] }) => `${session} ${n}`))
    const others = heads(rest, had).filter(({ by: [session, n] }) => !isWinner.has(`${session} ${n}`))
    return { value: value as JsonValue, by: winner, rest: others }
  },
}
