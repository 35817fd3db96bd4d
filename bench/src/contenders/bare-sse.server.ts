import type { ServerResponse } from 'node:http'
import type { Serve } from '../bench-server.ts'
import { openLog } from './bare-log.ts'

export const serve: Serve = async ({ folder }) => {
  const append = openLog(folder)
  const streams = new Set<ServerResponse>()
  return {
    attach(server) {
      server.on('request', (request, response) => {
        if (request.url === '/live') {
          response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders()
          streams.add(response)
          response.on('close', () => streams.delete(response))
        } else if (request.url === '/change') {
          let body = ''
          request.on('data', (chunk) => {
            body += chunk
          })
          request.on('end', () => {
            append(body)
            for (const stream of streams) stream.write(`data: ${body}\n\n`)
            response.writeHead(204).end()
          })
        }
      })
    },
  }
}
