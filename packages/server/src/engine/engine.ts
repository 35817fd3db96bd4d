import type { Sha256 } from '@holdfast/shared/internal/history/history-hash'
import { shortHash } from '@holdfast/shared/internal/history/history-hash'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Schema, TableDef } from '@holdfast/shared/internal/schema/table'

/** What every decision goes by and no request changes. */
export interface Engine {
  readonly schema: Schema
  readonly rules: Rules
  readonly sha256: Sha256
}

const utf8 = new TextEncoder()

/** The tables of the schema, and the one of the engine's own; an unknown one (of a newer schema) has no fields. */
export const tableOf = ({ schema }: Engine, name: string): TableDef =>
  (name === CONFLICTS ? conflictsTable : schema.tables[name]) ?? UNKNOWN

const UNKNOWN: TableDef = { fields: Object.create(null) as TableDef['fields'], indexes: [] }

export const shortHashOf = ({ sha256 }: Engine, text: string): string => shortHash(sha256(utf8.encode(text)))
