import { boolean, defineSchema, number, string, table, timestamp } from '@holdfast/shared'

export const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      done: boolean(),
      priority: number(),
      listId: string(),
      updatedAt: timestamp(),
      notes: string(),
    }).index('listId', 'done', 'updatedAt'),
  },
})

export const USER = 'ann'

/** A space of many, and who reads there. */
export const SHARED = 'shared:bench'
export const READERS = Array.from({ length: 500 }, (_, i) => `reader_${i}`)
