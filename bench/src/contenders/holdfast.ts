import { openDatabase } from '@holdfast/client'
import type { Contender } from '../contender.ts'
import { schema, USER } from './holdfast-schema.ts'

export const contender: Contender = {
  async open({ origin, durability }) {
    const db = await openDatabase({ schema, userId: USER, token: () => USER, url: `${origin}/holdfast`, durability })
    const { todos } = db.home
    const question = (listId: string) => todos.where({ listId, done: false }).orderBy('updatedAt', 'desc').limit(50)
    return {
      async insert(records) {
        await db.home.write((tx) => {
          for (const record of records) tx.todos.insert(record)
        })
      },
      query: (listId) => question(listId).read(),
      get: (id) => todos.get(id),
      async update(id, title) {
        await todos.update(id, { title })
      },
      watch(listId, hear) {
        question(listId).subscribe(hear)
      },
      ready: () => db.home.ready(),
      close: () => db.close(),
    }
  },
}
