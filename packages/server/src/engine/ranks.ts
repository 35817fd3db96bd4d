import type { Head } from '@holdfast/shared/internal/clock/heads'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import { type RankState, rankPolicy, rekeyed } from '@holdfast/shared/internal/policy/rank'
import { between, LONG_KEY, type Place, placed, spread, tagOf } from '@holdfast/shared/internal/policy/rank-key'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Batch } from './batch.ts'
import { tableOf } from './engine.ts'
import type { Overlay } from './overlay.ts'
import { RankOrder } from './rank-order.ts'
import type { Asking } from './reads.ts'

/** How many records at least get new keys where there is no room. */
const WINDOW = 32

interface At {
  readonly space: SpaceId
  readonly table: string
  readonly field: string
  readonly id: string
}

/**
 * Finds where records go while the operations of one transaction are merged. What stands where is put together once, when there is no room
 * for the first time, and follows what is merged from then on: a transaction of many moves looks at the table once.
 */
export class Ranks {
  readonly #batch: Batch
  readonly #overlay: Overlay
  readonly #orders: { readonly at: Omit<At, 'id'>; readonly order: RankOrder }[] = []

  constructor(batch: Batch, overlay: Overlay) {
    this.#batch = batch
    this.#overlay = overlay
  }

  /** An operation with the places that it names where they are now: its author may have been away while everything moved. */
  *place(operation: Operation, head: Head): Asking<Operation> {
    const [kind, space, table, id] = operation
    if (kind === 'mov') {
      const at = { space, table, id, field: operation[4] }
      return [kind, space, table, id, operation[4], yield* this.#find(at, operation[5], head)]
    }
    if (kind !== 'ins' && kind !== 'put') return operation
    const found: Record<string, Place> = {}
    for (const [field, { kind: of }] of Object.entries(tableOf(this.#batch.engine, table).fields as Record<string, { kind?: string }>)) {
      const place = operation[4][field]
      if (of === 'rank' && Array.isArray(place))
        found[field] = yield* this.#find({ space, table, id, field }, place as unknown as Place, head)
    }
    return Object.keys(found).length === 0 ? operation : (operation.with(4, { ...operation[4], ...found }) as unknown as Operation)
  }

  /** An operation has been merged: its record may stand elsewhere now, or be there no more. */
  *follow([, space, table, id]: Operation): Asking<void> {
    for (const { at, order } of this.#orders) {
      if (at.space !== space || at.table !== table) continue
      const record = yield* this.#overlay.record(space, table, id)
      order.put(id, record && isAlive(record) ? stateOf(record, at.field).key : undefined)
    }
  }

  *#find(at: At, place: Place, head: Head): Asking<Place> {
    const [, after, before] = place
    const keys = { after: yield* this.#keyOf(at, after), before: yield* this.#keyOf(at, before) }
    // Between two of the same key there is none.
    const tie = keys.after === keys.before ? keys.after : undefined
    const key = tie ?? placed(place, keys, tagOf(head.by[0]))
    return [tie !== undefined || key.length > LONG_KEY ? yield* this.#makeRoom(at, { key, after }, head) : key, after, before]
  }

  /** Where a record stands, or stood when it was deleted. */
  *#keyOf({ space, table, field }: At, id: string | null): Asking<string | undefined> {
    const record = id === null ? undefined : yield* this.#overlay.record(space, table, id)
    return record && stateOf(record, field).key
  }

  /**
   * Gives the records around a place new keys, as short as can be, in the order in which they stand, and with a gap for the one that
   * comes. Nobody has moved them, so no move of anybody's is concurrent with that.
   */
  *#makeRoom(at: At, { key, after }: { key: string; after: string | null }, head: Head): Asking<string> {
    const order = yield* this.#order(at)
    order.put(at.id, undefined)
    const gap = order.gap(key, after)
    for (let half = WINDOW / 2; ; half *= 2) {
      const [from, to] = [Math.max(0, gap - half), Math.min(order.items.length, gap + half)]
      const window = order.items.slice(from, to)
      const [low, high] = [order.items[from - 1]?.key, order.items[to]?.key]
      if (low !== undefined && high !== undefined && low >= high) continue
      const keys = spread(low, high, window.length + 1)
      if (window.length < order.items.length && keys.some((one) => one.length > LONG_KEY / 4)) continue
      const others = keys.toSpliced(gap - from, 1)
      for (const [i, { id }] of window.entries()) yield* this.#rekey({ ...at, id }, others[i] as string, head)
      order.rekey(from, others)
      return keys[gap - from] ?? between(undefined, undefined, tagOf(head.by[0]))
    }
  }

  *#rekey({ space, table, id, field }: At, key: string, head: Head): Asking<void> {
    const record = yield* this.#overlay.record(space, table, id)
    if (!record) return
    const state = rekeyed(stateOf(record, field), key, head)
    yield* this.#overlay.set({ space, table, id }, { ...record, fields: { ...record.fields, [field]: state } })
  }

  *#order({ space, table, field }: At): Asking<RankOrder> {
    const held = this.#orders.find(({ at }) => at.space === space && at.table === table && at.field === field)
    if (held) return held.order
    const rows = yield* this.#overlay.rows(space, table)
    const order = new RankOrder([...rows].map(([id, record]) => ({ id, key: stateOf(record, field).key })))
    this.#orders.push({ at: { space, table, field }, order })
    return order
  }
}

const stateOf = (record: RecordState, field: string): RankState => (record.fields[field] as RankState | undefined) ?? rankPolicy.empty(null)
