import type { SpaceId } from '../ids.ts'
import type { Reads, SpaceViews, Views } from '../query/table-view.ts'
import type { Schema } from '../schema/table.ts'

export interface Context {
  readonly userId: string
  /** Milliseconds since 1970; the same throughout the transaction. */
  readonly now: number
  /** A fresh id: unique, not secret. */
  newId(): string
}
export interface Spaces<Space> {
  /** The user's own space. */
  readonly home: Space
  space(id: SpaceId): Space
}

/** One space inside a transaction. */
export type TxSpace<S extends Schema> = { readonly id: SpaceId } & SpaceViews<S, 'now'>

/** A transaction of `db.write`: reads see its own writes, verbs give values. It ends with the closure. */
export type Tx<S extends Schema> = Context & Spaces<TxSpace<S>> & Views<S, 'now'>

/** A transaction of `space.write`: its tables are those of that space; the others are in `home` and `space(id)`. */
export type SpaceTx<S extends Schema> = Context & Spaces<TxSpace<S>> & SpaceViews<S, 'now'>

/** What `db.live` reads through: what is read through it is what the result depends on. */
export type Reader<S extends Schema> = Spaces<{ readonly id: SpaceId } & Reads<S>> & Reads<S>
