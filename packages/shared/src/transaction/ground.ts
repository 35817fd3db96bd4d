import type { Hlc } from '../clock/hlc.ts'
import { HoldfastError } from '../errors.ts'
import type { SpaceId } from '../ids.ts'
import type { RecordState, Row } from '../merge/record.ts'
import type { Counted } from './operation.ts'

/** What a transaction is written upon: on a device its view, on the server what is decided so far. */
export interface Ground {
  /** The same object as long as the record shows the same. */
  row(space: SpaceId, table: string, id: string): Row | undefined
  state(space: SpaceId, table: string, id: string): RecordState | undefined
  /** What of that is confirmed, where a device writes upon more: without its own writes that are not. */
  readonly base?: (space: SpaceId, table: string, id: string) => RecordState | undefined
  /** Every record of a table in a space. */
  rows(table: string, space: SpaceId): Iterable<Row>
  /** Whether what is not found there is not there. */
  isWhole(space: SpaceId): boolean
  /** The spaces in which there is a record with this id; more than one only where the app chose it. */
  find(table: string, id: string): Iterable<SpaceId>
  /** What the reset of a counter counts: the sum that the server confirmed, and the own increments that are still on their way. */
  counted(at: { readonly space: SpaceId; readonly table: string; readonly id: string; readonly field: string }): Counted
  /** A new change is later than this. */
  readonly hlc: Hlc
}

export const ambiguous = (table: string, id: string): HoldfastError =>
  new HoldfastError('ambiguous_id', `${table} "${id}" is in more than one space: ask db.space(…).`, { table, id })
