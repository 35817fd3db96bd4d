import { type WebSocket, WebSocketServer } from 'ws'
import type { Serve } from '../bench-server.ts'
import { onChange } from './bare-change.ts'
import { openLog } from './bare-log.ts'

export const serve: Serve = async ({ folder }) => {
  const append = openLog(folder)
  return {
    attach(server) {
      const sockets = new WebSocketServer({ server, perMessageDeflate: false })
      const tell = (change: string, from?: WebSocket) => {
        append(change)
        for (const to of sockets.clients) if (to !== from) to.send(change)
      }
      // For row m, whose writer is no socket.
      onChange(server, tell)
      sockets.on('connection', (from) => from.on('message', (data) => tell(data.toString(), from)))
    },
  }
}
