// The protocol as `docs/protocol.md` has it, one transaction a request: no client is that plain, so the server is measured at its worst.
import { homeSpace } from '@holdfast/shared/internal/ids'
import { encodeRequest } from '@holdfast/shared/internal/protocol/request'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Load, Sent } from '../load.ts'
import { todo } from '../todo.ts'
import { READERS, SHARED, USER } from './holdfast-schema.ts'

const sessions = `s${Date.now()}`

function send(session: string, n: number, operation: Operation): Sent {
  const request = encodeRequest({
    version: 1,
    user: USER,
    nonce: `q${n}`,
    follow: [],
    cursors: new Map(),
    pull: false,
    known: new Map([[session, n - 1]]),
    submissions: [{ dot: [session, n], version: 1, operations: [operation], base: {}, seen: {}, at: Date.now() * 1024 }],
    spacesTag: undefined,
    positions: undefined,
    fresh: new Set(),
  })
  return {
    path: '/holdfast/sync',
    headers: { authorization: `Bearer ${USER}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  }
}

const insert = (space: string, i: number, title: string): Operation => {
  const { id: _, ...values } = todo(i)
  return ['ins', space, 'todos', `${sessions}-${i}`, { ...values, title }]
}

export const load: Load = {
  write: (client, i) => send(`${sessions}-${client}`, i, insert(homeSpace(USER), client * 1_000_000 + i, 'written')),
  accepted: (body) => body.includes('"ok":['),
  stream: (n) => {
    const user = READERS[n % READERS.length] as string
    return { path: `/holdfast/live?user=${user}&follow=all`, headers: { authorization: `Bearer ${user}` } }
  },
  change: (marker) => send(`${sessions}-${marker}`, 1, insert(SHARED, Number(marker.slice(6)), marker)),
}
