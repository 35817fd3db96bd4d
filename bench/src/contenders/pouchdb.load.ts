import type { Load } from '../load.ts'
import { todo } from '../todo.ts'

export const load: Load = {
  write(client, i) {
    const { id: _, ...values } = todo(i)
    return {
      path: '/db/bench',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ _id: `written-${client}-${i}`, ...values }),
    }
  },
  accepted: (body) => body.includes('"ok":true'),
}
