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
