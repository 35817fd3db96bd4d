/**
 * The answers to a failure, decided by code and never by the text of a message: *retry* by itself, *reauthenticate* (a pause that costs
 * no retries), *upgrade*, and *reset* are of the whole exchange; *refused* is of one transaction.
 */
export type FailureKind = 'retry' | 'reauthenticate' | 'upgrade' | 'reset' | 'refused'

const KINDS: Readonly<Record<string, FailureKind>> = {
  offline: 'retry',
  bad_response: 'retry',
  server_error: 'retry',
  rate_limited: 'retry',
  too_large: 'retry',
  bad_request: 'retry',
  unauthenticated: 'reauthenticate',
  wrong_user: 'reauthenticate',
  upgrade: 'upgrade',
  differs: 'reset',
  lost: 'reset',
}

/** The kind of failure that a code is of; a code of one transaction, or the app's own, is `refused`. */
export const failureKind = (code: string): FailureKind => (Object.hasOwn(KINDS, code) ? (KINDS[code] ?? 'refused') : 'refused')
