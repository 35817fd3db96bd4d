import { HoldfastError } from '@holdfast/shared'
import { isRefusal } from '@holdfast/shared/internal/errors'

/** The app's code failed: its transaction is refused, and only the log is told why. */
export const hookFailed = (what: string, cause: unknown): HoldfastError => new HoldfastError('hook_failed', `${what} failed.`, {}, cause)

/** What an error of the app's code means: a refusal (or what else `passes`) is one, anything else is its failure. */
export const hookError = (what: string, error: unknown, passes: (error: unknown) => boolean = isRefusal): unknown =>
  passes(error) ? error : hookFailed(what, error)

/** Gives back what synchronous code gave; a promise is its failure, and nobody waits for it. */
export function settled<T>(value: T): T {
  if (typeof value !== 'object' || value === null || !('then' in value)) return value
  Promise.resolve(value).catch(() => undefined)
  throw new TypeError('It gave a promise, but has to be synchronous.')
}

/** Raises the refusal that a hook returned. */
export function orRefused<T>(verdict: T): T {
  if (verdict instanceof Error) throw verdict
  return verdict
}
