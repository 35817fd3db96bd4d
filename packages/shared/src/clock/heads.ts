import { compareDots, type Dot } from './dot.ts'
import type { Hlc } from './hlc.ts'

/** One change: who made it, at which `seq` of its space it was decided, and when. `seq` is `PENDING` until then. */
export interface Head {
  readonly by: Dot
  readonly seq: number
  readonly at: Hlc
}

/**
 * Every change of a field that no later change had seen; nearly always one. This antichain is what makes concurrency exact: the last
 * writer alone is not enough, because an own write over an unseen one hides it (`schedules.md` 1).
 */
export type Heads = readonly Head[]

/** The seq of a change that the server has not decided: no `base` reaches it. */
export const PENDING = Number.POSITIVE_INFINITY

/** Later time wins, ties by dot. */
export const compareHeads = (a: Head, b: Head): number => a.at - b.at || compareDots(a.by, b.by)

/** The head that wins among concurrent ones. */
export const winner = (heads: Heads): Head | undefined =>
  heads.reduce<Head | undefined>((best, h) => (best && compareHeads(best, h) > 0 ? best : h), undefined)

/** How many changes that had not seen each other are told apart in one place. Six devices never come near; it bounds what a merge can cost. */
export const MAX_CONCURRENT = 64

/**
 * These heads, or so many of them: the winner, the oldest, and the newest. Who has not seen one that is forgotten has not seen the newest
 * either, and who has seen it, as far as he goes by `base`, has seen the oldest: so for him nothing is otherwise than with all of them.
 */
export function bounded(heads: Heads, most = MAX_CONCURRENT): Heads {
  if (heads.length <= most) return heads
  const best = winner(heads)
  // Two that are pending differ by no number, which is as good as nothing.
  const newer = heads.toSorted((a, b) => a.seq - b.seq).slice(1)
  const forgotten = newer.filter((head) => head !== best).slice(0, heads.length - most)
  return heads.filter((head) => !forgotten.includes(head))
}
