import type { Dot } from '@holdfast/shared/internal/clock/dot'
import { type Effects, firstHash, historyEntry, nextHash, shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { compareStrings } from '@holdfast/shared/internal/json'
import { HeadTable, packEffect, packRecord } from '@holdfast/shared/internal/merge/pack'
import type { RecordState } from '@holdfast/shared/internal/merge/record'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import type { FrameDelta } from '@holdfast/shared/internal/protocol/frame'
import type { Batch } from './batch.ts'
import { tableOf } from './engine.ts'
import type { Asking } from './reads.ts'

interface Applied {
  readonly dot: Dot
  readonly at: number
  readonly user: string
  readonly payload: string
}

type Changed = Touched & { readonly after: RecordState }

/**
 * Puts what a transaction changed into the history of each of its spaces: the next seq, an entry, the hash over it, and a frame for the
 * streams. A space in which nothing changed takes no seq. Gives the seqs.
 */
export function* extendHistory(batch: Batch, changed: readonly Changed[], applied: Applied): Asking<Record<SpaceId, number>> {
  const seqs: [SpaceId, number][] = []
  const deltas: FrameDelta[] = []
  for (const [space, touched] of Map.groupBy(changed, (one) => one.space)) {
    const delta = yield* extendSpace(batch, space, touched, applied)
    seqs.push([space, delta.to])
    deltas.push(delta)
  }
  if (deltas.length > 0) batch.commits.push({ deltas, hlc: (yield* batch.meta()).hlc, user: applied.user })
  return Object.fromEntries(seqs)
}

function* extendSpace(batch: Batch, space: SpaceId, touched: Changed[], { dot, at, user, payload }: Applied): Asking<FrameDelta> {
  const { engine } = batch
  const { epoch } = yield* batch.meta()
  const held = yield* batch.space(space)
  const from = held?.seq ?? 0
  const seq = from + 1
  const sorted = touched.toSorted((a, b) => compareStrings(a.table, b.table) || compareStrings(a.id, b.id))
  const effects: Effects = sorted.map(({ table, id, before, after }) => [table, id, packEffect(tableOf(engine, table), before, after, seq)])
  const entry = historyEntry({ seq, epoch, dot, user, at, effects })
  const full = nextHash(engine.sha256, held?.hash ?? firstHash(engine.sha256, epoch, space), entry)
  const hash = shortHash(full)
  batch.extend({ space, seq, session: dot[0], n: dot[1], payload, at, entry, hash }, { seq, hash: full }, user)
  const heads = new HeadTable(from)
  const records = sorted.flatMap(({ table, id, after }) => {
    batch.write({ space, table, id, seq, record: after })
    return packRecord(tableOf(engine, table), [table, id], after, { from, heads }) ?? []
  })
  return { space, from, to: seq, whole: false, by: heads.by, records, hash }
}
