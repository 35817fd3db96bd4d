import type { Part, Question } from '@holdfast/shared/internal/query/question'

/** How an index answers a question: its columns, what bounds the range in it, and whether the range is in the order that was asked for. */
export interface Plan {
  readonly columns: readonly string[]
  readonly bounds: readonly Part[]
  readonly ordered: boolean
  /** That order is the other way round. */
  readonly reversed: boolean
}

const RANGE = ['gt', 'gte', 'lt', 'lte', 'startsWith']

/** The index that narrows the most: equality on its first columns, then a range or the order on the next. */
export function planIndex(indexes: readonly (readonly string[])[], { all, order }: Question): Plan | undefined {
  // Only what must hold by itself bounds anything.
  const parts = all.flatMap((group) => (group.length === 1 && group[0]?.length === 1 ? group[0] : []))
  const equal = (column: string) => parts.find(([field, op]) => field === column && op === 'eq')
  const asked = order.filter(([field]) => !equal(field))
  let best: Plan | undefined
  let bestScore = 0
  for (const columns of indexes) {
    const bounds: Part[] = []
    let rest = columns
    for (let part = rest[0] && equal(rest[0]); part; part = rest[0] && equal(rest[0])) {
      bounds.push(part)
      rest = rest.slice(1)
    }
    const range = parts.filter(([field, op]) => field === rest[0] && RANGE.includes(op))
    const [, direction] = asked[0] ?? []
    const ordered = rest.length === asked.length && asked.every(([field, way], i) => field === rest[i] && way === direction)
    const score = 4 * bounds.length + (range.length ? 2 : 0) + (ordered && asked.length ? 1 : 0)
    if (score > bestScore)
      [best, bestScore] = [{ columns, bounds: [...bounds, ...range], ordered, reversed: ordered && direction === 'desc' }, score]
  }
  return best
}
