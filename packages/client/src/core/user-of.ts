import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { Replica } from './replica.ts'

/**
 * The user who wrote a change; `null` of the server's own writes. `own` is this device's user, whose sessions are not listed: what
 * nobody else is said to have written is his, so ask only of heads that base or pending has.
 *
 * @example userOf(replica, head.by, userId)
 */
export const userOf = ({ known }: Pick<Replica, 'known'>, [session]: Dot, own: string): string | null =>
  (known.users.get(session) ?? own) || null
