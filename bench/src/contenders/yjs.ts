import { HocuspocusProvider } from '@hocuspocus/provider'
import { IndexeddbPersistence } from 'y-indexeddb'
import { Doc, Map as SharedMap, type Map as YMap } from 'yjs'
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'

export const contender: Contender = {
  async open({ origin, records }) {
    const doc = new Doc()
    const todos = doc.getMap<YMap<unknown>>('todos')
    const persistence = new IndexeddbPersistence('bench', doc)
    await persistence.whenSynced
    const provider = new HocuspocusProvider({ url: `ws://127.0.0.1:${Number(new URL(origin).port) + 1}`, name: 'bench', document: doc })
    const read = (id: string, todo: YMap<unknown>): Todo => ({ id, ...todo.toJSON() }) as Todo
    /** A document has no queries: everybody who shows a list goes through the map. */
    function query(listId: string): Todo[] {
      const found: [string, YMap<unknown>][] = []
      for (const [id, todo] of todos) if (todo.get('listId') === listId && !todo.get('done')) found.push([id, todo])
      return found
        .sort(([, a], [, b]) => (b.get('updatedAt') as number) - (a.get('updatedAt') as number))
        .slice(0, 50)
        .map(([id, todo]) => read(id, todo))
    }
    return {
      query,
      get(id) {
        const todo = todos.get(id)
        return todo && read(id, todo)
      },
      async insert(all) {
        doc.transact(() => {
          for (const { id, ...values } of all) todos.set(id, new SharedMap(Object.entries(values)))
        })
      },
      async update(id, title) {
        todos.get(id)?.set('title', title)
      },
      watch(listId, hear) {
        todos.observeDeep(() => hear(query(listId)))
        hear(query(listId))
      },
      ready: () =>
        new Promise((resolve) => {
          const look = () => todos.size >= records && resolve()
          todos.observe(look)
          look()
        }),
      disconnect: () => void provider.disconnect(),
      reconnect: () => void provider.connect(),
      close() {
        provider.destroy()
      },
    }
  },
}
