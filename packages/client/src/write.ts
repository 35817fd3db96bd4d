import { dotName } from '@holdfast/shared/internal/clock/dot'
import { HoldfastError } from '@holdfast/shared/internal/errors'
import type { Duration, Verdict, Write } from '@holdfast/shared/internal/transaction/write'
import type { Pending } from './core/pending.ts'
import type { Replica } from './core/replica.ts'
import type { Platform } from './platform.ts'
import type { TabWrite } from './tabs/tab.ts'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A span of time in milliseconds. @example milliseconds('10s') */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration
  const [, amount, unit] = /^(.+?)(ms|s|m|h|d)$/.exec(duration) ?? []
  const ms = Number(amount) * (UNITS[unit as keyof typeof UNITS] ?? Number.NaN)
  if (!(ms >= 0)) throw new HoldfastError('invalid_value', `"${duration}" is no span of time: say 500, '10s' or '14d'.`, { duration })
  return ms
}

/** Those who wait for a verdict: asked again after each change. */
export class Waiting {
  readonly #platform: Platform
  readonly #replica: Replica
  readonly #waiting = new Set<(closing?: boolean) => void>()

  #closed = false

  constructor(platform: Platform, replica: Replica) {
    this.#platform = platform
    this.#replica = replica
  }

  /** The word on a transaction, as far as this device knows it. */
  verdictOf(
    dot: readonly [string, number],
  ): { status: 'applied'; conflicts: number } | (Verdict<never> & { status: 'refused' }) | undefined {
    const refused = this.#replica.outcomes.refusal(dot, this.#replica.known)
    if (refused) return { status: 'refused', code: refused.code, message: refused.message, deadLetter: refused.id }
    return dot[1] <= this.#replica.decided(dot[0]) ? { status: 'applied', conflicts: this.#replica.outcomes.conflictsOf(dot) } : undefined
  }

  /** Wakes who waits. */
  review(): void {
    for (const look of this.#waiting) look()
  }

  confirmed<T>(
    write: { pending: Pending; failure: () => HoldfastError | undefined; result: () => T },
    within: Duration | undefined,
  ): Promise<Verdict<T>> {
    return new Promise((resolve) => {
      let cancel = () => {}
      const settle = (verdict: Verdict<T>) => {
        this.#waiting.delete(look)
        cancel()
        resolve(verdict)
      }
      const look = () => {
        const failed = write.failure()
        if (failed) return settle({ status: 'refused', code: failed.code, message: failed.message, deadLetter: '' })
        const verdict = this.verdictOf(write.pending.transaction.dot)
        if (verdict) settle(verdict.status === 'applied' ? { ...verdict, result: write.result() } : verdict)
        else if (this.#closed) settle({ status: 'pending' })
      }
      this.#waiting.add(look)
      if (within !== undefined) cancel = this.#platform.setTimer(milliseconds(within), () => settle({ status: 'pending' }))
      look()
    })
  }

  /** Nobody is left waiting, nor waits later. */
  close(): void {
    this.#closed = true
    for (const look of this.#waiting) look()
  }
}

/** A write of this tab. `result` is what its verdict will say that it gave: of a command that is the server's word. */
export class LocalWrite<T> implements Write<T> {
  readonly id: string
  readonly value: T
  readonly #write: TabWrite
  readonly #waiting: Waiting
  readonly #result: () => T
  #failure: HoldfastError | undefined

  constructor(write: TabWrite, waiting: Waiting, { value, result = () => value }: { readonly value: T; readonly result?: () => T }) {
    this.id = dotName(write.pending.transaction.dot)
    this.value = value
    this.#write = write
    this.#waiting = waiting
    this.#result = result
    // Who does not wait is told by `status`, not by an unhandled rejection.
    write.stored.catch((error: HoldfastError) => {
      this.#failure = error
      waiting.review()
    })
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a write is what people type, and it means "stored on this device" (api.md 1.4)
  then<A = T, B = never>(
    done?: ((value: T) => A | PromiseLike<A>) | null,
    failed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.#write.stored.then(() => this.value).then(done, failed)
  }

  confirmed({ within }: { readonly within?: Duration } = {}): Promise<Verdict<T>> {
    return this.#waiting.confirmed({ pending: this.#write.pending, failure: () => this.#failure, result: this.#result }, within)
  }
}

/** A write that changed nothing: done, and nothing for the server to decide. */
export class EmptyWrite<T> implements Write<T> {
  readonly id = ''
  readonly value: T

  constructor(value: T) {
    this.value = value
  }

  // biome-ignore lint/suspicious/noThenProperty: as above
  then<A = T, B = never>(
    done?: ((value: T) => A | PromiseLike<A>) | null,
    failed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return Promise.resolve(this.value).then(done, failed)
  }

  async confirmed(): Promise<Verdict<T>> {
    return { status: 'applied', result: this.value, conflicts: 0 }
  }
}
