import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import type { JsonValue } from '@holdfast/shared/internal/json'
import type { BaseEvent, StoredDeadLetter } from './event.ts'
import type { Known } from './known.ts'

type Refusal = Pick<StoredDeadLetter, 'id' | 'code' | 'message'>

/** What became of transactions, as far as this tab heard, or dead letters and what is known say. */
export class Outcomes {
  readonly #refused = new Map<string, Refusal>()
  readonly #conflicts = new Map<string, number>()

  hear({ dead, conflicts = [] }: Pick<BaseEvent, 'dead' | 'conflicts'>): void {
    for (const { id, code, message, transaction } of dead) this.#refused.set(dotName(transaction.dot), { id, code, message })
    for (const [session, n, count] of conflicts) this.#conflicts.set(dotName([session, n]), count)
  }

  /** Why a transaction was refused, with its dead letter if it left one; undefined if it was not. */
  refusal(dot: Dot, { void: voids }: Known): Refusal | undefined {
    const [session, n] = dot
    const code = voids.find(([of, from, to]) => of === session && from <= n && n <= to)?.[3]
    return this.#refused.get(dotName(dot)) ?? (code === undefined ? undefined : { id: '', code, message: '' })
  }

  /** How many values of a transaction were dropped, if this tab saw its verdict. */
  conflictsOf(dot: Dot): number {
    return this.#conflicts.get(dotName(dot)) ?? 0
  }
}

/** What a command gave back; undefined if it has not, or that is forgotten. */
export const resultOf = ({ results }: Known, [session, n]: Dot): JsonValue | undefined =>
  results.findLast(([of, k]) => of === session && k === n)?.[2]
