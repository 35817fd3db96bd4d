import { WebSocketServer } from 'ws'
import type { Serve } from '../bench-server.ts'
import { openLog } from './bare-log.ts'

export const serve: Serve = async ({ folder }) => {
  const append = openLog(folder)
  return {
    attach(server) {
      const sockets = new WebSocketServer({ server, perMessageDeflate: false })
      // For row m, whose writer is no socket.
      server.on('request', (request, response) => {
        if (request.url !== '/change') return
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          append(body)
          for (const to of sockets.clients) to.send(body)
          response.writeHead(204).end()
        })
      })
      sockets.on('connection', (from) =>
        from.on('message', (data) => {
          const change = data.toString()
          append(change)
          for (const to of sockets.clients) if (to !== from) to.send(change)
        }),
      )
    },
  }
}
