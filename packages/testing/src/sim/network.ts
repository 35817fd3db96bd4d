import type { Fault } from '../device.ts'
import type { Random } from '../random.ts'

/** What a bad network does to requests; each has a name under which it is counted. */
export type NetworkFault =
  | 'drop'
  | 'drop answer'
  | 'duplicate'
  | 'replay'
  | 'html'
  | 'truncate'
  | 'lose a line'
  | 'delay'
  | 'late answer'
  | 'overlap'
  | 'hang'
  | 'old answer'
  | 'never arrives'
  | 'never answers'
  | 'silent stream'
  | 'late frames'
  | 'expired token'
  | 'too much for a proxy'

export interface Network {
  readonly random: Random
  /** Counts what was done. */
  readonly hit: (fault: NetworkFault) => void
  /** Requests that the network may bring once more, whenever it likes. */
  readonly late: (() => Promise<unknown>)[]
  readonly sleep: (ms: number) => Promise<void>
}

/** Lines of an answer that brings nothing: its head, its trailer, and what comes after the last line's end. */
const SHORT = 3
const NEWLINE = 10

/** Each request meets one of these, or none. */
export const badNetwork = ({ random, hit, late, sleep }: Network): Fault => {
  /** What a cache has of each path. */
  const cache = new Map<string, Response>()
  const aWhile = () => sleep(Math.floor(random() * 20_000))
  return async (request, pass) => {
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
      const first = pass(request.clone())
      // One after the other, or both at once.
      if (random() < 0.5) {
        hit('duplicate')
        await first
      } else {
        hit('overlap')
        Promise.resolve(first).catch(() => undefined)
      }
    } else if (dice < 0.45 && isSync) {
      const copy = request.clone()
      late.push(async () => {
        hit('replay')
        return pass(copy)
      })
    } else if (dice < 0.5) {
      hit('html')
      return new Response('<html>Sign in to the hotel network</html>', {
        status: [200, 401, 403, 502, 503][Math.floor(random() * 5)] as number,
      })
    } else if (dice < 0.6) {
      hit('delay')
      await aWhile()
    } else if (dice < 0.64) {
      // A connection that is open on one side only.
      hit('hang')
      if (random() < 0.5) await pass(request)
      return await new Promise<never>(() => undefined)
    } else if (dice < 0.69) {
      const old = cache.get(request.url)
      if (old) {
        hit('old answer')
        return old.clone()
      }
    }
    const response = await pass(request)
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response
    cache.set(request.url, response.clone())
    if (dice >= 0.69 && dice < 0.75) {
      // While it is under way, streams and other requests go on.
      hit('late answer')
      await aWhile()
    }
    const isSegment = new URL(request.url).pathname.includes('/segments/')
    if (!(isSync || isSegment)) return response
    const lines = isSync ? (await response.clone().text()).split('\n') : []
    // An answer that brings nothing is as good broken as not.
    if (random() > (isSegment || lines.length > SHORT ? 0.4 : 0.1)) return response
    const { status, headers } = response
    if (isSegment || random() < 0.5) {
      hit('truncate')
      const bytes = new Uint8Array(await response.arrayBuffer())
      const end = Math.floor(random() * bytes.length)
      // Somewhere, or where a line ends.
      return new Response(bytes.subarray(0, random() < 0.5 ? end : bytes.lastIndexOf(NEWLINE, end) + 1), { status, headers })
    }
    hit('lose a line')
    if (lines.length > SHORT) lines.splice(1 + Math.floor(random() * (lines.length - 3)), 1)
    return new Response(lines.join('\n'), { status, headers })
  }
}
