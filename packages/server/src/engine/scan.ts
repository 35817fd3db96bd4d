import { canonical, type JsonValue } from '@holdfast/shared/internal/json'
import { compareBy, matches } from '@holdfast/shared/internal/query/predicate'
import type { AnyRow, Asker, Question, RowChange } from '@holdfast/shared/internal/query/question'
import type { Reading } from '@holdfast/shared/internal/query/reading'
import { ambiguous } from '@holdfast/shared/internal/transaction/ground'
import type { OverlayGround } from './overlay-ground.ts'

/** Answers questions by looking at every record of the table, with the changes of a transaction on top. */
export function scan(ground: OverlayGround, changes: () => readonly RowChange[]): Asker {
  function found(question: Question): readonly AnyRow[] {
    const { table, space, order, limit } = question
    const rows = changed(ground.rows(table, space), (one) => one.table === table && (space === null || one.space === space))
    const all = [...rows.values()].filter((row) => matches(question, row)).sort(compareBy(order))
    return Object.freeze(all.slice(0, limit ?? undefined))
  }

  /** Rows by key, as the transaction leaves them. */
  function changed(rows: Iterable<AnyRow>, concerned: (change: RowChange) => boolean): Map<string, AnyRow> {
    const byKey = new Map<string, AnyRow>()
    for (const row of rows) byKey.set(`${row.$space}\0${row.id}`, row)
    for (const { space, id, after } of changes().filter(concerned)) {
      if (after) byKey.set(`${space}\0${id}`, after)
      else byKey.delete(`${space}\0${id}`)
    }
    return byKey
  }

  function record(table: string, space: string | undefined, id: string): AnyRow | undefined {
    const spaces = space === undefined ? ground.find(table, id) : [space]
    const there = spaces.flatMap((one) => ground.row(one, table, id) ?? [])
    const rows = changed(there, (one) => one.table === table && one.id === id && (space ?? one.space) === one.space)
    if (rows.size > 1) throw ambiguous(table, id)
    return rows.values().next().value
  }

  const reading = <T>(kind: string, asked: unknown, read: () => T): Reading<T> => ({
    get key() {
      return kind + canonical(asked as JsonValue)
    },
    read,
  })
  return {
    rows: (question) => reading('rows', question, () => found(question)),
    first: (question) => reading('first', question, () => found(question)[0]),
    count: (question) => reading('count', question, () => found(question).length),
    record: (table, space, id) => reading('record', [table, space ?? null, id], () => record(table, space, id)),
  }
}
