import type { Dot } from '../clock/dot.ts'
import type { Hlc } from '../clock/hlc.ts'
import type { SessionId, SpaceId } from '../ids.ts'
import { canonical, type JsonValue } from '../json.ts'
import type { Operation } from './operation.ts'
import type { Read } from './read.ts'

/** A command that was called: its name and arguments, never what they were predicted to do. */
export interface CommandCall {
  readonly name: string
  readonly args: JsonValue
}

/** The unit of writing: atomic everywhere, fixed at the write and never changed (`schedules.md` 4). */
export interface Transaction {
  readonly dot: Dot
  /** The schema version it was written in. */
  readonly version: number
  /** None, if it is a command: what that does is found out where it runs. */
  readonly operations: readonly Operation[]
  readonly command?: CommandCall | undefined
  readonly base: Readonly<Record<SpaceId, number>>
  readonly seen: Readonly<Record<SessionId, number>>
  readonly at: Hlc
  /** What it looked at, if it is serializable: it is refused where that does not hold any more. */
  readonly reads?: readonly Read[] | undefined
  /** Spaces that it takes to begin with it, if they are not there yet: made by its author, who owns them then. */
  readonly begins?: readonly SpaceId[] | undefined
}

/** The operations as they are sent, where a command is one of them, and the only one. */
export const sentOperations = ({ operations, command }: Pick<Transaction, 'operations' | 'command'>): readonly (readonly unknown[])[] =>
  command ? [['cmd', command.name, command.args]] : operations

/**
 * What the payload hash covers: what was meant, not when it was seen or stamped. Clock, `at` and dot are outside, so a repaired clock or
 * a reset does not look like another transaction.
 */
export function payload({ version, operations, reads }: Meant): string {
  return canonical({ v: version, o: operations as JsonValue, ...(reads ? { i: 1, rd: reads as JsonValue } : {}) })
}

interface Meant {
  readonly version: number
  readonly operations: readonly unknown[]
  readonly reads?: readonly unknown[] | undefined
}
