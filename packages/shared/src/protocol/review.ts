import { dotName } from '../clock/dot.ts'
import { HoldfastError } from '../errors.ts'
import type { Cut } from '../history/history-hash.ts'
import type { SpaceId } from '../ids.ts'
import type { ConflictValue } from '../merge/conflict.ts'
import { namesOf } from './names.ts'
import { spaceNames, type WireRequest } from './request.ts'
import type { Drop } from './response.ts'
import { shaped } from './shape.ts'

// What only those write and read who review: a page that does not is not to load it.

const texts = { list: 'text' } as const

/** What the head of an answer says besides, where the request had a condition. */
export const wireChanged = { object: {}, maybe: { X: texts, S: texts, changed: { list: 'count' } } } as const

/** A verdict in the answer to `POST preview`; who does not ask what would be dropped reads it as any other. */
export const wirePreviewed = {
  object: {},
  maybe: { d: { tuple: ['count', 'count'] }, drops: { list: { tuple: ['count', 'text', 'map'] } } },
} as const

/** A request that is to be decided only where these spaces are still there. */
export function onCondition(request: WireRequest, cut: Cut): WireRequest {
  const all = [...new Set([...spaceNames(request), ...cut.keys()])]
  const condition = [...cut].map(([space, { seq, hash }]): [number, number, string] => [all.indexOf(space), seq, hash])
  return { ...request, X: all.slice(request.cur.length), if: condition }
}

export interface Reviewed {
  /** The spaces that are elsewhere by now: nothing was decided. */
  readonly changed: readonly SpaceId[] | undefined
  /** What each transaction would drop, or have dropped, by the name of its dot. */
  readonly drops: ReadonlyMap<string, readonly Drop[]>
}

/**
 * Reads what a body says besides what `decodeResponse` has read of it.
 *
 * @throws HoldfastError `bad_response`
 */
export function readReviewed(bytes: Uint8Array): Reviewed {
  try {
    const [first, ...lines] = new TextDecoder().decode(bytes).trimEnd().split('\n').slice(0, -1)
    const { X = [], S = [], changed } = shaped(wireChanged, JSON.parse(first ?? ''))
    const space = namesOf(X, 'bad_response')
    const session = namesOf(S, 'bad_response')
    const drops = new Map<string, readonly Drop[]>()
    for (const line of lines) {
      const { d, drops: dropped } = shaped(wirePreviewed, JSON.parse(line))
      if (!d || !dropped) continue
      const values = dropped.map(([x, id, value]) => ({ space: space(x), id, value: value as ConflictValue }))
      drops.set(dotName([session(d[0]), d[1]]), values)
    }
    return { changed: changed?.map(space), drops }
  } catch (error) {
    throw new HoldfastError('bad_response', 'The answer is not a complete answer of a Holdfast server.', {}, error)
  }
}
