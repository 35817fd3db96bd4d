import { isHoldfastError } from '@holdfast/shared'
import type { Dot } from '@holdfast/shared/internal/clock/dot'
import { tick } from '@holdfast/shared/internal/clock/hlc'
import type { SessionId } from '@holdfast/shared/internal/ids'
import { payload } from '@holdfast/shared/internal/transaction/transaction'
import { apply } from './apply.ts'
import { serverAsker } from './asker.ts'
import type { Batch } from './batch.ts'
import { commit } from './commit.ts'
import { shortHashOf } from './engine.ts'
import type { Asking } from './reads.ts'
import { type Body, runBody } from './run-body.ts'
import { ALL_SEEN, type Writer } from './writer.ts'

/** A transaction of the server's own. */
export interface ServerWrite {
  readonly body: Body<unknown>
  readonly session: SessionId
  readonly now: number
}

/** What became of it: what its body gave, or what it, or `validate`, threw. */
export type WriteOutcome = { readonly value: unknown } | { readonly error: unknown }

/** Runs and decides a write of the server's own. One that fails takes no number and leaves nothing behind. */
export function* decideWrite(batch: Batch, { body, session, now }: ServerWrite): Asking<WriteOutcome> {
  const row = yield* batch.session(session)
  const dot: Dot = [session, 1 + (row?.last ?? 0)]
  const hlc = tick((yield* batch.meta()).hlc, now)
  const writer: Writer = { dot, at: hlc, asker: serverAsker(now), rights: 'server', begins: [], ...ALL_SEEN }
  try {
    const { overlay, operations, value, hasIds } = yield* runBody(batch, writer, body)
    yield* apply(batch, overlay, operations, writer)
    // What only names something, a space that it grants perhaps, shares that name with none.
    if (hasIds || overlay.changed().length > 0) {
      batch.tick(hlc)
      batch.decided(session, { user: writer.asker.user, last: dot[1], at: hlc })
    }
    yield* commit(batch, overlay, writer, shortHashOf(batch.engine, payload({ version: batch.engine.schema.version, operations })))
    return { value }
  } catch (error) {
    if (isHoldfastError(error, 'hook_failed')) batch.failures.push(error)
    return { error }
  }
}
