// The limit of telling others: one message up, one down; stored on both sides and the server.
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { openIdb, stored } from './idb.ts'

export const contender: Contender = {
  async open({ origin, durability }) {
    const db = await openIdb('bare-websocket', (made) => made.createObjectStore('log', { autoIncrement: true }))
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`)
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    async function store(change: object): Promise<void> {
      const tx = db.transaction('log', 'readwrite', { durability })
      tx.objectStore('log').add(change)
      await stored(tx)
    }
    return {
      async update(id, title) {
        const change = { id, title }
        await store(change)
        socket.send(JSON.stringify(change))
      },
      watch(_, hear) {
        socket.onmessage = async ({ data }) => {
          const change = JSON.parse(data as string) as Todo
          await store(change)
          hear([change])
        }
      },
      close: () => {
        socket.close()
        db.close()
      },
    }
  },
}
