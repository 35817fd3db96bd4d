import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'

/** The newest stay dense, older ones thin out: enough to find what two histories share, in a bounded list. */
const DENSE = 8

/** Where a client has been in a space, newest first, with one more. After a mismatch the server finds the newest that both share. */
export function notePosition(positions: readonly Cursor[], cursor: Cursor): readonly Cursor[] {
  const older = positions.filter(({ seq }) => seq < cursor.seq)
  const list = [cursor, ...older]
  if (list.length <= LIMITS.positions) return list
  // Drops the one whose neighbours are closest together, measured against its age: gaps grow with the distance.
  let worst = DENSE
  let least = Number.POSITIVE_INFINITY
  for (let i = DENSE; i < list.length - 1; i++) {
    const gap = (list[i - 1]?.seq ?? 0) - (list[i + 1]?.seq ?? 0)
    const age = cursor.seq - (list[i]?.seq ?? 0) + 1
    if (gap / age < least) {
      least = gap / age
      worst = i
    }
  }
  return list.filter((_, i) => i !== worst)
}
