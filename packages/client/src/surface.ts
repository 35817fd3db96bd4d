import type { Code, Id, Row, SpaceId } from '@holdfast/shared'
import type { Live } from '@holdfast/shared/internal/query/reading'
import type { SpaceViews, Views } from '@holdfast/shared/internal/query/table-view'
import type { CommandInput, CommandResult, Commands } from '@holdfast/shared/internal/schema/command'
import type { EntryOf, FieldNames, FieldsOf, FieldValue, TableName } from '@holdfast/shared/internal/schema/infer'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Reader, Spaces, SpaceTx, Tx } from '@holdfast/shared/internal/transaction/tx'
import type { Duration, Verdict, Write } from '@holdfast/shared/internal/transaction/write'

export interface WriteOptions {
  /** What a person would call this write, in lists of dead letters and for undo. */
  readonly label?: string
  /**
   * `serializable`: what the body reads is sent along, and the server refuses the write (`conflict`) if any of it has changed by then that
   * this device had not seen. For what must hold between records: a limit, a uniqueness. It runs once; what should be tried again is a
   * command.
   */
  readonly isolation?: 'serializable'
}

type Synchronous<R> = [Extract<R, PromiseLike<unknown>>] extends [never]
  ? unknown
  : 'A transaction is synchronous: its body returns no promise, and no write of db, which would not be part of it.'

interface Writing<T> {
  /**
   * Writes all or nothing. The body runs once, at once, and synchronously; what it returns is the value of the write, and if it throws,
   * nothing happened.
   */
  write<R>(body: (tx: T) => R & Synchronous<R>, options?: WriteOptions): Write<R>
}

/** The unit of access and sharing: a user's own data, a shared list, a workspace. A handle costs nothing and never expires. */
export type Space<S extends Schema = Schema> = Writing<SpaceTx<S>> &
  SpaceViews<S, 'live'> & {
    readonly id: SpaceId
    readonly state: Live<SpaceState>
    /** Resolves when its first copy is complete, and waits for that while offline; rejects when the space is `gone`. */
    ready(): Promise<void>
    /** Who may be here. Asked of the server while somebody listens; offline it is what was last heard, or the user alone. */
    readonly members: Live<readonly Member[]>
    /** Whether this user could do that here, as far as this device knows: for buttons. The server decides. */
    can: Can<S>
    /** Holds this space on this device, where not all are (`openDatabase({ spaces })`). What keeps that from being stored is the status's problem, and is tried again. */
    follow(): void
    /** Takes it off this device, on which nobody else's access depends. Rejects with `unsent_writes` while some of its writes are. */
    unfollow(): Promise<void>
  }

export type SpaceState =
  /** `progress` from 0 to 1: how much of the first copy has arrived. */
  | { readonly is: 'loading'; readonly progress: number }
  | { readonly is: 'ready'; readonly access: 'read' | 'write'; readonly role: string | null }
  | { readonly is: 'gone'; readonly why: 'revoked' | 'deleted' | 'refused'; readonly deadLetters: number }

export interface Member {
  readonly userId: string
  readonly access: 'read' | 'write'
  readonly role: string | null
}

export type Can<S extends Schema> = <T extends TableName<S>>(action: 'insert' | 'update' | 'delete', table: T, id?: Id<T>) => boolean

/** A call of a command. What it gives at once is a prediction, if it has one; `confirmed()` has the server's result. */
export interface Run<R> extends PromiseLike<R | undefined> {
  readonly id: string
  readonly value: R | undefined
  confirmed(options?: { readonly within?: Duration }): Promise<Verdict<R>>
}

/** The data of one user on this device, in memory; tables sit on it by name. */
export type Database<S extends Schema = Schema, C extends Commands = Record<never, never>> = Spaces<Space<S>> &
  Writing<Tx<S>> &
  Views<S, 'live'> & {
    readonly userId: string
    /** The spaces that the user may read, and those that begin on this device. */
    readonly spaces: Live<readonly SpaceId[]> & {
      /**
       * A new space, offline too: it exists, and this user owns it, when its first transaction is accepted. Its id can be neither guessed
       * nor squatted.
       *
       * @throws HoldfastError `invalid_value` for a prefix of other than small letters and digits
       * @example const list = db.spaces.create('list'); list.lists.insert({ name: 'Party' })
       */
      create(prefix?: string): Space<S>
    }
    /** Whether this user could do that, as far as this device knows: for buttons. The server decides. */
    can: Can<S>
    /**
     * Calls a command: it is predicted at once where it has a body here, and the server decides when it is reached, offline or not. A
     * `refuse()` of the prediction is thrown, and nothing is sent.
     */
    readonly run: { readonly [K in keyof C]: (args: CommandInput<C[K]>) => Run<CommandResult<C[K]>> }
    /**
     * A value computed from what it reads through `read`, and computed again when that changes: joins, sums.
     *
     * @example db.live((read) => read.lists.read().map((list) => read.todos.where({ list: list.id }).count().read()))
     */
    live<V>(compute: (read: Reader<S>) => V): Live<V>
    readonly status: Live<Status>
    /** The user's own edits that a merge dropped. */
    readonly conflicts: Live<readonly Conflict<S>[]> & {
      /** Those of one record, or of one of its fields: to be shown where they matter. */
      of<T extends TableName<S>>(table: T, id: Id<T>, field?: keyof FieldsOf<S, T> & string): Live<readonly ConflictIn<S, T>[]>
    }
    /** The user's writes that were refused. */
    readonly deadLetters: Live<readonly DeadLetter<S>[]>
    /** What became of a write, by `write.id`; `undefined` if this device does not know it (any more). */
    verdict(write: string): Promise<Verdict<unknown> | undefined>
    /** Resolves when every space of the user has its first copy. */
    ready(): Promise<void>
    /** Syncs now; resolves when that has succeeded or failed, with the status then. */
    sync(): Promise<Status>
    /** Lets go of it; what is unsent stays on this device, and goes on when this user opens it again. */
    close(): Promise<void>
    /**
     * Deletes everything on this device. Rejects with `unsent_writes`, and deletes nothing, while there are writes that nobody else has, or
     * dead letters: unless they are to be discarded, or, but for the letters, could be drained, that is sent, within some time (`10s`).
     * `exportUnsent` of `@holdfast/client/export` saves them.
     */
    erase(options?: EraseOptions): Promise<void>
  }

export interface EraseOptions {
  readonly unsent?: 'refuse' | 'drain' | 'discard'
  readonly within?: Duration
}

/** Times are milliseconds since 1970. */
export interface Status {
  readonly state: 'synced' | 'syncing' | 'offline' | 'paused' | 'stuck'
  readonly online: boolean
  /** Writes without a verdict, and since when the oldest of them waits. */
  readonly pending: number
  readonly oldestPending: number | null
  readonly lastSynced: number | null
  readonly progress: { readonly done: number; readonly total: number } | null
  readonly conflicts: number
  readonly deadLetters: number
  /** What became of writes of this device after the server went back to an earlier time, the last time; null if it never did. */
  readonly restored: Restored | null
  /** Whether this tab is the one that syncs. */
  readonly leader: boolean
  readonly storage: 'persistent' | 'best-effort' | 'memory'
  readonly problem: Problem | null
}

/** Confirmed writes of this device that a server had lost when it was restored from a backup, failed over or forked. */
export interface Restored {
  /** When this device noticed, in milliseconds since 1970 by the server's clock. */
  readonly at: number
  /** Sent again, and not decided yet. */
  readonly healing: number
  /** In effect again. */
  readonly back: number
  /** Not in effect: they are in the dead letters, `lost` where the operator said that nothing is to be sent again. */
  readonly lost: number
}

/** Why it does not go on, and what would help. */
export interface Problem {
  readonly code: Code | (string & {})
  readonly message: string
  readonly since: number
  readonly retryAt: number | null
  readonly fix: 'wait' | 'sign_in' | 'upgrade' | 'free_space' | 'review' | 'reload'
}

/** One of two values that met; `at` in milliseconds since 1970. */
export interface Side<V> {
  readonly value: V
  readonly userId: string
  readonly at: number
}

/**
 * An edit of this user that a merge dropped: another value stands (`value`), or the record was deleted meanwhile (`deleted`): then
 * `dropped.value` has what he had written to it, by field.
 */
export type Conflict<S extends Schema = Schema> = { [T in TableName<S>]: ConflictIn<S, T> }[TableName<S>]
type ConflictIn<S extends Schema, T extends TableName<S>> =
  | DeletedConflict<S, T>
  | { [K in FieldNames<S, T, 'register'>]: ValueConflict<S, T, K> }[FieldNames<S, T, 'register'>]
  | { [K in FieldNames<S, T, 'map'>]: EntryConflict<S, T, K> }[FieldNames<S, T, 'map'>]
interface ConflictOf<T extends string> {
  readonly id: string
  readonly space: SpaceId
  readonly table: T
  readonly record: Id<T>
  /** Writes the dropped value again, over what stands now; a deleted record lives again. */
  restore(): Write<void>
  /** Lets it be: on all devices of the user. */
  dismiss(): Write<void>
}
interface ValueConflict<S extends Schema, T extends TableName<S>, K extends FieldNames<S, T, 'register'>> extends ConflictOf<T> {
  readonly kind: 'value'
  readonly field: K
  readonly key: null
  readonly kept: Side<FieldValue<S, T, K>>
  readonly dropped: Side<FieldValue<S, T, K>>
}
/** Of one key of a map; what stands there now is `null` where it was removed. */
interface EntryConflict<S extends Schema, T extends TableName<S>, K extends FieldNames<S, T, 'map'>> extends ConflictOf<T> {
  readonly kind: 'value'
  readonly field: K
  readonly key: string
  readonly kept: Side<EntryOf<S, T, K> | null>
  readonly dropped: Side<EntryOf<S, T, K>>
}
interface DeletedConflict<S extends Schema, T extends TableName<S>> extends ConflictOf<T> {
  readonly kind: 'deleted'
  readonly field: null
  readonly key: null
  readonly kept: null
  readonly dropped: Side<Partial<Omit<Row<S, T>, 'id' | '$space'>>>
}

/** A transaction that was refused: kept until the user decides. */
export interface DeadLetter<S extends Schema = Schema> {
  readonly id: string
  readonly code: Code | (string & {})
  readonly message: string
  readonly at: number
  /** What its author called it. */
  readonly label: string | null
  /** The spaces that it names. */
  readonly spaces: readonly SpaceId[]
  /** What it would have done, a line for each operation; for developers more than for people. */
  readonly summary: readonly string[]
  /** The dead letter without which this one makes no sense. */
  readonly causedBy: string | null
  /** Those that make no sense without this one. */
  readonly dependants: readonly string[]
  /** Whether it is proposed again by itself, when what it lacks comes: another device may bring it back to a server that was restored. */
  readonly waits: boolean
  /**
   * Whether `retry()` can propose it: not where it was based on what others had written in a space that is no longer shared with its user.
   * That left this device, so nobody could check the write or merge it, even if he is let in again.
   */
  readonly retriable: boolean
  /**
   * Proposes it once more, as it was: against what its author had seen then, and under today's rules. For what a hook refused by mistake,
   * or when access was given back.
   *
   * @throws HoldfastError `revoked` if it is not `retriable`
   */
  retry(): Write<unknown>
  /** Writes something else in its place, by today's clock: it is forgotten with the same step. If the body writes nothing, it stays. */
  replace<R>(body: (tx: Tx<S>) => R & Synchronous<R>, options?: WriteOptions): Write<R>
  /** Forgets it; what it would have written is lost. */
  discard(): Promise<void>
}
