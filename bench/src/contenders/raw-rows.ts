// The limit of all designs that keep one record an entry: IndexedDB without anything around it.
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { answer, openIdb, stored } from './idb.ts'

/** Booleans are no keys of IndexedDB. */
type Entry = Todo & { readonly open: 0 | 1 }
const entry = (todo: Todo): Entry => ({ ...todo, open: todo.done ? 0 : 1 })

export const contender: Contender = {
  async open({ origin, durability }) {
    const db = await openIdb('raw-rows', (made) => {
      made.createObjectStore('todos', { keyPath: 'id' }).createIndex('list', ['listId', 'open', 'updatedAt'])
    })
    const begin = () => db.transaction('todos', 'readwrite', { durability })
    async function put(todos: readonly Todo[]): Promise<void> {
      const tx = begin()
      for (const todo of todos) tx.objectStore('todos').put(entry(todo))
      await stored(tx)
    }
    return {
      insert: put,
      query: (listId) =>
        new Promise((resolve, reject) => {
          const rows: Todo[] = []
          const range = IDBKeyRange.bound([listId, 1], [listId, 1, []])
          const request = db.transaction('todos').objectStore('todos').index('list').openCursor(range, 'prev')
          request.onerror = () => reject(request.error)
          request.onsuccess = () => {
            const cursor = request.result
            if (cursor) rows.push(cursor.value as Todo)
            if (!cursor || rows.length === 50) resolve(rows)
            else cursor.continue()
          }
        }),
      async update(id, title) {
        const tx = begin()
        const store = tx.objectStore('todos')
        store.put({ ...((await answer(store.get(id))) as Entry), title })
        await stored(tx)
      },
      async ready() {
        const all = (await (await fetch(`${origin}/todos.json`)).json()) as Todo[]
        for (let i = 0; i < all.length; i += 1_000) await put(all.slice(i, i + 1_000))
      },
      close: () => db.close(),
    }
  },
}
