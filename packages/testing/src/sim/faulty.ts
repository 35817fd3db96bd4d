import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import type { History } from './history.ts'
import type { Sent } from './log-oracle.ts'
import type { ClientOptions, Person } from './person.ts'
import type { ServerDisk } from './server-disk.ts'

/** A run, as far as faults look at it. */
export interface Faulty {
  readonly world: World
  readonly random: Random
  readonly client: ClientOptions
  readonly users: readonly string[]
  readonly spaces: readonly string[]
  /** Who sits at a device now. */
  readonly people: Person[]
  /** Who was signed in on a device before another: what he had not sent waits there for him. */
  readonly away: Person[]
  /** Requests that the network may bring once more. */
  readonly late: (() => Promise<unknown>)[]
  /** Backups of the server, of the history that goes on. */
  readonly copies: string[]
  /** The histories that the server had, and left. */
  readonly histories: History[]
  readonly disk: ServerDisk
  readonly sent: Sent
  /** Puts his line between his device and the server. */
  readonly wire: (person: Person) => void
  readonly hit: (what: string) => void
}

export type Fault = readonly [weight: number, act: (sim: Faulty, person: Person) => unknown]
