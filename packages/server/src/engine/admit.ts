import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import type { JsonValue } from '@holdfast/shared/internal/json'
import { isVoid, type Submission, spacesNamed, type Void } from '@holdfast/shared/internal/protocol/request'
import type { Verdict } from '@holdfast/shared/internal/protocol/response'
import { payload } from '@holdfast/shared/internal/transaction/transaction'
import type { Reader } from './access.ts'
import type { Batch } from './batch.ts'
import { shortHashOf } from './engine.ts'
import type { AnswerRow, Asking } from './reads.ts'

/** Sessions of which nothing more is decided in a request, each from which n on: after a fork, and what had seen it. */
export type Blocked = Map<SessionId, number>

interface Context {
  readonly reader: Reader
  readonly blocked: Blocked
}

/**
 * Whether a submission is the next of its session: if so, nothing is returned and it is to be decided (a void is recorded here). If not,
 * what stands in the place of a verdict: the stored one, word for word; `expected`, which names what has to come first; `fork`, for a
 * number that was taken with another payload; or nothing at all, for what has seen a fork.
 */
export function* admit(batch: Batch, submission: Submission | Void, context: Context): Asking<readonly Verdict[] | undefined> {
  const { reader, blocked } = context
  const [session, n] = submission.dot
  if (blocked.has(session)) return []
  const last = (yield* batch.session(session))?.last ?? 0
  if (isVoid(submission)) return yield* admitVoid(batch, submission, { reader, last })
  if (n <= last) return yield* admitAgain(batch, submission, context)
  if (Object.entries(submission.seen).some(([other, m]) => m >= (blocked.get(other) ?? Number.POSITIVE_INFINITY))) {
    blocked.set(session, n)
    return []
  }
  if (n > last + 1) return [{ is: 'expected', dot: [session, last + 1] }]
  for (const [other, m] of Object.entries(submission.seen)) {
    const decided = yield* decidedOf(batch, other, reader.user)
    if (other !== session && m > decided) return [{ is: 'expected', dot: [other, decided + 1] }]
  }
  return undefined
}

/** A session of another user counts as unknown. */
function* decidedOf(batch: Batch, session: SessionId, user: string): Asking<number> {
  const row = yield* batch.session(session)
  return row?.user === user ? row.last : 0
}

function* admitAgain(batch: Batch, submission: Submission, { reader, blocked }: Context): Asking<readonly Verdict[]> {
  const [session, n] = submission.dot
  const { verdict, payload: stored } = yield* storedVerdict(batch, { session, n, reader, named: spacesNamed(submission.operations) })
  // A void has no payload to compare with; nor has what the log has forgotten: it is taken to be the same.
  if (stored === null || stored === shortHashOf(batch.engine, payload(submission))) return [verdict]
  blocked.set(session, n)
  return [{ is: 'fork', dot: [session, n] }]
}

function* admitVoid(
  batch: Batch,
  { dot, to, reason }: Void,
  { reader, last }: { reader: Reader; last: number },
): Asking<readonly Verdict[]> {
  const [session, first] = dot
  const verdicts: Verdict[] = []
  let n = first
  while (n <= Math.min(to, last)) {
    const { verdict } = yield* storedVerdict(batch, { session, n, reader, named: [] })
    const end = verdict.is === 'refused' ? Math.min((yield* batch.answer(session, n))?.to ?? n, to) : n
    verdicts.push(verdict.is === 'refused' ? { ...verdict, to: end } : verdict)
    n = end + 1
  }
  if (n > to) return verdicts
  if (n > last + 1) return [...verdicts, { is: 'expected', dot: [session, last + 1] }]
  const at = (yield* batch.session(session))?.at ?? 0
  batch.decided(
    session,
    { user: reader.user, last: to, at },
    { n, to, code: reason, message: '', payload: null, conflicts: 0, result: null },
  )
  return [...verdicts, { is: 'refused', dot: [session, n], to, code: reason, message: '' }]
}

interface Question {
  readonly session: SessionId
  readonly n: number
  readonly reader: Reader
  /** The spaces that the transaction names, for when the log has forgotten where it took effect. */
  readonly named: readonly SpaceId[]
}

function* storedVerdict(batch: Batch, { session, n, reader, named }: Question): Asking<{ verdict: Verdict; payload: string | null }> {
  const row: AnswerRow | undefined = yield* batch.answer(session, n)
  if (row && row.code !== null) {
    return { verdict: { is: 'refused', dot: [session, n], to: n, code: row.code, message: row.message }, payload: row.payload }
  }
  const logged = yield* batch.logged(session, n)
  const at: [SpaceId, number][] = []
  for (const { space, seq } of logged) if (yield* batch.access(reader, space)) at.push([space, seq])
  if (logged.length === 0 && !row) {
    for (const space of named) {
      const head = (yield* batch.access(reader, space)) && (yield* batch.space(space))
      if (head) at.push([space, head.seq])
    }
  }
  const result = row?.result ? { result: JSON.parse(row.result) as JsonValue } : {}
  const verdict: Verdict = { is: 'applied', dot: [session, n], at: Object.fromEntries(at), conflicts: row?.conflicts ?? 0, ...result }
  return { verdict, payload: row?.payload ?? logged[0]?.payload ?? null }
}
