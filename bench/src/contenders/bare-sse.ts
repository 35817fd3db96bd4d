// The limit of telling others over plain HTTP: a POST up, one line of an event stream down; stored on both sides and the server.
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { openIdb, stored } from './idb.ts'

export const contender: Contender = {
  async open({ origin, durability }) {
    const db = await openIdb('bare-sse', (made) => made.createObjectStore('log', { autoIncrement: true }))
    async function store(change: object): Promise<void> {
      const tx = db.transaction('log', 'readwrite', { durability })
      tx.objectStore('log').add(change)
      await stored(tx)
    }
    return {
      async update(id, title) {
        const change = { id, title }
        await store(change)
        await fetch(`${origin}/change`, { method: 'POST', body: JSON.stringify(change) })
      },
      watch(_, hear) {
        const events = new EventSource(`${origin}/live`)
        events.onmessage = async ({ data }) => {
          const change = JSON.parse(data) as Todo
          await store(change)
          hear([change])
        }
        return new Promise((resolve) => {
          events.onopen = () => resolve()
        })
      },
      close: () => db.close(),
    }
  },
}
