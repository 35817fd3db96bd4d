import { HoldfastError, isHoldfastError, type JsonValue } from '@holdfast/shared'
import { sees } from '@holdfast/shared/internal/clock/clock'
import { tick } from '@holdfast/shared/internal/clock/hlc'
import { isRefusal } from '@holdfast/shared/internal/errors'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { Submission } from '@holdfast/shared/internal/protocol/request'
import type { Verdict } from '@holdfast/shared/internal/protocol/response'
import { utf8Length } from '@holdfast/shared/internal/schema/value'
import { payload } from '@holdfast/shared/internal/transaction/transaction'
import { apply } from './apply.ts'
import type { Asker } from './asker.ts'
import type { Batch } from './batch.ts'
import { checkOperation } from './check-operation.ts'
import { checkReadSet, checkReads } from './check-reads.ts'
import { commandIn, runCommand } from './command.ts'
import { commit } from './commit.ts'
import { shortHashOf } from './engine.ts'
import { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'
import { ALL_SEEN, type Writer } from './writer.ts'

/** The most characters of a refusal's message. */
const MESSAGE = 1_000

/** Decides the next transaction of a session, whose `seen` are all decided: for ever, and whatever it is. */
export function* decideTransaction(batch: Batch, submission: Submission, asker: Asker): Asking<Verdict> {
  const { dot } = submission
  const [session, n] = dot
  const { user } = asker
  const row = yield* batch.session(session)
  const text = payload(submission)
  const hlc = tick((yield* batch.meta()).hlc, asker.now)
  batch.tick(hlc)
  const at = Math.max(Math.min(submission.at, hlc), 1 + (row?.at ?? 0))
  const answer = { n, to: n, payload: shortHashOf(batch.engine, text) }
  try {
    if (utf8Length(text) > LIMITS.transactionBytes)
      throw new HoldfastError('too_large', `A transaction has at most ${LIMITS.transactionBytes} bytes.`)
    const { overlay, writer, conflicts, result = null } = yield* attempt(batch, submission, { at, asker })
    const isKept = conflicts > 0 || result !== null || overlay.changed().length === 0
    // What the log will not tell to one who asks again.
    batch.decided(session, { user, last: n, at }, isKept ? { ...answer, code: null, message: '', conflicts, result } : undefined)
    const seqs = Object.entries(yield* commit(batch, overlay, writer, answer.payload))
    const readable: typeof seqs = []
    // A body of the server's may have written where its caller may not look.
    for (const one of seqs) if (yield* batch.access(asker, one[0])) readable.push(one)
    const back = result === null ? {} : { result: JSON.parse(result) as JsonValue }
    return { is: 'applied', dot, at: Object.fromEntries(readable), conflicts, ...back }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    if (error.code === 'hook_failed') batch.failures.push(error)
    const { code } = error
    // It may repeat what it is about. Kept for ever and told again, it is short, and text that every storage gives back as it was.
    const words = isOfServersBody(batch, submission) && !isRefusal(error) ? 'The server cannot carry out this command.' : error.message
    const message = words.slice(0, MESSAGE).toWellFormed().replaceAll('\0', '\ufffd')
    batch.decided(session, { user, last: n, at: row?.at ?? 0 }, { ...answer, code, message, conflicts: 0, result: null })
    return { is: 'refused', dot, to: n, code, message }
  }
}

/** Whether it writes with the server's rights, also where its caller may not look: what stands in the way there is not told in words. */
function isOfServersBody({ engine }: Batch, { operations }: Submission): boolean {
  const [call] = operations
  return Array.isArray(call) && call[0] === 'cmd' && typeof call[1] === 'string' && Object.hasOwn(engine.run ?? {}, call[1])
}

interface Attempt {
  readonly overlay: Overlay
  readonly writer: Writer
  readonly conflicts: number
  readonly result?: string | undefined
}

/** Does on an overlay what a transaction asks for, or throws why the whole of it is refused. */
function* attempt(batch: Batch, submission: Submission, { at, asker }: { at: number; asker: Asker }): Asking<Attempt> {
  const { dot, begins = [] } = submission
  if (submission.later) throw new HoldfastError('unsupported', 'This server does not know this kind of transaction yet.')
  if (submission.operations.length > LIMITS.operations)
    throw new HoldfastError('too_large', `A transaction has at most ${LIMITS.operations} operations.`)
  const call = commandIn(submission.operations)
  if (call) {
    // It runs where everything has been seen: serializable as it is.
    const { overlay, operations, value, writer } = yield* runCommand(batch, call, { dot, at, asker, begins, ...ALL_SEEN })
    return { overlay, writer, conflicts: yield* apply(batch, overlay, operations, writer), result: value }
  }
  const operations = submission.operations.map((operation) => checkOperation(batch.engine.schema, operation))
  const overlay = new Overlay(batch)
  const writer: Writer = {
    dot,
    at,
    asker,
    rights: 'own',
    begins,
    base: (space) => submission.base[space] ?? 0,
    sees: (space, head) => sees(submission, dot, space, head),
  }
  const { reads } = submission
  if (reads) yield* checkReads(batch, overlay, { reads: checkReadSet(batch.engine.schema, reads), operations }, writer)
  return { overlay, writer, conflicts: yield* apply(batch, overlay, operations, writer) }
}
