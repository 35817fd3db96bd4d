import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import type { JsonValue } from '@holdfast/shared/internal/json'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import { type Asking, need } from './reads.ts'

type Cursors = ReadonlyMap<SpaceId, Cursor>

/** Which of these cursors are not of this server's history; seq 0 is of every history. */
export function* differing(cursors: Cursors): Asking<SpaceId[]> {
  const found: SpaceId[] = []
  for (const [space, cursor] of cursors) if (!(yield* isOurs(space, cursor))) found.push(space)
  return found
}

/** Whether a cursor is of this server's history. */
export function* isOurs(space: SpaceId, { seq, hash }: Cursor): Asking<boolean> {
  return seq === 0 || (yield* need('hashAt', space, seq)) === hash
}

/** The newest position that both histories have, and whether clients are to heal what comes after it here. */
export function* agreement(space: SpaceId, positions: readonly Cursor[]): Asking<{ agree: number; heal: boolean }> {
  let agree = 0
  for (const position of positions) if (position.seq > agree && (yield* isOurs(space, position))) agree = position.seq
  const { epoch, epochs } = yield* need('meta')
  const next = yield* need('entryAt', space, agree + 1)
  // Without an entry after it, or with one that is compacted, it is the epoch of the entry to come that says.
  const of = next === undefined ? epoch : String((JSON.parse(next) as JsonValue[])[1])
  return { agree, heal: epochs.get(of) ?? true }
}

/** The sessions of which the client knows more to be decided than this server does: each with our last number. */
export function* lostSessions(known: SyncRequest['known']): Asking<ReadonlyMap<SessionId, number> | undefined> {
  const lost = new Map<SessionId, number>()
  for (const [session, k] of known) {
    const last = (yield* need('session', session))?.last ?? 0
    if (k > last) lost.set(session, last)
  }
  return lost.size > 0 ? lost : undefined
}
