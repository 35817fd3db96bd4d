import { HoldfastError } from '@holdfast/shared'
import { sameDot } from '@holdfast/shared/internal/clock/dot'
import { retriedSession, type SpaceId } from '@holdfast/shared/internal/ids'
import { commandOf } from '@holdfast/shared/internal/transaction/create-tx'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Batch } from './batch.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'
import type { Writer } from './writer.ts'

/**
 * Whoever reads along knows what the ids of a session's next commands will be. Nobody takes one beforehand: a record with such an id is
 * made by the command itself, and by others (who move it, or make it anew) when that is decided and they can have heard of it: there, or
 * where somebody has carried it since. An id that only looks like one, because there is no such session, is as good as any other.
 *
 * @param spaces all that the transaction writes in: whoever moves a record sees it in one of them
 * @throws HoldfastError `unknown_record`, which after a restore its author takes for what it is: the command may still come back
 */
export function* checkNewId(
  { batch, overlay, spaces }: { readonly batch: Batch; readonly overlay: Overlay; readonly spaces: ReadonlySet<SpaceId> },
  [kind, , table, id]: Operation,
  writer: Writer,
): Asking<void> {
  const dot = kind === 'ins' || kind === 'put' ? commandOf(id) : undefined
  if (!dot || sameDot(dot, writer.dot)) return
  const [session, n] = dot
  const row = yield* batch.session(session)
  // Where a dead letter is tried again has a name before it is there.
  if (!row && !(yield* batch.session(retriedSession(session)))) return
  if (row && n <= row.last && (row.user === writer.asker.user || (yield* isTold(batch, session, n, writer)))) return
  for (const space of spaces) if (yield* overlay.record(space, table, id)) return
  throw new HoldfastError('unknown_record', `The id "${id}" is for what a command makes that is still to come.`, { table, id })
}

/** Whether it took effect where the writer may look; of what is not logged any more that is taken to be so. */
function* isTold(batch: Batch, session: string, n: number, { asker, rights }: Writer): Asking<boolean> {
  const logged = yield* batch.logged(session, n)
  if (logged.length === 0) return (yield* batch.answer(session, n)) === undefined
  for (const { space } of logged) if (rights === 'server' || (yield* batch.access(asker, space))) return true
  return false
}
