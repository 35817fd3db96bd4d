import type { Sha256 } from '@holdfast/shared/internal/history/history-hash'
import { shortHash } from '@holdfast/shared/internal/history/history-hash'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Schema, TableDef } from '@holdfast/shared/internal/schema/table'
import type { CreateSpace, Validate } from '../hooks.ts'

/** The body of a command that only the server has. */
export type CommandBody = (tx: object, args: unknown, server: object) => unknown

/** When spaces come as segments, and how those are. */
export interface SegmentRules {
  /** The number of records from which on a space does. */
  readonly from: number
  /** About how many records a segment has. */
  readonly size: number
  /** Of what schema they are: those of another one are not used. */
  readonly form: string
}

/** What every decision goes by and no request changes. */
export interface Engine {
  readonly schema: Schema
  readonly rules: Rules
  readonly sha256: Sha256
  readonly commands?: Commands | undefined
  readonly run?: Readonly<Record<string, CommandBody>> | undefined
  readonly validate?: Validate | undefined
  readonly createSpace?: CreateSpace | undefined
  /** Whether the app keeps membership itself, so that there are no grants. */
  readonly appAccess?: boolean | undefined
  /** Whether somebody wants to know what each commit changed. */
  readonly tellsChanges?: boolean | undefined
  /** Without it no space comes as segments. */
  readonly segments?: SegmentRules | undefined
  /** For secrets; asked at most once for each that a body takes. */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined
}

const utf8 = new TextEncoder()

/** The tables of the schema, and the one of the engine's own; an unknown one (of a newer schema) has no fields. */
export const tableOf = ({ schema }: Engine, name: string): TableDef =>
  (name === CONFLICTS ? conflictsTable : schema.tables[name]) ?? UNKNOWN

const UNKNOWN: TableDef = { fields: Object.create(null) as TableDef['fields'], indexes: [], uniques: [], deletion: 'delete-wins' }

export const shortHashOf = ({ sha256 }: Engine, text: string): string => shortHash(sha256(utf8.encode(text)))
