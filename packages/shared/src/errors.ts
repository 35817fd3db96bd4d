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
  'review',
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
  'conflict',
  'missing_ref',
  'restricted',
  'not_unique',
  'out_of_range',
  'rule_refused',
  'hook_failed',
  'unsupported',
  'unknown_command',
  'revoked',
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
  /** One of {@link CODES}, or what the app gave to {@link refuse}. */
  readonly code: Code | (string & {})
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: Code, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** Whether `error` is Holdfast's, and (if given) has this code. Works across copies of the package, where `instanceof` does not. */
export function isHoldfastError(error: unknown, code?: Code | (string & {})): error is HoldfastError {
  return error instanceof Error && error.name === 'HoldfastError' && 'code' in error && (code === undefined || error.code === code)
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/

/**
 * A refusal in the app's own words, for rules, commands and `validate` to throw: whoever wrote finds `code` and `message` in his dead
 * letter, or at the call. The code is snake_case and none of Holdfast's own.
 *
 * @throws HoldfastError `invalid_value` for another code
 * @example if (seats > free) throw refuse('room_full', `${room.name} has ${free} seats left.`)
 */
export function refuse(code: string, message: string): HoldfastError {
  if (!CODE.test(code) || isOurs(code)) throw new HoldfastError('invalid_value', `"${code}" is no code that an app can refuse with.`)
  return new HoldfastError(code as Code, message)
}

const isOurs = (code: string): boolean => (CODES as readonly string[]).includes(code)

/** Whether an error is the app's own refusal. */
export const isRefusal = (error: unknown): error is HoldfastError => isHoldfastError(error) && !isOurs(error.code)
