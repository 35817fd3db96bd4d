import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { RequestFailure } from './failure-response.ts'

/**
 * The JSON of a request body, read within limits: bytes are counted after decompression and while they arrive, depth before parsing.
 *
 * @throws RequestFailure `bad_request`, `too_large`, `media_type`
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  // Also keeps other sites' forms out, which cannot send this type without asking first.
  if (!/^application\/(.+\+)?json\b/i.test(request.headers.get('content-type') ?? '')) {
    throw new RequestFailure('media_type', 'The content type has to be application/json.')
  }
  const text = await readText(request, maxBytes)
  checkDepth(text)
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestFailure('bad_request', 'The body is not JSON.')
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new RequestFailure('media_type', 'The content encoding has to be gzip, or none.')
  const declared = request.headers.get('content-length')
  if (Number(declared) > maxBytes) throw tooLarge(maxBytes)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    // HTTP ends a body at its declared length: no need to count what arrives, and a stream costs more than all else about a small body.
    if (encoding === 'identity' && /^\d+$/.test(declared ?? '')) return decoder.decode(await request.arrayBuffer())
    if (!request.body) return ''
    const stream = encoding === 'gzip' ? request.body.pipeThrough(new DecompressionStream('gzip')) : request.body
    let text = ''
    let bytes = 0
    // Leaving the loop cancels the stream, and with it what still arrives.
    for await (const chunk of stream) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      text += decoder.decode(chunk, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    throw error instanceof RequestFailure ? error : new RequestFailure('bad_request', 'The body cannot be read.')
  }
}

const tooLarge = (maxBytes: number) => new RequestFailure('too_large', `A request has at most ${maxBytes} bytes.`)

/** `JSON.parse` recurses: what is nested too deep is refused unparsed. */
function checkDepth(text: string): void {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (quoted) {
      if (unit === 0x5c) i++
      else if (unit === 0x22) quoted = false
    } else if (unit === 0x22) quoted = true
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > LIMITS.depth) throw new RequestFailure('bad_request', `A request nests at most ${LIMITS.depth} levels.`)
    } else if (unit === 0x5d || unit === 0x7d) depth--
  }
}
