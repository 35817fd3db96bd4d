import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import type { Row } from '@holdfast/shared/internal/merge/record'
import type { Composition } from '@holdfast/shared/internal/transaction/composition'
import { type AnyConflict, conflictOf } from './core/conflict.ts'
import type { RowChange } from './core/view.ts'
import type { PackedSource } from './query/packed-rows.ts'
import type { Writing } from './writing.ts'

/** The conflicts of one user, kept up to date from what changes. */
export function createConflicts(userId: string, write: Writing['write'], source: Pick<PackedSource, 'rows' | 'renewals'>) {
  const conflicts = new Map<string, AnyConflict>()
  let list: readonly AnyConflict[] = []
  let { renewals } = source

  /** What its user can do about a conflict: take his value back, or let it be. */
  function withWays(conflict: AnyConflict): AnyConflict {
    const { space: at, table, record, field, key, dropped } = conflict
    const dismiss = (composition: Composition) => composition.delete({ space: at, table: CONFLICTS, id: conflict.id })
    return Object.freeze({
      ...conflict,
      dismiss: () => write((_, composition) => dismiss(composition), at, { label: 'dismiss a conflict' }),
      restore: () =>
        write(
          (_, composition) => {
            const of = { space: at, table, id: record }
            if (field === null) composition.takeBack(of, dropped.value)
            else if (key === null) composition.takeBack(of, { [field]: dropped.value })
            else composition.takeBackEntry(of, field, { [key]: dropped.value })
            dismiss(composition)
          },
          at,
          { label: 'restore from a conflict' },
        ),
    })
  }

  return {
    get list() {
      return list
    },
    /** Those of one record, or of one of its fields. */
    of: (table: string, record: string, field: string | undefined) =>
      list.filter((one) => one.table === table && one.record === record && (field === undefined || one.field === field)),
    apply(told: readonly RowChange[]): void {
      let touched = renewals !== source.renewals
      if (touched) {
        renewals = source.renewals
        conflicts.clear()
      }
      const changes = touched ? everyRow(source) : told
      for (const { table, space: at, id, before, after } of changes) {
        if (table !== CONFLICTS || before === after) continue
        const conflict = conflictOf(after, userId)
        const key = `${at}\0${id}`
        touched = conflicts.delete(key) || touched
        if (conflict) conflicts.set(key, withWays(conflict))
        touched ||= conflict !== undefined
      }
      if (touched) list = Object.freeze([...conflicts.values()])
    },
  }
}

const everyRow = (source: Pick<PackedSource, 'rows'>): RowChange[] =>
  [...(source.rows(CONFLICTS, undefined) as Iterable<Row>)].map((after) => ({
    table: CONFLICTS,
    space: after.$space,
    id: after.id,
    before: undefined,
    after,
  }))
