import { compareHeads, type Heads, winner } from '../clock/heads.ts'
import { equalJson, type JsonValue } from '../json.ts'
import { packedArray } from './packed.ts'
import { advance, type Policy } from './policy.ts'

export interface RegisterState {
  readonly value: JsonValue
  readonly heads: Heads
}

/** `latest`: among concurrent writes the one with the later HLC wins, ties by dot; the other value is dropped and recorded. */
export const registerPolicy: Policy<RegisterState> = {
  kind: 'register',
  empty: (fallback) => ({ value: fallback, heads: [] }),
  apply(state, action, actor) {
    if (action.do !== 'set' && action.do !== 'init') return { refused: 'invalid_value', message: `A register cannot take "${action.do}".` }
    const { left, own, next } = advance(state.heads, actor)
    const rival = winner(left)
    if (!rival) return { state: { value: action.value, heads: next } }
    const wins = compareHeads(own, rival) > 0
    const merged = { value: wins ? action.value : state.value, heads: next }
    // Where the author had seen the value in effect, the rival's was dropped, and told, before.
    const isNews = rival === winner(state.heads)
    if (equalJson(action.value, state.value) || !isNews) return { state: merged }
    const dropped = wins
      ? { value: state.value, by: rival, kept: action.value, keptBy: own }
      : { value: action.value, by: own, kept: state.value, keptBy: rival }
    return { state: merged, dropped }
  },
  read: (state) => state.value,
  heads: (state) => state.heads,
  pack: (state, heads) => [state.value, heads(state.heads)],
  unpack(packed, heads, held) {
    const [value, of] = packedArray(packed, 2)
    return { value: value as JsonValue, heads: heads(of, held?.heads ?? []) }
  },
}
