import { gzipSync } from 'node:zlib'
import type { Serve } from '../bench-server.ts'
import { todos } from '../todo.ts'

/** All records as one JSON response, gzipped once. */
export const serve: Serve = async ({ records }) => {
  const body = gzipSync(JSON.stringify(todos(0, records)), { level: 6 })
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  return {
    fetch: (request) =>
      new URL(request.url).pathname === '/todos.json' ? new Response(body, { headers }) : new Response(null, { status: 404 }),
  }
}
