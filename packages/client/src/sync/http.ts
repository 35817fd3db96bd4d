import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { encodeRequest, type Outgoing } from '@holdfast/shared/internal/protocol/request'
import { decodeResponse, type SyncResponse } from '@holdfast/shared/internal/protocol/response'
import type { Platform } from '../platform.ts'

/** Where the server is and who asks. */
export interface Address {
  readonly platform: Platform
  readonly url: string
  /** Called for each request; `refresh` says that the last token was refused. */
  readonly token: (options: { readonly refresh: boolean }) => string | Promise<string>
}

const DEADLINE = 60_000

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

/** One round trip. Every failure is a HoldfastError; `details.retryAfter` in milliseconds where the server asked for patience. */
export async function postSync(
  address: Address,
  request: Outgoing,
  { refresh, signal }: { refresh: boolean; signal: AbortSignal },
): Promise<SyncResponse> {
  const body = JSON.stringify(encodeRequest(request))
  const response = await send(address, 'sync', { refresh, signal, deadline: DEADLINE, init: { method: 'POST', body } })
  const bytes = new Uint8Array(await orOffline(response.arrayBuffer()))
  const answer = readAnswer(response, bytes)
  if (answer.nonce !== request.nonce) throw new HoldfastError('bad_response', 'This is the answer to another request.')
  if (answer.problem) throw failureOf(response, answer.problem.code, answer.problem.message)
  return answer
}

function readAnswer(response: Response, bytes: Uint8Array): SyncResponse {
  try {
    return decodeResponse(bytes)
  } catch (error) {
    const code = STATUS[response.status]
    throw code ? failureOf(response, code, `The server answered ${response.status}.`) : error
  }
}

/** `GET live`, once its headers have come. */
export async function openLive(address: Address, query: string, options: { refresh: boolean; signal: AbortSignal }): Promise<Response> {
  const response = await send(address, `live?${query}`, { ...options, deadline: DEADLINE, init: { method: 'GET' } })
  const type = response.headers.get('content-type') ?? ''
  if (response.ok && type.startsWith('text/event-stream') && response.body) return response
  const bytes = new Uint8Array(await orOffline(response.arrayBuffer()))
  const { problem } = readAnswer(response, bytes)
  throw failureOf(response, problem?.code ?? 'bad_response', problem?.message ?? 'This is no stream.')
}

interface Sending {
  readonly refresh: boolean
  readonly signal: AbortSignal
  readonly deadline: number
  readonly init: RequestInit
}

async function send({ platform, url, token }: Address, path: string, { refresh, signal, deadline, init }: Sending): Promise<Response> {
  const bearer = await freshToken(token, refresh)
  const stop = new AbortController()
  const cancel = platform.setTimer(deadline, () => stop.abort())
  try {
    return await orOffline(
      platform.fetch(`${url}/${path}`, {
        ...init,
        headers: { authorization: `Bearer ${bearer}`, ...(init.body ? { 'content-type': 'application/json' } : {}) },
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.any([signal, stop.signal]),
      }),
    )
  } finally {
    cancel()
  }
}

async function freshToken(token: Address['token'], refresh: boolean): Promise<string> {
  try {
    return await token({ refresh })
  } catch (error) {
    // No token now is like a refused one: local writes go on, and it is asked for again.
    throw isHoldfastError(error) ? error : new HoldfastError('unauthenticated', 'No token could be had.', {}, error)
  }
}

async function orOffline<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new HoldfastError('offline', 'The server cannot be reached.', {}, error)
  }
}

function failureOf(response: Response, code: string, message: string): HoldfastError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const known = code as ConstructorParameters<typeof HoldfastError>[0]
  return new HoldfastError(known, message, Number.isFinite(seconds) ? { retryAfter: seconds * 1000 } : {})
}
