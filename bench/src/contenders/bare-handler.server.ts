import { Hono } from 'hono'
import type { Serve } from '../bench-server.ts'
import { openLog } from './bare-log.ts'

/** What anybody would write first: a Hono handler that commits each request. `/unsafe` is the same without waiting for the disk. */
export const serve: Serve = async ({ folder }) => {
  const append = { '/write': openLog(folder), '/unsafe': openLog(`${folder}`, 'NORMAL') }
  const app = new Hono()
  for (const [path, write] of Object.entries(append))
    app.post(path, async (c) => {
      const change = (await c.req.json()) as object
      write(JSON.stringify(change))
      return c.json({ ok: true })
    })
  return { fetch: app.fetch }
}
