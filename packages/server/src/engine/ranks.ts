import type { Head } from '@holdfast/shared/internal/clock/heads'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { compareStrings } from '@holdfast/shared/internal/json'
import type { RecordState } from '@holdfast/shared/internal/merge/record'
import { type RankState, rankPolicy, rekeyed } from '@holdfast/shared/internal/policy/rank'
import { between, LONG_KEY, type Place, placed, spread, tagOf } from '@holdfast/shared/internal/policy/rank-key'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Batch } from './batch.ts'
import { tableOf } from './engine.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'

/** How many records at least get new keys where there is no room. */
const WINDOW = 32

interface At {
  readonly space: SpaceId
  readonly table: string
  readonly field: string
  readonly id: string
}

/** An operation with the places that it names where they are now: its author may have been away while everything moved. */
export function* placeRanks(batch: Batch, overlay: Overlay, operation: Operation, head: Head): Asking<Operation> {
  const [kind, space, table, id] = operation
  if (kind === 'mov') {
    const at = { space, table, id, field: operation[4] }
    return [kind, space, table, id, operation[4], yield* findPlace(overlay, at, operation[5], head)]
  }
  if (kind !== 'ins' && kind !== 'put') return operation
  const values: Record<string, Operation[4] & object> | Record<string, unknown> = { ...operation[4] }
  for (const [field, { kind: of }] of Object.entries(tableOf(batch.engine, table).fields as Record<string, { kind?: string }>)) {
    const place = values[field]
    if (of !== 'rank' || !Array.isArray(place)) continue
    values[field] = yield* findPlace(overlay, { space, table, id, field }, place as unknown as Place, head)
  }
  return operation.with(4, values) as unknown as Operation
}

function* findPlace(overlay: Overlay, at: At, place: Place, head: Head): Asking<Place> {
  const [, after, before] = place
  const tag = tagOf(head.by[0])
  const keys = { after: yield* keyOf(overlay, at, after), before: yield* keyOf(overlay, at, before) }
  const key = placed(place, keys, tag)
  // Between two of the same key there is none.
  const isTie = keys.after !== undefined && keys.after === keys.before
  return [isTie || key.length > LONG_KEY ? yield* makeRoom(overlay, at, { key, after }, head) : key, after, before]
}

/** Where a record stands, or stood when it was deleted. */
function* keyOf(overlay: Overlay, { space, table, field }: At, id: string | null): Asking<string | undefined> {
  const record = id === null ? undefined : yield* overlay.record(space, table, id)
  return record && stateOf(record, field).key
}

const stateOf = (record: RecordState, field: string): RankState => (record.fields[field] as RankState | undefined) ?? rankPolicy.empty(null)

interface Item {
  readonly id: string
  readonly key: string
  readonly record: RecordState
}

/**
 * Gives the records around a place new keys, as short as can be, in the order in which they stand, and with a gap for the one that comes.
 * Nobody has moved them, so no move of anybody's is concurrent with that.
 */
function* makeRoom(overlay: Overlay, at: At, { key, after }: { key: string; after: string | null }, head: Head): Asking<string> {
  const { space, table, field } = at
  const items = [...(yield* overlay.rows(space, table))]
    .filter(([id]) => id !== at.id)
    .map(([id, record]): Item => ({ id, record, key: stateOf(record, field).key }))
    .sort((a, b) => compareStrings(a.key, b.key) || compareStrings(a.id, b.id))
  const gap = 1 + items.findLastIndex((item) => item.key < key || item.id === after)
  for (let half = WINDOW / 2; ; half *= 2) {
    const [from, to] = [Math.max(0, gap - half), Math.min(items.length, gap + half)]
    const window = items.slice(from, to)
    const [low, high] = [items[from - 1]?.key, items[to]?.key]
    if (low !== undefined && high !== undefined && low >= high) continue
    const keys = spread(low, high, window.length + 1)
    if (window.length < items.length && keys.some((one) => one.length > LONG_KEY / 4)) continue
    const others = keys.toSpliced(gap - from, 1)
    for (const [i, { id, record }] of window.entries()) {
      const state = rekeyed(stateOf(record, field), others[i] as string, head)
      yield* overlay.set({ space, table, id }, { ...record, fields: { ...record.fields, [field]: state } })
    }
    return keys[gap - from] ?? between(undefined, undefined, tagOf(head.by[0]))
  }
}
