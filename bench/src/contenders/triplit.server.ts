import { join } from 'node:path'
import type { Serve } from '../bench-server.ts'
import { todos } from '../todo.ts'
import { PROJECT, SECRET, schema, token } from './triplit-schema.ts'

/** Triplit listens itself, one port on. */
export const serve: Serve = async ({ folder, records, port }) => {
  process.env.LOCAL_DATABASE_URL = join(folder, 'triplit.sqlite')
  const { createServer, createTriplitStorageProvider } = await import('@triplit/server')
  const storage = await createTriplitStorageProvider('sqlite')
  const start = await createServer({
    storage,
    jwtSecret: SECRET,
    projectId: PROJECT,
    dbOptions: { schema: { collections: schema } as never },
    maxPayloadMb: 1_000,
    logHandler: { log() {}, startSpan() {}, endSpan() {} } as never,
  })
  const running = start(port + 1)
  const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' }
  const ask = async (path: string, body: object) => {
    const response = await fetch(`http://127.0.0.1:${port + 1}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`Triplit answers ${response.status}: ${await response.text()}`)
    return await response.json()
  }
  const found = records > 0 ? ((await ask('fetch', { query: { collectionName: 'todos', limit: 1 } })) as unknown[]) : []
  for (let from = found.length === 0 ? 0 : records; from < records; from += 1_000)
    await ask('bulk-insert', { todos: todos(from, Math.min(records, from + 1_000)) })
  return { fetch: () => new Response(null, { status: 404 }), close: () => running.close() }
}
