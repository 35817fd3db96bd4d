import { HoldfastError } from '@holdfast/shared'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { isVoid, type SyncRequest, spacesNamed } from '@holdfast/shared/internal/protocol/request'
import type { Member, SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import { checkId } from '@holdfast/shared/internal/schema/value'
import { membersFor, type Reader, sortMembers } from './engine/access.ts'
import type { AppAccess, AppGrant } from './hooks.ts'
import type { Storage } from './storage/storage.ts'

/** Who may read what: by the grants of this server, or as the app says. The engine gets it as data. */
export interface Memberships {
  /** `spaces`: besides all that he may follow, the ones to ask about one by one. Rejects with `too_large` if they are too many to ask about. */
  readerOf(user: string, spaces?: ReadonlySet<SpaceId>): Promise<Reader>
  /** Who is in a space, for those who may read it; nobody for all others. */
  membersOf(user: string, space: SpaceId): Promise<readonly Member[]>
}

/** How many questions of one request the app has to answer at once. */
const AT_ONCE = 20

/** @param app what the app says, if it keeps membership itself */
export function createMemberships(storage: Storage, app: AppAccess | undefined): Memberships {
  async function readerOf(user: string, spaces: ReadonlySet<SpaceId> = new Set()): Promise<Reader> {
    if (!app) return { user }
    // No more than a single transaction may name: whoever sends many gets through with fewer.
    if (spaces.size > LIMITS.operations) throw new HoldfastError('too_large', `A request writes to at most ${LIMITS.operations} spaces.`)
    const list = new Map<SpaceId, SpaceAccess>()
    // Of one that is there twice, as through two groups, the first counts.
    for (const one of await app.list(user))
      if (!list.has(one.space)) list.set(one.space, accessOf(checkId(one.space, 'id of a space'), one))
    const access = new Map<SpaceId, SpaceAccess | undefined>(list)
    const failed = new Map<SpaceId, unknown>()
    const left = spaces.values()
    const ask = async () => {
      for (const space of left) {
        try {
          const said = await app.check(user, space)
          access.set(space, said ? accessOf(space, said) : undefined)
        } catch (error) {
          failed.set(space, error)
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, ask))
    return { user, membership: { list: [...list.values()], access, failed } }
  }

  return {
    readerOf,
    async membersOf(user, space) {
      const members = await readerOf(user, new Set([space])).then((reader) => storage.read(() => membersFor(reader, space)))
      if (!app?.members || members.length === 0) return members
      return sortMembers((await app.members(space)).map(({ userId, access, role = null }) => ({ userId, access, role })))
    },
  }
}

const accessOf = (space: SpaceId, { access, role = null }: Omit<AppGrant, 'space'>): SpaceAccess => ({ space, access, role })

/** The spaces that the transactions of a request name; one that is too long is refused whatever it names. */
export const spacesOf = ({ submissions }: SyncRequest): ReadonlySet<SpaceId> =>
  new Set(submissions.flatMap((one) => (isVoid(one) || one.operations.length > LIMITS.operations ? [] : spacesNamed(one.operations))))
