import type { SessionId, SpaceId } from '../ids.ts'
import type { Dot } from './dot.ts'
import type { Head } from './heads.ts'

/**
 * What the memory of a tab had seen when it wrote: `base`, for each space that it touches or reads the seq; `seen`, for each session of
 * the device that base does not cover the highest n. The own session counts up to `n - 1` unless stated.
 */
export interface Clock {
  readonly base: Readonly<Record<SpaceId, number>>
  readonly seen: Readonly<Record<SessionId, number>>
}

/**
 * Whether the author of `dot` with this clock had seen a change of `space`. Exact within one server history, like a dotted version
 * vector, at the cost of two comparisons (DESIGN 5.1; checked against textbook vector clocks).
 */
export function sees({ base, seen }: Clock, dot: Dot, space: SpaceId, head: Head): boolean {
  if (head.seq <= (base[space] ?? 0)) return true
  const [session, n] = head.by
  if (session === dot[0]) return n <= (seen[session] ?? dot[1] - 1) || n === dot[1]
  return n <= (seen[session] ?? 0)
}
