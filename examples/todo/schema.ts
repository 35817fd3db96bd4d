import { boolean, counter, defineSchema, type Row, set, string, table, timestamp } from '@holdfast/shared'

export const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      done: boolean().default(false),
      votes: counter(),
      tags: set(string()),
      created: timestamp(),
    }).index('done', 'created'),
  },
})

export type Todo = Row<typeof schema, 'todos'>

/** Who can sign in; a real app asks its own accounts. */
export const USERS = [
  { id: 'ann', name: 'Ann' },
  { id: 'bob', name: 'Bob' },
  { id: 'cleo', name: 'Cleo' },
] as const

/** The one space that all of them share; each also has a home space of their own. */
export const SHARED = 'shared:demo'
