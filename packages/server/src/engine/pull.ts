import type { Cursor, Cut } from '@holdfast/shared/internal/history/history-hash'
import { firstHash, shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import { type Delta, HeadTable, packRecord } from '@holdfast/shared/internal/merge/pack'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { SessionUser, SpaceAccess, SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { accessOf, accessTag, type Reader } from './access.ts'
import { isOurs } from './check-history.ts'
import { type Engine, tableOf } from './engine.ts'
import { type Asking, need } from './reads.ts'
import { decodeRecord } from './stored-record.ts'

/** The part of an answer that says what there is to know. */
export type Pulled = Pick<SyncResponse, 'spaces' | 'spacesTag' | 'decided' | 'deltas' | 'users' | 'cut' | 'hlc'>

/**
 * What a request gets to know: one consistent cut over all the spaces that it follows and that its user may read, with what changed there
 * since its cursors; or, for one that only pushes, the cut of the spaces that it names. To be run on one snapshot.
 */
export function* pull(engine: Engine, request: SyncRequest, reader: Reader): Asking<Pulled> {
  const list = yield* accessOf(reader)
  const tag = accessTag(engine.sha256, list)
  const told = tag === request.spacesTag ? {} : { spaces: list, spacesTag: tag }
  const { hlc } = yield* need('meta')
  const cut = yield* cutOf(engine, readable(list, request.pull ? request.follow : [...request.cursors.keys()]))
  const deltas: Delta[] = []
  if (request.pull) {
    for (const [space, { seq }] of cut) {
      const cursor = request.fresh.has(space) ? undefined : request.cursors.get(space)
      // Judged here too: of a space that only now is his the history was not compared before.
      const from = cursor && (yield* isOurs(space, cursor)) ? cursor.seq : 0
      // From nothing also says that there is nothing, so that the reader knows the space.
      if (from === 0 || from < seq) deltas.push(yield* deltaOf(engine, space, { from, to: seq }))
    }
  }
  const decided = request.pull ? yield* decidedBeyond(request, reader.user) : new Map()
  const users = yield* usersOf(deltas, reader.user)
  return { ...told, ...(decided.size > 0 ? { decided } : {}), deltas, ...(users.length > 0 ? { users } : {}), cut, hlc }
}

/** Whose the sessions are that these changes speak of, but for the reader's own. */
function* usersOf(deltas: readonly Delta[], own: string): Asking<readonly SessionUser[]> {
  const users: SessionUser[] = []
  for (const session of new Set(deltas.flatMap(({ by }) => by.map(([session]) => session)))) {
    const user = (yield* need('session', session))?.user ?? ''
    if (user !== own) users.push([session, user])
  }
  return users
}

/**
 * The numbers that these changes hold without the client's knowing: an answer to it was lost, and this request does not ask again. What
 * it has of them in its queue is in base now, and is not to be shown twice.
 */
function* decidedBeyond({ known, submissions }: SyncRequest, user: string): Asking<Map<SessionId, number>> {
  const decided = new Map<SessionId, number>()
  const answered = new Map(known)
  for (const { dot, ...one } of submissions) answered.set(dot[0], Math.max(answered.get(dot[0]) ?? 0, 'to' in one ? one.to : dot[1]))
  for (const [session, n] of answered) {
    const row = yield* need('session', session)
    if (row?.user === user && row.last > n) decided.set(session, row.last)
  }
  return decided
}

/** Those of the spaces asked for that are in the list, each once. */
export function readable(list: readonly SpaceAccess[], follow: SyncRequest['follow']): readonly SpaceId[] {
  if (follow === 'all') return list.map(({ space }) => space)
  const may = new Set(list.map(({ space }) => space))
  return [...new Set(follow)].filter((space) => may.has(space))
}

/** Where these spaces are; one that nobody has written in is at 0. */
export function* cutOf({ sha256 }: Engine, spaces: readonly SpaceId[]): Asking<Cut> {
  const cut = new Map<SpaceId, Cursor>()
  const { epoch } = yield* need('meta')
  for (const space of spaces) {
    const row = yield* need('space', space)
    cut.set(space, { seq: row?.seq ?? 0, hash: shortHash(row?.hash ?? firstHash(sha256, epoch, space)) })
  }
  return cut
}

function* deltaOf(engine: Engine, space: SpaceId, { from, to }: { from: number; to: number }): Asking<Delta> {
  const heads = new HeadTable(from)
  const records = (yield* need('changedSince', space, from)).flatMap(({ table: name, id, body }) => {
    const table = tableOf(engine, name)
    return packRecord(table, [name, id], decodeRecord(table, body), { from, heads }) ?? []
  })
  return { space, from, to, whole: from === 0, by: heads.by, records }
}
