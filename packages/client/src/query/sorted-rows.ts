import type { Compare } from '@holdfast/shared/internal/query/predicate'
import type { AnyRow } from '@holdfast/shared/internal/query/question'

/** The first index at which `isBefore` no longer holds; it must hold for a leading part of the list, and for nothing after. */
export function search(length: number, isBefore: (k: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}

/** A row that leaves, a row that comes, or one in place of the other. */
export interface Edit {
  readonly before: AnyRow | undefined
  readonly after: AnyRow | undefined
}

/** Rows that are kept in a total order while they change. */
export interface SortedRows {
  /** Changes in place: never handed out. */
  readonly rows: readonly AnyRow[]
  apply(edits: readonly Edit[]): void
}

export function sortRows(unsorted: Iterable<AnyRow>, compare: Compare): SortedRows {
  let rows = [...unsorted].sort(compare)

  function replace(before: AnyRow | undefined, after: AnyRow | undefined): void {
    const find = (row: AnyRow) => search(rows.length, (k) => compare(rows[k] as AnyRow, row) < 0)
    const is = (i: number, row: AnyRow) => i < rows.length && compare(rows[i] as AnyRow, row) === 0
    if (before) {
      const i = find(before)
      if (is(i, before)) {
        const stays =
          after &&
          (i === 0 || compare(rows[i - 1] as AnyRow, after) < 0) &&
          (i === rows.length - 1 || compare(after, rows[i + 1] as AnyRow) < 0)
        if (stays) {
          rows[i] = after
          return
        }
        rows.splice(i, 1)
      }
    }
    if (after) {
      const i = find(after)
      rows.splice(i, is(i, after) ? 1 : 0, after)
    }
  }

  // Moving the tail for every row would be quadratic; a sort of what is nearly sorted is nearly linear.
  function rebuild(edits: readonly Edit[]): void {
    const gone = new Set<AnyRow>()
    const fresh = new Set<AnyRow>()
    for (const { before, after } of edits) {
      if (before && !fresh.delete(before)) gone.add(before)
      if (after) fresh.add(after)
    }
    rows = rows
      .filter((row) => !gone.has(row) && !fresh.has(row))
      .concat([...fresh])
      .sort(compare)
  }

  return {
    get rows() {
      return rows
    },
    apply(edits) {
      if (edits.length > 8 && edits.length * 8 > rows.length) rebuild(edits)
      else for (const { before, after } of edits) replace(before, after)
    },
  }
}
