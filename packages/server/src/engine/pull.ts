import type { Cursor, Cut } from '@holdfast/shared/internal/history/history-hash'
import { firstHash, shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import { type Delta, HeadTable, packRecord, type SegmentRef } from '@holdfast/shared/internal/merge/pack'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { SessionUser, SpaceAccess, SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { accessOf, accessTag, type Reader } from './access.ts'
import { differing } from './check-history.ts'
import { type Engine, tableOf } from './engine.ts'
import { type Asking, need } from './reads.ts'
import { lacksSegments, refsOf, usableSet } from './segment-set.ts'
import { decodeRecord } from './stored-record.ts'

/** The part of an answer that says what there is to know; nothing but that histories differ, if they do. */
export type Pulled = Pick<SyncResponse, 'differs' | 'spaces' | 'spacesTag' | 'decided' | 'refused' | 'deltas' | 'users' | 'cut' | 'hlc'>

/** The spaces of which segments are to be built first, if any are. */
export interface Lacking {
  readonly lacks?: readonly SpaceId[]
}

/** What segments may be sent: names that are handed out now, and (`asIs`) only those that are there, however much changed since. */
export interface Offer {
  readonly now: number
  readonly asIs?: boolean | undefined
}

/**
 * What a request gets to know: one consistent cut over all the spaces that it follows and that its user may read, with what changed there
 * since its cursors; or, for one that only pushes, the cut of the spaces that it names. To be run on one snapshot.
 * Where there is an offer it may be told of no changes: of the spaces that it `lacks` segments are to be built first.
 */
export function* pull(engine: Engine, request: SyncRequest, reader: Reader, offer?: Offer): Asking<Pulled & Lacking> {
  const list = yield* accessOf(reader)
  const tag = accessTag(engine.sha256, list)
  const told = tag === request.spacesTag ? {} : { spaces: list, spacesTag: tag }
  const { hlc } = yield* need('meta')
  const cut = yield* cutOf(engine, readable(list, request.pull ? request.follow : [...request.cursors.keys()]))
  // Judged here too: of a space that only now is his the history was not compared before.
  const differs = yield* differing(new Map([...request.cursors].filter(([space]) => request.pull && cut.has(space))))
  if (differs.length > 0) return { cut, hlc, deltas: [], differs }
  const { ranges, lacks } = yield* rangesOf(engine, request, { cut, offer })
  if (lacks.length > 0) return { cut, hlc, deltas: [], lacks }
  const deltas: Delta[] = []
  for (const range of ranges) deltas.push(yield* deltaOf(engine, range))
  const decided = request.pull ? yield* decidedBeyond(request, reader.user) : new Map()
  const refused = request.pull ? yield* refusedOf(request, reader.user) : []
  const users = yield* usersOf(deltas, reader.user)
  const facts = { ...(decided.size > 0 ? { decided } : {}), ...(refused.length > 0 ? { refused } : {}) }
  return { ...told, ...facts, deltas, ...(users.length > 0 ? { users } : {}), cut, hlc }
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

/** How many refusals of a session an answer names: the newest. */
const REFUSALS = 100

/** What is refused of the sessions of which the client cannot know it otherwise: another device may have sent the same after a restore. */
function* refusedOf({ unproven = new Set() }: SyncRequest, user: string): Asking<NonNullable<SyncResponse['refused']>> {
  const refused: [SessionId, number, number][] = []
  for (const session of unproven) {
    if ((yield* need('session', session))?.user !== user) continue
    for (const { n, to } of yield* need('refusals', session, REFUSALS)) refused.push([session, n, to])
  }
  return refused
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

interface Range {
  readonly space: SpaceId
  readonly from: number
  readonly to: number
  readonly segments?: readonly SegmentRef[] | undefined
}

/** What to tell of each space, and of which of them segments are to be built first. */
function* rangesOf(engine: Engine, request: SyncRequest, { cut, offer }: { readonly cut: Cut; readonly offer: Offer | undefined }) {
  const ranges: Range[] = []
  const lacks: SpaceId[] = []
  for (const [space, { seq: to }] of request.pull ? cut : []) {
    const from = request.fresh.has(space) ? 0 : (request.cursors.get(space)?.seq ?? 0)
    // From nothing also says that there is nothing, so that the reader knows the space.
    if (from > 0 || !offer || !request.segments || request.segments.not.has(space)) {
      if (from === 0 || from < to) ranges.push({ space, from, to })
      continue
    }
    const set = yield* usableSet(engine, space)
    if (!offer.asIs && (yield* lacksSegments(engine, space, set))) lacks.push(space)
    ranges.push({ space, to, from: set?.from ?? 0, segments: set && refsOf(engine, set, offer.now) })
  }
  return { ranges, lacks }
}

/** Without segments a space is whole if it begins with nothing. */
function* deltaOf(engine: Engine, { space, from, to, segments }: Range): Asking<Delta> {
  const heads = new HeadTable(from)
  const records = (yield* need('changedSince', space, from)).flatMap(({ table: name, id, body }) => {
    const table = tableOf(engine, name)
    return packRecord(table, [name, id], decodeRecord(table, body), { from, heads }) ?? []
  })
  return { space, from, to, whole: from === 0 || segments !== undefined, segments, by: heads.by, records }
}
