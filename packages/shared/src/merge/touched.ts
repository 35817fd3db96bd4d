import type { SpaceId } from '../ids.ts'
import { isAlive, type RecordState } from './record.ts'

/** A record that a transaction touches: as it found it, and as it leaves it. */
export interface Touched {
  readonly space: SpaceId
  readonly table: string
  readonly id: string
  readonly before: RecordState | undefined
  readonly after: RecordState | undefined
}

/** Whether the record is no longer what it was. */
export const isChanged = ({ before, after }: Touched): boolean =>
  after !== undefined &&
  after !== before &&
  (before === undefined ||
    before.born !== after.born ||
    before.died !== after.died ||
    before.alive !== after.alive ||
    Object.keys(after.fields).some((name) => after.fields[name] !== before.fields[name]))

/** The fields whose state a transaction changed, also where its value lost. */
export const changedFields = ({ before, after }: Pick<Touched, 'before' | 'after'>): string[] =>
  before && after ? Object.keys(after.fields).filter((name) => after.fields[name] !== before.fields[name]) : []

/**
 * What became of a record: it began to exist, went on, ended, or (an insert over a delete) ended and began again. One that is dead goes on
 * as well, if it was written to: it would have that when it is restored.
 */
export function fateOf({ before, after }: Touched): readonly ('insert' | 'update' | 'delete')[] {
  const was = before !== undefined && isAlive(before)
  const is = after !== undefined && isAlive(after)
  if (!was && !is) return changedFields({ before, after }).length > 0 ? ['update'] : []
  if (!was) return ['insert']
  if (!is) return ['delete']
  return before.alive === after.alive ? ['update'] : ['delete', 'insert']
}
