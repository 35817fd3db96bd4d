import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import { isCreatable } from '@holdfast/shared/internal/ids'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { GROUNDLESS, toDeadLetter } from './dead-letter.ts'
import type { BaseEvent, KeptTransaction, Seqs, WriteEvent } from './event.ts'
import type { Known } from './known.ts'
import { findPending, renamed } from './pending.ts'
import type { Replica } from './replica.ts'
import { healing, isWaiting, notHealed } from './restored.ts'
import type { Commit } from './verdict.ts'

/**
 * The server's history is not the one this device knows: it was restored, failed over or forked. Begins the next generation for the
 * spaces that differ, takes back the numbers that the server lost, and puts the own confirmed transactions that it lost into the queue
 * again, under the same dots (DESIGN 6, `schedules.md` 2 and 9). Where the operator said not to, they become dead letters.
 */
export function absorbReset(
  replica: Replica,
  response: Pick<SyncResponse, 'reset' | 'lost' | 'heal' | 'hlc' | 'now'>,
  { fence, kept }: { fence: number; kept: readonly KeptTransaction[] },
): Commit {
  const { known } = replica
  const resets = Object.fromEntries([...(response.reset ?? [])].map(([space, { agree }]) => [space, agree]))
  const lost = response.lost ?? new Map<string, number>()
  // A space that is not there any more begins again with what its owner sends; of anybody else the server would not take it.
  const begins = Object.keys(resets).filter(
    (space) => resets[space] === 0 && known.spaces?.some((one) => one.space === space && one.role === 'owner') && isCreatable(space),
  )
  const heals = response.heal !== false && [...(response.reset ?? [])].every(([, { heal }]) => heal)
  const { missing, doubted, decided, reached } = leftBehind(replica, kept, { lost, resets })
  const adds = [...(heals ? missing.filter(({ groundless }) => !groundless) : []), ...doubted].map(
    ({ transaction, generation, at, asked }: KeptTransaction & { readonly asked?: boolean }): WriteEvent => ({
      e: 'write',
      generation,
      transaction: begins.length > 0 ? { ...transaction, begins: [...new Set([...(transaction.begins ?? []), ...begins])] } : transaction,
      lo: 0,
      healed: at,
      asked,
    }),
  )
  // Decided as well, though no pull had brought it back.
  const undone = heals
    ? []
    : replica.pending.filter(({ accepted, transaction: { dot } }) => accepted && dot[1] > (lost.get(dot[0]) ?? Number.POSITIVE_INFINITY))
  const confirmed = missing.filter(({ groundless }) => !heals || groundless).map((event) => ({ transaction: event.transaction, event }))
  const dead = [...confirmed, ...undone].map((one) => (heals ? toDeadLetter(one, GROUNDLESS, response.now) : notHealed(one, response.now)))
  const waiting = known.dead.filter((letter) => isWaiting(letter, response.now)).length
  const again = missing.length + doubted.filter(({ asked }) => !asked).length + undone.length
  const differs = Object.keys(resets).length > 0
  return {
    event: {
      e: 'base',
      generation: differs ? known.generation + 1 : known.generation,
      fence,
      deltas: [],
      cut: {},
      hlc: response.hlc,
      decided: Object.fromEntries(decided),
      accepted: known.accepted.filter(([session, n]) => n <= (decided.get(session) ?? Number.POSITIVE_INFINITY)),
      dead,
      reached,
      ...(differs ? { resets } : {}),
      healed: adds.map(({ transaction: { dot }, healed = {} }) => [...dot, healed] as const),
      // What one restore lost may be noticed in several steps, of which the last finds nothing more.
      ...(again > 0 || !known.restored
        ? { restored: { at: response.now, total: again + healing(replica) + waiting, lost: dead.length + waiting } }
        : {}),
    },
    gone: undone.flatMap(({ revision, copies }) => [revision ?? [], copies].flat()),
    kept: [],
    adds,
  }
}

/**
 * What this device confirmed in the history that is left: `missing` is what the server has no numbers of. Of what is `doubted`, which is past
 * where the histories part, or (`asked`) of which nothing says where it is, the server has the numbers, but may have refused there what the
 * history before had: if the disk forgot that, only asking tells. `decided` is up to where the sessions stand, for both to be asked for.
 */
function leftBehind(
  { pending, outcomes, known }: Replica,
  kept: readonly KeptTransaction[],
  { lost, resets }: { readonly lost: ReadonlyMap<string, number>; readonly resets: Seqs },
) {
  const queued = new Set(pending.map(({ transaction: { dot } }) => dotName(dot)))
  const decided = new Map(lost)
  const isLost = ([session, n]: Dot) => n > (lost.get(session) ?? Number.POSITIVE_INFINITY)
  const isPast = (at: Seqs) => Object.entries(at).some(([space, seq]) => seq > (resets[space] ?? Number.POSITIVE_INFINITY))
  // Where no cursor is nobody says where the histories part.
  const isDoubted = ([session, n, at]: readonly [string, number, Seqs]) =>
    !isLost([session, n]) && (isPast(at) || (known.unproven[session] !== undefined && !lost.has(session)))
  // What was healed before is kept twice; what was refused since is not proposed again.
  const newest = [...new Map(kept.map((one) => [dotName(one.transaction.dot), one])).values()].filter(
    ({ transaction: { dot } }) => !queued.has(dotName(dot)) && !outcomes.refusal(dot, known),
  )
  const confirmed = newest.map(({ transaction: { dot }, at }) => [...dot, at] as const)
  for (const [session, n] of [...confirmed, ...known.accepted].filter(isDoubted))
    decided.set(session, Math.min(decided.get(session) ?? n, n - 1))
  // A session goes on from where it stands: what comes after one that is asked for is asked for as well, and shown by base all the while.
  const doubted = newest
    .filter(
      ({ transaction: { dot }, groundless }) => !groundless && !isLost(dot) && dot[1] > (decided.get(dot[0]) ?? Number.POSITIVE_INFINITY),
    )
    .map((one) => ({ ...one, asked: !isPast(one.at) }))
  const reached = { ...known.reached }
  for (const { transaction } of doubted) reached[transaction.dot[0]] = Math.max(reached[transaction.dot[0]] ?? 0, transaction.dot[1])
  return { missing: newest.filter(({ transaction: { dot } }) => isLost(dot)), doubted, decided, reached }
}

/**
 * Whether a server refused what this device has as confirmed: it was restored, and a copy of this disk was first to send that again, or to
 * take it back.
 */
export const isDenied = (replica: Replica, refused: NonNullable<SyncResponse['refused']>, kept: readonly KeptTransaction[]): boolean =>
  kept.some(({ transaction, groundless }) => {
    // What went on under another name after a fork was not refused with what has its name.
    const dot = renamed(transaction.dot, replica.known.forks)
    const isNamed = refused.some(([session, n, to]) => session === dot[0] && n <= dot[1] && dot[1] <= to)
    return isNamed && !groundless && !replica.outcomes.refusal(dot, replica.known) && !findPending(replica, dot)
  })

/** Begins all of base anew, in the history that it is of: the copy on this disk is broken. What waits and what was decided stays as it is. */
export function refetch({ generation, hlc, accepted, cut, resync }: Known, fence: number): BaseEvent {
  const resets = Object.entries(cut).flatMap(([space, { seq }]) => (resync[space] === undefined ? [[space, seq]] : []))
  return {
    e: 'base',
    generation: generation + 1,
    fence,
    deltas: [],
    cut: {},
    hlc,
    decided: {},
    accepted,
    dead: [],
    resets: Object.fromEntries(resets),
  }
}
