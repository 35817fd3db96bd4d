import type { Database } from '@holdfast/client'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Authored } from './authored.ts'
import type { Broken } from './broken.ts'
import type { Chooser } from './chooser.ts'
import type { FaultName } from './faults.ts'
import type { Faulty } from './faulty.ts'
import type { History } from './history.ts'
import type { Secrets } from './isolation.ts'
import type { ClientOptions } from './person.ts'
import type { RecordParts } from './record-history.ts'
import type { Trace } from './trace.ts'

/** What an app does, by name: called on a random device, at a random moment. */
export type Actions<D = Database> = Readonly<Record<string, (doing: Doing<D>) => unknown>>

export interface Doing<D = Database> {
  readonly db: D
  readonly user: string
  /** One of the spaces that all share. */
  readonly space: string
  readonly random: Chooser
  /** Writes what is done into the history, if one is wanted. */
  readonly record: RecordParts
  /** Tells that the user took a write back himself, by its id. */
  readonly tookBack: (write: string) => void
}

/**
 * `safety`: random faults, and everything is judged to the end. `liveness`: at some moment the faults stop for some of the devices and the
 * server; the others stay as broken as they are. What is well then has to come to rest.
 */
export type Mode = 'safety' | 'liveness'

/** Looks at what a server has decided, and at what was written where; throws `Broken`. */
export type Judge = (seen: {
  readonly history: History
  readonly left: readonly History[]
  readonly authored: ReadonlyMap<string, Authored>
  /** The writes of which their authors are told that they are in effect. */
  readonly applied: ReadonlySet<string>
}) => void

export interface RunOptions {
  readonly seed: number
  readonly mode: Mode
  readonly server: { readonly schema: Schema }
  /** What `openDatabase` is given besides: commands, rules. */
  readonly client: ClientOptions
  readonly users: readonly string[]
  readonly spaces: readonly string[]
  readonly actions: Actions
  readonly judge?: Judge | undefined
  readonly history?: ((line: string) => void) | undefined
  readonly steps: number
  /** Which faults may happen. */
  readonly faults: ReadonlySet<FaultName>
}

export interface Run {
  readonly seed: number
  /** The same for the same seed, wherever it runs. */
  readonly hash: string
  readonly timeline: readonly string[]
  readonly failure: { readonly checker: string; readonly message: string } | undefined
  /** How often each fault and each action happened. */
  readonly covered: Readonly<Record<string, number>>
  /** Virtual milliseconds from the end of the faults until all was well. */
  readonly settled: number
}

export interface Simulation extends Faulty {
  readonly options: RunOptions
  readonly trace: Trace
  readonly authored: Map<string, Authored>
  /** Of each session, up to which number the server was told that its answers are known, when it stored something. */
  readonly known: ReadonlyMap<string, number>
  /** What was wrong with a request, an answer or a frame, or in an action after its call. */
  readonly found: readonly Broken[]
  /** Whose secrets are in a text. */
  readonly secretsIn: Secrets
}
