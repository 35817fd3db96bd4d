import { WebSocketServer } from 'ws'
import type { Serve } from '../bench-server.ts'
import { openLog } from './bare-log.ts'

export const serve: Serve = async ({ folder }) => {
  const append = openLog(folder)
  return {
    attach(server) {
      const sockets = new WebSocketServer({ server, perMessageDeflate: false })
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
