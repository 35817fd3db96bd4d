import { boolean, counter, defineSchema, oneOf, type Row, rank, set, string, table, timestamp } from '@holdfast/shared'

export const schema = defineSchema({
  version: 1,
  tables: {
    /** What a list is called: one record, with the id {@link LIST}, in the space of each list. */
    lists: table({ name: string() }),
    todos: table({
      title: string(),
      done: boolean().default(false),
      votes: counter(),
      tags: set(string()),
      position: rank(),
    })
      .index('position')
      .index('done', 'position'),
    /** The links to lists, by their secrets: in a space that nobody is granted, so that only commands reach them. */
    invites: table({ space: string(), access: oneOf('read', 'write'), expires: timestamp() }),
  },
})

export type Todo = Row<typeof schema, 'todos'>

export const LIST = 'list'

/** The ids of lists that people make begin with this: to be shared a thing has to be a space from birth. */
export const LIST_PREFIX = 'list'

export const isList = (space: string): boolean => space.startsWith(`${LIST_PREFIX}_`)

/** The list that is there from the start, and that everyone who can sign in shares. */
export const SHARED = 'shared:demo'

/** Who can sign in; a real app asks its own accounts. */
export const USERS = [
  { id: 'ann', name: 'Ann' },
  { id: 'bob', name: 'Bob' },
  { id: 'cleo', name: 'Cleo' },
] as const
