import { type Code, HoldfastError, isHoldfastError } from '@holdfast/shared'
import { encodeResponse, type SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { zip } from './zip.ts'

/** The one table of what goes wrong with a request as a whole: its status, and the code that its body has. */
const FAILURES = {
  bad_request: { status: 400, code: 'bad_request' },
  unauthenticated: { status: 401, code: 'unauthenticated' },
  wrong_user: { status: 409, code: 'wrong_user' },
  upgrade: { status: 409, code: 'upgrade' },
  unknown_segment: { status: 404, code: 'server_error' },
  too_large: { status: 413, code: 'too_large' },
  media_type: { status: 415, code: 'bad_request' },
  rate_limited: { status: 429, code: 'rate_limited' },
  server_error: { status: 503, code: 'server_error' },
} as const satisfies Record<string, { status: number; code: Code }>

export type Failure = keyof typeof FAILURES

/** Raised by whatever reads a request; `failure` picks the status. */
export class RequestFailure extends HoldfastError {
  readonly failure: Failure
  readonly nonce: string

  constructor(failure: Failure, message: string, nonce = '') {
    super(FAILURES[failure].code, message)
    this.failure = failure
    this.nonce = nonce
  }
}

/** The failure that an error is; what is not meant for the asker is `server_error`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailure) return error.failure
  return isHoldfastError(error) && Object.hasOwn(FAILURES, error.code) ? (error.code as Failure) : 'server_error'
}

/** The status of an answer of the engine. */
export const statusOf = ({ problem }: Pick<SyncResponse, 'problem'>): number =>
  problem ? FAILURES[failureOf(problemError(problem))].status : 200

const problemError = ({ code, message }: { code: string; message: string }): HoldfastError => new HoldfastError(code as Code, message)

/** How every answer goes out: never from a cache, never changed on the way. */
const HEADERS = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** A short answer. */
export const answer = (response: SyncResponse, status: number, more: Record<string, string> = {}): Response =>
  new Response(encodeResponse(response), { status, headers: { ...HEADERS, ...more } })

/** An answer that may be long: compressed where that is taken. */
export async function answerZipped(response: SyncResponse, status: number, to: Parameters<typeof zip>[1]): Promise<Response> {
  const { body, headers } = await zip(encodeResponse(response), to)
  return new Response(body, { status, headers: { ...HEADERS, ...headers } })
}

/** Where an answer comes from. */
export interface Origin {
  readonly version: number
  readonly now: number
  readonly user?: string | undefined
  /** From 0 to 1: spreads those who are sent away. */
  readonly jitter: number
}

/** The answer to a request that failed as a whole: a complete body like any other, so that the client knows it is Holdfast's. */
export function failureResponse(error: unknown, { version, now, user, jitter }: Origin): Response {
  const failure = failureOf(error)
  const { status, code } = FAILURES[failure]
  const message =
    failure === 'server_error' && !(error instanceof RequestFailure) ? 'The server could not answer.' : (error as Error).message
  const nonce = error instanceof RequestFailure ? error.nonce : ''
  const head = { version, user, nonce, now, problem: { code, message } }
  const later = status === 429 || status === 503 ? { 'retry-after': String(1 + Math.round(jitter * 4)) } : {}
  return answer({ ...head, verdicts: [], deltas: [], cut: new Map(), hlc: 0 }, status, later)
}
