import { msOf } from '@holdfast/shared/internal/clock/hlc'
import type { ConflictValue } from '@holdfast/shared/internal/merge/conflict'
import type { Row } from '@holdfast/shared/internal/merge/record'

/** A conflict as the app sees it; `surface.ts` types it by schema. */
export interface AnyConflict {
  readonly id: string
  readonly kind: 'value' | 'deleted'
  readonly space: string
  readonly table: string
  readonly record: string
  readonly field: string | null
  /** Of a map. */
  readonly key: string | null
  readonly kept: { readonly value: unknown; readonly userId: string; readonly at: number } | null
  readonly dropped: { readonly value: unknown; readonly userId: string; readonly at: number }
}

/** One of two values that met, with milliseconds. */
export const side = ({ value, user, at }: ConflictValue['dropped']) => ({ value, userId: user, at: msOf(at) })

/** A record of the reserved table, for the user whose value was dropped; undefined for anybody else's. */
export function conflictOf(row: Row | undefined, userId: string): AnyConflict | undefined {
  const value = row?.v as ConflictValue | undefined
  if (!row || !value || value.to !== userId) return undefined
  const { kind, table, record, field, key = null, kept, dropped } = value
  return { id: row.id, kind, space: row.$space, table, record, field, key, kept: kept && side(kept), dropped: side(dropped) }
}
