// The limit of telling others: one message up, one down; stored on both sides and the server.
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { openLog } from './idb.ts'

export const contender: Contender = {
  async open({ origin, durability }) {
    const { append, close } = await openLog('bare-websocket', durability)
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`)
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    return {
      async update(id, title) {
        const change = { id, title }
        await append(change)
        socket.send(JSON.stringify(change))
      },
      watch(_, hear) {
        socket.onmessage = async ({ data }) => {
          const change = JSON.parse(data as string) as Todo
          await append(change)
          hear([change])
        }
      },
      close: () => {
        socket.close()
        close()
      },
    }
  },
}
