import type { Database } from '@holdfast/client'
import { isOfRetries } from '@holdfast/client/internal/core/retry'
import { internalsOf } from '@holdfast/client/internal/internals'
import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { RETRIES } from '@holdfast/shared/internal/ids'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import type { History } from './history.ts'

/** What a tab had in its memory. */
export interface Memory {
  readonly cut: Readonly<Record<string, Cursor>>
  readonly pending: readonly Dot[]
  /** Base was not there. */
  readonly isBaseLost: boolean
}

/** A transaction as it was written, and what its tab had in its memory at that moment. */
export interface Authored extends Memory {
  readonly transaction: Transaction
}

export function memoryOf(db: Database): Memory {
  const { known, pending, isBaseLost } = internalsOf(db).replica
  return { cut: isBaseLost ? {} : known.cut, pending: pending.map(({ transaction }) => transaction.dot), isBaseLost }
}

/** The label of what is written as of an earlier moment than now: what its author had seen then is not known here. */
export const AS_OF_EARLIER = 'as of earlier'

/** Notes what a tab has just written. */
export function noteAuthored(db: Database, memory: Memory, authored: Map<string, Authored>): void {
  const before = new Set(memory.pending.map(dotName))
  for (const { transaction, event } of internalsOf(db).replica.pending) {
    const { dot, seen } = transaction
    // What is tried again is as of then: its clock says so by the number of its own session.
    const isOfThen = isOfRetries(dot) || event.label === AS_OF_EARLIER || seen[dot[0]] !== undefined
    if (before.has(dotName(dot)) || event.healed || isOfThen) continue
    authored.set(dotName(dot), { ...memory, transaction })
  }
}

/** Who wrote it had seen these, and what their authors had seen. */
export function causes(histories: readonly History[], authored: ReadonlyMap<string, Authored>): (name: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>()
  const dots = histories.flatMap((history) => [...history.values()].flat()).map(({ dot }) => dot)
  const tries = Map.groupBy(dots.filter(isOfRetries), firstNameOf)
  return function seen(name: string): ReadonlySet<string> {
    const found = known.get(name)
    if (found) return found
    const all = new Set<string>()
    known.set(name, all)
    const author = authored.get(name)
    if (!author) return all
    for (const [space, { seq, hash }] of Object.entries(author.cut)) {
      const entries = histories.map((one) => one.get(space)).find((one) => one?.[seq - 1]?.hash === hash)
      // What a restored server lost and was sent again under another name was seen by whoever had seen it the first time.
      for (const { dot } of entries?.slice(0, seq) ?? [])
        for (const one of [dot, ...(tries.get(firstNameOf(dot)) ?? [])]) all.add(dotName(one))
    }
    const [session, n] = author.transaction.dot
    for (let m = 1; m < n; m++) all.add(dotName([session, m]))
    for (const [other, m] of author.pending) {
      for (let k = 1; k <= m; k++) all.add(dotName([other, k]))
      // Where base is not there, what its author had seen then is not on the screen now.
      if (!author.isBaseLost) for (const one of seen(dotName([other, m]))) all.add(one)
    }
    return all
  }
}

/** The name under which it was written, however often it was tried again. */
const firstNameOf = (dot: Dot): string => (isOfRetries(dot) ? dot[0].replace(RETRIES, '.') : dotName(dot))
