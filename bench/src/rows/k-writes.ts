import { Agent, request } from 'node:http'
import { loadOf, type Sent } from '../load.ts'
import { type Row, times } from '../row.ts'

const CLIENTS = 20

export const writes: Row = {
  key: 'k',
  title: `writes accepted from ${CLIENTS} concurrent clients, durable`,
  unit: 'writes/s',
  better: 'more',
  targets: [times('accepted', 2, 'bare-handler', '≥ 2 × the bare handler')],
  runs: 5,
  async run(lab, contender) {
    const { port } = await lab.server(contender, 1_000)
    const load = await loadOf(contender.load as string)
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
    const each = lab.quick ? 50 : 500
    const drive = async (client: number, from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const body = await send(agent, port, load.write(client, i))
        if (!load.accepted(body)) throw new Error(`The server did not accept a write: ${body.slice(0, 200)}`)
      }
    }
    const all = (from: number, to: number) => Promise.all(Array.from({ length: CLIENTS }, (_, client) => drive(client, from, to)))
    await all(1, 20)
    const began = performance.now()
    await all(20, 20 + each)
    const accepted = (1_000 * CLIENTS * each) / (performance.now() - began)
    agent.destroy()
    return { accepted }
  },
}

/** One request; gives the body of the answer. */
export function send(agent: Agent, port: number, { path, headers, body }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const asked = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers: { ...headers, ...length } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
