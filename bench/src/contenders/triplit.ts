import { TriplitClient } from '@triplit/client'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { schema, token } from './triplit-schema.ts'

export const contender: Contender = {
  async open({ origin }) {
    const serverUrl = `http://127.0.0.1:${Number(new URL(origin).port) + 1}`
    const client = new TriplitClient({ schema, serverUrl, token: await token(), storage: { type: 'indexeddb', name: 'bench' } })
    await client.ready
    const question = (listId: string) =>
      client.query('todos').Where(['listId', '=', listId], ['done', '=', false]).Order('updatedAt', 'DESC').Limit(50) as never
    let complete = () => {}
    const synced = new Promise<void>((resolve) => {
      complete = resolve
    })
    const stop = client.subscribeBackground(client.query('todos') as never, { onFulfilled: complete })
    return {
      async insert(todos) {
        await client.transact(async (tx) => {
          for (const todo of todos) await tx.insert('todos', todo)
        })
      },
      query: (listId) => client.fetch(question(listId), { policy: 'local-only' }) as unknown as Promise<Todo[]>,
      get: async (id) => ((await client.fetchById('todos', id, { policy: 'local-only' })) as Todo | null) ?? undefined,
      async update(id, title) {
        await client.update('todos', id, { title })
      },
      watch: (listId, hear) =>
        new Promise((resolve) => {
          client.subscribe(question(listId), (rows) => {
            hear(rows as unknown as Todo[])
            resolve()
          })
        }),
      // It says so itself: to count what is here would be to fetch all of it, again and again.
      ready: () => synced,
      disconnect: () => client.disconnect(),
      reconnect: () => void client.connect(),
      close() {
        stop()
        client.disconnect()
      },
    }
  },
}
