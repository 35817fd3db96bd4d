import { type Cursor, type Sha256, shortHash } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { canonical, type JsonValue } from '@holdfast/shared/internal/json'
import type { SegmentRef } from '@holdfast/shared/internal/merge/pack'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { isOurs } from './check-history.ts'
import type { Engine } from './engine.ts'
import { type Asking, need } from './reads.ts'
import { type Named, nameOf } from './segment-name.ts'

/** A segment, as the set that it belongs to knows it. */
export interface Part extends Named {
  /** Its last record. Its range begins after that of the part before it. */
  readonly last: readonly [table: string, id: string]
  readonly size: number
  /** Uncompressed. */
  readonly bytes: number
  readonly crc: string
}

/**
 * The segments of a space, by table and id. They were read one after the other while others wrote: each holds all changes up to `from`, and
 * some of those up to `through`. What changed since `from` says all of these again, as results, so that both together are the space.
 */
export interface SegmentSet {
  readonly form: string
  readonly from: number
  readonly through: Cursor
  readonly parts: readonly Part[]
}

/** Which part of a set may have changed before a new one is built. */
const STALE = 1 / 4

/** The set of a space, unless it is of another schema, or of a history that is not the server's any more. */
export function* usableSet({ segments }: Engine, space: SpaceId): Asking<SegmentSet | undefined> {
  const text = yield* need('segmentSet', space)
  const set = text === undefined ? undefined : (JSON.parse(text) as SegmentSet)
  return set && set.form === segments?.form && (yield* isOurs(space, set.through)) ? set : undefined
}

/** Whether a set is to be built before a space is sent whole, where there is this one. */
export function* lacksSegments({ segments }: Engine, space: SpaceId, set: SegmentSet | undefined): Asking<boolean> {
  if (!segments || (yield* need('countSince', space, 0, segments.from)) < segments.from) return false
  if (!set) return true
  const size = set.parts.reduce((sum, part) => sum + part.size, 0)
  const many = Math.max(1, Math.ceil(size * STALE))
  return (yield* need('countSince', space, set.from, many)) >= many
}

/** The segments of a set, to be handed out now. */
export const refsOf = ({ sha256 }: Engine, { parts }: SegmentSet, now: number): readonly SegmentRef[] =>
  parts.map((part) => [nameOf(sha256, part, now), part.bytes, part.crc])

/** What a segment depends on of its schema, as a short text. */
export function formOf(sha256: Sha256, { version, tables }: Schema): string {
  const fields = Object.entries(tables).map(([name, table]): JsonValue => {
    const kinds = Object.entries(table.fields).map(([field, { policy, fallback }]): JsonValue => [field, policy.name, fallback ?? null])
    return [name, kinds]
  })
  return shortHash(sha256(new TextEncoder().encode(canonical([version, fields]))))
}
