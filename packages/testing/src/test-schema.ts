import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'

/** The schema that tests across packages share: one field of each kind. */
export const testSchema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean().default(false), votes: counter(), tags: set(string()) }).index('done', 'title'),
  },
})
