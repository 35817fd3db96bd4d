import PouchDB from 'pouchdb-browser'
import find from 'pouchdb-find'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

PouchDB.plugin(find)

type Document = Omit<Todo, 'id'>
const toTodo = ({ _id, _rev, ...values }: { _id: string; _rev?: string } & Document): Todo => ({ id: _id, ...values })

export const contender: Contender = {
  async open({ origin, records }) {
    const db = new PouchDB('bench')
    await db.createIndex({ index: { fields: ['listId', 'done', 'updatedAt'] } })
    const sync = db.sync(`${origin}/db/bench`, { live: true, retry: true, batch_size: 1_000 })
    sync.on('error', () => undefined)
    async function query(listId: string): Promise<Todo[]> {
      const { docs } = await db.find({
        selector: { listId, done: false, updatedAt: { $gt: null } },
        sort: [{ listId: 'desc' }, { done: 'desc' }, { updatedAt: 'desc' }],
        limit: 50,
      })
      return (docs as (Document & { _id: string })[]).map(toTodo)
    }
    return {
      async insert(todos) {
        await db.bulkDocs(todos.map(({ id, ...values }) => ({ _id: id, ...values })))
      },
      query,
      get: async (id) => toTodo(await db.get(id)),
      async update(id, title) {
        await db.put({ ...(await db.get(id)), title })
      },
      async watch(listId, hear) {
        db.changes({ since: 'now', live: true, include_docs: true }).on('change', async ({ doc }: { doc?: Document }) => {
          if (doc?.listId === listId) hear(await query(listId))
        })
        hear(await query(listId))
      },
      async ready() {
        while ((await db.info()).doc_count < records) await new Promise((resolve) => setTimeout(resolve, 20))
        // It builds an index when it is first asked, which is part of being able to ask.
        await query('list_0')
      },
      async close() {
        sync.cancel()
        await db.close()
      },
    }
  },
}
