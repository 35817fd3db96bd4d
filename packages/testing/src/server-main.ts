// A sync server as a process of its own: `node server-main.ts <options as JSON>`. Says where it listens, and takes orders, over the IPC
// channel of its parent. Whoever knows a user's id is that user.
import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { createSyncServer } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { nodePlatform } from '@holdfast/server/internal/platform'
import { sqlite } from '@holdfast/server/sqlite'
import { getRequestListener } from '@hono/node-server'
import { schema as articleSchema } from './article/schema.ts'
import { dumpSpace } from './dump-space.ts'
import type { Order, ServerOptions } from './server-process.ts'
import { config } from './sharing/config.ts'
import { testSchema } from './test-schema.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions
const storage = sqlite(options.file)
const schema = options.app === 'article' ? articleSchema : testSchema
const app = options.app === 'sharing' ? config : { schema, authenticate: unsafeTrustToken }
/** How far its clock is ahead of this machine's, in milliseconds. */
let ahead = 0
const sync = createSyncServer({
  ...(app as { schema: typeof testSchema; authenticate: typeof unsafeTrustToken }),
  storage,
  platform: { ...nodePlatform, now: () => Date.now() + ahead },
  heartbeat: options.heartbeat,
  limits: options.limits,
})
const api = getRequestListener(sync.fetch)
const server = createServer((request, response) => {
  if (request.url?.startsWith('/holdfast/')) void api(request, response)
  else serveFile(request, response)
})
server.listen(options.port ?? 0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})

process.on('message', (order: Order) => {
  void obey(order).then(
    (result) => process.send?.({ id: order.id, result }),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) }),
  )
})
// The parent is gone: nobody will stop this process any more.
process.on('disconnect', () => process.exit(0))

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'grant':
      return await sync.grant(order.space, order.user, order.access, order.role)
    case 'revoke':
      return await sync.revoke(order.space, order.user)
    case 'dump':
      return await storage.read(() => dumpSpace(app.schema, order.space))
    case 'advance':
      ahead += order.ms
      return undefined
    case 'health':
      return await sync.health()
    case 'metrics':
      return sync.metrics()
    case 'dropConnections':
      return server.closeAllConnections()
    case 'stop':
      server.close()
      await sync.close()
      server.closeIdleConnections()
      setImmediate(() => process.disconnect())
      return undefined
  }
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.map': 'application/json',
}

/** Files of the tests' own directory, so that pages and sync share an origin. */
function serveFile(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://host')
  const path = join(options.files ?? '', normalize(decodeURIComponent(pathname)), pathname.endsWith('/') ? 'index.html' : '')
  if (options.files === undefined || !statSync(path, { throwIfNoEntry: false })?.isFile()) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found')
    return
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': 'no-store' })
  createReadStream(path).pipe(response)
}
