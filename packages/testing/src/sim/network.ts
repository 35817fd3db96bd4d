import type { Fault } from '../device.ts'
import type { Random } from '../random.ts'

/** What a bad network does to requests; each has a name under which it is counted. */
export type NetworkFault = 'drop' | 'drop answer' | 'duplicate' | 'replay' | 'html' | 'truncate' | 'delay'

interface Line {
  readonly random: Random
  /** Counts what was done. */
  readonly hit: (fault: NetworkFault) => void
  /** Requests that the network may bring once more, whenever it likes. */
  readonly late: (() => Promise<unknown>)[]
  readonly sleep: (ms: number) => Promise<void>
}

/** Each request meets one of these, or none. */
export const badNetwork =
  ({ random, hit, late, sleep }: Line): Fault =>
  async (request, pass) => {
    const dice = random()
    const isSync = request.url.endsWith('/sync')
    if (dice < 0.1) {
      hit('drop')
      throw new TypeError('fetch failed')
    }
    if (dice < 0.25) {
      // The server has acted.
      await pass(request)
      hit('drop answer')
      throw new TypeError('fetch failed')
    }
    if (dice < 0.35 && isSync) {
      hit('duplicate')
      await pass(request.clone())
    } else if (dice < 0.45 && isSync) {
      const copy = request.clone()
      late.push(async () => {
        hit('replay')
        return pass(copy)
      })
    } else if (dice < 0.5) {
      hit('html')
      return new Response('<html>Sign in to the hotel network</html>', { status: [200, 403, 502, 503][Math.floor(random() * 4)] as number })
    } else if (dice < 0.6) {
      hit('delay')
      await sleep(Math.floor(random() * 20_000))
    }
    const response = await pass(request)
    if (dice < 0.92 || !isSync) return response
    hit('truncate')
    const bytes = new Uint8Array(await response.arrayBuffer())
    return new Response(bytes.subarray(0, Math.floor(random() * bytes.length)), { status: response.status, headers: response.headers })
  }
