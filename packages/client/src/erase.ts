import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import type { Duration } from '@holdfast/shared/internal/transaction/write'
import type { Revision } from './core/event.ts'
import type { Replica } from './core/replica.ts'
import type { Platform } from './platform.ts'
import type { Store } from './store/store.ts'
import type { EraseOptions, Status } from './surface.ts'
import type { Tab } from './tabs/tab.ts'
import { milliseconds } from './write.ts'

export interface EraseParts {
  readonly platform: Platform
  readonly store: Store
  readonly replica: Pick<Replica, 'revision'>
  readonly status: () => Status
  readonly sync: () => Promise<Status>
  /** Stops writing, in all tabs, and waits until what was written is stored. */
  readonly quiesce: () => Promise<void>
  /** Writing goes on, in all of them. */
  readonly resume: () => void
  readonly tab: Pick<Tab, 'catchUp'>
  /** Tells all tabs that it is deleted. */
  readonly end: () => void
  /** Whether somebody has said so: here or in another tab, after a last look. */
  readonly isErased: () => boolean
  /** Closes this tab. */
  readonly close: () => Promise<void>
}

const WITHIN: Duration = '10s'
/** Milliseconds between two tries to get the last writes out. */
const AGAIN = 250

/** Deletes what is on this device, after what is unsent has gone out, if it shall; see `Database.erase`. */
export async function erase(parts: EraseParts, { unsent = 'refuse', within = WITHIN }: EraseOptions = {}): Promise<void> {
  if (unsent === 'drain') await drain(parts, milliseconds(within))
  if (unsent === 'discard') {
    await parts.quiesce()
    return await remove(parts)
  }
  await parts.tab.catchUp()
  refuseUnsent(parts)
  await eraseAfter(parts, () => refuseUnsent(parts))
}

/**
 * Deletes what is on this device, after a last look at it, which may refuse: by throwing. What another tab stored meanwhile, that was in a
 * long task and has not heard, is looked at, too; what it would store later is not stored.
 */
export async function eraseAfter(parts: EraseParts, look: () => void | Promise<void>): Promise<void> {
  const { tab, store, replica } = parts
  let failures = 0
  /** What cannot be written cannot be sealed, and has to be deleted all the same; other tabs can store nothing, either. */
  const isUnwritable = (error: unknown): boolean => {
    if (!isHoldfastError(error) || !error.code.startsWith('storage_')) throw error
    return ++failures > 1
  }
  await parts.quiesce()
  try {
    let seen: Revision
    do {
      await tab.catchUp()
      seen = replica.revision
      await look()
    } while (!(await store.seal(seen).catch(isUnwritable)))
  } catch (error) {
    if (!parts.isErased()) {
      parts.resume()
      throw error
    }
  }
  await remove(parts)
}

async function remove({ end, close, store }: EraseParts): Promise<void> {
  end()
  await close()
  await store.erase()
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

/** What would be lost for good: writes that nobody else has, and those that were refused and nobody has looked at. */
function refuseUnsent({ status }: EraseParts): void {
  const { pending, deadLetters } = status()
  if (pending + deadLetters === 0) return
  const what = [pending > 0 ? `${pending} writes have not reached the server` : '', deadLetters > 0 ? `${deadLetters} were refused` : '']
  const message = `${what.filter(Boolean).join(', ')}. Sync, export or discard them first.`
  throw new HoldfastError('unsent_writes', message, { pending, deadLetters })
}
