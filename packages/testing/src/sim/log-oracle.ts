import { createHash } from 'node:crypto'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import { hlcOf } from '@holdfast/shared/internal/clock/hlc'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import { payload, sentOperations, type Transaction } from '@holdfast/shared/internal/transaction/transaction'
import { type Authored, causes } from './authored.ts'
import { Broken } from './broken.ts'
import { editsOf, type FieldChange, type Head, type Increment, judgeField, type Packed, sumOf } from './field-oracle.ts'
import type { Effect, Entry, History } from './history.ts'

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

interface Tracked {
  born: readonly Head[]
  isAlive: boolean
  hasDied: boolean
  /** Another record had this name before. */
  isNext: boolean
  readonly fields: Map<string, Packed>
  readonly increments: Map<string, readonly Increment[]>
}

/**
 * P6 against textbook vector clocks, over all that was decided: a change drops exactly those heads that its author had seen, the later of
 * concurrent ones stands, and time follows causality. After a restore a clock says less than its author knew, which makes a change
 * concurrent that was not; never the other way round: that would be a silent overwrite.
 */
export function judgeHistory({ schema, history, left, authored, sent }: Judged): void {
  const seen = causes([history, ...left], authored)
  const isExact = left.length === 0
  const unborn = neverCameToBe(history, authored)
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
        const record = records.get(key) ?? {
          born: [],
          isAlive: false,
          hasDied: false,
          isNext: false,
          fields: new Map(),
          increments: new Map(),
        }
        records.set(key, record)
        const one = { entry, table, id, change, schema }
        if (author && !author.transaction.command) {
          const { operations } = author.transaction
          const own = operations.filter((op) => op[1] === space && op[2] === table && op[3] === id)
          // Of a space that is not held here only what is written now is on the screen.
          const isHeld = author.cut[space] !== undefined
          // Who had deleted it, or made it anew, in what was refused, had another one before him.
          const isThis = !unborn.get(key)?.some((other) => seen(name).has(other))
          const written = { ...one, own, isOnly: operations.length === 1, seen: seen(name), isExact: isExact && isHeld, isThis }
          checkLife(record, written)
          judgeEffect(record, written)
        }
        if (table === CONFLICTS) judgeEnd(record, one)
        track(record, one)
      }
    }
  }
}

/** By record, what was to begin or to end it and is in no history. */
function neverCameToBe(history: History, authored: ReadonlyMap<string, Authored>): ReadonlyMap<string, readonly string[]> {
  const logged = new Set([...history.values()].flatMap((entries) => entries.map(({ dot }) => dotName(dot))))
  const found = new Map<string, string[]>()
  for (const [name, { transaction }] of authored)
    for (const [kind, space, table, id] of logged.has(name) ? [] : transaction.operations) {
      const key = recordKey(space, table, id)
      if (kind === 'del' || BEGINS.includes(kind)) found.set(key, [...(found.get(key) ?? []), name])
    }
  return found
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

/** What one entry did to one record. */
interface Change {
  readonly entry: Entry
  readonly table: string
  readonly id: string
  readonly change: Effect[2]
  readonly schema: Schema
}

/** It was written as operations, not as a command. */
interface Written extends Change, Pick<FieldChange, 'isExact' | 'isThis'> {
  /** Those of the record. */
  readonly own: readonly Operation[]
  /** Its transaction has one operation. */
  readonly isOnly: boolean
  readonly seen: ReadonlySet<string>
}

const BEGINS = ['ins', 'put', 'res']

/** Only who means to brings a record back, and an edit of one that is gone does not reach the next of its name. */
function checkLife(record: Tracked, { change, own, isOnly, entry, seen, isExact, schema, table }: Written): void {
  const lives = change.died?.length === 0 || (change.born && !change.died)
  // A conflict that somebody ends by taking back what it has may be made anew by just that.
  const revives = lives && !record.isAlive && record.hasDied && table !== CONFLICTS
  const isKept = schema.tables[table]?.deletion === 'edit-wins'
  if (revives && !isKept && own.length > 0 && !own.some(([kind]) => BEGINS.includes(kind)))
    throw new Broken('no resurrection', `${dotName(entry.dot)} brings back what was deleted by ${own.map(([kind]) => kind)}`)
  // What comes to a record that is gone goes with its last values, and to the conflicts of its author: by the delete policy.
  if (!isExact || change.born || change.died || !change.f || !record.isNext || !record.isAlive || own.length === 0) return
  // Whoever restores, inserts or puts means the one that is there.
  if (!isOnly || BEGINS.includes(own[0]?.[0] ?? '')) return
  if (record.born.length > 0 && !record.born.some(([session, n]) => seen.has(dotName([session, n]))))
    throw new Broken('no resurrection', `${dotName(entry.dot)} was meant for an earlier record of this name, and is in the next`)
}

/** P7: each field is as its policy has it, and every value that lost is with its author. */
function judgeEffect(record: Tracked, { entry, own, change, schema, seen, isExact, isThis, table, id }: Written): void {
  const fields = schema.tables[table]?.fields ?? {}
  const hasSeen = ([session, n]: readonly [string, number, ...unknown[]]) => seen.has(dotName([session, n]))
  const told = (field: string | null, by: readonly [string, number?], key?: string) => {
    const isTold = conflictsIn(entry).some(
      ({ dropped: { d }, ...one }) =>
        one.table === table && one.record === id && one.field === field && one.key === key && d[0] === by[0] && (by[1] ?? d[1]) === d[1],
    )
    if (!isTold)
      throw new Broken(
        'nothing is dropped in silence',
        `${by} lost ${field} of ${table} ${id} to ${dotName(entry.dot)}, and nobody is told`,
      )
  }
  if (change.born) return
  for (const [field, after] of Object.entries(change.f ?? {}) as [string, Packed][]) {
    const before = record.fields.get(field)
    const did = own.filter((one) => changes(one, field))
    if (!before || did.length === 0) continue
    const increments = record.increments.get(field) ?? []
    const judged = { entry, before, after, field, did, hasSeen, isExact, isThis, increments, where: `${table} ${id} ${field}` }
    const lost = judgeField(fields[field]?.policy.name ?? '', judged)
    // What is written to the dead is lost as a whole, and what it meets there was lost with them.
    if (record.isAlive || change.died?.length === 0) for (const { by, key } of lost) told(field, by, key)
    else told(null, entry.dot)
  }
  if (!record.isAlive || !change.died?.length || !own.some(([kind]) => kind === 'del')) return
  const edits = [...record.fields].flatMap(([field, packed]) => editsOf(fields[field]?.policy.name ?? '', packed))
  for (const session of new Set(edits.filter((head) => !hasSeen(head)).map(([by]) => by))) told(null, [session])
}

/** P7: a conflict is there until its user dismisses it, or his own later write stands. */
function judgeEnd({ fields, isAlive }: Tracked, { change: { died }, entry: { dot, user } }: Change): void {
  const { to } = (fields.get('v') as readonly [Told] | undefined)?.[0] ?? {}
  if (isAlive && died?.length && to !== user)
    throw new Broken('nothing is dropped in silence', `${dotName(dot)} of ${user} ends a conflict of ${to}`)
}

const changes = (operation: Operation, field: string): boolean =>
  typeof operation[4] === 'object' ? Object.hasOwn(operation[4], field) : operation[4] === field

interface Told {
  readonly table: string
  readonly record: string
  readonly field: string | null
  readonly key?: string
  readonly to: string
  readonly dropped: { readonly d: readonly [string, number] }
}

const conflictsIn = ({ effects }: Entry): readonly Told[] =>
  effects.flatMap(([table, , { f, died }]) => (table === CONFLICTS && f?.v && !died?.length ? [(f.v as readonly [Told])[0]] : []))

function track(record: Tracked, { entry, table, change: { born, died, f = {} }, schema }: Change): void {
  if (born) {
    if (!record.isAlive) record.isNext = record.hasDied
    // Of two who inserted it at once the later one adds to what is there.
    const isJoined = record.born.some((old) => (born as readonly Head[]).some((head) => head[0] === old[0] && head[1] === old[1]))
    record.born = born as readonly Head[]
    record.isAlive = true
    if (!isJoined) record.increments.clear()
    for (const field of [...record.fields.keys()]) if (!(field in f) && !isJoined) record.fields.delete(field)
  }
  if (died) {
    record.isAlive = died.length === 0
    record.hasDied ||= died.length > 0
  }
  for (const [field, packed] of Object.entries(f) as [string, Packed][]) {
    if (schema.tables[table]?.fields[field]?.policy.name === 'counter') {
      const before = record.increments.get(field) ?? []
      const delta = sumOf(packed) - before.reduce((sum, one) => sum + one.delta, 0)
      record.increments.set(field, [...before, { by: entry.dot, delta }])
    }
    record.fields.set(field, packed)
  }
}
