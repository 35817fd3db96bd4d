import type { Code } from '../errors.ts'

/** A span of time: milliseconds, or a number with a unit. @example '10s' */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

/** A write that is on screen already. `await` it to know that it is stored on this device, `confirmed()` for what the server said. */
export interface Write<T> extends PromiseLike<T> {
  /** Names the write for `db.verdict`, also after a reload. */
  readonly id: string
  /** What the write gave, at once: the id of an insert. */
  readonly value: T
  /** Never rejects. Offline it may take days: with `within` it says `pending` after that time. */
  confirmed(options?: { readonly within?: Duration }): Promise<Verdict<T>>
}

/** The server's final word, or `pending` while it has not spoken. */
export type Verdict<T> =
  | { readonly status: 'applied'; readonly result: T; readonly conflicts: number }
  | { readonly status: 'pending' }
  | { readonly status: 'refused'; readonly code: Code | (string & {}); readonly message: string; readonly deadLetter: string }
