import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSyncServer } from '@holdfast/server'
import { sqlite } from '@holdfast/server/sqlite'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { configure } from './config.ts'
import { buildPage } from './page.ts'
import { LIST, SHARED, USERS } from './schema.ts'

const file = process.env.HOLDFAST_TODO_DB ?? fileURLToPath(new URL('.data/todo.db', import.meta.url))
mkdirSync(dirname(file), { recursive: true })

const maxItems = Number(process.env.HOLDFAST_TODO_MAX_ITEMS || 1000)
const sync = createSyncServer({ ...configure({ maxItems }), storage: sqlite(file) })

// The list that is there from the start is the server's: it has no owner.
await sync.write((tx, server) => {
  const { lists } = tx.space(SHARED)
  if (!lists.get(LIST)) lists.insert({ id: LIST, name: 'Shared list' })
  for (const { id } of USERS) server.grant(SHARED, id, 'write')
})

const app = new Hono().route('/', sync.app).route('/', await buildPage())
const server = createAdaptorServer({ fetch: app.fetch })

// Only this machine can reach it, because anyone who can may be Ann. HOST=0.0.0.0 opens it to the network.
const host = process.env.HOST ?? '127.0.0.1'
let port = Number(process.env.PORT || 3000)
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error
  server.listen(++port, host)
})
server.on('listening', () => process.stdout.write(`Holdfast todo: http://localhost:${(server.address() as AddressInfo).port}\n`))
server.listen(port, host)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    server.close()
    await sync.close()
    process.exit()
  })
}
