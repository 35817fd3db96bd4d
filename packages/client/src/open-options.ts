import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Duration } from '@holdfast/shared/internal/transaction/write'
import type { Platform } from './platform.ts'

export interface OpenOptions<S extends Schema, C extends Commands = Commands> {
  readonly schema: S
  /** The rules that the server decides by: what they refuse is refused at the call. */
  readonly rules?: Rules<S>
  /** Those with a body predict what the server will do. */
  readonly commands?: C
  readonly userId: string
  /**
   * The token for the next request; `refresh` says that the last one was refused. Nobody being signed in (`null`), or throwing, pauses
   * syncing, never local writes.
   */
  readonly token: (options: { readonly refresh: boolean }) => string | null | Promise<string | null>
  /** Where the server is: a base, under which `sync` and `live` are. Default `/holdfast`. */
  readonly url?: string
  /** Tells databases of one server and user apart. */
  readonly name?: string
  /** The spaces to follow; by default all that the user may read. */
  readonly spaces?: readonly string[]
  /** `strict` (the default) waits for the disk; `relaxed` is faster, and a power cut may take the last moments. */
  readonly durability?: 'strict' | 'relaxed'
  /** How long own confirmed writes are kept, in case the server loses them. Default `14d`. */
  readonly healWindow?: Duration
  /**
   * Holds what was written, where some of it is older than this when it could go out, until its user has reviewed it: see
   * `@holdfast/client/review`. By default nothing is held.
   */
  readonly reviewAfter?: Duration
  /** The outside world, for tests and simulators. */
  readonly platform?: Partial<Platform>
}
