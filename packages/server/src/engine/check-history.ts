import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import type { JsonValue } from '@holdfast/shared/internal/json'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { Batch } from './batch.ts'
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

/**
 * The newest position that both histories have, and whether the client is to heal what comes after it there. They part somewhere after it,
 * and before the client's next position: if an epoch began in between for which the operator said no, it is no.
 */
export function* agreement(space: SpaceId, positions: readonly Cursor[]): Asking<{ agree: number; heal: boolean }> {
  let agree = 0
  for (const position of positions) if (position.seq > agree && (yield* isOurs(space, position))) agree = position.seq
  const next = positions.reduce((least, { seq }) => (seq > agree ? Math.min(least, seq) : least), Number.POSITIVE_INFINITY)
  const { epoch, epochs } = yield* need('meta')
  const names = [...epochs.keys()]
  const before = yield* epochAt(space, agree)
  const after = yield* epochAt(space, next)
  const began = names.slice(before === undefined ? 0 : names.indexOf(before) + 1, names.indexOf(after ?? epoch) + 1)
  return { agree, heal: began.every((name) => epochs.get(name)) }
}

/**
 * Whether the client is to heal what only the numbers of its sessions show to be lost: if the operator said so at each restore that it does
 * not prove to know, which those before the newest entry at one of these cursors are not.
 */
export function* healsSince(cursors: Cursors): Asking<boolean> {
  const { epochs } = yield* need('meta')
  const names = [...epochs.keys()]
  let newest = -1
  for (const [space, { seq }] of cursors) newest = Math.max(newest, names.indexOf((yield* epochAt(space, seq)) ?? ''))
  return names.slice(newest + 1).every((name) => epochs.get(name))
}

/** The epoch of an entry; undefined of one that is still to come, is compacted, or never was. */
function* epochAt(space: SpaceId, seq: number): Asking<string | undefined> {
  const entry = Number.isFinite(seq) && seq > 0 ? yield* need('entryAt', space, seq) : undefined
  return entry === undefined ? undefined : String((JSON.parse(entry) as JsonValue[])[1])
}

/** The sessions of which the client knows more to be decided than this server does: each with our last number. */
export function* lostSessions(batch: Batch, known: SyncRequest['known']): Asking<ReadonlyMap<SessionId, number> | undefined> {
  const lost = new Map<SessionId, number>()
  for (const [session, k] of known) {
    const last = (yield* batch.session(session))?.last ?? 0
    if (k > last) lost.set(session, last)
  }
  return lost.size > 0 ? lost : undefined
}
