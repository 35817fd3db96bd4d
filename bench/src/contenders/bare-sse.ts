// The limit of telling others over plain HTTP: a POST up, one line of an event stream down; stored on both sides and the server.
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { openLog } from './idb.ts'

export const contender: Contender = {
  async open({ origin, durability }) {
    const { append, close } = await openLog('bare-sse', durability)
    return {
      async update(id, title) {
        const change = { id, title }
        await append(change)
        await fetch(`${origin}/change`, { method: 'POST', body: JSON.stringify(change) })
      },
      watch(_, hear) {
        const events = new EventSource(`${origin}/live`)
        events.onmessage = async ({ data }) => {
          const change = JSON.parse(data) as Todo
          await append(change)
          hear([change])
        }
        return new Promise((resolve) => {
          events.onopen = () => resolve()
        })
      },
      close,
    }
  },
}
