import type { ExportedWrite } from '@holdfast/client/export'
import type { Todo } from '../schema.ts'
import type { Db } from './db.ts'

type Tx = Parameters<Parameters<Db['write']>[0]>[0]

/** What somebody typed for a write. */
export interface Typed {
  readonly text: string
  /** The todo that it changes; a new one is none yet. */
  readonly todo: string | undefined
  /** The same write with another title; none where the text is not that of a todo. */
  readonly write: ((tx: Tx, title: string) => void) | undefined
}

/** Finds it in the operations of a write, as the export has them: a dead letter tells people what it would have done, in brief. */
export function typedIn({ operations }: Pick<ExportedWrite, 'operations'>): Typed | undefined {
  for (const [kind, space, table, id, given] of operations) {
    const { title, name, tags } = Object(given) as Partial<Todo> & { readonly name?: unknown }
    if (typeof name === 'string') return { text: name, todo: undefined, write: undefined }
    if (table !== 'todos' || typeof title !== 'string') continue
    if (kind === 'upd') return { text: title, todo: id, write: (tx, edited) => tx.todos.update(id, { title: edited }) }
    const write = (tx: Tx, edited: string) => {
      tx.space(space).todos.upsert(id, { title: edited, tags: tags ?? [], position: 'first' })
    }
    return { text: title, todo: undefined, write }
  }
  return undefined
}
