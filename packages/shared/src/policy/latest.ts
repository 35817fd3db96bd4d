import { compareHeads, type Heads, winner } from '../clock/heads.ts'
import { equalJson, type JsonValue } from '../json.ts'
import { packedArray } from './packed.ts'
import { type Actor, advance, cannot, type Merged, type Policy } from './policy.ts'

/** One value, and every change of it that no later change had seen. */
export interface RegisterState {
  readonly value: JsonValue
  readonly heads: Heads
}

/** A write to a register: among concurrent ones the later stands. */
export function writeLatest<S extends RegisterState>(state: S, value: JsonValue, actor: Actor): Merged<RegisterState> {
  const { left, own, next } = advance(state.heads, actor)
  const rival = winner(left)
  if (!rival) return { state: { value, heads: next } }
  const wins = compareHeads(own, rival) > 0
  const merged = { value: wins ? value : state.value, heads: next }
  // Where the author had seen the value in effect, the rival's was dropped, and told, before.
  const isNews = rival === winner(state.heads)
  if (equalJson(value, state.value) || !isNews) return { state: merged }
  const dropped = wins ? { value: state.value, by: rival, kept: value, keptBy: own } : { value, by: own, kept: state.value, keptBy: rival }
  return { state: merged, dropped: [dropped] }
}

/** The parts that registers of one value share. */
export const oneValue = {
  kind: 'register',
  empty: (fallback) => ({ value: fallback, heads: [] }),
  read: (state) => state.value,
  heads: (state) => state.heads,
  pack: (state, heads) => [state.value, heads(state.heads)],
  unpack(packed, heads, held) {
    const [value, of] = packedArray(packed, 2)
    return { value: value as JsonValue, heads: heads(of, held?.heads ?? []) }
  },
} satisfies Omit<Policy<RegisterState>, 'name' | 'apply'>

/** Among concurrent writes the one with the later HLC wins, ties by dot; the other value is dropped and recorded. The default. */
export const latestPolicy: Policy<RegisterState> = {
  ...oneValue,
  name: 'latest',
  apply: (state, action, actor) =>
    action.do === 'set' || action.do === 'init' ? writeLatest(state, action.value, actor) : cannot('latest', action),
}
