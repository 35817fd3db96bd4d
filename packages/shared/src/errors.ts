/**
 * Every failure that Holdfast raises or stores has one of these codes; a code is never reused for another meaning.
 * `docs/errors.md` says of each when it is raised and what the way out is.
 */
export const CODES = [
  // at the call: the app's own mistake or its data's
  'invalid_value',
  'invalid_schema',
  'unknown_field',
  'use_tx',
  'tx_closed',
  'ambiguous_id',
  'too_large',
  'closed',
  // in the browser: storage
  'storage_full',
  'storage_blocked',
  'storage_unavailable',
  'storage_failed',
  'unsent_writes',
  // on the way: the transport
  'offline',
  'bad_response',
  'server_error',
  'rate_limited',
  // from the server about a request
  'unauthenticated',
  'wrong_user',
  'upgrade',
  'bad_request',
  // from the server about a transaction
  'forbidden',
  'unknown_record',
  'exists',
  'out_of_range',
  'rule_refused',
  'hook_failed',
  'unsupported',
  // why a transaction was never sent
  'discarded',
  'purged',
  'poison',
  'lost',
] as const

export type Code = (typeof CODES)[number]

/**
 * The one error class of Holdfast: `code` is for programs, `message` for people, `details` names what it is about.
 *
 * @example
 * try { await db.home.todos.insert({ title: 'Milk' }) }
 * catch (error) { if (isHoldfastError(error, 'storage_full')) askToFreeSpace() }
 */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError'
  readonly code: Code
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: Code, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** Whether `error` is Holdfast's, and (if given) has this code. Works across copies of the package, where `instanceof` does not. */
export function isHoldfastError(error: unknown, code?: Code): error is HoldfastError {
  return error instanceof Error && error.name === 'HoldfastError' && 'code' in error && (code === undefined || error.code === code)
}
