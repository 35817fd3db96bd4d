import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type Load, loadOf } from '../load.ts'
import { atMost, type Row } from '../row.ts'
import { send } from './k-writes.ts'

export const streams: Row = {
  key: 'm',
  title: 'idle live streams (5,000): memory of the server above empty; one change told to all',
  unit: 'MB, ms',
  better: 'less',
  targets: [atMost('memory', 150, ' MB'), atMost('fan-out', 500, ' ms')],
  runs: 3,
  async run(lab, contender) {
    const server = await lab.server(contender, 10)
    const load = await loadOf(contender.load as string)
    const empty = await server.memory()
    const sockets: Socket[] = []
    const count = lab.quick ? 500 : 5_000
    // Some at a time, as they would come.
    for (let n = 0; n < count; n += 100)
      sockets.push(
        ...(await Promise.all(Array.from({ length: Math.min(100, count - n) }, (_, i) => openStream(server.port, load.stream(n + i))))),
      )
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const full = await server.memory()
    const marker = `marker${Date.now() % 1_000_000}`
    const heard = Promise.all(sockets.map((socket) => hears(socket, marker)))
    const agent = new Agent()
    const began = performance.now()
    await Promise.all([heard, send(agent, server.port, load.change(marker))])
    const took = performance.now() - began
    for (const socket of sockets) socket.destroy()
    agent.destroy()
    return { memory: (full.rss - empty.rss) / 1e6, 'fan-out': took, 'heap per stream, kB': (full.heap - empty.heap) / count / 1e3 }
  },
}

/** Opens a stream with as little of a client as there can be, so that it is the server that is measured. */
function openStream(port: number, { path, headers, webSocket }: ReturnType<Required<Load>['stream']>): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const lines = Object.entries({ host: '127.0.0.1', ...headers, ...(webSocket ? upgrade : {}) }).map(
      ([name, value]) => `${name}: ${value}`,
    )
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`))
    socket.once('data', (data) => {
      const [status = ''] = data.toString('latin1').split('\r\n')
      if (/ (200|101) /.test(`${status} `)) resolve(socket)
      else reject(new Error(`No stream was opened: ${data.toString('latin1').slice(0, 200)}`))
    })
    socket.on('error', reject)
  })
}

const hears = (socket: Socket, marker: string): Promise<void> =>
  new Promise((resolve) => {
    socket.on('data', (data) => data.includes(marker) && resolve())
  })
