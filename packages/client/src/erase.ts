import { HoldfastError } from '@holdfast/shared/internal/errors'
import type { Duration } from '@holdfast/shared/internal/transaction/write'
import type { Platform } from './platform.ts'
import type { Store } from './store/store.ts'
import type { EraseOptions, Status } from './surface.ts'
import { milliseconds } from './write.ts'

export interface EraseParts {
  readonly platform: Platform
  readonly store: Store
  readonly status: () => Status
  readonly sync: () => Promise<Status>
  /** Stops writing, in all tabs, and waits until what was written is stored. */
  readonly quiesce: () => Promise<void>
  /** Reads what other tabs stored last. */
  readonly catchUp: () => Promise<void>
  readonly close: () => Promise<void>
}

const WITHIN: Duration = '10s'
/** Milliseconds between two tries to get the last writes out. */
const AGAIN = 250

/** Deletes what is on this device, after what is unsent has gone out, if it shall; see `Database.erase`. */
export async function erase(parts: EraseParts, { unsent = 'refuse', within = WITHIN }: EraseOptions = {}): Promise<void> {
  if (unsent === 'drain') await drain(parts, milliseconds(within))
  if (unsent !== 'discard') refuseUnsent(parts)
  await parts.quiesce()
  // Another tab may have written until a moment ago.
  await parts.catchUp()
  if (unsent !== 'discard') refuseUnsent(parts)
  await parts.close()
  await parts.store.erase()
}

async function drain({ platform, status, sync }: EraseParts, ms: number): Promise<void> {
  let late = false
  const wait = (time: number, call: () => void) => platform.setTimer(time, call)
  const cancel = wait(ms, () => {
    late = true
  })
  while (status().pending > 0 && !late) {
    await Promise.race([sync(), new Promise<void>((resolve) => wait(ms, resolve))])
    if (status().pending > 0) await new Promise<void>((resolve) => wait(AGAIN, resolve))
  }
  cancel()
}

function refuseUnsent({ status }: EraseParts): void {
  const { pending } = status()
  if (pending === 0) return
  throw new HoldfastError('unsent_writes', `${pending} writes have not reached the server. Sync, export or discard them first.`, {
    pending,
  })
}
