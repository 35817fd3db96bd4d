import { Dexie, type EntityTable, liveQuery } from 'dexie'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

/** Booleans are no keys of IndexedDB, so what is asked for is a number. */
type Entry = Todo & { readonly open: 0 | 1 }

export const contender: Contender = {
  async open({ durability }) {
    const db = new Dexie('bench', { chromeTransactionDurability: durability }) as Dexie & { todos: EntityTable<Entry, 'id'> }
    db.version(1).stores({ todos: 'id, [listId+open+updatedAt]' })
    const query = (listId: string) =>
      db.todos.where('[listId+open+updatedAt]').between([listId, 1, Dexie.minKey], [listId, 1, Dexie.maxKey]).reverse().limit(50).toArray()
    return {
      async insert(todos) {
        await db.todos.bulkAdd(todos.map((todo) => ({ ...todo, open: todo.done ? 0 : 1 })))
      },
      query,
      get: (id) => db.todos.get(id),
      async update(id, title) {
        await db.todos.update(id, { title })
      },
      watch: (listId, hear) =>
        new Promise((resolve) => {
          liveQuery(() => query(listId)).subscribe((rows) => {
            hear(rows)
            resolve()
          })
        }),
      close: () => db.close(),
    }
  },
}
