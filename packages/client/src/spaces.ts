import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { base64url, homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { withTables } from '@holdfast/shared/internal/query/table-handle'
import { beginning } from './core/access.ts'
import { deadLettersOf } from './core/dead-letter.ts'
import type { Judge } from './core/judge.ts'
import type { Replica } from './core/replica.ts'
import type { Members } from './members.ts'
import type { Platform } from './platform.ts'
import type { Views } from './query/live-query.ts'
import type { SpaceState, WriteOptions } from './surface.ts'
import type { Tab } from './tabs/tab.ts'
import type { Writing } from './writing.ts'

export interface SpacesParts {
  readonly userId: string
  readonly platform: Platform
  readonly replica: Replica
  readonly tab: Tab
  readonly views: Views
  readonly judge: Judge
  readonly write: Writing['write']
  readonly members: Members
  /** The tables of one space. */
  readonly handles: (space: SpaceId) => object
  readonly can: (space: SpaceId | undefined) => Can
  /** How much of the answer that is coming is here, from 0 to 1. */
  readonly progress: () => number
}

/** After so long, in ms, what could not be stored is tried again. */
const AGAIN = 5_000

export type Can = (action: 'insert' | 'update' | 'delete', table: string, id?: string) => boolean

/** The handles of spaces, and how to make and follow them. */
export function createSpaces(parts: SpacesParts) {
  const { userId, platform, replica, tab, views, members } = parts
  const { begins, made } = parts.judge
  const known = new Map<SpaceId, object>()

  function space(id: SpaceId): object {
    const found = known.get(id)
    if (found) return found
    const state = views.value(
      `state ${id}`,
      remembering(() => stateOf(id)),
    )
    const handle = withTables(
      {
        id,
        state,
        members: members.live(id),
        can: parts.can(id),
        ready: () => whenReady(state),
        follow: () => follow(id),
        unfollow: () => unfollow(id),
        write: (body: (tx: object) => unknown, options?: WriteOptions) => parts.write(body, id, options),
      },
      parts.handles(id),
    )
    known.set(id, handle)
    return handle
  }

  /** A space is ready while it begins here: all that there is of it is here. */
  function stateOf(id: SpaceId): SpaceState {
    if (begins(id)) return { is: 'ready', access: 'write', role: 'owner' }
    const { spaces, cut, lost } = replica.known
    const granted = spaces?.find((one) => one.space === id)
    if (granted) {
      const begun = beginning(replica).has(id)
      return cut[id] || begun ? { is: 'ready', access: granted.access, role: granted.role } : { is: 'loading', progress: parts.progress() }
    }
    if (!spaces) return { is: 'loading', progress: parts.progress() }
    const letters = deadLettersOf(replica).filter(
      ({ transaction }) => transaction.begins?.includes(id) || transaction.operations.some(([, at]) => at === id),
    )
    const refused = !lost.includes(id) && letters.some(({ transaction }) => transaction.begins?.includes(id))
    return { is: 'gone', why: refused ? 'refused' : 'revoked', deadLetters: letters.length }
  }

  /** To be held here: what could not be stored of that is tried again, since nobody waits for it. */
  const wanted = new Set<SpaceId>()

  function follow(id: SpaceId): void {
    wanted.add(id)
    const again = () => wanted.has(id) && follow(id)
    tab.note({ e: 'note', space: id, follow: true }).then(
      () => wanted.delete(id),
      (error) => isHoldfastError(error, 'closed') || platform.setTimer(AGAIN, again),
    )
  }

  async function unfollow(id: SpaceId): Promise<void> {
    const unsent = replica.pending.filter(({ operations, dropped }) => !dropped && operations.some(([, at]) => at === id)).length
    if (unsent > 0) {
      throw new HoldfastError('unsent_writes', `${unsent} writes to this space have not reached the server.`, {
        space: id,
        pending: unsent,
      })
    }
    wanted.delete(id)
    await tab.note({ e: 'note', space: id, follow: false })
  }

  const list = views.value(
    'spaces',
    remembering(() => {
      const begun = [...made, ...beginning(replica)]
      return [...new Set([...(replica.known.spaces?.map((one) => one.space) ?? [homeSpace(userId)]), ...begun.filter(begins)])]
    }),
  )

  function create(prefix = 'space'): object {
    if (!/^[a-z][a-z0-9]{0,31}$/.test(prefix)) {
      throw new HoldfastError('invalid_value', 'The prefix of a space is made of small letters and digits.', { prefix })
    }
    // 128 random bits: nobody can guess it, and so nobody can be there first.
    const id = `${prefix}_${base64url(platform.randomBytes(16))}`
    made.add(id)
    // Where not everything is held on this device, what is made here is.
    if (!replica.follows(id)) follow(id)
    views.notify()
    return space(id)
  }

  return { space, list: { ...list, create } }
}

function whenReady(state: { subscribe(listener: (value: SpaceState) => void): () => void }): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = state.subscribe((now) => {
      if (now.is === 'loading') return
      if (now.is === 'ready') resolve()
      else reject(new HoldfastError('forbidden', 'This space is gone.', { why: now.why }))
      queueMicrotask(() => stop())
    })
  })
}

/** Gives the same object until what it shows changes, as `Live` promises. */
export function remembering<T, V = T>(read: () => T, show: (value: T) => V = (value) => value as unknown as V): () => V {
  let last: { found: T; text: string; value: V } | undefined
  return () => {
    const found = read()
    if (last && last.found === found) return last.value
    const text = JSON.stringify(found)
    last = { found, text, value: last?.text === text ? last.value : show(found) }
    return last.value
  }
}
