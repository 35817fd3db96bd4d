import type { SpaceId } from '@holdfast/shared'
import { isList, SHARED, USERS } from '../schema.ts'

export type User = (typeof USERS)[number]

/** Who looks at which list. It is in the address, so that every window can be somebody else: `#ann`, `#bob/shared`, `#bob/list_…`. */
export interface Session {
  readonly user: User
  /** None is the user's own. */
  readonly list?: SpaceId | undefined
}

/** What an address says; a link to a list is `#join=…` until somebody says who he is, and then `#bob/join=…`. */
export function readAddress(hash = location.hash): { readonly session: Session | undefined; readonly secret: string | undefined } {
  const parts = hash.slice(1).split('/')
  const user = USERS.find(({ id }) => id === parts[0])
  const last = parts.at(-1) ?? ''
  const list = last === 'shared' ? SHARED : isList(last) ? last : undefined
  return { session: user && { user, list }, secret: /^join=([\w-]+)$/.exec(last)?.[1] }
}

export const addressOf = ({ user, list }: Session): string => `#${user.id}${list ? `/${list === SHARED ? 'shared' : list}` : ''}`

export const joinAddress = (secret: string, user?: User): string => `#${user ? `${user.id}/` : ''}join=${secret}`

export const nameOf = (userId: string | null): string => USERS.find(({ id }) => id === userId)?.name ?? userId ?? 'Somebody'
