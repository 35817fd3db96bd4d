import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSyncServer } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { sqlite } from '@holdfast/server/sqlite'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { buildPage } from './page.ts'
import { SHARED, schema, type Todo, USERS } from './schema.ts'

const file = process.env.HOLDFAST_TODO_DB ?? fileURLToPath(new URL('.data/todo.db', import.meta.url))
mkdirSync(dirname(file), { recursive: true })

// Only the server knows this rule, so that one can see what becomes of a refused write.
const short = ({ after }: { after: Todo }) => after.title.length <= 100
const rules = schema.rules({ todos: { insert: short, update: short } })

const sync = createSyncServer({ schema, rules, storage: sqlite(file), authenticate: unsafeTrustToken })
for (const { id } of USERS) await sync.grant(SHARED, id, 'write')

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
