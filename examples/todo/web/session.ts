import { SHARED, USERS } from '../schema.ts'

export type User = (typeof USERS)[number]

/** Who looks at which list. It is in the address, so that every window can be somebody else: `#ann`, `#bob/shared`. */
export interface Session {
  readonly user: User
  readonly list: 'home' | 'shared'
}

export function readSession(hash = location.hash): Session | undefined {
  const [id, list] = hash.slice(1).split('/')
  const user = USERS.find((one) => one.id === id)
  return user && { user, list: list === 'shared' ? 'shared' : 'home' }
}

export const addressOf = ({ user, list }: Session): string => `#${user.id}${list === 'shared' ? '/shared' : ''}`

export const nameOf = (userId: string): string => USERS.find(({ id }) => id === userId)?.name ?? userId

/** What a person calls a space. */
export const listName = (space: string): string => (space === SHARED ? 'Shared list' : 'My list')
