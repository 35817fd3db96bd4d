import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import { isCreatable } from '@holdfast/shared/internal/ids'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import type { KeptTransaction, WriteEvent } from './event.ts'
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
  const queued = new Set(replica.pending.map(({ transaction: { dot } }) => dotName(dot)))
  const isLost = ([session, n]: Dot) => n > (lost.get(session) ?? Number.POSITIVE_INFINITY)
  // What was healed before is kept twice; what was refused since is not proposed again.
  const again = new Map(
    kept.flatMap((one) => {
      const { dot } = one.transaction
      return isLost(dot) && !queued.has(dotName(dot)) && !replica.outcomes.refusal(dot, replica.known) ? [[dotName(dot), one]] : []
    }),
  )
  const adds = heals
    ? [...again.values()].map(
        ({ transaction, generation, at }): WriteEvent => ({
          e: 'write',
          generation,
          transaction:
            begins.length > 0 ? { ...transaction, begins: [...new Set([...(transaction.begins ?? []), ...begins])] } : transaction,
          lo: 0,
          healed: at,
        }),
      )
    : []
  // Decided as well, though no pull had brought it back.
  const undone = heals ? [] : replica.pending.filter(({ accepted, transaction: { dot } }) => accepted && isLost(dot))
  const confirmed = heals ? [] : [...again.values()].map((event) => ({ transaction: event.transaction, event }))
  const dead = [...confirmed, ...undone].map((one) => notHealed(one, response.now))
  const waiting = known.dead.filter((letter) => isWaiting(letter, response.now)).length
  const differs = Object.keys(resets).length > 0
  return {
    event: {
      e: 'base',
      generation: differs ? known.generation + 1 : known.generation,
      fence,
      deltas: [],
      cut: {},
      hlc: response.hlc,
      decided: Object.fromEntries(lost),
      accepted: known.accepted.filter(([session, n]) => !isLost([session, n])),
      dead,
      ...(differs ? { resets } : {}),
      // What one restore lost may be noticed in several steps, of which the last finds nothing more.
      ...(again.size + undone.length > 0 || !known.restored
        ? { restored: { at: response.now, total: again.size + undone.length + healing(replica) + waiting, lost: dead.length + waiting } }
        : {}),
    },
    gone: undone.flatMap(({ revision, copies }) => [revision ?? [], copies].flat()),
    kept: [],
    adds,
  }
}
