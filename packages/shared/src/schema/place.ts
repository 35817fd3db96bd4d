import { compareStrings } from '../json.ts'
import { between, type Place, tagOf } from '../policy/rank-key.ts'
import type { Calling } from './field.ts'
import { invalid } from './value.ts'

interface Item {
  readonly id: string
  readonly key: string
}

const order = (a: Item, b: Item): number => compareStrings(a.key, b.key) || compareStrings(a.id, b.id)

/**
 * The place that a position means among these records, none of which is the one to be placed: its key, and its neighbours. One look at
 * each record, so that no order has to be kept for tables whose records nobody moves.
 *
 * @throws HoldfastError `invalid_value` for what is no position, or names a record that is not there
 */
export function placeAmong(position: unknown, { at, dot, others }: Calling): Place {
  const items = [...others()].map((row): Item => ({ id: row.id, key: String(row[at.field]) }))
  const named = typeof position === 'object' && position !== null ? (position as { after?: unknown; before?: unknown }) : undefined
  const id = named?.after ?? named?.before
  const isEnd = position === 'first' || position === 'last'
  const anchor = items.find((item) => item.id === id)
  if (!isEnd && !anchor) throw invalid(at, "expected 'first', 'last', or after or before a record that is there")
  const isAfter = position === 'last' || named?.after !== undefined
  // Whatever stands on the other side of the gap.
  const beyond = items.reduce<Item | undefined>((best, item) => {
    if (anchor && (isAfter ? order(item, anchor) <= 0 : order(item, anchor) >= 0)) return best
    // From an end inwards, or from the record outwards: the nearest one.
    const isNearer = best === undefined || (isAfter === (anchor !== undefined) ? order(item, best) < 0 : order(item, best) > 0)
    return isNearer ? item : best
  }, undefined)
  const [after, before] = anchor ? (isAfter ? [anchor, beyond] : [beyond, anchor]) : isAfter ? [beyond, undefined] : [undefined, beyond]
  return [keyBetween(after, before, tagOf(dot[0])), after?.id ?? null, before?.id ?? null]
}

/** Between two of the same key there is none: right behind the first is as near as it gets, until the server makes room. */
const keyBetween = (after: Item | undefined, before: Item | undefined, tag: string): string =>
  before && after && before.key <= after.key ? after.key : between(after?.key, before?.key, tag)
