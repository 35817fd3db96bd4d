import { latestPolicy, oneValue, type RegisterState } from './latest.ts'
import { advance, cannot, type Policy } from './policy.ts'

/**
 * Optimistic concurrency: a write that had not seen another one is refused (`conflict`), with its whole transaction. Goes by the order in
 * which writes reach the server.
 */
export const strictPolicy: Policy<RegisterState> = {
  ...oneValue,
  name: 'strict',
  apply(state, action, actor) {
    if (action.do !== 'set' && action.do !== 'init') return cannot('strict', action)
    const { left } = advance(state.heads, actor)
    if (left.length > 0) return { refused: 'conflict', message: 'Somebody else has changed this first.' }
    return latestPolicy.apply(state, action, actor)
  },
}
