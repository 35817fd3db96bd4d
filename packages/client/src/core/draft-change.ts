import { equalJson, type JsonValue } from '@holdfast/shared/internal/json'
import type { RecordState, Row } from '@holdfast/shared/internal/merge/record'
import type { Policy } from '@holdfast/shared/internal/policy/policy'
import type { Seen } from './write-clock.ts'

/** The record as its author had it before him, what was confirmed of it, and what this tab had seen then. */
export interface Look {
  /** Of two looks, the one that came first has the lower one. */
  readonly nth: number
  readonly over: Row
  readonly base: RecordState | undefined
  readonly seen: Seen
}

/** As of when this was first changed. */
export interface Change extends Look {
  readonly value: JsonValue
  /** What the form shows of it. */
  readonly shown: JsonValue
}

export type Changes = ReadonlyMap<string, Change>

const differs = (a: Row, b: Row, field: string) => !equalJson(a[field] ?? null, b[field] ?? null)

/** Whether somebody has changed a field since, to something else than is meant here. */
export const isMet = (field: string, { shown, over }: Change, now: Row): boolean =>
  differs(now, over, field) && !equalJson(now[field] ?? null, shown)

/**
 * As of when a save of these has seen the record. Where nothing came that its author has not taken in that is now; else the oldest change
 * that something came to says: of some that he did see somebody may be told needlessly, nothing is written over in silence. Without `now`
 * the record is gone.
 */
export const oldestOf = (changes: Changes, now: Row | undefined): Look | undefined =>
  firstOf([...changes].filter(([field, { over }]) => !now || differs(now, over, field)).map(([, change]) => change))

/** Not that of the field which was changed first: of a field that was taken its author had seen more before he changed it. */
export const firstOf = (looks: readonly Look[]): Look | undefined => [...looks].sort((a, b) => a.nth - b.nth)[0]

/** A transaction has one clock: what was written over something later is written over what was there by that, where it can be. */
export function asOf(
  oldest: Look | undefined,
  { field, policy, ...change }: Change & { readonly field: string; readonly policy: Policy | undefined },
): Pick<Change, 'value' | 'over' | 'base'> {
  if (!oldest || !differs(change.over, oldest.over, field)) return change
  const value = policy?.rebase?.({ value: change.value, over: change.over[field] ?? null, onto: oldest.over[field] ?? null })
  return value === undefined ? change : { ...oldest, value }
}
