import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import type { KeptTransaction } from '../core/event.ts'
import type { Replica } from '../core/replica.ts'
import { isDenied } from '../core/reset.ts'
import type { Store } from '../store/store.ts'

interface Parts {
  readonly replica: Replica
  readonly store: Pick<Store, 'kept'>
  readonly beginAgain: (response: SyncResponse, kept: readonly KeptTransaction[]) => Promise<void>
}

/**
 * Another device with a copy of this disk may have noticed a restore before this one did (decision 21): then what nothing proves is asked
 * about again. Says whether it is.
 */
export function createDenials({ replica, store, beginAgain }: Parts) {
  let looked: string | undefined
  return async (response: SyncResponse): Promise<boolean> => {
    // What was looked at once says nothing new: a copy may have been refused what this device never had.
    const { refused } = response
    const named = JSON.stringify(refused)
    if (!refused || named === looked) return false
    const kept = await store.kept()
    const denied = isDenied(replica, refused, kept)
    if (denied) await beginAgain(response, kept)
    looked = named
    return denied
  }
}
