import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { WireRequest } from '@holdfast/shared/internal/protocol/request'
import { decodeResponse, type Member, type SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { utf8Length } from '@holdfast/shared/internal/schema/value'
import type { Platform } from '../platform.ts'

/** Where the server is and who asks. */
export interface Address {
  readonly platform: Platform
  readonly url: string
  /** Called for each request; `refresh` says that the last token was refused. */
  readonly token: (options: { readonly refresh: boolean }) => string | null | Promise<string | null>
}

/** Milliseconds in which an answer, or `LONG` bytes of it, have to come, and so each time again; so many times. */
const DEADLINE = 60_000
const TIMES = 30
/** Bytes that go up in a millisecond on the slowest line that is waited for. */
const SLOWEST = 4
/** Bytes of an answer from which on it is worth saying how much of it has come. */
const LONG = 16 * 1024

/** Characters of a list of spaces from which on it goes in a body: addresses are often taken up to 8 kB, by Node's server up to 16. */
const ADDRESS = 4_096

/** Which code a status means when the body does not say. What is not Holdfast's answer counts as being offline, whatever its status. */
const STATUS: Readonly<Record<number, 'unauthenticated' | 'too_large' | 'rate_limited' | 'server_error'>> = {
  401: 'unauthenticated',
  413: 'too_large',
  429: 'rate_limited',
  500: 'server_error',
  502: 'server_error',
  503: 'server_error',
  504: 'server_error',
}

interface Answer {
  readonly answer: SyncResponse
  /** The same as it came. */
  readonly bytes: Uint8Array
}

interface Posting {
  readonly refresh: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

/** One round trip. Every failure is a HoldfastError; `details.retryAfter` in milliseconds where the server asked for patience. */
export async function post(address: Address, path: 'sync' | 'preview', request: WireRequest, options: Posting): Promise<Answer> {
  const body = JSON.stringify(request)
  const { response, bytes } = await send(address, path, { ...options, init: { method: 'POST', body }, whole: () => true })
  const answer = readAnswer(response, bytes)
  // Who was refused before his request was read gets no nonce back.
  if (answer.nonce !== request.q && !(answer.problem && answer.nonce === ''))
    throw new HoldfastError('bad_response', 'This is the answer to another request.')
  if (answer.problem) throw failureOf(response, answer.problem.code, answer.problem.message)
  return { answer, bytes }
}

function readAnswer(response: Response, bytes: Uint8Array): SyncResponse {
  try {
    return decodeResponse(bytes)
  } catch (error) {
    const code = STATUS[response.status]
    throw code ? failureOf(response, code, `The server answered ${response.status}.`) : error
  }
}

/** `GET live`, once its headers have come; a `POST` where it follows more spaces than an address has room for. */
export async function openLive(
  address: Address,
  { userId, follow }: { readonly userId: string; readonly follow: 'all' | readonly SpaceId[] },
  signal: AbortSignal,
): Promise<Response> {
  const isStream = ({ ok, headers }: Response) => ok && (headers.get('content-type') ?? '').startsWith('text/event-stream')
  const spaces = (follow === 'all' ? [follow] : follow).map((space) => `&follow=${encodeURIComponent(space)}`).join('')
  const isLong = spaces.length > ADDRESS
  // A token that is another user's brings no stream: frames do not say whose they are.
  const { response, bytes } = await send(address, `live?user=${encodeURIComponent(userId)}${isLong ? '' : spaces}`, {
    refresh: false,
    signal,
    init: isLong ? { method: 'POST', body: JSON.stringify(follow) } : { method: 'GET' },
    whole: (got) => !isStream(got),
  })
  if (isStream(response)) return response
  const { problem } = readAnswer(response, bytes)
  throw failureOf(response, problem?.code ?? 'bad_response', problem?.message ?? 'This is no stream.')
}

/** `GET members`: who may be in a space. Empty for whoever may not read there; rejects like any exchange. */
export async function askMembers(
  address: Address,
  { userId, space }: { readonly userId: string; readonly space: SpaceId },
): Promise<readonly Member[]> {
  const query = `user=${encodeURIComponent(userId)}&space=${encodeURIComponent(space)}`
  const { signal } = new AbortController()
  const { response, bytes } = await send(address, `members?${query}`, {
    refresh: false,
    signal,
    init: { method: 'GET' },
    whole: () => true,
  })
  const { problem, members, user } = readAnswer(response, bytes)
  if (problem) throw failureOf(response, problem.code, problem.message)
  if (!members || user !== userId) throw new HoldfastError('bad_response', 'This is no list of members.')
  return members
}

/** The bytes of a segment. Their name is all that it takes to get them. */
export async function getSegment(address: Address, name: string, signal: AbortSignal): Promise<Uint8Array> {
  const { response, bytes } = await send(address, `segments/${name}`, {
    refresh: false,
    signal,
    init: { method: 'GET' },
    whole: () => true,
  })
  if (response.ok) return bytes
  // It ran out: the next answer names others.
  throw failureOf(response, STATUS[response.status] ?? 'bad_response', `The server answered ${response.status} for a segment.`)
}

interface Sending {
  readonly refresh: boolean
  readonly signal: AbortSignal
  readonly init: RequestInit
  /** Whether the body is to be read to its end. */
  readonly whole: (response: Response) => boolean
  /** Hears how much of a body has come, from 0 to 1, where that can be told. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/**
 * Token, headers and (if wanted) the body. No await here lasts for ever (faults.md C14), but a line that is slow is not a broken one: who
 * gave up on it would send and ask for the same again, and again in vain.
 */
async function send(
  { platform, url, token }: Address,
  path: string,
  { refresh, signal, init, whole, onProgress }: Sending,
): Promise<{ response: Response; bytes: Uint8Array }> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  let come = 0
  let times = 0
  let cancel = () => {}
  const watch = (ms: number) => {
    cancel = platform.setTimer(ms, () => {
      if (come < LONG || ++times === TIMES) return stop.abort()
      come = 0
      watch(DEADLINE)
    })
  }
  watch(DEADLINE + utf8Length(String(init.body ?? '')) / SLOWEST)
  const onPart = (size: number, fraction: number) => {
    come += size
    onProgress?.(fraction)
  }
  let giveUp = () => {}
  const late = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error('aborted'))
  })
  late.catch(() => undefined)
  both.addEventListener('abort', giveUp)
  try {
    const bearer = await Promise.race([freshToken(token, refresh), late])
    const headers = { authorization: `Bearer ${bearer}`, ...(init.body ? { 'content-type': 'application/json' } : {}) }
    const asked = platform.fetch(`${url}/${path}`, { ...init, headers, cache: 'no-store', redirect: 'error', signal: both })
    const response = await Promise.race([asked, late])
    return { response, bytes: whole(response) ? await Promise.race([readBody(response, onPart), late]) : new Uint8Array() }
  } catch (error) {
    throw isHoldfastError(error) ? error : new HoldfastError('offline', 'The server cannot be reached.', {}, error)
  } finally {
    cancel()
    // A signal that somebody listens to lives as long as those it was made of: here as long as this tab leads.
    both.removeEventListener('abort', giveUp)
  }
}

async function readBody(response: Response, onPart: (size: number, fraction: number) => void): Promise<Uint8Array> {
  const { body, headers } = response
  if (!body) return new Uint8Array(await response.arrayBuffer())
  // What is compressed on the way says nothing of how long it is.
  const total = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'))
  const parts: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    size += value.length
    onPart(value.length, total > LONG ? Math.min(1, size / total) : 0)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

async function freshToken(token: Address['token'], refresh: boolean): Promise<string> {
  try {
    const bearer = await token({ refresh })
    if (bearer === null) throw new HoldfastError('unauthenticated', 'Nobody is signed in.')
    return bearer
  } catch (error) {
    // No token now is like a refused one: local writes go on, and it is asked for again.
    throw isHoldfastError(error) ? error : new HoldfastError('unauthenticated', 'No token could be had.', {}, error)
  }
}

function failureOf(response: Response, code: string, message: string): HoldfastError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const known = code as ConstructorParameters<typeof HoldfastError>[0]
  return new HoldfastError(known, message, Number.isFinite(seconds) ? { retryAfter: seconds * 1000 } : {})
}
