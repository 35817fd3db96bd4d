// The server of one contender as a process of its own: `node serve.ts <options as JSON>`. Serves the page, so that page and sync share
// an origin, and what the contender has on the server. Answers its parent over IPC.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { getRequestListener } from '@hono/node-server'
import type { BenchServer, Serve, ServeOptions } from './bench-server.ts'

export interface ServerOptions extends ServeOptions {
  readonly contender: string
  /** The module that has its `serve`, if it has a server. */
  readonly module: string | null
  /** The page's script, bundled. */
  readonly script: string | null
}

export interface Memory {
  readonly rss: number
  readonly heap: number
}

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions
const own: BenchServer = options.module ? await ((await import(options.module)) as { serve: Serve }).serve(options) : {}
const script = options.script === null ? '' : readFileSync(options.script, 'utf8')
const page = `<!doctype html><meta charset="utf-8"><title>${options.contender}</title><link rel="icon" href="data:,"><script type="module" src="/bench.js"></script>`
// Isolated, because only then `performance.now()` counts in steps of 5 µs.
const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

const fetchOwn = own.fetch ? getRequestListener(own.fetch) : undefined
const server = createServer((request, response) => {
  const path = request.url?.split('?')[0]
  if (path === '/') response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end(page)
  else if (path === '/bench.js') response.writeHead(200, { ...headers, 'content-type': 'text/javascript' }).end(script)
  else if (path === '/empty') response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end()
  else if (fetchOwn) void fetchOwn(request, response)
  else if (!own.attach) response.writeHead(404).end()
})
own.attach?.(server)
// As many as a row opens at once.
server.listen({ port: options.port, host: '127.0.0.1', backlog: 8_192 }, () => process.send?.({ ready: true }))

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

process.on('message', async (order: 'memory' | 'stop') => {
  if (order === 'memory') {
    collect()
    const { rss, heapUsed } = process.memoryUsage()
    process.send?.({ rss, heap: heapUsed } satisfies Memory)
  } else {
    server.close()
    server.closeAllConnections()
    await own.close?.()
    process.exit(0)
  }
})
process.on('disconnect', () => process.exit(0))
