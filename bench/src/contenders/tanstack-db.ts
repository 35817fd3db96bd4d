// A collection over an HTTP endpoint, and the outbox of offline-transactions: records are in memory, only what is unsent is stored.
import { BTreeIndex, createCollection, createLiveQueryCollection, eq } from '@tanstack/db'
import { IndexedDBAdapter, startOfflineExecutor } from '@tanstack/offline-transactions'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

/** Its own storage, which says when something has been stored: nothing else does, and to look into the outbox reads all of it. */
class TellingAdapter extends IndexedDBAdapter {
  stored = () => {}

  override async set(key: string, value: string): Promise<void> {
    await super.set(key, value)
    if (key.startsWith('tx:')) this.stored()
  }
}

export const contender: Contender = {
  async open({ origin }) {
    const todos = createCollection<Todo, string>({
      id: 'todos',
      getKey: ({ id }) => id,
      autoIndex: 'eager',
      defaultIndexType: BTreeIndex,
      sync: {
        sync({ begin, write, commit, markReady }) {
          void (async () => {
            const all = (await (await fetch(`${origin}/todos.json`)).json()) as Todo[]
            begin()
            for (const value of all) write({ type: 'insert', value })
            commit()
            markReady()
          })()
        },
      },
    })
    const storage = new TellingAdapter()
    const offline = startOfflineExecutor({
      storage,
      collections: { todos: todos as never },
      // The server of this row takes nothing: what is measured is up to the outbox.
      mutationFns: { save: () => new Promise(() => {}) },
    })
    await todos.preload()
    await offline.waitForInit()
    const question = (listId: string) =>
      createLiveQueryCollection({
        query: (q) =>
          q
            .from({ todo: todos })
            .where(({ todo }) => eq(todo.listId, listId))
            .where(({ todo }) => eq(todo.done, false))
            .orderBy(({ todo }) => todo.updatedAt, 'desc')
            .limit(50),
        startSync: true,
      })
    async function write(mutate: () => void): Promise<void> {
      const tx = offline.createOfflineTransaction({ mutationFnName: 'save', autoCommit: false })
      const stored = new Promise<void>((resolve) => {
        storage.stored = resolve
      })
      tx.mutate(mutate)
      tx.commit().catch(() => undefined)
      await stored
    }
    return {
      insert: (records) => write(() => void todos.insert([...records])),
      async query(listId) {
        const found = question(listId)
        await found.preload()
        return found.toArray as unknown as Todo[]
      },
      get: (id) => todos.get(id),
      update: (id, title) =>
        write(() => {
          todos.update(id, (draft) => {
            Object.assign(draft, { title })
          })
        }),
      async watch(listId, hear) {
        const found = question(listId)
        await found.preload()
        found.subscribeChanges(() => hear(found.toArray as unknown as Todo[]))
        hear(found.toArray as unknown as Todo[])
      },
      ready: async () => void (await todos.preload()),
    }
  },
}
