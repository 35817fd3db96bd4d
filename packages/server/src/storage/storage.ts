import type { Changes } from '../engine/changes.ts'
import type { Asking } from '../engine/reads.ts'

/** A computation that reads and says what to store. It is pure, so a storage may begin it again. */
export type WriteJob<T> = () => Asking<{ readonly result: T; readonly changes: Changes }>

/** A computation that only reads. */
export type ReadJob<T> = () => Asking<T>

/**
 * Where a server keeps everything. The contract, which `testing/suites/server-storage-suite.ts` checks of every implementation:
 *
 * - `write` is exclusive: until it has settled no other write, of this process or of another one on the same data, reads or stores
 *   anything that it reads. It is atomic: all of its changes are stored or, if it rejects, none. It is durable: once it resolves, the
 *   changes survive the death of the process and of the machine. An error thrown by the job rejects with that error.
 * - `read` answers all questions of a job from one snapshot, which has every write that resolved before.
 * - Neither remembers anything between two calls that another process could change.
 * - Answers are as they were stored: strings with every character, hashes and segments with every byte; `changedSince` and `page` in the
 *   order that `reads.ts` states.
 * - Changes are stored in the order of the fields of {@link Changes}; rows with a key that is there replace it. The log is only added to.
 * - A segment goes with the first changes that speak of segments after its `until`. All are a cache: they may be emptied, with all sets.
 * - `meta` is there from the beginning, with one epoch.
 */
export interface Storage {
  write<T>(job: WriteJob<T>): Promise<T>
  read<T>(job: ReadJob<T>): Promise<T>
  /**
   * Whether an error that `write` rejected with says that nobody can store anything just now, whatever it is: a lock is held.
   * Else each of those who waited together is tried alone, which may take as long again for each.
   */
  isUnavailable?(error: unknown): boolean
  /** After it every call rejects. */
  close(): Promise<void>
}
