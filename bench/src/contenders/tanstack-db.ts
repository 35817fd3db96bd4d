// A collection over an HTTP endpoint, and the outbox of offline-transactions: records are in memory, only what is unsent is stored.
import { BTreeIndex, createCollection, createLiveQueryCollection, eq } from '@tanstack/db'
import { startOfflineExecutor } from '@tanstack/offline-transactions'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

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
    const offline = startOfflineExecutor({
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
    async function write(mutate: () => void, isStored: () => Promise<unknown>): Promise<void> {
      const tx = offline.createOfflineTransaction({ mutationFnName: 'save', autoCommit: false })
      tx.mutate(mutate)
      tx.commit().catch(() => undefined)
      await isStored()
    }
    /** There is no word of when the outbox has stored something: it is looked into. */
    async function outboxHas(count: number): Promise<void> {
      while ((await offline.peekOutbox()).length < count) await Promise.resolve()
    }
    let written = (await offline.peekOutbox()).length
    return {
      insert: (records) =>
        write(
          () => void todos.insert([...records]),
          () => outboxHas(++written),
        ),
      async query(listId) {
        const found = question(listId)
        await found.preload()
        return found.toArray as unknown as Todo[]
      },
      get: (id) => todos.get(id),
      update: (id, title) =>
        write(
          () =>
            void todos.update(id, (draft) => {
              Object.assign(draft, { title })
            }),
          () => outboxHas(++written),
        ),
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
