import { isAlive } from '@holdfast/shared/internal/merge/record'
import type { CounterState } from '@holdfast/shared/internal/policy/counter'
import { ambiguous, type Ground } from '@holdfast/shared/internal/transaction/ground'
import { type Counted, countOn, recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { PackedSource } from '../query/packed-rows.ts'
import type { Replica } from './replica.ts'

/** What a device writes upon: its view. */
export const viewGround = (replica: Replica): Ground => ({
  row: (space, table, id) => replica.view.row(space, table, id),
  state: (space, table, id) => replica.view.state(space, table, id),
  base: (space, table, id) => replica.view.base(space, table, id),
  rows: (table, space) => replica.view.records.rows(table, space),
  isWhole: (space) => !replica.isBaseLost && replica.known.cut[space] !== undefined,
  *find(table, id) {
    for (const row of replica.view.find(table, id)) yield row.$space
  },
  counted({ space, table, id, field }) {
    const key = recordKey(space, table, id)
    const base = replica.view.base(space, table, id)
    const state = base?.fields[field] as CounterState | undefined
    const shown = replica.pending.filter(({ keys, hidden, dropped }) => keys.has(key) && !hidden && dropped === undefined)
    return shown.reduce<Counted>((counted, { transaction: { dot }, operations }) => countOn(counted, { dot, operations }, key, field), {
      isThere: base !== undefined && isAlive(base),
      sum: state?.sum ?? 0,
      own: [],
    })
  },
  get hlc() {
    return replica.hlc
  },
})

/** What queries ask: the rows of the view. */
export const viewSource = (replica: Replica): PackedSource => ({
  rows: (table, space) => replica.view.records.rows(table, space),
  packed: (table, space) => replica.view.records.packed(table, space),
  loose: (table, space) => replica.view.records.loose(table, space),
  get layout() {
    return replica.view.records.layout
  },
  get renewals() {
    return replica.view.records.renewals
  },
  get(table, space, id) {
    if (space !== undefined) return replica.view.row(space, table, id)
    const [row, ...others] = replica.view.find(table, id)
    if (others.length > 0) throw ambiguous(table, id)
    return row
  },
})
