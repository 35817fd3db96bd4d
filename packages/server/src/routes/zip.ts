import type { Platform } from '../platform.ts'

/** Characters from which on a body is compressed: below it that gains little. */
const LEAST = 1_024

const utf8 = new TextEncoder()

/** Whether who asks takes gzip: it is named, or `*`, and not with `q=0`. */
export function acceptsGzip(request: Request): boolean {
  const asked = (request.headers.get('accept-encoding') ?? '').split(',').map((one) => one.trim().toLowerCase())
  const said = asked.find((one) => /^(gzip|x-gzip)\s*(;|$)/.test(one)) ?? asked.find((one) => /^\*\s*(;|$)/.test(one))
  return said !== undefined && !/;\s*q=0(\.0*)?$/.test(said)
}

/** A body as it goes out to who asks, with what its headers say of that. Whole, so that its length is known. */
export async function zip(
  text: string,
  { request, platform }: { readonly request: Request; readonly platform: Pick<Platform, 'gzip'> },
): Promise<{ body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> }> {
  if (text.length < LEAST) return { body: text, headers: {} }
  if (!acceptsGzip(request)) return { body: text, headers: { vary: 'accept-encoding' } }
  const body = (await platform.gzip(utf8.encode(text))) as Uint8Array<ArrayBuffer>
  return { body, headers: { vary: 'accept-encoding', 'content-encoding': 'gzip', 'content-length': String(body.length) } }
}
