import { join } from 'node:path'
import { createSyncServer } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { sqlite } from '@holdfast/server/sqlite'
import { homeSpace } from '@holdfast/shared/internal/ids'
import type { Serve } from '../bench-server.ts'
import { todo } from '../todo.ts'
import { READERS, SHARED, schema, USER } from './holdfast-schema.ts'

/** Records of one transaction while it is filled. */
const CHUNK = 1_000

export const serve: Serve = async ({ folder, records }) => {
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
  for (let from = isFilled ? records : 0; from < records; from += CHUNK)
    await sync.write((tx) => {
      for (let i = from; i < Math.min(records, from + CHUNK); i++) tx.space(home).todos.insert(todo(i))
    })
  return { fetch: sync.fetch, close: () => sync.close() }
}
