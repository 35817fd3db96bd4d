import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { Known } from './known.ts'
import type { Pending } from './pending.ts'

/** Which spaces a device asks for: all that its user may read, or these; and what its user said since. */
export type Follow = 'all' | readonly SpaceId[]

/** Whether this device is to hold a space, if its user may read it. */
export const isFollowed = (follow: Follow, { follows }: Pick<Known, 'follows'>, space: SpaceId): boolean =>
  follows[space] ?? (follow === 'all' || follow.includes(space))

/** The spaces to ask for. */
export function followed(follow: Follow, known: Pick<Known, 'follows' | 'spaces'>): Follow {
  const said = Object.entries(known.follows)
  if (follow !== 'all')
    return [...new Set([...follow, ...said.map(([space]) => space)])].filter((space) => isFollowed(follow, known, space))
  if (said.every(([, yes]) => yes)) return 'all'
  return (known.spaces ?? []).map(({ space }) => space).filter((space) => isFollowed(follow, known, space))
}

interface Standing {
  readonly known: Pick<Known, 'spaces'>
  readonly pending: readonly Pending[]
}

/**
 * What the user may do in a space, as far as this device knows: what the server said last, or all of it where the space begins with a
 * write that waits here. `undefined` if the server said no, `null` if it has not spoken yet.
 */
export function accessIn({ known, pending }: Standing, space: SpaceId): Omit<SpaceAccess, 'space'> | undefined | null {
  const granted = known.spaces?.find((one) => one.space === space)
  if (granted) return granted
  if (pending.some((one) => one.dropped === undefined && one.event.creates?.includes(space))) return OWNER
  return known.spaces === null ? null : undefined
}

export const OWNER = { access: 'write', role: 'owner' } as const

/** Whether a transaction writes into a space that was this user's and is no more. */
export const writesIntoLost = ({ operations, event: { creates = [] } }: Pending, { lost }: Pick<Known, 'lost'>): boolean =>
  lost.length > 0 && operations.some(([, space]) => lost.includes(space) && !creates.includes(space))
