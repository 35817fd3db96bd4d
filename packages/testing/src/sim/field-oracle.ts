import { canonical, type JsonValue } from '@holdfast/shared/internal/json'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import { Broken } from './broken.ts'
import type { Entry } from './history.ts'

/** A head as entries have it. */
export type Head = readonly [session: string, n: number, seq: number, at: number]
/** The state of a field as entries have it. */
export type Packed = readonly unknown[]

/** What a change of a counter brought, and which. */
export interface Increment {
  readonly by: readonly [session: string, n: number]
  readonly delta: number
}

/** One change of one field, by somebody of whom it is known what he had seen. */
export interface FieldChange {
  readonly entry: Entry
  readonly before: Packed
  readonly after: Packed
  readonly field: string
  /** What the transaction does to this field. */
  readonly did: readonly Operation[]
  readonly hasSeen: (head: readonly [session: string, n: number, ...unknown[]]) => boolean
  /** Nothing was restored: clocks say all that their authors knew. Else they may say less, and never more. */
  readonly isExact: boolean
  /** What its author had before him was this record, and not another of its name that never came to be. */
  readonly isThis: boolean
  /** Of a counter, since the record began. */
  readonly increments: readonly Increment[]
  readonly where: string
}

/** A value that lost, by who wrote it; of a map, under this key. */
export interface Lost {
  readonly by: readonly [session: string, n: number]
  readonly key?: string
}

interface Register {
  readonly value: unknown
  readonly heads: readonly Head[]
}

/** How each policy is written down in textbooks: what this change leaves of the state before. Gives what had to lose. */
const JUDGES: Readonly<Record<string, (change: FieldChange) => readonly Lost[]>> = {
  latest: (change) => judgeRegister(change, register(change.before), register(change.after), writtenBy(change)),
  siblings: judgeVersions,
  max: judgeVersions,
  min: judgeVersions,
  first: judgeFirst,
  strict: judgeStrict,
  'three-way': judgeBranches,
  counter: judgeCounter,
  set: judgeSet,
  map: judgeMap,
  rank: judgeMoves,
}

/** P6, P7 and P2 of one field. */
export const judgeField = (policy: string, change: FieldChange): readonly Lost[] =>
  // What a transaction does twice to one field is merged twice; entries have only what comes of it.
  change.did.length === 1 || policy === 'counter' ? (JUDGES[policy]?.(change) ?? []) : []

/** Those who wrote what stands in a field, and, of a place, moved it there. */
export function editsOf(policy: string, packed: Packed): readonly Head[] {
  const [first, second, third, fourth] = packed as readonly (readonly Head[])[]
  if (policy === 'counter') return [...(second ?? []), ...(fourth ?? [])]
  if (policy === 'first') return [...(second ?? []), ...(third ?? [])]
  if (policy === 'three-way') return branchHeads(packed)
  if (policy === 'set' || policy === 'map') return [...(second ?? []), ...entriesOf(first).flatMap(([, heads]) => heads)]
  if (policy === 'siblings' || policy === 'max' || policy === 'min') return entriesOf(packed).flatMap(([, heads]) => heads)
  return second ?? []
}

/** Of a counter: what it has been counted up by. */
export const sumOf = (packed: Packed): number => packed[0] as number

type Row = readonly [of: unknown, heads: readonly Head[], ...value: unknown[]]
const entriesOf = (packed: unknown): readonly Row[] => packed as readonly Row[]

const register = ([value, heads]: Packed): Register => ({ value, heads: heads as readonly Head[] })
const is = (a: readonly unknown[], b: readonly unknown[]): boolean => a[0] === b[0] && a[1] === b[1]
const text = (value: unknown): string => canonical(value as JsonValue)

/** What a write to a register writes. */
const writtenBy = ({ did: [operation], field }: FieldChange): unknown =>
  ((operation?.[4] ?? {}) as Readonly<Record<string, unknown>>)[field]

function fail({ entry, where, before, after, did }: FieldChange, what: string, more?: unknown): never {
  throw new Broken('exact concurrency', `${what} ${where}: ${JSON.stringify({ by: entry.dot, did, before, after, more })}`)
}

/** A change drops exactly those heads that its author had seen, and leaves its own, if it has one. */
function judgeHeads(change: FieldChange, before: readonly Head[], after: readonly Head[], leavesOwn = true): Head {
  const { hasSeen, isExact, entry } = change
  for (const head of before) {
    const stays = after.some((one) => is(one, head))
    if (!stays && !hasSeen(head)) fail(change, 'wrongly seen:', head)
    if (stays && hasSeen(head) && isExact) fail(change, 'wrongly concurrent:', head)
  }
  const own = after.find((one) => is(one, entry.dot))
  if (leavesOwn && !own) fail(change, 'no head is left at')
  const stray = after.find((one) => one !== own && !before.some((head) => is(head, one)))
  if (stray) fail(change, 'a head of nobody:', stray)
  return own as Head
}

/** By time, then by session in the order of code points, which is that of UTF-8, then by number. */
const isLater = (a: Head, b: Head): boolean => (a[3] - b[3] || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) || a[1] - b[1]) > 0
const latest = (heads: readonly Head[]): Head | undefined => heads.toSorted((a, b) => (isLater(a, b) ? -1 : 1))[0]

/** The later of concurrent ones stands; the other is lost, unless it says the same, or had lost before. */
function judgeRegister(change: FieldChange, before: Register, after: Register, wrote: unknown): readonly Lost[] {
  const own = judgeHeads(change, before.heads, after.heads)
  const rival = latest(after.heads.filter((one) => one !== own))
  const wins = !rival || isLater(own, rival)
  if (text(after.value) !== text(wins ? wrote : before.value)) fail(change, wins ? 'the later does not stand:' : 'the earlier stands:')
  const isNews = rival && is(rival, latest(before.heads) as Head)
  if (!rival || !isNews || text(wrote) === text(before.value)) return []
  return [{ by: wins ? [rival[0], rival[1]] : [own[0], own[1]] }]
}

/** All that the author had not seen stays, each with its value, and his own beside it. */
function judgeVersions(change: FieldChange): readonly Lost[] {
  const [before, after] = [entriesOf(change.before), entriesOf(change.after)]
  const heads = (versions: readonly Row[]) => versions.flatMap(([, of]) => of)
  judgeHeads(change, heads(before), heads(after))
  const writtenIn = (versions: readonly Row[], head: readonly [string, number, ...unknown[]]) =>
    versions.find(([, of]) => of.some((one) => is(one, head)))?.[0]
  for (const head of heads(after)) {
    const wrote = is(head, change.entry.dot) ? writtenBy(change) : writtenIn(before, head)
    if (text(writtenIn(after, head)) !== text(wrote)) fail(change, 'another value than was written:', head)
  }
  return []
}

/** Nobody's stands in place of the first until somebody has seen that. */
function judgeFirst(change: FieldChange): readonly Lost[] {
  const { before, after, hasSeen, isExact, entry } = change
  const [value, by, rest] = before as [unknown, readonly Head[], readonly Head[]]
  const [now, nowBy, nowRest] = after as [unknown, readonly Head[], readonly Head[]]
  const own = judgeHeads(change, [...by, ...rest], [...nowBy, ...nowRest])
  const standing = nowBy.find((one) => !is(one, entry.dot))
  const wrote = writtenBy(change)
  if (!isExact && standing === undefined && by.some((head) => !hasSeen(head))) fail(change, 'the first was not seen:')
  if (isExact && (standing !== undefined) !== by.some((head) => !hasSeen(head))) fail(change, 'another than the first stands:')
  if (text(now) !== text(standing ? value : wrote)) fail(change, 'another value than the first:')
  return standing && text(wrote) !== text(value) ? [{ by: [own[0], own[1]] }] : []
}

/** Nothing stands that its author had not seen: he would have been refused. */
function judgeStrict(change: FieldChange): readonly Lost[] {
  const unseen = register(change.before).heads.find((head) => !change.hasSeen(head))
  if (unseen) fail(change, 'written over what was not seen:', unseen)
  return judgeRegister(change, register(change.before), register(change.after), writtenBy(change))
}

const branchHeads = ([, branches]: Packed): readonly Head[] => entriesOf(branches).flatMap(([, heads]) => heads)

/** What comes of the branches the app's function says; which there are, their authors. */
function judgeBranches(change: FieldChange): readonly Lost[] {
  judgeHeads(change, branchHeads(change.before), branchHeads(change.after))
  return []
}

/** P2: what was counted is counted once, and a reset takes away what its author had seen, and no more. */
function judgeCounter(change: FieldChange): readonly Lost[] {
  const { before, after, did, field, hasSeen, isExact, isThis, increments } = change
  const counted = did.reduce((sum, operation) => sum + countedBy(operation, field), 0)
  if (sumOf(after) - sumOf(before) !== counted) fail(change, `counted by ${sumOf(after) - sumOf(before)} in place of ${counted}:`)
  const [one, ...others] = did
  if (one?.[0] !== 'off') {
    if (after[2] !== before[2] && did.every(([kind]) => kind === 'inc')) fail(change, 'reset by an increment:')
    if (others.length === 0) judgeHeads(change, before[1] as readonly Head[], after[1] as readonly Head[])
    return []
  }
  if (others.length > 0) return []
  const own = judgeHeads(change, before[3] as readonly Head[], after[3] as readonly Head[])
  const rival = latest((after[3] as readonly Head[]).filter((head) => head !== own))
  if (rival && isLater(rival, own)) return after[2] === before[2] ? [] : fail(change, 'the earlier reset stands:')
  if (!isExact) return []
  const { sum: stated, own: counting } = one[5]
  const isIn = ([session, n]: readonly [string, number, number]) => increments.some(({ by }) => is(by, [session, n]))
  const seen = isThis
    ? increments.reduce((sum, { by, delta }) => (hasSeen(by) ? sum + delta : sum), 0)
    : counting.filter(isIn).reduce((sum, [, , delta]) => sum + delta, stated)
  if (after[2] !== one[5].to - seen) fail(change, `reset by another sum than ${seen}:`)
  return []
}

function countedBy(operation: Operation, field: string): number {
  if (operation[0] === 'inc') return operation[5]
  const value = operation[0] === 'put' || operation[0] === 'ins' ? operation[4][field] : 0
  return typeof value === 'number' ? value : 0
}

/** Who adds adds, whatever was removed; who removes takes away the adds that he had seen. */
function judgeSet(change: FieldChange): readonly Lost[] {
  const { before, after, did, field, hasSeen, isExact } = change
  const [operation] = did
  const isRemoval = operation?.[0] === 'rem'
  const named = new Set((operation?.[0] === 'add' || operation?.[0] === 'rem' ? operation[5] : (writtenBy(change) as unknown[])).map(text))
  const headsBy = (packed: Packed) => new Map(entriesOf(packed[0]).map(([element, heads]) => [text(element), heads]))
  const [was, now] = [headsBy(before), headsBy(after)]
  for (const key of new Set([...was.keys(), ...now.keys(), ...named])) {
    const [of, heads] = [was.get(key) ?? [], now.get(key)]
    if (!named.has(key)) {
      if (text(of) !== text(heads)) fail(change, `${key} changed with another:`)
      continue
    }
    if (isRemoval && heads === undefined) {
      if (of.some((head) => !hasSeen(head))) fail(change, `${key} was removed by who had not seen it in ${field} of`)
      continue
    }
    if (heads === undefined) fail(change, `${key} was not added:`)
    // What was there by default goes with any removal.
    if (isRemoval && isExact && of.every(hasSeen)) fail(change, `${key} was not removed:`)
    judgeHeads(change, of, heads, !isRemoval)
  }
  return []
}

/** Each key is a register of what may be nothing. */
function judgeMap(change: FieldChange): readonly Lost[] {
  const [operation] = change.did
  const slots = (packed: Packed) =>
    new Map(entriesOf(packed[0]).map(([key, heads, ...value]): [string, Register] => [String(key), { value, heads }]))
  const [was, now] = [slots(change.before), slots(change.after)]
  const values = operation?.[0] === 'key' ? operation[5] : operation?.[0] === 'unk' ? {} : (writtenBy(change) as Record<string, unknown>)
  const removed = operation?.[0] === 'unk' ? operation[5] : []
  const named = new Set([...Object.keys(values), ...removed])
  for (const key of new Set([...was.keys(), ...now.keys()]))
    if (!named.has(key) && text(was.get(key) ?? null) !== text(now.get(key) ?? null)) fail(change, `${key} changed with another:`)
  const none: Register = { value: [], heads: [] }
  return [...Object.entries(values).map(([key, value]) => [key, [value]] as const), ...removed.map((key) => [key, []] as const)].flatMap(
    ([key, wrote]) => {
      const before = was.get(key) ?? none
      const [lost] = judgeRegister(change, before, now.get(key) ?? none, wrote)
      const value = lost && is(lost.by, change.entry.dot) ? wrote : before.value
      // A removal that did not stand is nobody's loss.
      return lost && (value as unknown[]).length > 0 ? [{ ...lost, key }] : []
    },
  )
}

/** Of concurrent moves the later stands: where that is, the order of a list says. */
function judgeMoves(change: FieldChange): readonly Lost[] {
  judgeHeads(change, change.before[1] as readonly Head[], change.after[1] as readonly Head[])
  return []
}
