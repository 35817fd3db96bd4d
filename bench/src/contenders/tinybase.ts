import { createMergeableStore } from 'tinybase/mergeable-store'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { createQueries } from 'tinybase/queries'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

/** Seconds that a synchronizer waits for an answer; its default of one is too short for many records. */
const PATIENCE = 60

export const contender: Contender = {
  async open({ origin, records }) {
    const store = createMergeableStore()
    const queries = createQueries(store)
    const persister = createIndexedDbPersister(store, 'bench')
    await persister.load()
    const row = (id: string): Todo => ({ id, ...store.getRow('todos', id) }) as Todo

    /** Made when it is first asked for, and kept up to date from then on. */
    function define(listId: string): string {
      if (!queries.hasQuery(listId))
        queries.setQueryDefinition(listId, 'todos', ({ select, where }) => {
          select('updatedAt')
          select('title')
          where('listId', listId)
          where('done', false)
        })
      return listId
    }
    const read = (listId: string) => queries.getResultSortedRowIds(define(listId), 'updatedAt', true, 0, 50).map(row)
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/bench`)
    // Once what it had is loaded, or it would ask for all that it has; and without waiting for a server that may be out of reach.
    const syncing = createWsSynchronizer(store, socket, PATIENCE)
    syncing.then((synchronizer) => synchronizer.startSync()).catch(() => undefined)
    return {
      async insert(todos) {
        store.transaction(() => {
          for (const { id, ...values } of todos) store.setRow('todos', id, values)
        })
        await persister.save()
      },
      query: read,
      get: (id) => (store.hasRow('todos', id) ? row(id) : undefined),
      async update(id, title) {
        store.setCell('todos', id, 'title', title)
        await persister.save()
      },
      watch(listId, hear) {
        const tell = () => hear(read(listId))
        queries.addResultTableListener(define(listId), tell)
        tell()
      },
      async ready() {
        await new Promise<void>((resolve) => {
          const look = () => store.getRowCount('todos') >= records && resolve()
          store.addRowCountListener('todos', look)
          look()
        })
        await persister.save()
      },
      disconnect: async () => void (await (await syncing).stopSync()),
      reconnect: async () => void (await (await syncing).startSync()),
      close: async () => void (await (await syncing).destroy()),
    }
  },
}
