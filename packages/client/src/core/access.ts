import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { Known } from './known.ts'
import type { Pending } from './pending.ts'

/** Which spaces a device asks for: all that its user may read, or these; and what its user said since. */
export type Follow = 'all' | readonly SpaceId[]

/** The same, to be asked about each of many. */
export type Following = 'all' | ReadonlySet<SpaceId>

/** Whether this device is to hold a space, if its user may read it. */
export const isFollowed = (follow: Following, { follows }: Pick<Known, 'follows'>, space: SpaceId): boolean =>
  follows[space] ?? (follow === 'all' || follow.has(space))

/** The spaces to ask for. */
export function followed(follow: Following, known: Pick<Known, 'follows' | 'spaces'>): Follow {
  const said = Object.entries(known.follows)
  if (follow !== 'all')
    return [...new Set([...follow, ...said.map(([space]) => space)])].filter((space) => isFollowed(follow, known, space))
  if (said.every(([, yes]) => yes)) return 'all'
  return (known.spaces ?? []).map(({ space }) => space).filter((space) => isFollowed(follow, known, space))
}

interface Standing {
  readonly known: Pick<Known, 'spaces' | 'lost'>
  readonly pending: readonly Pending[]
}

/**
 * The spaces that may still begin with a write. One that was lost meanwhile does not, however many writes of its first hour still wait:
 * unless they are sent again because the server lost them, and the space with them.
 */
const beginningWith = ({ transaction: { begins = [] }, event, dropped }: Pending, { lost }: Pick<Known, 'lost'>): readonly SpaceId[] =>
  dropped ? [] : begins.filter((space) => event.healed || !lost.includes(space))

/** The spaces that begin on this device, with what waits here. */
export const beginning = ({ known, pending }: Standing): ReadonlySet<SpaceId> =>
  new Set(pending.flatMap((one) => beginningWith(one, known)))

/** The spaces that were this user's and are no more, and that do not begin again with what waits here. */
export function goneSpaces(standing: Standing): readonly SpaceId[] {
  const { lost } = standing.known
  // Asked at each commit: mostly there are none.
  if (lost.length === 0) return lost
  const begins = beginning(standing)
  return lost.filter((space) => !begins.has(space))
}

/**
 * What the user may do in a space, as far as this device knows: what the server said last, or all of it where the space begins with a
 * write that waits here. `undefined` if the server said no, `null` if it has not spoken yet.
 */
export function accessIn(standing: Standing, space: SpaceId): Omit<SpaceAccess, 'space'> | undefined | null {
  const { spaces } = standing.known
  const granted = spaces?.find((one) => one.space === space)
  if (granted) return granted
  if (beginning(standing).has(space)) return OWNER
  return spaces === null ? null : undefined
}

export const OWNER = { access: 'write', role: 'owner' } as const

/** Whether a transaction writes into a space that was this user's and is no more. Of a command only the server knows where it writes. */
export const writesIntoLost = (one: Pending, known: Pick<Known, 'lost'>): boolean =>
  known.lost.length > 0 &&
  !one.transaction.command &&
  one.operations.some(([, space]) => known.lost.includes(space) && !beginningWith(one, known).includes(space))
