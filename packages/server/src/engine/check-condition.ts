import { shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { isVoid, type SyncRequest } from '@holdfast/shared/internal/protocol/request'
import { accessOf, accessTag, type Reader } from './access.ts'
import type { Batch } from './batch.ts'
import type { Asking } from './reads.ts'

/**
 * The spaces that are not where a request says that they have to be, if any of it is still to be decided; `undefined` if all are. What its
 * user may do has to be what he was told as well: then it is none of them, but a list all the same.
 */
export function* changedSince(batch: Batch, request: SyncRequest, reader: Reader): Asking<readonly SpaceId[] | undefined> {
  const { condition, spacesTag } = request
  if (!condition || (yield* isDecided(batch, request))) return undefined
  const changed: SpaceId[] = []
  for (const [space, { seq, hash }] of condition) {
    const access = yield* batch.access(reader, space)
    const row = yield* batch.space(space)
    const isThere = row ? row.seq === seq && shortHash(row.hash) === hash : seq === 0
    if (!access || !isThere) changed.push(space)
  }
  const tag = accessTag(batch.engine.sha256, yield* accessOf(reader, batch.grants))
  return changed.length > 0 || (spacesTag !== undefined && spacesTag !== tag) ? changed : undefined
}

/** Whether it is the same question once more, whose answer was lost: what it did moved the cut itself. */
function* isDecided(batch: Batch, { submissions }: SyncRequest): Asking<boolean> {
  for (const one of submissions) {
    if ((isVoid(one) ? one.to : one.dot[1]) > ((yield* batch.session(one.dot[0]))?.last ?? 0)) return false
  }
  return true
}
