import type { HoldfastError, Id, SpaceId } from '@holdfast/shared'
import type { Access, Member, SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { Reads } from '@holdfast/shared/internal/query/table-view'
import type { CommandArgs, CommandResult, Commands, ServerOnly } from '@holdfast/shared/internal/schema/command'
import type { Row, TableName } from '@holdfast/shared/internal/schema/infer'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Context, Tx, TxSpace } from '@holdfast/shared/internal/transaction/tx'

/** Whom a request comes from; more than the id is the app's own. The user `''` is the server itself. */
export interface User {
  readonly id: string
  /** Milliseconds since 1970 at which the token ends: his streams do then too, so that the client comes back with a fresh one. */
  readonly expires?: number | undefined
}

/** What code of the server's own can do besides writing. Grants are committed with the transaction, or not at all. */
export interface ServerVerbs {
  accessOf(space: SpaceId, userId: string): SpaceAccess | undefined
  members(space: SpaceId): readonly Member[]
  /** Lets a user into a space, or in further; never lowers what he has. A role that is not named stays. */
  grant(space: SpaceId, userId: string, access: Access, role?: string): void
  /** Takes a space from a user. */
  revoke(space: SpaceId, userId: string): void
  /** Sets exactly what a user has, also lower than it was; without a role he has none. */
  setAccess(space: SpaceId, userId: string, access: Access, role?: string): void
  /** 22 characters that cannot be guessed. */
  secret(): string
}

/** What the body of a command that only the server has can do, besides writing wherever it likes. */
export interface CommandServer<U extends User = User> extends ServerVerbs {
  /** Who called, as `authenticate` returned him. */
  readonly user: U
  /** What he may do in a space; `undefined` is nothing. */
  access(space: SpaceId): SpaceAccess | undefined
}

/** A transaction of the server's own: it writes into any space that it names. */
export type ServerTx<S extends Schema> = Context & { space(id: SpaceId): TxSpace<S> }

type Synchronous<R> = R extends PromiseLike<unknown> ? never : R

/** The body of `sync.write`. */
export type ServerBody<S extends Schema, R> = (tx: ServerTx<S>, server: ServerVerbs) => Synchronous<R>

// biome-ignore lint/suspicious/noConfusingVoidType: what a body gives: nothing (and no promise either) where nothing was promised, or a refusal.
type Given<R> = ([R] extends [void] ? undefined | void : R) | HoldfastError

// A method, so that a body that takes more exact arguments than are known here still fits.
type Body<S extends Schema, C, U extends User> = {
  run(tx: Tx<S>, args: CommandArgs<C>, server: CommandServer<U>): Given<CommandResult<C>>
}['run']

/** The bodies that only the server has: of every command without a shared one, and of others instead of the shared one. */
export type Bodies<S extends Schema, C extends Commands, U extends User> = {
  readonly [K in ServerOnly<C>]: Body<S, C[K], U>
} & { readonly [K in Exclude<keyof C & string, ServerOnly<C>>]?: Body<S, C[K], U> }

/** A record before and after a transaction; without `before` it began to exist, without `after` it ended. */
export type Change<S extends Schema = Schema> = {
  [T in TableName<S>]: {
    readonly space: SpaceId
    readonly table: T
    readonly id: Id<T>
    readonly before?: Row<S, T> | undefined
    readonly after?: Row<S, T> | undefined
  }
}[TableName<S>]

export interface Validation<S extends Schema = Schema, U extends User = User> {
  readonly changes: readonly Change<S>[]
  /** Everything as this transaction would leave it: in one space, or in all that it changed. */
  readonly read: Reads<S> & { space(id: SpaceId): { readonly id: SpaceId } & Reads<S> }
  readonly user: U
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Has the last word on a transaction, after merging and before it is committed: `refuse(…)`, returned or thrown, says no. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is typed so.
export type Validate<S extends Schema = Schema, U extends User = User> = (transaction: Validation<S, U>) => HoldfastError | undefined | void

/** Whether a user may begin a space, whose id is long and random; `refuse(…)`, returned or thrown, says no in the app's own words. */
export type CreateSpace<U extends User = User> = (creation: { readonly space: SpaceId; readonly user: U }) => boolean | HoldfastError

/** What was committed, for `onCommit`. */
export interface Committed<S extends Schema = Schema, U extends User = User> {
  readonly user: U
  /** Milliseconds since 1970. */
  readonly at: number
  readonly changes: readonly Change<S>[]
  readonly seqs: Readonly<Record<SpaceId, number>>
}

export type OnCommit<S extends Schema = Schema, U extends User = User> = (commit: Committed<S, U>) => void | Promise<void>

type Awaitable<T> = T | Promise<T>

/** For an app that keeps membership itself. What changes there it says with `sync.accessChanged(userId)`; home spaces need not be named. */
export interface AppAccess {
  /** All that a user may follow; commands go by it too. */
  list(userId: string): Awaitable<readonly AppGrant[]>
  /** What he may do in one space; `undefined` is nothing. A space that a client began exists only if this says so. */
  check(userId: string, space: SpaceId): Awaitable<Omit<AppGrant, 'space'> | undefined | null>
  /** Who is in a space, for those who may read it; without it each sees only himself. */
  members?(space: SpaceId): Awaitable<readonly { readonly userId: string; readonly access: Access; readonly role?: string | null }[]>
}

export interface AppGrant {
  readonly space: SpaceId
  readonly access: Access
  readonly role?: string | null | undefined
}
