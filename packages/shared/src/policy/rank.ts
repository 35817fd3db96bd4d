import type { Head, Heads } from '../clock/heads.ts'
import { writeLatest } from './latest.ts'
import { packedArray } from './packed.ts'
import { cannot, type Policy } from './policy.ts'
import { isRankKey } from './rank-key.ts'

/** Where an item stands: by key, ties by id. */
export interface RankState {
  readonly key: string
  /** The moves. */
  readonly heads: Heads
  /** The change that gave it another key without moving it, if that came after them. */
  readonly rekeyed: Heads
}

/** Where an item goes that nobody placed. */
export const UNPLACED = 'V'

/** Among concurrent moves of an item the later stands: it is in one place, and nothing of anybody's is lost with the other. */
export const rankPolicy: Policy<RankState> = {
  name: 'rank',
  kind: 'rank',
  empty: () => ({ key: UNPLACED, heads: [], rekeyed: [] }),
  apply(state, action, actor) {
    if (action.do !== 'move' && action.do !== 'init') return cannot('rank', action)
    const given = action.do === 'move' ? action.key : action.value
    const key = isRankKey(given) ? given : UNPLACED
    const merged = writeLatest({ value: state.key, heads: state.heads }, key, actor)
    return 'refused' in merged ? merged : { state: { key: merged.state.value as string, heads: merged.state.heads, rekeyed: [] } }
  },
  read: ({ key }) => key,
  heads: ({ heads, rekeyed }) => [...heads, ...rekeyed],
  edits: ({ heads }) => heads,
  pack: ({ key, heads: moves, rekeyed }, heads) => [key, heads(moves), heads(rekeyed)],
  unpack(packed, heads, held) {
    const [key, moves, rekeyed] = packedArray(packed, 3)
    return { key: String(key), heads: heads(moves, held?.heads ?? []), rekeyed: heads(rekeyed, held?.rekeyed ?? []) }
  },
}

/** The same place under a shorter key, as `head` found it too long: no move, so nothing is concurrent with it. */
export const rekeyed = (state: RankState, key: string, head: Head): RankState => ({ ...state, key, rekeyed: [head] })
