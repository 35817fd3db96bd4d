import { sees } from '@holdfast/shared/internal/clock/clock'
import { type Dot, sameDot } from '@holdfast/shared/internal/clock/dot'
import { type Head, PENDING } from '@holdfast/shared/internal/clock/heads'
import { type Hlc, hlcOf } from '@holdfast/shared/internal/clock/hlc'
import type { Author } from '@holdfast/shared/internal/merge/merge'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Transaction } from '@holdfast/shared/internal/transaction/transaction'
import type { DropReason, Revision, WriteEvent } from './event.ts'
import type { Known } from './known.ts'
import type { Footprint } from './prediction.ts'
import { isOfRetries } from './retry.ts'

/** A transaction that base does not hold yet, as this tab knows it. */
export interface Pending {
  /** As it goes out: after forks, shifts and resets. What is stored never changes. */
  transaction: Transaction
  readonly event: WriteEvent
  /** Undefined until it is stored. */
  revision: Revision | undefined
  /** Where it is stored once more. */
  readonly copies: Revision[]
  /** Its place among the others: healed ones first, then by revision, what is not stored yet last. */
  order: number
  /** What it does to records; of a command, what it is predicted to do. */
  operations: readonly Operation[]
  /** The records that it touches. */
  keys: ReadonlySet<string>
  /** What the prediction of a command, or of what is serializable, rests on; undefined of all others. */
  footprint: Footprint | undefined
  /** Decided, but base has not reached it. */
  accepted: boolean
  /** Why it will not be sent, by its user's word or because no server takes it: goes out as void, is in no view. */
  dropped: DropReason | undefined
  /** Base shows its effect already, so the view must not show it twice. */
  hidden: boolean
  /** The prediction failed somewhere: no part of it is shown. */
  doomed: boolean
  /** What it read does not hold any more: the server will refuse it, so no part of it is shown. */
  stale: boolean
  /** Taken off the view for a moment, while a command below it runs again. */
  lifted: boolean
}

/** Healed transactions stand before everything that was written since. */
const HEALED_FIRST = -1e15

export function toPending(event: WriteEvent, revision: Revision | undefined, late: number): Pending {
  return {
    event,
    transaction: event.transaction,
    revision,
    copies: [],
    order: orderOf(event, revision, late),
    ...effectOf(event.transaction.operations),
    footprint: undefined,
    accepted: false,
    dropped: undefined,
    hidden: event.healed !== undefined,
    doomed: false,
    stale: false,
    lifted: false,
  }
}

/** Operations, and the records that they touch. */
export const effectOf = (operations: readonly Operation[]): Pick<Pending, 'operations' | 'keys'> => ({
  operations,
  keys: new Set(keysOf(operations)),
})

const keysBy = new WeakMap<readonly Operation[], readonly string[]>()

/** The record of each operation. The same strings each time: to make one, and to hash it, costs more than to look something up by it. */
export function keysOf(operations: readonly Operation[]): readonly string[] {
  const known = keysBy.get(operations)
  if (known) return known
  const keys = operations.map(keyOf)
  keysBy.set(operations, keys)
  return keys
}

export const orderOf = (event: WriteEvent, revision: Revision | undefined, late: number): number =>
  revision === undefined ? 1e15 + late : event.healed ? HEALED_FIRST + revision : revision

export const byOrder = (a: Pending, b: Pending): number => a.order - b.order

export const findPending = ({ pending }: { readonly pending: readonly Pending[] }, dot: Dot): Pending | undefined =>
  pending.find(({ transaction }) => sameDot(transaction.dot, dot))

interface Count {
  length: number
  readonly last: Map<string, number>
  oldest: Hlc
}
const counts = new WeakMap<readonly Pending[], Count>()

/**
 * Of all that waits the last number of each session, and the earliest time. Asked at each write, so it is counted on from where it was: a
 * list only grows, and where anything else is done to it another takes its place.
 */
export function countOf(pending: readonly Pending[]): Readonly<Count> {
  const count = counts.get(pending) ?? { length: 0, last: new Map(), oldest: Number.POSITIVE_INFINITY }
  counts.set(pending, count)
  for (; count.length < pending.length; count.length++) {
    const { transaction, event } = pending[count.length] as Pending
    const [session, n] = transaction.dot
    count.last.set(session, Math.max(n, count.last.get(session) ?? 0))
    count.oldest = Math.min(count.oldest, event.transaction.at)
  }
  return count
}

/** Whether the screen goes without it, because the server will. */
export const isOff = (one: Pending | undefined): boolean => one !== undefined && (one.doomed || one.stale || one.dropped !== undefined)

export const keyOf = (operation: Operation): string => recordKey(operation[1], operation[2], operation[3])

/** What a prediction has to know besides the transaction. */
export interface Knowing {
  refused(session: string, n: number): boolean
  /** The generation whose history the base on screen belongs to no more; undefined if it is the one that goes on. */
  abandoned(space: string): number | undefined
}

/** The author of a prediction: not decided yet, so no base reaches it. */
export function authorOf({ event, transaction }: Pending, space: string, { refused, abandoned }: Knowing): Author {
  const { dot, at } = transaction
  // While the base on screen is of an abandoned history, what its author had seen of that is what counts for the screen.
  const left = abandoned(space)
  const old = left === undefined ? 0 : event.generation <= left ? (event.transaction.base[space] ?? 0) : Number.MAX_SAFE_INTEGER
  return {
    head: { by: dot, seq: PENDING, at },
    base: transaction.base[space] ?? 0,
    // A command is run by the server, which has seen everything.
    sees: (head: Head) => transaction.command !== undefined || head.seq <= old || sees(transaction, dot, space, head),
    counted: (own) => own.reduce((sum, [session, n, delta]) => (refused(session, n) ? sum : sum + delta), 0),
  }
}

/** What a queue entry means today; one that did not live through a reset, a fork or a shift is as written. */
export function refresh(pending: Pending, known: Known): void {
  pending.transaction = { ...sendable(pending.event, known), at: shifted(pending, known) }
  // A reset names own dots, and a fork renames them.
  if (!pending.transaction.command) pending.operations = pending.transaction.operations
  const [session, n] = pending.transaction.dot
  pending.accepted = known.accepted.some(([of, k]) => of === session && k === n)
  pending.hidden = isInBase(pending, known)
}

/** Refreshes all; gives their records, since what has another time or clock may win or lose where nothing else changed. */
export function refreshAll(all: readonly Pending[], known: Known): readonly string[] {
  // Shifted times stay in order: a later write never gets an earlier time than the one before it.
  let last = 0
  for (const pending of all) {
    refresh(pending, known)
    // What is tried again keeps its place in time.
    if (isOfRetries(pending.transaction.dot)) continue
    if (pending.transaction.at <= last) pending.transaction = { ...pending.transaction, at: last + 1 }
    last = pending.transaction.at
  }
  return all.flatMap(({ keys }) => [...keys])
}

/**
 * What a serializable transaction rests on of histories that the server lost: the writes of this device that are sent again. Undefined if
 * something of anybody else's is among that: it may have shown what is nowhere now, and looking again, where it is decided, would not tell.
 */
export function restsOn({ event, transaction }: Pending, { resets }: Known): readonly Dot[] | undefined {
  if (!transaction.reads) return []
  const all = resets.flatMap(({ healed = [] }) => healed)
  for (const [space, old] of Object.entries(event.transaction.base)) {
    // A reset that took nothing of what was seen has left no history.
    const shared = resets.flatMap(({ generation, agree: { [space]: to = old } }) => (generation > event.generation && to < old ? to : []))
    const agree = Math.min(old, ...shared)
    const again = new Set(all.map(([, , at]) => at[space] ?? 0).filter((seq) => seq > agree && seq <= old))
    // Seqs of one history that was lost say nothing of another.
    if (agree < old && (shared.length > 1 || again.size < old - agree)) return undefined
  }
  const { dot } = transaction
  const dots = all.map(([session, n]): Dot => [session, n])
  return dots.filter((by) => !sameDot(by, dot) && sees(transaction, dot, '', { by, seq: PENDING, at: 0 }))
}

/** Whether base has its effect already: from the abandoned history, or with a verdict that is still to come. */
export function isInBase({ event: { healed }, transaction: { dot }, accepted }: Pending, { resync, reached, cut }: Known): boolean {
  // Accepted is what base has not reached. And what is fetched anew in its own history has nothing that it would not have after that.
  const isLeft = (space: string) => (resync[space] ?? Number.POSITIVE_INFINITY) < (cut[space]?.seq ?? 0)
  return (!accepted && dot[1] <= (reached[dot[0]] ?? 0)) || Object.keys(healed ?? {}).some(isLeft)
}

function shifted({ event, revision, transaction }: Pending, { shifts }: Known): Hlc {
  if (revision === undefined) return transaction.at
  let at = event.transaction.at
  for (const shift of shifts) {
    if (shift.revision < revision) continue
    at = Math.max(Math.min(at + shift.by * 1024, hlcOf(shift.now)), event.lo + 1)
  }
  return at
}

/**
 * A transaction as it is sent today. Its clock belongs to the history it was written in: for every reset since, `base` comes down to what
 * both histories share, and what of the own the old base covered is stated in `seen` (DESIGN 6). A fork renames the own dots.
 */
export function sendable(event: WriteEvent, known: Known): Transaction {
  let { transaction } = event
  const base: Record<string, number> = { ...transaction.base }
  const seen: Record<string, number> = { ...transaction.seen }
  for (const { generation, agree, healed = [] } of known.resets) {
    if (generation <= event.generation) continue
    for (const [space, shared] of Object.entries(agree)) {
      const old = base[space]
      if (old === undefined || old <= shared) continue
      base[space] = shared
      for (const [session, n, at] of healed) {
        if ((at[space] ?? Number.POSITIVE_INFINITY) <= old && session !== transaction.dot[0])
          seen[session] = Math.max(seen[session] ?? 0, n)
      }
    }
  }
  transaction = { ...transaction, base, seen }
  return known.forks.reduce(renameFork, transaction)
}

/** The name under which a transaction of this device goes today. */
export const renamed = (dot: Dot, forks: Known['forks']): Dot =>
  forks.reduce<Dot>(([s, k], { session, n, to }) => (s === session && k >= n ? [to, k - n + 1] : [s, k]), dot)

function renameFork(transaction: Transaction, fork: Known['forks'][number]): Transaction {
  const { session, n, to } = fork
  const rename = (s: string, k: number): Dot => renamed([s, k], [fork])
  const seen: Record<string, number> = {}
  for (const [s, k] of Object.entries(transaction.seen)) {
    seen[s] = s === session ? Math.min(k, n - 1) : k
    // Also of one that is renamed itself, and had not seen what it counts by itself.
    if (s === session) seen[to] = Math.max(k - n + 1, seen[to] ?? 0)
  }
  const [s, k] = transaction.dot
  const moved = s === session && k >= n
  // Its own session counted by itself up to here; under the fresh one that has to be said.
  if (moved && n > 1 && seen[session] === undefined) seen[session] = n - 1
  const operations = transaction.operations.map((operation): Operation => {
    if (operation[0] !== 'off') return operation
    const own = operation[5].own.map(([os, on, delta]) => [...rename(os, on), delta] as const)
    return [operation[0], operation[1], operation[2], operation[3], operation[4], { ...operation[5], own }]
  })
  return { ...transaction, dot: rename(s, k), seen, operations }
}
