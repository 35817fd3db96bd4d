import { HoldfastError } from '@holdfast/shared/internal/errors'
import type { HeldSegment } from '../core/held-segment.ts'
import type { Replica } from '../core/replica.ts'
import type { NamedSegment, SegmentBytes } from '../store/store.ts'

/**
 * Segments as they were read from the disk.
 *
 * @throws HoldfastError `storage_failed` if one is not there, or not what was stored: less than there is is never shown
 */
export function holdSegments(replica: Replica, names: readonly NamedSegment[], bytes: SegmentBytes): HeldSegment[] {
  return names.map((named) => {
    try {
      return replica.hold(named, bytes.get(named[0]) ?? new ArrayBuffer(0))
    } catch (error) {
      throw new HoldfastError('storage_failed', 'A segment on this disk is broken.', { name: named[0] }, error)
    }
  })
}
