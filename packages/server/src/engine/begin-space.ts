import { isCreatable, type SpaceId } from '@holdfast/shared/internal/ids'
import { type Asker, userOf } from './asker.ts'
import type { Batch } from './batch.ts'
import { hookError, orRefused, settled } from './hook.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'

/**
 * Makes a user the owner of a space that nobody has or ever had, in the transaction that names it, if the app lets him. False where that
 * cannot be: only long random ids come into being so, and what a foreign space is told is what an impossible one is told.
 */
export function* beginSpace(batch: Batch, overlay: Overlay, space: SpaceId, asker: Asker): Asking<boolean> {
  const { appAccess, createSpace } = batch.engine
  if (appAccess || !isCreatable(space) || (yield* batch.space(space))) return false
  // In data of before spaces existed from their first grant on.
  if ((yield* overlay.grants.members(space)).length > 0) return false
  if (createSpace) {
    let allowed: unknown
    try {
      allowed = orRefused(settled(createSpace({ space, user: userOf(asker) })))
    } catch (error) {
      throw hookError('createSpace', error)
    }
    if (allowed !== true) return false
  }
  overlay.grants.set({ user: asker.user, space, access: 'write', role: 'owner' })
  return true
}
