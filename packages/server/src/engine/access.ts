import type { Sha256 } from '@holdfast/shared/internal/history/history-hash'
import { base64url, homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { canonical, compareStrings } from '@holdfast/shared/internal/json'
import type { Member, SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import { type GrantSource, STORED } from './grants.ts'
import type { Asking } from './reads.ts'

const utf8 = new TextEncoder()

/** What an app that keeps membership itself says of a user: what he may follow, and (undefined: nothing) do there and in the spaces asked about. */
export interface Membership {
  readonly list: readonly SpaceAccess[]
  readonly access: ReadonlyMap<SpaceId, SpaceAccess | undefined>
  /** The spaces of which it could not be said, and why. */
  readonly failed?: ReadonlyMap<SpaceId, unknown> | undefined
}

/** Someone who reads; by grants, unless his app says otherwise. */
export interface Reader {
  readonly user: string
  readonly membership?: Membership | undefined
}

/** What a user has without any grant: his own space. */
export const homeAccess = (user: string): SpaceAccess => ({ space: homeSpace(user), access: 'write', role: 'owner' })

/** What a user may do in a space; `undefined` is nothing, and does not say whether the space exists. */
export function* accessTo({ user, membership }: Reader, space: SpaceId, grants: GrantSource = STORED): Asking<SpaceAccess | undefined> {
  if (space === homeSpace(user)) return homeAccess(user)
  return membership ? membership.access.get(space) : yield* grants.grant(user, space)
}

/** All that a user may follow, his home first, then by id. */
export function* accessOf({ user, membership }: Reader, grants: GrantSource = STORED): Asking<readonly SpaceAccess[]> {
  const home = homeAccess(user)
  const others = (membership ? membership.list : yield* grants.grants(user)).filter(({ space }) => space !== home.space)
  return [home, ...others.toSorted((a, b) => compareStrings(a.space, b.space))]
}

const HOME = homeSpace('')

/** Whose home this is, if it is one. */
export const homeOwner = (space: SpaceId): string | undefined => (space.startsWith(HOME) ? space.slice(HOME.length) : undefined)

/** Who is in a space, by id; a home has one member. */
export function* membersIn(space: SpaceId, grants: GrantSource = STORED): Asking<readonly Member[]> {
  const owner = homeOwner(space)
  if (owner !== undefined) return [{ userId: owner, access: 'write', role: 'owner' }]
  return sortMembers(yield* grants.members(space))
}

export const sortMembers = (members: readonly Member[]): readonly Member[] => members.toSorted((a, b) => compareStrings(a.userId, b.userId))

/** The members of a space, for those who may read it; nobody for all others, whatever the reason. */
export function* membersFor(reader: Reader, space: SpaceId): Asking<readonly Member[]> {
  const own = yield* accessTo(reader, space)
  if (!own) return []
  return reader.membership ? [{ userId: reader.user, access: own.access, role: own.role }] : yield* membersIn(space)
}

/** A short name for a list of spaces, so that it need not be sent again: 64 bits, since it only tells apart the lists that one user has had. */
export const accessTag = (sha256: Sha256, list: readonly SpaceAccess[]): string =>
  base64url(sha256(utf8.encode(canonical(list.map(({ space, access, role }) => [space, access, role])))).subarray(0, 8))
