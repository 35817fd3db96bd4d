import { compareHeads, type Heads, winner } from '../clock/heads.ts'
import { packedArray, packedInteger } from './packed.ts'
import { advance, cannot, type Policy } from './policy.ts'

export interface CounterState {
  readonly sum: number
  readonly sumHeads: Heads
  readonly offset: number
  readonly offsetHeads: Heads
}

/**
 * `sum` of all increments plus an `offset` register: increments that are concurrent with a reset survive it, and two concurrent resets
 * to 0 give 0. Safe integers only, since float sums depend on the order (`schedules.md` 1).
 */
export const counterPolicy: Policy<CounterState> = {
  name: 'counter',
  kind: 'counter',
  empty: (fallback) => ({ sum: typeof fallback === 'number' ? fallback : 0, sumHeads: [], offset: 0, offsetHeads: [] }),
  apply(state, action, actor) {
    let next = state
    if (action.do === 'init' || action.do === 'inc') {
      const delta = action.do === 'inc' ? action.delta : typeof action.value === 'number' ? action.value : 0
      next = { ...state, sum: state.sum + delta, sumHeads: advance(state.sumHeads, actor).next }
    } else if (action.do === 'reset') {
      const { left, own, next: heads } = advance(state.offsetHeads, actor)
      const rival = winner(left)
      const wins = !rival || compareHeads(own, rival) > 0
      next = { ...state, offset: wins ? action.to - action.sum : state.offset, offsetHeads: heads }
    } else return cannot('counter', action)
    const safe = Number.isSafeInteger(next.sum) && Number.isSafeInteger(next.offset) && Number.isSafeInteger(next.sum + next.offset)
    return safe ? { state: next } : { refused: 'out_of_range', message: 'A counter would leave the range of safe integers.' }
  },
  read: (state) => state.sum + state.offset,
  heads: (state) => [...state.sumHeads, ...state.offsetHeads],
  pack: (state, heads) => [state.sum, heads(state.sumHeads), state.offset, heads(state.offsetHeads)],
  unpack(packed, heads, held) {
    const [sum, sumOf, offset, offsetOf] = packedArray(packed, 4)
    return {
      sum: packedInteger(sum),
      sumHeads: heads(sumOf, held?.sumHeads ?? []),
      offset: packedInteger(offset),
      offsetHeads: heads(offsetOf, held?.offsetHeads ?? []),
    }
  },
}
