import { createHash } from 'node:crypto'
import type { Database } from '@holdfast/client'
import { isOfRetries } from '@holdfast/client/internal/core/retry'
import { internalsOf } from '@holdfast/client/internal/internals'
import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import { hlcOf } from '@holdfast/shared/internal/clock/hlc'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import { payload, sentOperations, type Transaction } from '@holdfast/shared/internal/transaction/transaction'
import { Broken } from './broken.ts'
import type { Effect, Entry, History } from './history.ts'

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

/** What was sent, by the dot: with which time, and the earliest that the server's clock showed since. */
export type Sent = ReadonlyMap<string, readonly { readonly at: number; now: number }[]>

interface Judged {
  readonly schema: Schema
  /** What the server has. */
  readonly history: History
  /** What it had, before it was another. */
  readonly left: readonly History[]
  readonly authored: ReadonlyMap<string, Authored>
  readonly sent: Sent
}

type Head = readonly [session: string, n: number, seq: number, at: number]

interface Tracked {
  born: readonly Head[]
  isAlive: boolean
  hasDied: boolean
  /** Another record had this name before. */
  isNext: boolean
  readonly fields: Map<string, { readonly value: unknown; readonly heads: readonly Head[] }>
}

/**
 * P6 against textbook vector clocks, over all that was decided: a change drops exactly those heads that its author had seen, the later of
 * concurrent ones stands, and time follows causality. After a restore a clock says less than its author knew, which makes a change
 * concurrent that was not; never the other way round: that would be a silent overwrite.
 */
export function judgeHistory({ schema, history, left, authored, sent }: Judged): void {
  const seen = causes([history, ...left], authored)
  const isExact = left.length === 0
  for (const [space, entries] of history) {
    const records = new Map<string, Tracked>()
    const times = new Map<string, Entry>()
    for (const entry of entries) {
      const name = dotName(entry.dot)
      const author = authored.get(name)
      if (author) {
        checkPayload(author.transaction, entry)
        checkTime(entry, { sent: sent.get(name) ?? [], before: times.get(entry.dot[0]) })
        if (isExact) checkOrder(entry, entries.slice(0, author.cut[space]?.seq ?? 0))
      }
      times.set(entry.dot[0], entry)
      for (const [table, id, change] of entry.effects) {
        const key = recordKey(space, table, id)
        const record = records.get(key) ?? { born: [], isAlive: false, hasDied: false, isNext: false, fields: new Map() }
        records.set(key, record)
        const own = author?.transaction.command
          ? undefined
          : author?.transaction.operations.filter((one) => one[1] === space && one[2] === table && one[3] === id)
        if (author && own && !author.transaction.command)
          checkLife(record, { change, own, entry, seen: seen(name), isExact, key, schema, author })
        for (const [field, packed] of Object.entries(change.f ?? {})) {
          if (schema.tables[table]?.fields[field]?.policy.name !== 'latest') continue
          const [value, heads] = packed as [unknown, readonly Head[]]
          const wrote = own?.length === 1 ? valueIn(own[0] as Operation, field) : undefined
          const before = record.fields.get(field)
          if (wrote !== undefined && before && !change.born)
            judgeField(before, { value, heads }, { entry, wrote, seen: seen(name), isExact, where: `${table} ${id} ${field}` })
        }
        track(record, change)
      }
    }
  }
}

/** Who wrote it had seen these, and what their authors had seen. */
function causes(histories: readonly History[], authored: ReadonlyMap<string, Authored>): (name: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>()
  return function seen(name: string): ReadonlySet<string> {
    const found = known.get(name)
    if (found) return found
    const all = new Set<string>()
    known.set(name, all)
    const author = authored.get(name)
    if (!author) return all
    for (const [space, { seq, hash }] of Object.entries(author.cut)) {
      const entries = histories.map((one) => one.get(space)).find((one) => one?.[seq - 1]?.hash === hash)
      for (const { dot } of entries?.slice(0, seq) ?? []) all.add(dotName(dot))
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

function checkPayload(transaction: Transaction, entry: Entry): void {
  const { version, reads } = transaction
  const text = payload({ version, operations: sentOperations(transaction), ...(reads ? { reads } : {}) })
  const hash = createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')
  if (hash !== entry.payload)
    throw new Broken('unchanged payload', `${dotName(entry.dot)} was decided with another payload than it was written with`)
}

/** DESIGN 5.2: the server clamps, and no more. */
function checkTime(
  { dot, at }: Entry,
  { sent, before }: { readonly sent: Sent extends ReadonlyMap<string, infer T> ? T : never; before: Entry | undefined },
): void {
  const isRight = sent.some(
    (one) =>
      at === one.at || (at < one.at && at >= hlcOf(one.now)) || (at > one.at && (before === undefined || at > before.at) && dot[1] > 1),
  )
  if (sent.length > 0 && !isRight) throw new Broken('decided time', `${dotName(dot)} is of ${at}, and was sent as ${JSON.stringify(sent)}`)
}

/** What was in base when it was written is earlier, whatever the clocks did since. */
function checkOrder({ dot, at }: Entry, base: readonly Entry[]): void {
  const later = base.find((one) => one.at >= at)
  if (later) throw new Broken('decided time', `${dotName(dot)} is of ${at}, and what it had seen (${dotName(later.dot)}) of ${later.at}`)
}

interface Life {
  readonly change: Effect[2]
  readonly own: readonly Operation[]
  readonly entry: Entry
  readonly seen: ReadonlySet<string>
  readonly isExact: boolean
  readonly key: string
  readonly schema: Schema
  readonly author: Authored
}

const BEGINS = ['ins', 'put', 'res']

/** Only who means to brings a record back, and an edit of one that is gone does not reach the next of its name. */
function checkLife(record: Tracked, { change, own, entry, seen, isExact, author }: Life): void {
  // A conflict that is restored may be made anew by just that, and be gone at once.
  const lives = change.died?.length === 0 || (change.born && !change.died)
  const revives = lives && !record.isAlive && record.hasDied
  if (revives && own.length > 0 && !own.some(([kind]) => BEGINS.includes(kind)))
    throw new Broken('no resurrection', `${dotName(entry.dot)} brings back what was deleted by ${own.map(([kind]) => kind)}`)
  // What comes to a record that is gone goes with its last values, and to the conflicts of its author: by the delete policy.
  if (!isExact || change.born || change.died || !change.f || !record.isNext || !record.isAlive || own.length === 0) return
  // Whoever restores, inserts or puts means the one that is there.
  if (author.transaction.operations.length > 1 || BEGINS.includes(own[0]?.[0] ?? '')) return
  if (record.born.length > 0 && !record.born.some(([session, n]) => seen.has(dotName([session, n]))))
    throw new Broken('no resurrection', `${dotName(entry.dot)} was meant for an earlier record of this name, and is in the next`)
}

const valueIn = (operation: Operation, field: string): unknown =>
  operation[0] === 'upd' || operation[0] === 'put' ? (operation[4] as Record<string, unknown>)[field] : undefined

interface Field {
  readonly value: unknown
  readonly heads: readonly Head[]
}

function judgeField(
  before: Field,
  after: Field,
  { entry, wrote, seen, isExact, where }: { entry: Entry; wrote: unknown; seen: ReadonlySet<string>; isExact: boolean; where: string },
): void {
  const is = (a: Head, b: readonly [string, number, ...unknown[]]) => a[0] === b[0] && a[1] === b[1]
  const fail = (what: string, head?: Head) => {
    throw new Broken('exact concurrency', `${what} ${where}: ${JSON.stringify({ by: entry.dot, head, before, after, wrote })}`)
  }
  for (const head of before.heads) {
    const stays = after.heads.some((one) => is(one, head))
    const isSeen = seen.has(dotName([head[0], head[1]]))
    if (!stays && !isSeen) fail('wrongly seen:', head)
    if (stays && isSeen && isExact) fail('wrongly concurrent:', head)
  }
  const own = after.heads.find((one) => is(one, entry.dot))
  if (!own) throw new Broken('exact concurrency', `${dotName(entry.dot)} left no head at ${where}`)
  const others = after.heads.filter((one) => one !== own)
  const wins = others.every((one) => isLater(own, one))
  if (JSON.stringify(after.value) !== JSON.stringify(wins ? wrote : before.value))
    fail(wins ? 'the later does not stand:' : 'the earlier stands:')
}

/** By time, then by session in the order of code points, which is that of UTF-8, then by number. */
const isLater = (a: Head, b: Head): boolean => (a[3] - b[3] || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) || a[1] - b[1]) > 0

function track(record: Tracked, { born, died, f = {} }: Effect[2]): void {
  if (born) {
    if (!record.isAlive) record.isNext = record.hasDied
    record.born = born as readonly Head[]
    record.isAlive = true
    for (const field of [...record.fields.keys()]) if (!(field in f)) record.fields.delete(field)
  }
  if (died) {
    record.isAlive = died.length === 0
    record.hasDied ||= died.length > 0
  }
  for (const [field, packed] of Object.entries(f)) {
    const [value, heads] = packed as [unknown, unknown]
    if (Array.isArray(heads)) record.fields.set(field, { value, heads: heads as readonly Head[] })
  }
}
