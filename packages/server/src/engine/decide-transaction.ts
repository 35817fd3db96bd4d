import { HoldfastError, isHoldfastError } from '@holdfast/shared'
import { sees } from '@holdfast/shared/internal/clock/clock'
import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { Head } from '@holdfast/shared/internal/clock/heads'
import { tick } from '@holdfast/shared/internal/clock/hlc'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import { type Author, merge } from '@holdfast/shared/internal/merge/merge'
import { isAlive } from '@holdfast/shared/internal/merge/record'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { Submission } from '@holdfast/shared/internal/protocol/request'
import type { Verdict } from '@holdfast/shared/internal/protocol/response'
import { judgeRules } from '@holdfast/shared/internal/schema/judge-rules'
import { utf8Length } from '@holdfast/shared/internal/schema/value'
import type { Operation, Reset } from '@holdfast/shared/internal/transaction/operation'
import { payload } from '@holdfast/shared/internal/transaction/transaction'
import type { Batch } from './batch.ts'
import { checkOperation } from './check-operation.ts'
import { ConflictLog, conflictHeads, conflictValue } from './conflicts.ts'
import { shortHashOf, tableOf } from './engine.ts'
import { extendHistory } from './extend-history.ts'
import { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'

/** Who asks, and when. */
export interface Asker {
  readonly user: string
  /** Milliseconds. */
  readonly now: number
}

/** Decides the next transaction of a session, whose `seen` are all decided: for ever, and whatever it is. */
export function* decideTransaction(batch: Batch, submission: Submission, asker: Asker): Asking<Verdict> {
  const { dot } = submission
  const [session, n] = dot
  const row = yield* batch.session(session)
  const text = payload(submission)
  const hlc = tick((yield* batch.meta()).hlc, asker.now)
  batch.tick(hlc)
  const at = Math.max(Math.min(submission.at, hlc), 1 + (row?.at ?? 0))
  const answer = { n, to: n, payload: shortHashOf(batch.engine, text) }
  try {
    if (utf8Length(text) > LIMITS.transactionBytes)
      throw new HoldfastError('too_large', `A transaction has at most ${LIMITS.transactionBytes} bytes.`)
    const { overlay, conflicts } = yield* attempt(batch, { ...submission, at }, asker)
    const changed = overlay.changed()
    batch.decided(
      session,
      { user: asker.user, last: n, at },
      // What the log will not tell to one who asks again.
      changed.length === 0 || conflicts > 0 ? { ...answer, code: null, message: '', conflicts } : undefined,
    )
    const seqs = yield* extendHistory(batch, changed, { dot, at, user: asker.user, payload: answer.payload })
    return { is: 'applied', dot, at: seqs, conflicts }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    const { code, message } = error
    batch.decided(session, { user: asker.user, last: n, at: row?.at ?? 0 }, { ...answer, code, message, conflicts: 0 })
    return { is: 'refused', dot, to: n, code, message }
  }
}

/** Merges every operation on an overlay, or throws why the whole transaction is refused. */
function* attempt(batch: Batch, submission: Submission, { user }: Asker): Asking<{ overlay: Overlay; conflicts: number }> {
  if (submission.later) throw new HoldfastError('unsupported', 'This server does not know this kind of transaction yet.')
  if (submission.operations.length > LIMITS.operations)
    throw new HoldfastError('too_large', `A transaction has at most ${LIMITS.operations} operations.`)
  const operations = submission.operations.map((operation) => checkOperation(batch.engine.schema, operation))
  yield* checkAccess(batch, operations, user)
  const overlay = new Overlay(batch)
  const conflicts = new ConflictLog(batch, overlay, { session: submission.dot[0], user })
  const heads = new Map<SpaceId, Head>()
  for (const operation of operations) {
    const space = operation[1]
    const head = heads.get(space) ?? { by: submission.dot, seq: 1 + ((yield* batch.space(space))?.seq ?? 0), at: submission.at }
    heads.set(space, head)
    const counted = operation[0] === 'off' ? yield* countOwn(batch, operation[5].own, submission.dot, user) : 0
    const author: Author = { head, sees: (other) => sees(submission, submission.dot, space, other), counted: () => counted }
    if (operation[2] === CONFLICTS) yield* dismiss(overlay, operation, author, user)
    else yield* apply(batch, { overlay, conflicts }, operation, author)
  }
  yield* judge(batch, overlay.changed(), user)
  return { overlay, conflicts: conflicts.count }
}

/** Writing needs write access; the conflicts addressed to him may be deleted by whoever may read. */
function* checkAccess(batch: Batch, operations: readonly Operation[], user: string): Asking<void> {
  for (const [, space, table] of operations) {
    const held = yield* batch.access(user, space)
    // One answer for spaces that are unknown, foreign, revoked, or only readable.
    if (!held || (held.access !== 'write' && table !== CONFLICTS)) throw new HoldfastError('forbidden', 'This user may not write there.')
  }
}

function* apply(batch: Batch, to: { overlay: Overlay; conflicts: ConflictLog }, operation: Operation, author: Author): Asking<void> {
  const [, space, table, id] = operation
  const place = { space, table, id }
  const before = yield* to.overlay.record(space, table, id)
  const merged = merge(tableOf(batch.engine, table), before, operation, author)
  if ('refused' in merged) throw new HoldfastError(merged.refused, merged.message, place)
  yield* to.overlay.set(place, merged.record)
  for (const loss of merged.losses) yield* to.conflicts.lost(place, loss, author.head)
  // A record that was not there has no conflicts either.
  if (before) for (const field of merged.won) yield* to.conflicts.won(place, field, author.head)
}

function* dismiss(overlay: Overlay, operation: Operation, author: Author, user: string): Asking<void> {
  const [, space, table, id] = operation
  const record = yield* overlay.record(space, table, id)
  if (!record) throw new HoldfastError('unknown_record', `There is no conflict "${id}".`)
  if (!isAlive(record)) return
  if (conflictValue(record)?.to !== user) throw new HoldfastError('forbidden', 'A conflict is deleted by the user that it is addressed to.')
  // It has got a newer value since, which its user has not seen: that one stays.
  if (!conflictHeads(record).every((head) => author.sees(head))) return
  yield* overlay.set({ space, table, id }, { ...record, died: [author.head] })
}

function* judge(batch: Batch, touched: readonly Touched[], user: string): Asking<void> {
  const bySpace = Map.groupBy(touched, ({ space }) => space)
  for (const [space, records] of bySpace) {
    const role = (yield* batch.access(user, space))?.role ?? null
    judgeRules(batch.engine.rules, (name) => tableOf(batch.engine, name), { userId: user, role }, records)
  }
}

/** The sum of the own increments that count: of this user's sessions, decided, and not refused. */
function* countOwn(batch: Batch, own: Reset['own'], dot: Dot, user: string): Asking<number> {
  let sum = 0
  for (const [session, n, delta] of own) {
    if (session === dot[0] && n === dot[1]) sum += delta
    else if (yield* isApplied(batch, session, n, user)) sum += delta
  }
  return sum
}

function* isApplied(batch: Batch, session: string, n: number, user: string): Asking<boolean> {
  const row = yield* batch.session(session)
  if (row?.user !== user || n < 1 || n > row.last) return false
  return ((yield* batch.answer(session, n))?.code ?? null) === null
}
