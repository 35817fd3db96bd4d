import type { KeptTransaction, NoteEvent, Revision, StoreEvent, WriteEvent } from '../core/event.ts'
import type { Known } from '../core/known.ts'
import type { Commit } from '../core/verdict.ts'

/** Bytes of segments, by name. */
export type SegmentBytes = ReadonlyMap<string, ArrayBuffer>

/** A segment of base: its name, and the space that its records are in. */
export type NamedSegment = readonly [name: string, space: string]

/** Everything a tab needs to start. `segments` and `known` are as of `folded`; the events come after it. */
export interface Snapshot {
  readonly known: Known
  readonly folded: Revision
  readonly segments: readonly NamedSegment[]
  readonly events: readonly (readonly [Revision, StoreEvent])[]
  /** The segments, and those that the events name; without those that are not there, though something names them. */
  readonly bytes: SegmentBytes
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
 * - `stage` stores segments that a commit is going to name; one that names what is not there rejects, with `segments` as its
 *   `details.reason`, and so does a fold;
 * - `fold` replaces the base events up to a revision by segments and what is known, under the same fence; whoever reads sees all of it or
 *   none. What no event and no manifest names is gone after it;
 * - `seal` says whether nothing was stored after a revision; if so, nothing that this or another tab appends is, for a while, and nobody
 *   commits under a fence taken before: what is to be deleted ends there. `append` rejects with `closed` then;
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
  stage(segments: SegmentBytes): Promise<void>
  /** Those of these segments that are there. */
  segments(names: readonly string[]): Promise<SegmentBytes>
  fold(fold: Fold): Promise<void>
  seal(revision: Revision): Promise<boolean>
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
  /** All of base. */
  readonly segments: readonly FoldedSegment[]
  /** Whether notes up to there still matter, because what one speaks of is pending. */
  readonly keepNotes: boolean
  /** Kept transactions confirmed before this (milliseconds of server time) leave. */
  readonly keptSince: number
  /** And so do those of these spaces, which are this user's no more. */
  readonly lost: readonly string[]
}

/** A segment of the fold; what says that it is stored is believed only where it is there. */
export interface FoldedSegment {
  readonly name: string
  readonly space: string
  readonly stored: boolean
  readonly segment: { readonly bytes: ArrayBuffer }
}
