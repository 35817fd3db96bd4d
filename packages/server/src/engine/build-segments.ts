import { shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { encodeSegment } from '@holdfast/shared/internal/segment/segment'
import { type Changes, NO_CHANGES } from './changes.ts'
import type { Stretch } from './cut-segments.ts'
import { type Engine, tableOf } from './engine.ts'
import { type Asking, need } from './reads.ts'
import { NAME_LIFE } from './segment-name.ts'
import { type Part, type SegmentSet, usableSet } from './segment-set.ts'

/** How a set begins to be built. */
export interface Begun {
  /** The set that is there, as it is stored, and whether its parts may be used again. */
  readonly stored: string | undefined
  readonly before: SegmentSet | undefined
  readonly from: number
}

export function* beginSet(engine: Engine, space: SpaceId): Asking<Begun> {
  const stored = yield* need('segmentSet', space)
  const before = yield* usableSet(engine, space)
  return { stored, before, from: (yield* need('space', space))?.seq ?? 0 }
}

/** The bytes of a segment of these records, which every clock that can still be sent has seen. */
export const segmentOf = (engine: Engine, { table, records }: Stretch): ArrayBuffer =>
  encodeSegment(table, tableOf(engine, table), records, () => false)

/** Keeps the body of a segment that no set has yet: if none ever does, it goes like one that was replaced. */
// biome-ignore lint/correctness/useYield: it asks nothing.
export function* keepSegment(
  { id, secret }: Part,
  { body, now }: { readonly body: Uint8Array; readonly now: number },
): Asking<{ result: undefined; changes: Changes }> {
  return { result: undefined, changes: { ...NO_CHANGES, segments: { now, bodies: [{ id, secret, body, until: now + NAME_LIFE }] } } }
}

/**
 * Puts a set in the place of the one that was there, whose segments go when no name of theirs is good any more. Where another process was
 * quicker its set stays: ours may have parts of one that is already on its way out.
 */
export function* endSet(
  engine: Engine,
  space: SpaceId,
  { begun: { stored, from }, parts, now }: { readonly begun: Begun; readonly parts: readonly Part[]; readonly now: number },
): Asking<{ result: undefined; changes: Changes }> {
  const row = yield* need('space', space)
  if (!row || !engine.segments || (yield* need('segmentSet', space)) !== stored) return { result: undefined, changes: NO_CHANGES }
  const set: SegmentSet = { form: engine.segments.form, from, through: { seq: row.seq, hash: shortHash(row.hash) }, parts }
  const stays = new Set(parts.map(({ id }) => id))
  const was = stored === undefined ? [] : (JSON.parse(stored) as SegmentSet).parts
  const until = [
    ...was.flatMap(({ id }): [string, number][] => (stays.has(id) ? [] : [[id, now + NAME_LIFE]])),
    ...[...stays].map((id): [string, null] => [id, null]),
  ]
  return { result: undefined, changes: { ...NO_CHANGES, segments: { now, until, sets: [{ space, body: JSON.stringify(set) }] } } }
}
