import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import { isVoid, type SyncRequest, spacesNamed } from '@holdfast/shared/internal/protocol/request'
import type { Verdict } from '@holdfast/shared/internal/protocol/response'
import type { Decision } from './engine/decide.ts'
import type { Log } from './log.ts'

/**
 * What this process has seen of a history that the server lost: transactions whose verdicts devices had, and the server has not. They are
 * counted as devices come back. `lost - back` is what is not there again: refused by the rules of today, not to be sent by the operator's
 * word, too old for its device, or still on its way.
 */
export interface HealingMetrics {
  /** How often a device was told that its history is not, or no more, the server's. */
  readonly resets: number
  /** Transactions that devices knew to be decided, and the server did not; refused ones included. */
  readonly lost: number
  /** Of those: sent again, and in effect again. */
  readonly back: number
  /** Of those: sent again, and refused. */
  readonly refused: number
  /** Of those: given up, because their device does not send them. */
  readonly gone: number
}

/** Of how many sessions is remembered what they lost; the oldest are forgotten, and count no further. */
const SESSIONS = 10_000

interface Count {
  back: number
  refused: number
}

/** Follows what devices send again: counts it, and says it in the log, a line for each space. */
export function createHealing(log: Log) {
  const counts = { resets: 0, lost: 0, back: 0, refused: 0, gone: 0 }
  /** The numbers of a session that are still to come back: after `from`, up to `to`. */
  const owed = new Map<SessionId, { from: number; readonly to: number }>()

  function noteReset(request: SyncRequest, { reset = new Map(), lost = new Map(), heal }: Decision): void {
    counts.resets++
    for (const [space, { agree, heal }] of reset)
      log({ level: 'warn', event: 'history_reset', space, user: request.user, at: request.cursors.get(space)?.seq, agree, heal })
    let sum = 0
    for (const [session, last] of lost) {
      const to = request.known.get(session) ?? last
      if (owed.get(session)?.to === to) continue
      sum += to - last
      owed.delete(session)
      owed.set(session, { from: last, to })
    }
    for (const [session] of owed) if (owed.size > SESSIONS) owed.delete(session)
    counts.lost += sum
    if (sum > 0) log({ level: 'warn', event: 'history_lost', user: request.user, transactions: sum, heal })
  }

  /** How many of the numbers that a verdict is about were owed; they are no more. */
  function settle({ dot: [session, n], ...verdict }: Verdict): number {
    const range = owed.get(session)
    const to = Math.min(verdict.is === 'refused' ? verdict.to : n, range?.to ?? 0)
    if (!range || to <= range.from) return 0
    const settled = to - Math.max(n - 1, range.from)
    range.from = to
    if (to === range.to) owed.delete(session)
    return settled
  }

  function noteVerdicts({ submissions, user }: SyncRequest, verdicts: readonly Verdict[]): void {
    const sent = new Map(submissions.map((one) => [dotName(one.dot), one]))
    const spaces = new Map<SpaceId, Count>()
    for (const verdict of verdicts) {
      if (verdict.is !== 'applied' && verdict.is !== 'refused') continue
      const settled = settle(verdict)
      if (settled === 0) continue
      const one = sent.get(dotName(verdict.dot))
      const what = verdict.is === 'applied' ? 'back' : one && !isVoid(one) ? 'refused' : 'gone'
      counts[what] += settled
      if (what === 'gone' || !one || isVoid(one)) continue
      for (const space of verdict.is === 'applied' ? Object.keys(verdict.at) : spacesNamed(one.operations)) {
        const count = spaces.get(space) ?? { back: 0, refused: 0 }
        count[what]++
        spaces.set(space, count)
      }
    }
    for (const [space, count] of spaces) log({ level: 'warn', event: 'healed', space, user, ...count })
  }

  return {
    /** What a request was answered. */
    heard(request: SyncRequest, decision: Decision): void {
      if (decision.reset || decision.lost) noteReset(request, decision)
      else if (owed.size > 0) noteVerdicts(request, decision.verdicts)
    },
    metrics: (): HealingMetrics => ({ ...counts }),
  }
}

export type Healing = ReturnType<typeof createHealing>
