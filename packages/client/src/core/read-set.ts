import { PENDING } from '@holdfast/shared/internal/clock/heads'
import { canonical, type JsonValue } from '@holdfast/shared/internal/json'
import { fieldState, isAlive, type MergeTable } from '@holdfast/shared/internal/merge/record'
import type { AnyRow, Asker, Question } from '@holdfast/shared/internal/query/question'
import type { Reading } from '@holdfast/shared/internal/query/reading'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Read } from '@holdfast/shared/internal/transaction/read'
import type { Replica } from './replica.ts'

type Tables = Readonly<Record<string, MergeTable>>

/** Notes what a serializable transaction looks at. */
export class ReadSet {
  readonly #replica: Replica
  readonly #records = new Map<string, readonly [space: string, table: string, id: string]>()
  readonly #questions = new Map<string, Read & { 0: 'q' }>()

  constructor(replica: Replica) {
    this.#replica = replica
  }

  /** Answers as `asker` does, and notes what was asked for and found. */
  noting(asker: Asker): Asker {
    const look = (question: Question): readonly AnyRow[] => {
      this.#asked(question)
      const rows = asker.rows(question).read()
      for (const row of rows) this.#found(question.table, row)
      return rows
    }
    const noted = <T>({ key }: Reading<T>, read: () => T): Reading<T> => ({ key, read })
    return {
      rows: (question) => noted(asker.rows(question), () => look(question)),
      // Whichever is first by then: all that match are asked about, as by any question.
      first: (question) => noted(asker.first(question), () => look({ ...question, limit: Math.min(1, question.limit ?? 1) })[0]),
      count: (question) => noted(asker.count(question), () => look(question).length),
      record: (table, space, id) => {
        const reading = asker.record(table, space, id)
        return noted(reading, () => {
          const row = reading.read()
          if (row) this.#found(table, row)
          else for (const one of this.#spaces(space)) this.#note(one, table, id)
          return row
        })
      },
    }
  }

  /** What was looked at, as it was before the transaction itself. */
  reads(tables: Tables): readonly Read[] {
    const questions = [...this.#questions.values()]
    // What an own change, not decided yet, made appear or disappear may be otherwise when that is refused.
    for (const [, space, table] of questions) {
      const prefix = recordKey(space, table, '')
      for (const { keys } of this.#replica.pending)
        for (const key of keys) if (key.startsWith(prefix)) this.#note(space, table, key.slice(prefix.length))
    }
    // What a command comes to on the server may be something else, anywhere.
    const isSure = !this.#replica.pending.some(({ transaction: { command }, dropped }) => command && !dropped)
    return [...questions, ...[...this.#records.values()].map((at) => this.#read(tables, at, isSure))]
  }

  #read(tables: Tables, [space, table, id]: readonly [space: string, table: string, id: string], isSure: boolean): Read {
    const def = tables[table] as MergeTable
    const state = this.#replica.view.state(space, table, id)
    if (!state || !isAlive(state)) return ['r', space, table, id, 0]
    const own = Object.entries(def.fields).flatMap(([name, { policy }]): [string, JsonValue][] => {
      const field = fieldState(def, state, name)
      return isSure && !policy.heads(field).some(({ seq }) => seq === PENDING) ? [] : [[name, policy.read(field)]]
    })
    return own.length > 0 ? ['r', space, table, id, 1, Object.fromEntries(own)] : ['r', space, table, id, 1]
  }

  #asked({ table, space, all }: Question): void {
    for (const one of this.#spaces(space ?? undefined)) {
      const read = ['q', one, table, all] as const
      this.#questions.set(canonical(read as unknown as JsonValue), read)
    }
  }

  #found(table: string, row: AnyRow): void {
    this.#note(row.$space, table, row.id)
  }

  #note(space: string, table: string, id: string): void {
    this.#records.set(recordKey(space, table, id), [space, table, id])
  }

  /** Where it looks that names no space: in all that are here. */
  #spaces(space: string | undefined): readonly string[] {
    return space === undefined ? Object.keys(this.#replica.known.cut) : [space]
  }
}
