import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Tx } from '../transaction/tx.ts'
import type { Schema } from './table.ts'

declare const types: unique symbol

/**
 * A named mutation with stored arguments: on a device it runs as a prediction, on the server as the truth. `Body` is whether it has a body
 * that both share; without one only the server can run it.
 */
export interface Command<In = unknown, Out = unknown, R = unknown, Body extends boolean = boolean> {
  readonly args: StandardSchemaV1
  readonly result?: StandardSchemaV1 | undefined
  run?(tx: object, args: never): unknown
  readonly [types]?: { readonly in: In; readonly out: Out; readonly result: R; readonly body: Body }
}

export type Commands = Readonly<Record<string, Command>>

/** What a command is called with. */
export type CommandInput<C> = C extends Command<infer In, infer _O, infer _R, infer _B> ? In : never
/** What its body gets. */
export type CommandArgs<C> = C extends Command<infer _I, infer Out, infer _R, infer _B> ? Out : never
export type CommandResult<C> = C extends Command<infer _I, infer _O, infer R, infer _B> ? R : never
/** The names of the commands whose body only the server has. */
export type ServerOnly<C extends Commands> = {
  [K in keyof C]: C[K] extends Command<infer _I, infer _O, infer _R, infer B> ? (B extends true ? never : K) : never
}[keyof C] &
  string

type Synchronous<R> = [Extract<R, PromiseLike<unknown>>] extends [never] ? unknown : 'The body of a command is synchronous.'

/** Types a command by its schema; see `DefinedSchema.command`. */
export interface DefineCommand<S extends Schema> {
  /**
   * With a body that both sides share: it has the rights of whoever calls it, and on the device it predicts. It may run many times, so it
   * takes time and ids from `tx`, and refuses by throwing `refuse(code, message)`.
   */
  <A extends StandardSchemaV1, R>(command: {
    readonly args: A
    readonly result?: undefined
    run(tx: Tx<S>, args: StandardSchemaV1.InferOutput<A>): R & Synchronous<R>
  }): Command<StandardSchemaV1.InferInput<A>, StandardSchemaV1.InferOutput<A>, R, true>
  /** Whose body only the server has (`defineServer({ run })`), with the server's rights; `result` says what it gives back. */
  <A extends StandardSchemaV1, R extends StandardSchemaV1 = StandardSchemaV1<undefined, void>>(command: {
    readonly args: A
    readonly result?: R
  }): Command<StandardSchemaV1.InferInput<A>, StandardSchemaV1.InferOutput<A>, StandardSchemaV1.InferOutput<R>, false>
}
