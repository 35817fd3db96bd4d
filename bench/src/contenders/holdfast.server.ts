import { join } from 'node:path'
import { createSyncServer } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { sqlite } from '@holdfast/server/sqlite'
import { homeSpace } from '@holdfast/shared/internal/ids'
import { encodeRequest } from '@holdfast/shared/internal/protocol/request'
import type { Serve } from '../bench-server.ts'
import { todo } from '../todo.ts'
import { READERS, SHARED, schema, USER } from './holdfast-schema.ts'

/** Records of one transaction while it is filled. */
const CHUNK = 1_000

export const serve: Serve = async ({ folder, records, spaces }) => {
  const limits = { streamsPerUser: 10_000 }
  const sync = createSyncServer({
    schema,
    storage: sqlite(join(folder, 'holdfast.db')),
    authenticate: unsafeTrustToken,
    limits,
    log: () => {},
  })
  const home = homeSpace(USER)
  const isFilled = records === 0 || (await sync.write((tx) => tx.space(home).todos.get(todo(0).id) !== undefined))
  if (!isFilled)
    await sync.write((tx, server) => {
      tx.space(SHARED).todos.insert(todo(0))
      server.grant(SHARED, USER, 'write')
      for (const reader of READERS) server.grant(SHARED, reader, 'read')
    })
  for (let from = isFilled ? spaces : 0; from < spaces; from += CHUNK)
    await sync.write((tx) => {
      for (let i = from; i < Math.min(spaces, from + CHUNK); i++) tx.space(homeSpace(`other_${i}`)).todos.insert(todo(i))
    })
  for (let from = isFilled ? records : 0; from < records; from += CHUNK)
    await sync.write((tx) => {
      for (let i = from; i < Math.min(records, from + CHUNK); i++) tx.space(home).todos.insert(todo(i))
    })
  // Somebody has been here before: segments are built when the first asks for all, and kept.
  if (!isFilled && records > 0) await (await sync.fetch(firstSync())).text()
  return { fetch: sync.fetch, close: () => sync.close() }
}

const firstSync = (): Request =>
  new Request('http://localhost/holdfast/sync', {
    method: 'POST',
    headers: { authorization: `Bearer ${USER}`, 'content-type': 'application/json' },
    body: JSON.stringify(
      encodeRequest({
        version: 1,
        user: USER,
        nonce: 'first',
        follow: 'all',
        cursors: new Map(),
        pull: true,
        known: new Map(),
        submissions: [],
        spacesTag: undefined,
        positions: undefined,
        fresh: new Set(),
        segments: { not: new Set() },
      }),
    ),
  })
