import { Hono } from 'hono'
import type { Serve } from '../bench-server.ts'
import { openLog } from './bare-log.ts'

/** What anybody would write first: a Hono handler that commits each request. */
export const serve: Serve = async ({ folder }) => {
  const append = openLog(folder)
  const app = new Hono()
  app.post('/write', async (c) => {
    append(JSON.stringify(await c.req.json()))
    return c.json({ ok: true })
  })
  return { fetch: app.fetch }
}
