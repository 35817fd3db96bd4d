import type { Load } from '../load.ts'
import { todo } from '../todo.ts'

export const load: Load = {
  write: (client, i) => ({
    path: '/write',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(todo(client * 1_000_000 + i)),
  }),
  accepted: (body) => body.includes('"ok":true'),
}
