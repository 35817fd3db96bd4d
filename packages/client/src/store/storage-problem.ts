import type { HoldfastError } from '@holdfast/shared/internal/errors'

/** What is wrong with the storage, as far as the last attempt says. */
export function createStorageProblem(now: () => number, changed: () => void) {
  let found: { readonly code: string; readonly message: string; readonly since: number } | undefined
  let isForGood = false
  const set = ({ code, message }: Pick<HoldfastError, 'code' | 'message'>): void => {
    found = { code, message, since: now() }
  }
  return {
    get found() {
      return found
    },
    raise(error: Pick<HoldfastError, 'code' | 'message'>): void {
      set(error)
      changed()
    },
    /** For who tells of it with something else that changed. */
    set,
    /** The database is gone: what was stored in it a moment before, and is told only now, says nothing of what is to come. */
    raiseForGood(error: HoldfastError): void {
      isForGood = true
      this.raise(error)
    },
    /** Something could be stored. */
    over(): void {
      if (!found || isForGood) return
      found = undefined
      changed()
    },
    /** Tries to store something, as long as there is a problem: who has nothing to write would not find out that it is over. */
    async look(probe: () => Promise<void>): Promise<void> {
      if (!found) return
      await probe().then(this.over, () => undefined)
    },
  }
}
