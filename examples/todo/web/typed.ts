import type { ExportedWrite } from '@holdfast/client/export'
import type { Todo } from '../schema.ts'
import type { Db } from './db.ts'

type Tx = Parameters<Parameters<Db['write']>[0]>[0]

/** What somebody typed for a write. */
export interface Typed {
  readonly text: string
  /** The same write with another title; none where the text is not that of a todo. */
  readonly write?: (tx: Tx, title: string) => void
}

/** Finds it in the operations of a write, as the export has them: a dead letter tells people what it would have done, in brief. */
export function typedIn({ operations }: Pick<ExportedWrite, 'operations'>): Typed | undefined {
  for (const [, space, table, id, given] of operations) {
    const { title, name, done = false, tags = [] } = Object(given) as Partial<Todo> & { readonly name?: unknown }
    if (typeof name === 'string') return { text: name }
    if (table !== 'todos' || typeof title !== 'string') continue
    const write = (tx: Tx, edited: string) => {
      const { todos } = tx.space(space)
      if (todos.get(id)) todos.update(id, { title: edited })
      else todos.upsert(id, { title: edited, done, tags, position: 'first' })
    }
    return { text: title, write }
  }
  return undefined
}
