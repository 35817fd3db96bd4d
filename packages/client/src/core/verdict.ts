import { dotName } from '@holdfast/shared/internal/clock/dot'
import { hlcOf } from '@holdfast/shared/internal/clock/hlc'
import type { Cursor, Cut } from '@holdfast/shared/internal/history/history-hash'
import { equalJson, type JsonValue } from '@holdfast/shared/internal/json'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import type { Delta } from '@holdfast/shared/internal/merge/pack'
import { isAlive } from '@holdfast/shared/internal/merge/record'
import type { Frame } from '@holdfast/shared/internal/protocol/frame'
import type { SpaceAccess, SyncResponse, Verdict } from '@holdfast/shared/internal/protocol/response'
import { goneSpaces, writesIntoLost } from './access.ts'
import { GROUNDLESS, REVOKED, toDeadLetter } from './dead-letter.ts'
import type { BaseEvent, CommandOutcome, KeptTransaction, Revision, Seqs, StoredDeadLetter, Voided, WriteEvent } from './event.ts'
import { type Known, lostSpaces } from './known.ts'
import { findPending, type Pending } from './pending.ts'
import { purge } from './purge.ts'
import type { Replica } from './replica.ts'
import { helpedBy, proposedAgain, refusedAgain } from './restored.ts'

/** What the leader stores in one IndexedDB transaction: a verdict, its effect and what leaves the queue are never apart. */
export interface Commit {
  readonly event: BaseEvent
  /** Write events that leave: refused, or reached by base in every followed space. */
  readonly gone: readonly Revision[]
  readonly kept: readonly KeptTransaction[]
  /** Transactions that go back into the queue, after a reset. */
  readonly adds: readonly WriteEvent[]
}

/** The offset between two clocks that is worth repairing, in milliseconds. */
const WORTH_A_SHIFT = 60_000

export interface Exchange {
  readonly fence: number
  /** This device's clock when it asked, and when the answer had come: in between the server looked at its own. */
  readonly asked: number
  readonly answered: number
  /** Whether changes were asked for. */
  readonly pull: boolean
  /** A fresh session id, should a fork need one. */
  readonly session: string
  /** For how long what a restored server lost is proposed again, in milliseconds; 0 is not at all. */
  readonly healWindow?: number
}

/** One cut over all spaces or none: a body that does not continue where this device is would tear it. */
export const continues = (replica: Replica, { deltas }: Pick<SyncResponse, 'deltas'>): boolean =>
  deltas.every(({ space, from, whole }) => whole || from === (replica.cursor(space)?.seq ?? 0))

/** Whether this device is where a server is, as far as a pull could tell, too: of what is not held, or proven by no cursor, a cut says nothing. */
export function isAt(replica: Replica, cut: Cut): boolean {
  const { unproven, positions } = replica.known
  const isHere = ([space, { seq, hash }]: readonly [string, Cursor]) => {
    const cursor = replica.cursor(space)
    return cursor?.seq === seq && cursor.hash === hash
  }
  return [...cut].every(isHere) && Object.keys(positions).every((space) => cut.has(space)) && Object.keys(unproven).length === 0
}

/** One answer → one commit: changes, cursors, numbers decided, dead letters. Undefined if it changes nothing. */
export function absorbResponse(replica: Replica, response: SyncResponse, exchange: Exchange): Commit {
  const { known } = replica
  const next = response.spaces ? { ...known, lost: lostSpaces(known, response.spaces) } : known
  const decided = new Map<string, number>()
  const seqs = new Map<Pending, Seqs>()
  const dead: StoredDeadLetter[] = []
  const voids: Voided[] = []
  const conflicts: [string, number, number][] = []
  const results: CommandOutcome[] = []
  const until = (known.restored?.at ?? 0) + (exchange.healWindow ?? 0)
  let refused = 0
  let found = 0
  let fork: BaseEvent['fork']
  for (const verdict of response.verdicts) {
    if (verdict.is === 'fork' && !fork) fork = { session: verdict.dot[0], n: verdict.dot[1], to: exchange.session }
    const pending = findPending(replica, verdict.dot)
    if (verdict.is === 'applied') {
      decided.set(verdict.dot[0], verdict.dot[1])
      if (pending) seqs.set(pending, verdict.at)
      if (verdict.conflicts > 0) conflicts.push([...verdict.dot, verdict.conflicts])
      if (verdict.result !== undefined) results.push([...verdict.dot, verdict.result])
    } else if (verdict.is === 'refused') {
      decided.set(verdict.dot[0], verdict.to)
      if (pending?.event.healed) refused++
      if (pending?.event.asked) found++
      // Also one of which a void for another reason was on its way when he said so.
      if (pending && !(pending.dropped === 'discarded' && isOfVoid(verdict))) {
        const why = isRevoked(pending, verdict, next) ? REVOKED : isGroundless(verdict) ? GROUNDLESS : verdict
        dead.push(refusedAgain(toDeadLetter(pending, why, response.now), pending, until))
      } else voids.push([...verdict.dot, verdict.to, verdict.code])
    }
  }
  // An answer without a list says that it is still the same: what began and was left in one exchange is in neither.
  const mine = response.spaces ?? known.spaces
  const left = [...seqs.keys()].flatMap(({ transaction: { begins = [] } }) =>
    begins.filter((id) => !mine?.some(({ space }) => space === id)),
  )
  const fits = continues(replica, response)
  const deltas = fits ? response.deltas : []
  // Cursors move only with the changes that they count, and only on.
  const isMoved = (space: string, seq: number) => (replica.cursor(space)?.seq ?? -1) <= seq
  const cut = new Map([...response.cut].filter(([space, { seq }]) => deltas.some((one) => one.space === space) && isMoved(space, seq)))
  const offset = offsetOf(known.offset, response.now, exchange)
  const moved = offset - (known.offset ?? 0)
  const by = Math.abs(moved) > WORTH_A_SHIFT ? moved : 0
  const future = hlcOf(response.now + WORTH_A_SHIFT)
  const shifts = replica.pending.some(({ transaction: { at } }) => by !== 0 || at > future)
  return commitOf(replica, {
    fence: exchange.fence,
    deltas,
    cut,
    hlc: response.hlc,
    decided,
    seqs,
    mine,
    dead,
    refused,
    found,
    now: response.now,
    extra: {
      ...(conflicts.length > 0 ? { conflicts } : {}),
      ...(results.length > 0 ? { results } : {}),
      ...(voids.length > 0 ? { void: voids } : {}),
      ...(response.spaces ? { spaces: response.spaces } : {}),
      ...(response.spacesTag === undefined ? {} : { spacesTag: response.spacesTag }),
      ...(left.length > 0 ? { left } : {}),
      ...(fork ? { fork } : {}),
      ...(fits && exchange.pull ? { reached: Object.fromEntries(response.decided ?? []) } : {}),
      users: response.users,
      offset,
      now: response.now,
      ...(shifts ? { shift: { by, now: response.now } } : {}),
    },
  })
}

/**
 * How far the server's clock is ahead of this device's, in milliseconds. What was known stands if it can still be so: one request that was
 * under way while the device slept would move all that waits by half of that, before or after what others wrote meanwhile.
 */
function offsetOf(known: number | null, now: number, { asked, answered }: Pick<Exchange, 'asked' | 'answered'>): number {
  if (known !== null && now - answered <= known && known <= now - asked) return known
  return now - Math.round((asked + answered) / 2)
}

/** What says when, not what; `accepted` is a whole list, whatever is new in it. */
const PLAIN: ReadonlySet<string> = new Set(['e', 'generation', 'fence', 'hlc', 'offset', 'now', 'accepted'] satisfies (keyof BaseEvent)[])
/** Milliseconds by which a clock may be off before that is stored for its own sake. */
const WORTH_STORING = 1_000

/** Whether a commit holds anything that is not stored yet: frames mostly bring a verdict before its answer does. */
export const isNews = ({ event, gone, kept, adds }: Commit, { hlc, offset, accepted }: Known): boolean =>
  gone.length + kept.length + adds.length > 0 ||
  event.hlc > hlc ||
  Math.abs((event.offset ?? 0) - (offset ?? 0)) > WORTH_STORING ||
  !equalJson(event.accepted as JsonValue, accepted as JsonValue) ||
  Object.entries(event).some(([key, value]) => !PLAIN.has(key) && Object.keys(value ?? {}).length > 0)

/** The server says of a space that it is not this user's, and no more: that it was, the device knows. */
const isRevoked = (pending: Pending, { code }: Verdict & { is: 'refused' }, next: Pick<Known, 'lost'>): boolean =>
  code === 'purged' || (code === 'forbidden' && writesIntoLost(pending, next))

/** The server only repeats what a void gave as its reason: it has no words of its own, and an answer that comes without any says the code. */
const isOfVoid = ({ code, message }: Verdict & { is: 'refused' }): boolean => message === code

const isGroundless = (verdict: Verdict & { is: 'refused' }): boolean => verdict.code === GROUNDLESS.code && isOfVoid(verdict)

type Taken = { readonly commit: Commit } | 'skip' | 'pull'

/**
 * A frame is skipped if all its spaces are at or past it, applied if each is at its start; else there is a gap and the client pulls. One
 * with a dot of this device counts as the verdict, but only for the first undecided of its session.
 */
export function absorbFrame(replica: Replica, frame: Frame & { is: 'commit' }, { fence, local }: { fence: number; local: number }): Taken {
  const at = (space: string) => replica.cursor(space)?.seq
  // What is not wanted here says nothing of what is.
  const deltas = frame.deltas.filter(({ space }) => replica.follows(space))
  if (deltas.every(({ space, to }) => (at(space) ?? -1) >= to)) return 'skip'
  if (!deltas.every(({ space, from }) => at(space) === from)) return 'pull'
  const decided = new Map<string, number>()
  const seqs = new Map<Pending, Seqs>()
  const heads = frame.deltas.flatMap(({ by }) => by)
  const own = replica.pending.filter(({ transaction: { dot } }) => heads.some(([s, n]) => s === dot[0] && n === dot[1]))
  for (const pending of own) {
    const [session, n] = pending.transaction.dot
    if (pending.accepted || n <= replica.decided(session)) continue
    // What a command gave back is in no frame.
    if (pending.transaction.command) return 'pull'
    const reached = Object.fromEntries(frame.deltas.map(({ space, to }) => [space, to]))
    // A head of ours in a later commit's record says nothing of its verdict: only its own commit does.
    if (!frame.deltas.every(({ by, to }) => by.some(([s, k, seq]) => s === session && k === n && seq === to))) return 'pull'
    if (n !== replica.decided(session) + 1) return 'pull'
    decided.set(session, n)
    seqs.set(pending, reached)
  }
  const cut = new Map(deltas.map(({ space, to, hash }) => [space, { seq: to, hash }]))
  const count = frame.deltas.reduce(
    (sum, { records }) => sum + records.filter(({ r: [table], f }) => table === CONFLICTS && f !== undefined).length,
    0,
  )
  const now = local + (replica.known.offset ?? 0)
  const conflicts = count > 0 ? { conflicts: [...decided].map(([session, n]): [string, number, number] => [session, n, count]) } : {}
  const { user } = frame
  const users = user === undefined ? user : heads.map(([session]) => [session, user] as const)
  const plain = deltas.map(({ hash: _, ...delta }) => delta)
  const extra = { now, users, ...conflicts }
  const facts = { fence, deltas: plain, cut, hlc: frame.hlc, decided, seqs, mine: null, dead: [], refused: 0, found: 0, now, extra }
  return { commit: commitOf(replica, facts) }
}

interface Facts {
  readonly fence: number
  readonly deltas: readonly Delta[]
  readonly cut: Cut
  readonly hlc: number
  readonly decided: ReadonlyMap<string, number>
  readonly seqs: ReadonlyMap<Pending, Seqs>
  /** The spaces that are this user's by now; null where that is not known. */
  readonly mine: readonly SpaceAccess[] | null
  readonly dead: readonly StoredDeadLetter[]
  /** How many of them were sent again after a restore. */
  readonly refused: number
  /** Of them those that nothing had said were lost. */
  readonly found: number
  readonly now: number
  readonly extra: Partial<BaseEvent>
}

function commitOf(replica: Replica, facts: Facts): Commit {
  const { known } = replica
  const mine = facts.mine && new Set(facts.mine.map(({ space }) => space))
  const lost = facts.mine ? lostSpaces(known, facts.mine) : known.lost
  const taken = goneSpaces({ known: { ...known, lost }, pending: replica.pending })
  const reached = (at: Seqs): boolean =>
    Object.entries(at).every(([space, seq]) => {
      const cursor = facts.cut.get(space) ?? replica.cursor(space)
      if ((mine && !mine.has(space)) || !replica.follows(space)) return true
      return (cursor?.seq ?? -1) >= seq
    })
  const accepted: [string, number, Seqs][] = []
  const gone: Revision[] = [...replica.leftovers]
  const kept: KeptTransaction[] = []
  const isProven = ([space, seq]: readonly [string, number]) => ((facts.cut.get(space) ?? known.positions[space]?.[0])?.seq ?? -1) >= seq
  const unproven: Record<string, number> = {}
  const before = new Map(known.accepted.map(([session, n, at]) => [dotName([session, n]), at]))
  for (const pending of replica.pending) {
    const { transaction, revision, event } = pending
    const [session, n] = transaction.dot
    if (revision === undefined) continue
    const at = facts.seqs.get(pending) ?? before.get(dotName(transaction.dot))
    const over = n <= (facts.decided.get(session) ?? 0)
    if (at && !reached(at)) accepted.push([session, n, at])
    else if (at || over) {
      gone.push(revision, ...pending.copies)
      if (!at) continue
      kept.push({ transaction, generation: event.generation, at, confirmed: facts.now })
      // One proves all of it. Where there is none it was in effect where its author may not look, if at all.
      if (!Object.entries(at).some(isProven)) unproven[session] = Math.max(facts.now, known.unproven[session] ?? 0)
    }
  }
  const isHere = (...at: readonly [space: string, table: string, id: string]) => {
    const record = replica.view.base(...at)
    return record !== undefined && isAlive(record)
  }
  const dead = purge(facts.dead, taken)
  const again = helpedBy(purge([...known.dead, ...dead], taken), facts.deltas, { now: facts.now, isHere })
  const restored = facts.refused + again.length > 0 ? (known.restored ?? undefined) : undefined
  return {
    event: {
      e: 'base',
      generation: known.generation,
      fence: facts.fence,
      deltas: facts.deltas,
      cut: Object.fromEntries(facts.cut),
      hlc: facts.hlc,
      // A frame may have told more meanwhile, of what a copy of this device sent: numbers never go back.
      decided: Object.fromEntries([...facts.decided].filter(([session, n]) => n > replica.decided(session))),
      accepted,
      unproven,
      dead,
      restored: restored && { ...restored, total: restored.total + facts.found, lost: restored.lost + facts.refused - again.length },
      again: again.map(({ id }) => id),
      ...facts.extra,
    },
    gone,
    kept: purge(kept, taken),
    adds: again.map(proposedAgain),
  }
}
