import { tableOf } from '@holdfast/server/internal/engine/engine'
import { type Asking, need } from '@holdfast/server/internal/engine/reads'
import { decodeRecord } from '@holdfast/server/internal/engine/stored-record'
import { compareStrings } from '@holdfast/shared/internal/json'
import { isAlive, type Row, toRow } from '@holdfast/shared/internal/merge/record'
import type { Schema } from '@holdfast/shared/internal/schema/table'

/** What a server has in a space. */
export interface Dump {
  readonly seq: number
  /** The rows that are alive by table, conflicts under `$conflicts`; sorted by id. */
  readonly tables: Readonly<Record<string, readonly Row[]>>
}

/** Reads a whole space, past all access: for tests. */
export function* dumpSpace(schema: Schema, space: string): Asking<Dump> {
  const engine = { schema, rules: {}, sha256: () => new Uint8Array() }
  const tables: Record<string, Row[]> = {}
  for (const name of [...Object.keys(schema.tables), '$conflicts']) tables[name] = []
  for (const { table: name, id, body } of yield* need('changedSince', space, 0)) {
    const table = tableOf(engine, name)
    const record = decodeRecord(table, body)
    if (isAlive(record)) tables[name]?.push(toRow(table, space, id, record))
  }
  for (const rows of Object.values(tables)) rows.sort((a, b) => compareStrings(a.id, b.id))
  return { seq: yield* seqOf(space), tables }
}

/** How many transactions are in a space. */
export function* seqOf(space: string): Asking<number> {
  return (yield* need('space', space))?.seq ?? 0
}
