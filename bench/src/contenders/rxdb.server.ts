// The endpoints of RxDB's HTTP replication tutorial (pull, push, pull_stream), over SQLite where the tutorial has MongoDB.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Serve } from '../bench-server.ts'
import { type Todo, todo } from '../todo.ts'

type Document = Todo & { readonly _deleted: boolean }
interface Pushed {
  readonly newDocumentState: Document
  readonly assumedMasterState?: Document
}

export const serve: Serve = async ({ folder, records }) => {
  const db = new Database(join(folder, 'rxdb.db'))
  db.pragma('journal_mode = WAL')
  db.exec(
    'CREATE TABLE IF NOT EXISTS todos (id TEXT PRIMARY KEY, n INTEGER NOT NULL, body TEXT NOT NULL) STRICT; CREATE INDEX IF NOT EXISTS by_n ON todos (n)',
  )
  db.pragma('synchronous = FULL')
  const put = db.prepare('INSERT OR REPLACE INTO todos (id, n, body) VALUES (?, ?, ?)')
  const one = db.prepare('SELECT body FROM todos WHERE id = ?').pluck()
  const since = db.prepare('SELECT n, body FROM todos WHERE n > ? ORDER BY n LIMIT ?')
  let last = (db.prepare('SELECT max(n) FROM todos').pluck().get() as number | null) ?? 0
  if (last === 0)
    db.transaction(
      () => void Array.from({ length: records }, (_, i) => put.run(todo(i).id, ++last, JSON.stringify({ ...todo(i), _deleted: false }))),
    )()
  const streams = new Set<(text: string) => void>()

  const write = db.transaction((rows: readonly Pushed[]) => {
    const conflicts: Document[] = []
    const written: Document[] = []
    for (const { newDocumentState: next, assumedMasterState: assumed } of rows) {
      const found = one.get(next.id) as string | undefined
      const master = found === undefined ? undefined : (JSON.parse(found) as Document)
      if (master && (!assumed || master.title !== assumed.title || master.updatedAt !== assumed.updatedAt)) conflicts.push(master)
      else {
        put.run(next.id, ++last, JSON.stringify(next))
        written.push(next)
      }
    }
    return { conflicts, written }
  })

  const app = new Hono()
  app.get('/pull', (c) => {
    const from = Number(c.req.query('n'))
    const found = since.all(from, Number(c.req.query('limit'))) as { n: number; body: string }[]
    const n = found.at(-1)?.n ?? from
    return c.body(`{"documents":[${found.map(({ body }) => body).join()}],"checkpoint":{"n":${n}}}`, 200, {
      'content-type': 'application/json',
    })
  })
  app.post('/push', async (c) => {
    const { conflicts, written } = write((await c.req.json()) as Pushed[])
    if (written.length > 0) {
      const told = JSON.stringify({ documents: written, checkpoint: { n: last } })
      for (const tell of streams) tell(told)
    }
    return c.json(conflicts)
  })
  app.get('/pull_stream', (c) =>
    streamSSE(c, async (stream) => {
      const tell = (data: string) => void stream.writeSSE({ data })
      streams.add(tell)
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      streams.delete(tell)
    }),
  )
  return { fetch: app.fetch, close: () => void db.close() }
}
