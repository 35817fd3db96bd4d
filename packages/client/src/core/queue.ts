import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { Outgoing, Void } from '@holdfast/shared/internal/protocol/request'
import { sentOperations, type Transaction } from '@holdfast/shared/internal/transaction/transaction'
import type { KeptTransaction } from './event.ts'
import { type Pending, restsOn } from './pending.ts'
import type { Replica } from './replica.ts'

export interface Asking {
  readonly user: string
  readonly nonce: string
  /** Whether the answer should bring changes, or only verdicts because a stream brings them. */
  readonly pull: boolean
  /** How many transactions may go; 0 asks without sending. */
  readonly batch: number
  /** What this device has confirmed, where the server is to say what of it it has lost. */
  readonly kept?: readonly KeptTransaction[]
  /** After `differs`: say where this client has been, for these spaces. */
  readonly list?: { readonly spaces: readonly string[] }
  /** Whether what is sent whole may come as segments; it may, unless this says no. */
  readonly segments?: boolean
}

/** The next request: the head of the queue, and where this client is. */
export function nextRequest(replica: Replica, asking: Asking): Outgoing {
  const { known } = replica
  const submissions = asking.list ? [] : nextSubmissions(replica, asking.batch)
  const named = new Set(submissions.flatMap((one) => ('reason' in one ? [] : Object.keys(one.base))))
  const been = new Set([...(asking.list?.spaces ?? []), ...named, ...(asking.pull ? Object.keys(known.cut) : [])])
  // Also where nothing is held: what was written there, or is still to be tried again by who is let in again, is of the history of then.
  const others = asking.pull ? [...(known.spaces ?? []).map(({ space }) => space), ...known.lost.toReversed()] : []
  for (const space of others) if (known.positions[space] && been.size < LIMITS.spaces) been.add(space)
  const cursors = new Map<string, Cursor>()
  for (const space of been) {
    const cursor = proof(replica, space, asking.list?.spaces.includes(space) ?? false)
    if (cursor) cursors.set(space, cursor)
  }
  const sessions = submissions.flatMap((one) => ('reason' in one ? one.dot[0] : [one.dot[0], ...Object.keys(one.seen)]))
  // What a pull brings may hold more of them than was answered: a lost answer, an earlier opening of the app. Or less: a server that was
  // restored does not know what it had accepted, nor what it had refused and others rest on: named, or `lost` would be said for ever.
  const queued = asking.pull ? replica.pending.flatMap(({ transaction: { dot, seen } }) => [dot[0], ...Object.keys(seen)]) : []
  const kept = asking.kept?.map(({ transaction: { dot } }) => dot[0]) ?? []
  // Before what is kept: what a pull has found to be lost, the comparison has to find again.
  const unproven = asking.pull ? Object.keys(known.unproven) : []
  const about = new Set([...new Set([...sessions, ...queued, ...unproven, ...kept])].slice(0, LIMITS.sessions))
  return {
    version: replica.version,
    user: asking.user,
    nonce: asking.nonce,
    follow: replica.followed,
    cursors,
    pull: asking.pull,
    known: new Map([...about].map((session) => [session, replica.decided(session)])),
    unproven: new Set(unproven.filter((session) => about.has(session))),
    submissions,
    spacesTag: known.spacesTag ?? undefined,
    positions:
      asking.list && new Map(asking.list.spaces.map((space, _, { length }) => [space, somePositions(known.positions[space], length)])),
    segments: asking.segments === false ? undefined : { not: writtenIn(replica) },
    // A cursor proves clocks, also of a space that is not held any more, or not yet again: of that everything is wanted.
    fresh: new Set([...cursors.keys()].filter((space) => known.resync[space] !== undefined || !known.cut[space])),
  }
}

/** Bytes of a position on the wire, at most. */
const POSITION = 40

/**
 * Where a client has been in one of so many spaces: of very many all positions would be more than a request has room for, and with fewer
 * what both share is only found to be older.
 */
function somePositions(positions: readonly Cursor[] = [], spaces: number): readonly Cursor[] {
  const step = Math.ceil((positions.length * spaces * POSITION * 4) / LIMITS.bodyBytes)
  return positions.filter((_, i) => i % step === 0)
}

/** Where something waits, or is being written, or what that rests on: its clock may be older than what segments are of. */
const writtenIn = ({ pending, pins }: Pick<Replica, 'pending' | 'pins'>): ReadonlySet<string> =>
  new Set([
    ...pending.flatMap(({ operations, transaction: { reads = [] } }) => [...operations, ...reads].map(([, space]) => space)),
    ...[...pins].flatMap(({ base }) => Object.keys(base)),
  ])

/** A position that proves the history our clocks speak of; while a space is fetched again, the newest that both histories share. */
function proof(replica: Replica, space: string, asWas: boolean): Cursor | undefined {
  const agree = replica.known.resync[space]
  // Of a space that is held no more the clocks of what was written before can still be proven.
  if (agree === undefined || asWas) return replica.known.cut[space] ?? replica.known.positions[space]?.[0]
  return replica.known.positions[space]?.find(({ seq }) => seq === agree)
}

/**
 * The transactions to send, in queue order, each after all that it rests on. `n` never skips, so a void stands for what will not be sent,
 * and for what is nowhere any more: the server must not wait for it.
 */
function nextSubmissions(replica: Replica, batch: number): (Transaction | Void)[] {
  const out: (Transaction | Void)[] = []
  const queued = new Map(replica.pending.filter(isQueued).map((pending) => [dotName(pending.transaction.dot), pending]))
  const next = new Map<string, number>()
  const expected = (of: string) => next.get(of) ?? replica.decided(of) + 1
  let bytes = 0

  /** False when the request is full. */
  function put(pending: Pending): boolean {
    const { dot, seen } = pending.transaction
    const [session, n] = dot
    // Once in hand it is not asked for again, whatever a damaged disk says that it rests on.
    queued.delete(dotName(dot))
    for (const [of, upTo] of [[session, n - 1] as const, ...Object.entries(seen)]) if (!putUpTo(of, upTo)) return false
    if (n < expected(session)) return true
    const ground = restsOn(pending, replica.known)
    // It is in this request; what rests on it goes when it is known what became of it.
    if (out.length > 0 && ground?.some(([of, k]) => k > replica.decided(of))) return false
    const one = submissionOf(pending, ground?.every((dot) => !replica.outcomes.refusal(dot, replica.known)) ?? false)
    bytes += sizeOf(one)
    if (out.length >= batch || (out.length > 0 && bytes > LIMITS.bodyBytes / 2)) return false
    out.push(one)
    next.set(session, n + 1)
    return true
  }

  function putUpTo(of: string, upTo: number): boolean {
    while (expected(of) <= upTo) {
      const first = expected(of)
      const waiting = queued.get(dotName([of, first]))
      if (waiting) {
        if (!put(waiting)) return false
        continue
      }
      let to = first
      while (to < upTo && !queued.has(dotName([of, to + 1]))) to++
      out.push({ dot: [of, first], to, reason: 'lost' })
      next.set(of, to + 1)
    }
    return true
  }

  if (batch > 0) for (const pending of [...queued.values()]) if (!put(pending)) break
  return out
}

function submissionOf({ transaction, dropped }: Pending, isGrounded: boolean): Transaction | Void {
  const reason = dropped ?? (isGrounded ? undefined : 'conflict')
  return reason ? { dot: transaction.dot, to: transaction.dot[1], reason } : transaction
}

/** An upper bound that is cheap: every UTF-16 unit is at most three bytes. */
const sizeOf = (one: Transaction | Void): number =>
  'reason' in one ? 64 : JSON.stringify([sentOperations(one), one.reads ?? []]).length * 3 + 256

/** Whether anything waits to be sent. */
export const hasQueue = (replica: Replica): boolean => replica.pending.some(isQueued)

const isQueued = ({ accepted, revision }: Pending): boolean => !accepted && revision !== undefined
