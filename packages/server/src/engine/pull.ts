import type { Cursor, Cut } from '@holdfast/shared/internal/history/history-hash'
import { firstHash, shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { type Delta, HeadTable, packRecord } from '@holdfast/shared/internal/merge/pack'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { SpaceAccess, SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { accessOf, accessTag } from './access.ts'
import { type Engine, tableOf } from './engine.ts'
import { type Asking, need } from './reads.ts'
import { decodeRecord } from './stored-record.ts'

/** The part of an answer that says what there is to know. */
export type Pulled = Pick<SyncResponse, 'spaces' | 'spacesTag' | 'deltas' | 'cut' | 'hlc'>

/**
 * What a request gets to know: one consistent cut over all the spaces that it follows and that its user may read, with what changed there
 * since its cursors; or, for one that only pushes, the cut of the spaces that it names. To be run on one snapshot.
 */
export function* pull(engine: Engine, request: SyncRequest, user: string): Asking<Pulled> {
  const list = yield* accessOf(user)
  const tag = accessTag(engine.sha256, list)
  const told = tag === request.spacesTag ? {} : { spaces: list, spacesTag: tag }
  const { hlc } = yield* need('meta')
  const cut = yield* cutOf(engine, readable(list, request.pull ? request.follow : [...request.cursors.keys()]))
  const deltas: Delta[] = []
  if (request.pull) {
    for (const [space, { seq }] of cut) {
      const from = request.fresh.has(space) ? 0 : (request.cursors.get(space)?.seq ?? 0)
      // From nothing also says that there is nothing, so that the reader knows the space.
      if (from === 0 || from < seq) deltas.push(yield* deltaOf(engine, space, { from, to: seq }))
    }
  }
  return { ...told, deltas, cut, hlc }
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
