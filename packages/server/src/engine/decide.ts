import type { Code } from '@holdfast/shared'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { retriedSession, type SessionId, type SpaceId } from '@holdfast/shared/internal/ids'
import { isVoid, type Submission, type SyncRequest, type Void } from '@holdfast/shared/internal/protocol/request'
import type { SyncResponse, Verdict } from '@holdfast/shared/internal/protocol/response'
import type { Committed } from '../hooks.ts'
import { accessOf, accessTag, type Reader } from './access.ts'
import { admit, type Blocked } from './admit.ts'
import type { Asker } from './asker.ts'
import { Batch, type Commit } from './batch.ts'
import type { Changes, GrantRow } from './changes.ts'
import { changedSince } from './check-condition.ts'
import { agreement, differing, healsSince, lostSessions } from './check-history.ts'
import { isOfUnknownKind } from './check-operation.ts'
import { decideTransaction } from './decide-transaction.ts'
import type { Engine } from './engine.ts'
import type { Asking } from './reads.ts'
import { decideWrite, type ServerWrite, type WriteOutcome } from './server-write.ts'

/** The part of an answer that says what became of the request. Without a problem and the like, the changes follow. */
export type Decision = Pick<
  SyncResponse,
  'problem' | 'changed' | 'differs' | 'reset' | 'lost' | 'heal' | 'spaces' | 'spacesTag' | 'verdicts'
> & {
  /** Says that this is all: the request asks for nothing else. */
  readonly hlc?: number
}

/** What is decided together: requests, and writes of the server's own. */
export type Asked = { readonly request: SyncRequest; readonly asker: Asker } | ServerWrite

export interface Decided {
  /** Of each that was asked, in the same order: a decision of a request, an outcome of a write. */
  readonly outcomes: readonly (Decision | WriteOutcome)[]
  readonly commits: readonly Commit[]
  /** The number of this commit; `undefined` if there was nothing to store. */
  readonly commit: number | undefined
  /** Who has got or lost what. */
  readonly grants: readonly GrantRow[]
  /** What to tell the app. */
  readonly told: readonly Committed[]
  /** What hooks failed of. */
  readonly failures: readonly unknown[]
}

/** Decides requests one after the other, in one transaction of the storage. */
export function* decideAll(engine: Engine, asked: readonly Asked[]): Asking<{ result: Decided; changes: Changes }> {
  const batch = new Batch(engine)
  const outcomes: (Decision | WriteOutcome)[] = []
  for (const one of asked) outcomes.push('body' in one ? yield* decideWrite(batch, one) : yield* answerTo(batch, one))
  const changes = yield* batch.changes()
  const { commits, told, failures } = batch
  return { result: { outcomes, commits, commit: changes.meta?.commits, grants: changes.grants, told, failures }, changes }
}

/** A request that only pushes is told all it asks for here: no snapshot of its own is read for it. */
function* answerTo(batch: Batch, { request, asker }: Exclude<Asked, ServerWrite>): Asking<Decision> {
  const decision = yield* decide(batch, request, asker)
  if (request.pull || isHalted(decision) || decision.changed) return decision
  const spaces = yield* accessOf(asker, batch.grants)
  const spacesTag = accessTag(batch.engine.sha256, spaces)
  return { ...decision, ...(spacesTag === request.spacesTag ? {} : { spaces, spacesTag }), hlc: (yield* batch.meta()).hlc }
}

/** Whether a decision is that nothing was decided, and that nothing can be read from here either. */
export const isHalted = ({ problem, differs, reset, lost }: Decision): boolean => Boolean(problem ?? differs ?? reset ?? lost)

/** Decides the transactions of one request, in its order. */
export function* decide(batch: Batch, request: SyncRequest, asker: Asker): Asking<Decision> {
  const problem = yield* problemOf(batch, request, asker.user)
  if (problem) return { problem, verdicts: [] }
  const cursors = yield* readableCursors(batch, request, asker)
  const mismatch = yield* compareHistories(batch, request, cursors)
  if (mismatch?.lost) return { ...(yield* afterLoss(batch, asker)), ...mismatch, verdicts: [] }
  if (mismatch) return { ...mismatch, verdicts: [] }
  const unproven = yield* unprovenBase(batch, { request, cursors }, asker)
  if (unproven) return { problem: unproven, verdicts: [] }
  const changed = yield* changedSince(batch, request, asker)
  if (changed) return { changed, verdicts: [] }
  for (const [session, k] of request.known) batch.knows(session, k)
  const verdicts: Verdict[] = []
  const blocked: Blocked = new Map()
  const missing = new Set<string>()
  for (const submission of request.submissions) {
    for (const verdict of yield* decideOne(batch, isVoid(submission) ? submission : onProven(submission, cursors), { asker, blocked })) {
      // A hundred transactions that wait for one are told so once.
      if (verdict.is === 'expected' && missing.size === missing.add(verdict.dot.join(' ')).size) continue
      verdicts.push(verdict)
    }
  }
  return { verdicts }
}

function* decideOne(
  batch: Batch,
  submission: Submission | Void,
  { asker, blocked }: { asker: Asker; blocked: Blocked },
): Asking<readonly Verdict[]> {
  const admitted = yield* admit(batch, submission, { reader: asker, blocked })
  if (admitted || isVoid(submission)) return admitted ?? []
  return [yield* decideTransaction(batch, submission, asker)]
}

const problem = (code: Code, message: string) => ({ code, message })

function* problemOf(batch: Batch, request: SyncRequest, user: string): Asking<Decision['problem']> {
  const { version } = batch.engine.schema
  if (request.version !== version) return problem('upgrade', `This server has version ${version} of the schema.`)
  if (request.user !== user) return problem('wrong_user', 'The request is of another user than its token.')
  const named = [...request.known.keys(), ...request.submissions.map(({ dot }) => dot[0])]
  // Where a dead letter is tried again is named after its session, which others have heard of: nobody else is to be there first.
  const sessions = new Set<SessionId>(named.flatMap((session) => [session, retriedSession(session)]))
  for (const session of sessions) {
    const row = yield* batch.session(session)
    if (row && row.user !== user) return problem('wrong_user', 'A session of the request is of another user than its token.')
  }
  for (const one of request.submissions) {
    if (one.dot[1] < 1) return problem('bad_request', 'Transactions are numbered from 1.')
    if (isVoid(one)) {
      if (!/^[a-z][a-z_]*$/.test(one.reason)) return problem('bad_request', 'A void with a malformed reason.')
    } else if (one.version > version || one.operations.some(isOfUnknownKind)) {
      return problem('upgrade', 'A transaction is of a version that this server does not know.')
    }
  }
  return undefined
}

/** Without those of spaces that the user may not read: whatever they say, the answer is the same. */
function* readableCursors(batch: Batch, request: SyncRequest, reader: Reader): Asking<Map<SpaceId, Cursor>> {
  const readable = new Map<SpaceId, Cursor>()
  for (const [space, cursor] of request.cursors) if (yield* batch.access(reader, space)) readable.set(space, cursor)
  return readable
}

function* compareHistories(
  batch: Batch,
  request: SyncRequest,
  cursors: ReadonlyMap<SpaceId, Cursor>,
): Asking<Omit<Decision, 'verdicts'> | undefined> {
  const spaces = yield* differing(cursors)
  const differs = spaces.filter((space) => !request.positions?.has(space))
  if (differs.length > 0) return { differs }
  const lost = yield* lostSessions(batch, request.known)
  if (spaces.length === 0) return lost && { lost, heal: yield* healsSince(cursors) }
  const reset = new Map<SpaceId, { agree: number; heal: boolean }>()
  for (const space of spaces) {
    const cursor = cursors.get(space) as Cursor
    reset.set(space, yield* agreement(space, [cursor, ...(request.positions?.get(space) ?? [])]))
  }
  // Where histories part is known then, and with it what the operator said of just that.
  return { reset, lost, ...(lost ? { heal: [...reset.values()].every(({ heal }) => heal) } : {}) }
}

/** What the client needs to know besides of a server that lost history: which spaces are his, because of one that is not there any more he hears nothing else. */
function* afterLoss({ engine }: Batch, reader: Reader): Asking<Pick<Decision, 'spaces' | 'spacesTag'>> {
  const spaces = yield* accessOf(reader)
  return { spaces, spacesTag: accessTag(engine.sha256, spaces) }
}

/** A base in a space that its author could not read when the request came is of no history that is known: it says nothing. */
function onProven(submission: Submission, cursors: ReadonlyMap<SpaceId, Cursor>): Submission {
  // Without a prototype, as it came.
  const base: Record<SpaceId, number> = Object.create(null)
  for (const [space, seq] of Object.entries(submission.base)) base[space] = Math.min(seq, cursors.get(space)?.seq ?? 0)
  return { ...submission, base }
}

/** A clock is of this history only if the request proves it: by a cursor at or past every base. */
function* unprovenBase(
  batch: Batch,
  { request, cursors }: { request: SyncRequest; cursors: ReadonlyMap<SpaceId, Cursor> },
  reader: Reader,
): Asking<Decision['problem']> {
  for (const one of request.submissions) {
    if (isVoid(one)) continue
    for (const [space, seq] of Object.entries(one.base)) {
      if (seq > (cursors.get(space)?.seq ?? 0) && (yield* batch.access(reader, space))) {
        return problem('bad_request', 'A transaction has a base that no cursor of the request reaches.')
      }
    }
  }
  return undefined
}
