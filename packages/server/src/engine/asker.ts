import type { User } from '../hooks.ts'
import type { Reader } from './access.ts'

/** Who asks, and when. */
export interface Asker extends Reader {
  /** Milliseconds. */
  readonly now: number
  /** As `authenticate` returned him, where the app wants to know more than his id. */
  readonly as?: User | undefined
}

/** What the app's hooks are told of who asks. */
export const userOf = ({ user, as }: Asker): User => as ?? { id: user }

/** The server itself: no client can be it, and it reads through nobody's eyes. */
export const serverAsker = (now: number): Asker => ({ user: '', now })
