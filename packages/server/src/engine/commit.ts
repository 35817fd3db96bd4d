import { msOf } from '@holdfast/shared/internal/clock/hlc'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { userOf } from './asker.ts'
import type { Batch } from './batch.ts'
import { extendHistory } from './extend-history.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'
import { changesOf } from './validate.ts'
import type { Writer } from './writer.ts'

/** Takes over what a transaction did: into the histories of its spaces, and the grants. Gives its seqs. */
export function* commit(batch: Batch, overlay: Overlay, writer: Writer, payload: string): Asking<Record<SpaceId, number>> {
  const { dot, at, asker } = writer
  const changed = overlay.changed()
  const seqs = yield* extendHistory(batch, changed, { dot, at, user: asker.user, payload })
  yield* batch.grant(overlay.grants.rows, asker.user)
  if (batch.engine.tellsChanges && changed.length > 0)
    batch.told.push({ user: userOf(asker), at: msOf(at), changes: changesOf(batch, changed), seqs })
  return seqs
}
