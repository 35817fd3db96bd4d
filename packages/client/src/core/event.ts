import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { Hlc } from '@holdfast/shared/internal/clock/hlc'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { JsonValue } from '@holdfast/shared/internal/json'
import type { Delta } from '@holdfast/shared/internal/merge/pack'
import type { SessionUser, SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import type { Groundless } from './purge.ts'

/** The client's own order: the key of its append-only event store. */
export type Revision = number

export type Seqs = Readonly<Record<string, number>>

/** A confirmed transaction that is sent again, and the seqs that it once had. */
export type Healed = readonly [session: string, n: number, at: Seqs]

export type CommandOutcome = readonly [session: string, n: number, result: JsonValue]

/** A transaction that was accepted here. Any tab, one `add`; never changed. */
export interface WriteEvent {
  readonly e: 'write'
  /** The server history that its clock speaks of. */
  readonly generation: number
  readonly transaction: Transaction
  /** The greatest HLC of the server that the tab had seen. */
  readonly lo: Hlc
  readonly label?: string
  /** Sent again after a reset: the seqs that it once had. */
  readonly healed?: Seqs | undefined
  /** Nothing says that the server lost it: it is only asked for, and counts once it is refused. */
  readonly asked?: boolean | undefined
}

/** Why a transaction is not sent: its user dropped it, it is more than any server takes, or it writes where he may no longer be. */
export type DropReason = 'discarded' | 'poison' | 'purged'

/**
 * A decision: about a transaction that is pending, about a dead letter, about which spaces this device holds, about what may go out.
 * Any tab, one `add`; revision order says if it came in time.
 */
export type NoteEvent =
  | { readonly e: 'note'; readonly drop: Dot; readonly reason: DropReason }
  | { readonly e: 'note'; readonly forget: string }
  | { readonly e: 'note'; readonly space: SpaceId; readonly follow: boolean }
  /** All that is here goes to this user, and to no other. */
  | { readonly e: 'note'; readonly adoptedBy: string }
  /** What was written up to a revision may go out, however long ago. */
  | { readonly e: 'note'; readonly approved: Revision }

/** A transaction that was refused; kept with the reason until its user decides. */
export interface StoredDeadLetter extends Groundless {
  readonly id: string
  readonly code: string
  readonly message: string
  /** When it was refused, in milliseconds of server time. */
  readonly at: number
  readonly transaction: Transaction
  /** The server history that its clock speaks of. */
  readonly generation: number
  readonly label?: string
  /**
   * Of what a restored server lost: it was refused for want of what another device may still bring, is proposed again when that comes, and
   * no more after this time, in milliseconds of the server's.
   */
  readonly waits?: { readonly until: number; readonly healed: Seqs }
}

/** The writes of this device that a server lost when it was restored: how many, of them in dead letters, and when that was noticed. */
export interface Restored {
  readonly at: number
  readonly total: number
  readonly lost: number
}

/** Numbers of a session that are refused, and why. */
export type Voided = readonly [session: string, n: number, to: number, code: string]

/** What an answer of the server changed, all at once. The leader only. */
export interface BaseEvent {
  readonly e: 'base'
  readonly generation: number
  readonly fence: number
  readonly deltas: readonly Delta[]
  /** Whose the sessions are that the deltas speak of, but for this device's user's own. */
  readonly users?: readonly SessionUser[] | undefined
  /** The new cursors of the spaces that moved. */
  readonly cut: Readonly<Record<string, Cursor>>
  readonly hlc: Hlc
  /** The numbers decided; after `lost` also lower ones. */
  readonly decided: Readonly<Record<string, number>>
  /** Every transaction that is decided and whose seqs base has not reached; replaces the list before. */
  readonly accepted: readonly (readonly [session: string, n: number, at: Seqs])[]
  readonly dead: readonly StoredDeadLetter[]
  /** What was refused and leaves no dead letter: dropped by its user, or nowhere any more. */
  readonly void?: readonly Voided[]
  /** After a pull or a reset: sessions of which base has more than the verdicts that came say, and up to which number. */
  readonly reached?: Seqs
  /** Sessions that confirmed what no cursor of this device proves, as in a space that it does not hold, and when, in milliseconds of server time. */
  readonly unproven?: Readonly<Record<string, number>>
  /** How many values of these transactions a merge dropped. */
  readonly conflicts?: readonly (readonly [session: string, n: number, count: number])[]
  /** What commands gave back. */
  readonly results?: readonly CommandOutcome[]
  readonly spaces?: readonly SpaceAccess[]
  /** Spaces that began with writes of this device and were left in the same exchange: they are in no list. */
  readonly left?: readonly SpaceId[]
  readonly spacesTag?: string
  /** Server time minus this device's, in milliseconds. */
  readonly offset?: number
  /** When this was learned, in milliseconds of server time: "last synced". */
  readonly now?: number
  /** Milliseconds by which the `at` of everything pending moves, and the server time that none may be ahead of. */
  readonly shift?: { readonly by: number; readonly now: number }
  /** Spaces that go on in another history, from the newest seq that both share. */
  readonly resets?: Seqs
  /** What is sent again after the last of them. */
  readonly healed?: readonly Healed[]
  /** What a restored server lost, as it stands with this. */
  readonly restored?: Restored | undefined
  /** Dead letters that are proposed again, by id. */
  readonly again?: readonly string[] | undefined
  /** From this dot on a copy of this device got there first: the rest of the session goes on under a fresh one. */
  readonly fork?: { readonly session: string; readonly n: number; readonly to: string }
}

export type StoreEvent = WriteEvent | NoteEvent | BaseEvent

/** The segments that an event names, with the space of each. */
export const namedSegments = (event: StoreEvent): (readonly [name: string, space: string])[] =>
  event.e === 'base' ? event.deltas.flatMap(({ space, segments = [] }) => segments.map(([name]): [string, string] => [name, space])) : []

/** A confirmed transaction of this device, kept for `healWindow` in case the server loses it. */
export interface KeptTransaction extends Groundless {
  readonly transaction: Transaction
  readonly generation: number
  readonly at: Seqs
  /** When it was confirmed, in milliseconds of server time. */
  readonly confirmed: number
}
