import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import type { Member } from '@holdfast/shared/internal/protocol/response'
import type { Live } from '@holdfast/shared/internal/query/reading'
import type { Platform } from './platform.ts'
import type { Views } from './query/live-query.ts'

/** While somebody looks, members are asked for again after so many milliseconds, in case no stream says that they changed. */
const AGAIN = 60_000

export interface MembersParts {
  readonly platform: Platform
  readonly views: Views
  readonly userId: string
  /** Asks the server; rejects if it cannot be reached, or says no. */
  readonly ask: (space: SpaceId) => Promise<readonly Member[]>
  /** What is known without asking. */
  readonly accessOf: (space: SpaceId) => Pick<Member, 'access' | 'role'> | undefined | null
}

interface Watched {
  members: readonly Member[] | undefined
  lookers: number
  /** Counts the questions: a late answer to an earlier one says nothing. */
  asked: number
  stop: () => void
}

/** Who is in a space is not part of its history: it is asked live, while somebody looks, and remembered until the tab closes. */
export function createMembers({ platform, views, userId, ask, accessOf }: MembersParts) {
  const watched = new Map<SpaceId, Watched>()

  function watch(space: SpaceId): Watched {
    const found = watched.get(space) ?? { members: undefined, lookers: 0, asked: 0, stop: () => {} }
    watched.set(space, found)
    return found
  }

  function refresh(space: SpaceId): void {
    const one = watch(space)
    one.stop()
    one.stop = platform.setTimer(AGAIN, () => refresh(space))
    const number = ++one.asked
    ask(space).then(
      (members) => {
        if (number !== one.asked || JSON.stringify(members) === JSON.stringify(one.members)) return
        one.members = Object.freeze(members)
        views.notify()
      },
      // Offline, or no longer ours: what was known stays, and `state` says the rest.
      () => undefined,
    )
  }

  const alone = new Map<SpaceId, readonly Member[]>()
  /** The user himself, whom the device knows to be there. */
  function only(space: SpaceId): readonly Member[] {
    const access = accessOf(space)
    const { access: may = 'write', role = null } = access ?? {}
    const before = alone.get(space)
    const now = access ? [{ userId, access: may, role }] : []
    if (before && JSON.stringify(before) === JSON.stringify(now)) return before
    alone.set(space, now)
    return now
  }

  return {
    live(space: SpaceId): Live<readonly Member[]> {
      const value = views.value(`members ${space}`, () => (accessOf(space) ? watch(space).members : undefined) ?? only(space))
      // A user's own space is his alone.
      if (space === homeSpace(userId)) return value
      return {
        ...value,
        subscribe(listener) {
          const one = watch(space)
          if (one.lookers++ === 0) refresh(space)
          const stop = value.subscribe(listener)
          return () => {
            stop()
            if (--one.lookers === 0) one.stop()
          }
        },
      }
    },
    /** Something changed there, or may have: of these spaces, or anywhere. */
    changed(spaces?: readonly SpaceId[]): void {
      for (const [space, { lookers }] of watched) if (lookers > 0 && (spaces?.includes(space) ?? true)) refresh(space)
    },
    close(): void {
      for (const { stop } of watched.values()) stop()
      watched.clear()
    },
  }
}

export type Members = ReturnType<typeof createMembers>
