// The Dexie storage, which is the free one for browsers that the docs name first, and the HTTP replication of their tutorial.
import { createRxDatabase, type RxCollection, type RxStorage } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { Subject } from 'rxjs'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

/** Documents of one pull or push. */
const BATCH = 1_000

const text = (maxLength: number) => ({ type: 'string', maxLength }) as const
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(40),
    title: text(200),
    done: { type: 'boolean' },
    priority: { type: 'integer' },
    listId: text(40),
    updatedAt: { type: 'integer', minimum: 0, maximum: 10_000_000_000_000, multipleOf: 1 },
    notes: { type: 'string' },
  },
  required: ['id', 'title', 'done', 'priority', 'listId', 'updatedAt', 'notes'],
  indexes: [['listId', 'done', 'updatedAt']],
} as const

interface Pulled {
  readonly documents: (Todo & { readonly _deleted: boolean })[]
  readonly checkpoint: { readonly n: number }
}

export const contender: Contender = {
  async open({ origin, durability }) {
    const storage = getRxStorageDexie({ chromeTransactionDurability: durability }) as RxStorage<unknown, unknown>
    const db = await createRxDatabase({ name: 'bench', storage })
    const { todos } = (await db.addCollections({ todos: { schema } })) as unknown as { todos: RxCollection<Todo> }
    const stream = new Subject<Pulled | 'RESYNC'>()
    const events = new EventSource(`${origin}/pull_stream`)
    events.onmessage = ({ data }) => stream.next(JSON.parse(data) as Pulled)
    // What was told while the stream was broken is asked for.
    events.onerror = () => stream.next('RESYNC')
    const replication = replicateRxCollection<Todo, Pulled['checkpoint']>({
      collection: todos,
      replicationIdentifier: `bench-${origin}`,
      push: {
        batchSize: BATCH,
        async handler(rows) {
          const response = await fetch(`${origin}/push`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(rows),
          })
          return (await response.json()) as (Todo & { _deleted: boolean })[]
        },
      },
      pull: {
        batchSize: BATCH,
        async handler(checkpoint, batchSize) {
          const response = await fetch(`${origin}/pull?n=${checkpoint?.n ?? 0}&limit=${batchSize}`)
          return (await response.json()) as Pulled
        },
        stream$: stream.asObservable(),
      },
    })
    const question = (listId: string) => todos.find({ selector: { listId, done: false }, sort: [{ updatedAt: 'desc' }], limit: 50 })
    return {
      async insert(records) {
        await todos.bulkInsert([...records])
      },
      query: (listId) => question(listId).exec(),
      get: async (id) => (await todos.findOne(id).exec()) ?? undefined,
      async update(id, title) {
        const found = await todos.findOne(id).exec()
        await found?.patch({ title })
      },
      watch: (listId, hear) =>
        new Promise((resolve) => {
          question(listId).$.subscribe((rows) => {
            hear(rows)
            resolve()
          })
        }),
      ready: () => replication.awaitInitialReplication(),
      async close() {
        events.close()
        await db.close()
      },
    }
  },
}
