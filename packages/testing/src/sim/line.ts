import type { Fault } from '../device.ts'
import { turn } from '../scheduler.ts'
import { badNetwork, type Network } from './network.ts'

/** The way between a device and the server, as it is now. */
export interface Line {
  /** Requests meet a fault, or none. */
  isBad: boolean
  /** What does not come through: requests on their way up, answers and streams on their way down. Nobody is told. */
  readonly cut: { up: boolean; down: boolean }
  /** Until when (virtual milliseconds) a proxy keeps what comes down; it then comes in order. */
  heldUntil: number
  /** A proxy takes no request that is longer. */
  maxBytes: number
  /** The token has run out; the device may ask for another, unless its user is signed out. */
  isExpired: boolean
  isSignedOut: boolean
}

export const goodLine = (): Line => ({
  isBad: false,
  cut: { up: false, down: false },
  heldUntil: 0,
  maxBytes: Number.POSITIVE_INFINITY,
  isExpired: false,
  isSignedOut: false,
})

/** What stands in a transaction that no proxy on the way lets through, ever. */
export const POISON = 'swallowed by a proxy'

/** Never answers. */
const silence = () => new Promise<never>(() => undefined)

/** What a request meets on this line, in the order of the way. */
export const through = (
  line: Line,
  network: Network & { readonly now: () => number; readonly hear: (text: string, request: Request) => void },
): Fault => {
  const { hit, sleep, now, hear } = network
  const bad = badNetwork(network)
  const held = async (): Promise<void> => {
    while (now() < line.heldUntil) await sleep(line.heldUntil - now())
  }
  return async (asked, pass) => {
    let request = asked
    await turn()
    if (line.cut.up) {
      hit('never arrives')
      return await silence()
    }
    if (line.isExpired) {
      hit('expired token')
      request = new Request(asked)
      request.headers.delete('authorization')
    }
    if (request.method === 'POST') {
      const body = await request.clone().text()
      if (body.length > line.maxBytes || body.includes(POISON)) {
        hit('too much for a proxy')
        return new Response('<html>Request Entity Too Large</html>', { status: 413 })
      }
    }
    const response = await (line.isBad ? bad(request, pass) : pass(request))
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return stream(response, request)
    await held()
    await turn()
    if (line.cut.down) {
      hit('never answers')
      return await silence()
    }
    return response
  }

  /** A stream whose connection goes dead stays so: its line may be well again. */
  function stream(response: Response, request: Request): Response {
    const decoder = new TextDecoder()
    let isDead = line.cut.down
    const body = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        async transform(chunk, to) {
          hear(decoder.decode(chunk, { stream: true }), request)
          if (now() < line.heldUntil) {
            hit('late frames')
            await held()
          }
          await turn()
          if (!isDead && (line.cut.down || line.cut.up)) hit('silent stream')
          isDead ||= line.cut.down || line.cut.up
          if (!isDead) to.enqueue(chunk)
        },
      }),
    )
    return new Response(body ?? null, { status: response.status, headers: response.headers })
  }
}
