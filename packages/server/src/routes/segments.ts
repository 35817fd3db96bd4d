import type { Platform } from '../platform.ts'
import type { Segments } from '../segments.ts'
import { RequestFailure } from './failure-response.ts'
import { acceptsGzip } from './zip.ts'

/**
 * `GET segments/<name>`: the bytes of a segment. Nobody is asked who he is: the name, which cannot be guessed and ends, is the right to it.
 *
 * @throws RequestFailure `unknown_segment`
 */
export async function handleSegment(
  { segments, platform }: { readonly segments: Segments; readonly platform: Platform },
  request: Request,
  name: string,
): Promise<Response> {
  const found = await segments.fetch(name)
  if (!found) throw new RequestFailure('unknown_segment', 'There is no such segment, or not any more: sync again.')
  const zipped = acceptsGzip(request)
  const etag = `"${found.id}${zipped ? '.gz' : ''}"`
  const headers: Record<string, string> = {
    etag,
    'cache-control': `private, max-age=${Math.floor(found.left / 1000)}, immutable`,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  }
  if (hasTag(request, etag)) return new Response(null, { status: 304, headers })
  headers['content-type'] = 'application/octet-stream'
  if (zipped) headers['content-encoding'] = 'gzip'
  const body = zipped ? found.body : await platform.gunzip(found.body)
  headers['content-length'] = String(body.length)
  return new Response(body as Uint8Array<ArrayBuffer>, { headers })
}

/** Tags are compared without their `W/`, which proxies put before those of what they compress. */
const hasTag = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '').split(',').some((one) => {
    const tag = one.trim()
    return tag === '*' || tag.replace(/^W\//, '') === etag
  })
