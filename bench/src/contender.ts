import type { Todo } from './todo.ts'

/** Where and how a store is opened. */
export interface OpenOptions {
  /** The origin of the contender's server, which has also served the page. */
  readonly origin: string
  readonly durability: 'relaxed' | 'strict'
  /** How many records the server was filled with. */
  readonly records: number
}

/** A database in a page, as its own docs say it should be used. What a contender cannot do it leaves out. */
export interface Store {
  /** One local transaction. Resolves when it is stored on this device and, where there is a sync, queued for it. */
  insert?(todos: readonly Todo[]): Promise<void>
  /** The open ones of a list, newest first, 50 at most; read to the last field. */
  query?(listId: string): readonly Todo[] | Promise<readonly Todo[]>
  get?(id: string): Todo | undefined | Promise<Todo | undefined>
  /** Changes one field. Resolves when that is stored on this device. */
  update?(id: string, title: string): Promise<void>
  /** The same question, live; resolves when it has answered once. */
  watch?(listId: string, hear: (rows: readonly Todo[]) => void): void | Promise<void>
  /** Resolves when all that the server has is here: can be asked for, and is stored. */
  ready?(): Promise<void>
  /** For those whose connection Chromium does not cut when it goes offline. */
  disconnect?(): void | Promise<void>
  reconnect?(): void | Promise<void>
  close?(): void | Promise<void>
}

export interface Contender {
  open(options: OpenOptions): Promise<Store>
}

/** What the first query of a page load took; the clock starts when its script does. */
export interface First {
  readonly ms: number
  readonly rows: number
}

/** What rows find in a page, as `bench`. */
export interface Bench {
  open(options?: Partial<OpenOptions>): Promise<Required<Store>>
  /** The one that `open` gave last; typed as if it could do everything, since a row is run only for who can do what it needs. */
  store: Required<Store>
  first: First | undefined
  todo(i: number): Todo
  todos(from: number, to: number): Todo[]
  /** When a live query first had a record with this title, in milliseconds since 1970; waits for it. */
  heard(title: string): Promise<number>
  /** Begins to listen to a list for `heard`. */
  listen(listId: string): Promise<void>
  now(): number
}
