import type { Commands, ServerOnly } from '@holdfast/shared/internal/schema/command'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { AppAccess, Bodies, CreateSpace, OnCommit, User, Validate } from './hooks.ts'
import type { Log } from './log.ts'
import type { Platform } from './platform.ts'
import type { Storage } from './storage/storage.ts'

/** Finds out who sends a request, from its cookie or token: null answers 401, and the client pauses and goes on writing locally. */
export type Authenticate<U extends User = User> = (request: Request) => U | null | Promise<U | null>

// biome-ignore lint/complexity/noBannedTypes: an app without commands has none.
export type NoCommands = {}

interface Settings<S extends Schema, C extends Commands, U extends User> {
  readonly schema: S
  readonly authenticate: Authenticate<U>
  /** Who may write what in a space; judged on both sides. */
  readonly rules?: Rules<S> | undefined
  /** As `schema.command(…)` gives them; the same on both sides. */
  readonly commands?: C | undefined
  /** Has the last word on each transaction, after merging. */
  readonly validate?: Validate<S, U> | undefined
  /** Whether a user may begin a space; without it everyone may. */
  readonly createSpace?: CreateSpace<U> | undefined
  /** For an app that keeps membership itself, in place of grants. */
  readonly access?: AppAccess | undefined
  /** Hears of each commit, as well as it can: what fails is logged, what a crash cuts off is not told again. */
  readonly onCommit?: OnCommit<S, U> | undefined
  /** Under which `sync`, `live`, `members` and `health` live; `/holdfast`. */
  readonly path?: string | undefined
  /** Milliseconds between two signs of life of a stream; 15,000. */
  readonly heartbeat?: number | undefined
  /**
   * The number of records from which on a space is sent to new devices as segments: built once, compressed, and cached. 2,000, and `Infinity`
   * is never; a segment has about as many records, and never more than some thousands.
   */
  readonly segmentsFrom?: number | undefined
  readonly limits?: Partial<ServerLimits> | undefined
  readonly log?: Log | undefined
  readonly platform?: Platform | undefined
}

/** The bodies of commands; needed as soon as there is a command without a shared one. */
type Run<S extends Schema, C extends Commands, U extends User> = [ServerOnly<C>] extends [never]
  ? { readonly run?: Bodies<S, C, U> | undefined }
  : { readonly run: Bodies<S, C, U> }

/** Everything that makes a server, but where it keeps its data. */
export type ServerConfig<S extends Schema = Schema, C extends Commands = NoCommands, U extends User = User> = Settings<S, C, U> &
  Run<S, C, U>

export type SyncServerOptions<S extends Schema = Schema, C extends Commands = NoCommands, U extends User = User> = ServerConfig<S, C, U> & {
  readonly storage: Storage
}

export interface ServerLimits {
  /** Bytes of a request body, after decompression. */
  readonly bodyBytes: number
  readonly streamsPerUser: number
  /** Milliseconds after which a stream is ended and has to authenticate again. */
  readonly streamLifetime: number
  /** Milliseconds that a shutdown waits for requests which are under way. */
  readonly drain: number
}

/**
 * Types a server by its schema, its commands and its users, and returns it as it is: `createSyncServer({ ...config, storage })`. It does
 * not compile without a body for each command that has no shared one.
 *
 * @example export const config = defineServer({ schema, commands, authenticate, run: { join(tx, { secret }, server) { … } } })
 */
export const defineServer = <S extends Schema, C extends Commands = NoCommands, U extends User = User>(
  config: ServerConfig<S, C, U>,
): ServerConfig<S, C, U> => config
