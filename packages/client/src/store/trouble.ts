import { type Code, HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'

const CODES: Readonly<Record<string, readonly [Code, string]>> = {
  QuotaExceededError: ['storage_full', 'The browser has no more room for this site.'],
  VersionError: ['storage_blocked', 'A newer version of the app is open in another tab. Reload this one.'],
  InvalidStateError: ['storage_failed', 'The connection to the database was lost.'],
  UnknownError: ['storage_failed', 'The database failed.'],
  DataCloneError: ['invalid_value', 'A value cannot be stored.'],
  SecurityError: ['storage_unavailable', 'The browser does not let this site store anything.'],
}

/** Any failure of IndexedDB as one of ours; the cause stays attached. */
export function storageTrouble(error: unknown): HoldfastError {
  if (isHoldfastError(error)) return error
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const [code, message] = CODES[name] ?? ['storage_failed', 'The database failed.']
  return new HoldfastError(code, message, { name }, error)
}

/** Whether a new connection may help: the handle is dead, the data is not. Chromium and WebKit both do this (faults.md A4). */
export const isLostConnection = (error: unknown): boolean =>
  (error instanceof DOMException || error instanceof Error) && (error.name === 'InvalidStateError' || error.name === 'UnknownError')
