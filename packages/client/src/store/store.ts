import type { RecordState } from '@holdfast/shared/internal/merge/record'
import type { KeptTransaction, NoteEvent, Revision, StoreEvent, WriteEvent } from '../core/event.ts'
import type { Known } from '../core/known.ts'
import type { Commit } from '../core/verdict.ts'

export type StoredRecord = readonly [space: string, table: string, id: string, record: RecordState]

/** Everything a tab needs to start. `records` and `known` are as of `folded`; the events come after it. */
export interface Snapshot {
  readonly known: Known
  readonly folded: Revision
  readonly records: readonly StoredRecord[]
  readonly events: readonly (readonly [Revision, StoreEvent])[]
}

/** What a tab that is at some revision has missed; `folded` says that older events went into the fold, and it has to load again. */
export type Missed = readonly (readonly [Revision, StoreEvent])[] | 'folded'

/**
 * The disk of a device, shared by its tabs. Its contract:
 *
 * - `append` stores events of this tab, all or none, and resolves when they are durable, with their revisions in the same order;
 *   revisions grow and are never used twice;
 * - `commit` stores what an answer changed in one transaction that first checks that the fence is still this leader's and that the
 *   cursors continue those before; it deletes and keeps what the commit names. Rejects with `fenced` as its `details.reason` otherwise;
 * - `load` is one consistent snapshot, and never holds up another tab's `append`;
 * - `since` gives events in order; a gap is only what has left the queue or was folded;
 * - `fold` replaces the base events up to a revision by records and what is known, under the same fence; whoever reads sees all of it or
 *   none;
 * - nothing resolves that is not stored. Every failure is a HoldfastError: `storage_full`, `storage_blocked`, `storage_unavailable`,
 *   `storage_failed`, `closed`.
 */
export interface Store {
  readonly persistence: 'persistent' | 'best-effort' | 'memory'
  load(): Promise<Snapshot>
  append(events: readonly (WriteEvent | NoteEvent)[]): Promise<Revision[]>
  since(revision: Revision): Promise<Missed>
  /** Takes the leadership: the next fence. Earlier holders can no longer commit. */
  takeFence(): Promise<number>
  commit(commit: Commit): Promise<{ revision: Revision; added: Revision[] }>
  kept(): Promise<KeptTransaction[]>
  fold(fold: Fold): Promise<void>
  /** Stores something and takes it away again: rejects where nothing can be stored. */
  probe(): Promise<void>
  close(): void
  /** Deletes the database. */
  erase(): Promise<void>
}

export interface Fold {
  readonly fence: number
  readonly upTo: Revision
  readonly known: Known
  readonly records: readonly StoredRecord[]
  /** Whether notes up to there still matter, because what one speaks of is pending. */
  readonly keepNotes: boolean
  /** Kept transactions confirmed before this (milliseconds of server time) leave. */
  readonly keptSince: number
  /** And so do those of these spaces, which are this user's no more. */
  readonly lost: readonly string[]
}
