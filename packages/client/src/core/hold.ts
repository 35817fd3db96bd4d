import { msOf } from '@holdfast/shared/internal/clock/hlc'
import type { Revision } from './event.ts'
import type { Replica } from './replica.ts'
import { isOfRetries } from './retry.ts'

/**
 * When the first write was made that nobody approved, if that was `before` (milliseconds by this device's clock): then the queue is held.
 * What is sent again, by its user's word or because a server lost it, was let out before.
 */
export function heldSince({ known, pending }: Replica, before: number, upTo: Revision = known.approved): number | undefined {
  const old = pending.find(
    ({ transaction: { at, dot }, event, revision = 0, accepted, dropped, hidden }) =>
      revision > upTo && msOf(at) - (known.offset ?? 0) <= before && !(accepted || dropped || hidden || event.healed || isOfRetries(dot)),
  )
  return old && msOf(old.transaction.at)
}
