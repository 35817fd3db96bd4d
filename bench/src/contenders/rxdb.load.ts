import type { Load, Sent } from '../load.ts'
import { todo } from '../todo.ts'

const push = (id: string, i: number, title: string): Sent => ({
  path: '/push',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify([{ newDocumentState: { ...todo(i), id, title, _deleted: false } }]),
})

export const load: Load = {
  write: (client, i) => push(`written-${client}-${i}`, i, 'written'),
  accepted: (body) => body === '[]',
  stream: () => ({ path: '/pull_stream', headers: {} }),
  change: (marker) => push(marker, 1, marker),
}
