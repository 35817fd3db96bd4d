import type { Sha256 } from '@holdfast/shared/internal/history/history-hash'
import { shortHash } from '@holdfast/shared/internal/history/history-hash'
import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { canonical, compareStrings } from '@holdfast/shared/internal/json'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import { type Changes, NO_CHANGES } from './changes.ts'
import { type Asking, need } from './reads.ts'

const utf8 = new TextEncoder()

/** What a user has without any grant: his own space. */
export const homeAccess = (user: string): SpaceAccess => ({ space: homeSpace(user), access: 'write', role: 'owner' })

/** What a user may do in a space; `undefined` is nothing, and does not say whether the space exists. */
export function* accessTo(user: string, space: SpaceId): Asking<SpaceAccess | undefined> {
  return space === homeSpace(user) ? homeAccess(user) : yield* need('grant', user, space)
}

/** All that a user may follow, his home first, then by id. */
export function* accessOf(user: string): Asking<readonly SpaceAccess[]> {
  const home = homeAccess(user)
  const grants = (yield* need('grants', user)).filter((grant) => grant.space !== home.space)
  return [home, ...grants.toSorted((a, b) => compareStrings(a.space, b.space))]
}

/** A short name for a list of spaces, so that it need not be sent again. */
export const accessTag = (sha256: Sha256, list: readonly SpaceAccess[]): string =>
  shortHash(sha256(utf8.encode(canonical(list.map(({ space, access, role }) => [space, access, role])))))

type Granted = { readonly result: undefined; readonly changes: Changes }

/** Lets a user into a space, or in further; never lowers what he has. A role that is not named stays. */
export function* grant(user: string, given: { space: SpaceId; access: SpaceAccess['access']; role?: string | undefined }): Asking<Granted> {
  const { space } = given
  const held = yield* need('grant', user, space)
  const access = held?.access === 'write' ? 'write' : given.access
  const role = given.role ?? held?.role ?? null
  return { result: undefined, changes: space === homeSpace(user) ? NO_CHANGES : { ...NO_CHANGES, grants: [{ user, space, access, role }] } }
}

/** Takes a space away from a user. */
// biome-ignore lint/correctness/useYield: a job like the others, which happens to need nothing.
export function* revoke(user: string, space: SpaceId): Asking<Granted> {
  return { result: undefined, changes: { ...NO_CHANGES, grants: [{ user, space, access: null, role: null }] } }
}
