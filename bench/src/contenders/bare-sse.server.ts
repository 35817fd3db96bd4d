import type { ServerResponse } from 'node:http'
import type { Serve } from '../bench-server.ts'
import { onChange } from './bare-change.ts'
import { openLog } from './bare-log.ts'

export const serve: Serve = async ({ folder }) => {
  const append = openLog(folder)
  const streams = new Set<ServerResponse>()
  return {
    attach(server) {
      server.on('request', (request, response) => {
        if (request.url !== '/live') return
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders()
        streams.add(response)
        response.on('close', () => streams.delete(response))
      })
      onChange(server, (change) => {
        append(change)
        for (const stream of streams) stream.write(`data: ${change}\n\n`)
      })
    },
  }
}
