import type { Dot } from '@holdfast/shared/internal/clock/dot'
import { type Hlc, msOf } from '@holdfast/shared/internal/clock/hlc'
import { HoldfastError } from '@holdfast/shared/internal/errors'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import type { Asker } from '@holdfast/shared/internal/query/question'
import { checkArgs } from '@holdfast/shared/internal/schema/check-args'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { Composition } from '@holdfast/shared/internal/transaction/composition'
import { commandIds, createTx } from '@holdfast/shared/internal/transaction/create-tx'
import type { Ground } from '@holdfast/shared/internal/transaction/ground'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Read } from '@holdfast/shared/internal/transaction/read'
import type { CommandCall } from '@holdfast/shared/internal/transaction/transaction'

/** What a prediction read: records and whole tables, each of one space or (`*`) of any. */
export interface Footprint {
  readonly records: ReadonlySet<string>
  readonly tables: ReadonlySet<string>
  /** Anything may matter. */
  readonly all?: true
}

export interface Prediction {
  readonly operations: readonly Operation[]
  readonly footprint: Footprint
  /** What the body gave back. */
  readonly value: unknown
}

/** Runs the body of a command on what the view shows; throws what it throws. Undefined if only the server has it. */
export type Predict = (call: CommandCall, name: { readonly dot: Dot; readonly at: Hlc }) => Prediction | undefined

const ANY = '*'

/** Whether what was read includes this record. */
export function includes({ records, tables, all }: Footprint, key: string): boolean {
  if (all || records.has(key)) return true
  const [space, table, id] = key.split('\0') as [string, string, string]
  return tables.has(`${space}\0${table}`) || tables.has(`${ANY}\0${table}`) || records.has(recordKey(ANY, table, id))
}

/** The records and tables whose change may break what was read. */
export function footprintOf(reads: readonly Read[]): Footprint {
  const records = new Set<string>()
  const tables = new Set<string>()
  for (const read of reads) {
    if (read[0] === 'q') tables.add(`${read[1]}\0${read[2]}`)
    else records.add(recordKey(read[1], read[2], read[3]))
  }
  return { records, tables }
}

export const nothingRead: Footprint = { records: new Set(), tables: new Set() }

export interface PredictorParts {
  readonly commands: Commands
  readonly tables: Readonly<Record<string, TableDef>>
  readonly userId: string
  readonly ground: Ground
  /** Throws what the server would refuse by access or rules. */
  readonly judge: (touched: readonly Touched[]) => void
  /** Answers as of now, with a transaction's own changes on top; remembers nothing. */
  readonly during: (changes: Composition['changes']) => Asker
}

/** A body runs as often as what it read changes, so it gets ids and time from its name: the server's run makes the same. */
export function createPredict({ commands, tables, userId, ground, judge, during }: PredictorParts): Predict {
  return ({ name, args: stored }, { dot, at }) => {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command?.run) return undefined
    const { args } = checkArgs(name, command, stored)
    const seen = { records: new Set<string>(), tables: new Set<string>() }
    const newId = commandIds(dot)
    const composition = new Composition({ ground: noting(ground, seen), tables, dot, newId })
    const asker = notingAsker(
      during(() => composition.changes()),
      seen,
    )
    const tx = createTx({ userId, now: msOf(at), newId, tables, asker, perform: (verb) => verb(composition) })
    const value = command.run(tx, args as never)
    if (isThenable(value)) throw new HoldfastError('use_tx', 'The body of a command is synchronous: it cannot wait for anything.')
    const operations = composition.close()
    return { operations: isAllowed(judge, composition.touched()) ? operations : [], footprint: seen, value }
  }
}

/**
 * What the caller may not do himself the server's own body may: so it is not refused here. But nothing is shown of it, least of all in a
 * space that is not his.
 */
function isAllowed(judge: PredictorParts['judge'], touched: readonly Touched[]): boolean {
  try {
    judge(touched)
    return true
  } catch {
    return false
  }
}

export const isThenable = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value

function noting(ground: Ground, { records, tables }: { records: Set<string>; tables: Set<string> }): Ground {
  return {
    row(space, table, id) {
      records.add(recordKey(space, table, id))
      return ground.row(space, table, id)
    },
    state: (space, table, id) => ground.state(space, table, id),
    rows(table, space) {
      tables.add(`${space}\0${table}`)
      return ground.rows(table, space)
    },
    isWhole: (space) => ground.isWhole(space),
    find(table, id) {
      records.add(recordKey(ANY, table, id))
      return ground.find(table, id)
    },
    counted: (at) => ground.counted(at),
    get hlc() {
      return ground.hlc
    },
  }
}

function notingAsker(asker: Asker, { records, tables }: { records: Set<string>; tables: Set<string> }): Asker {
  const noted = (ask: 'rows' | 'first' | 'count') => (question: Parameters<Asker['rows']>[0]) => {
    tables.add(`${question.space ?? ANY}\0${question.table}`)
    return asker[ask](question)
  }
  return {
    rows: noted('rows') as Asker['rows'],
    first: noted('first') as Asker['first'],
    count: noted('count') as Asker['count'],
    record(table, space, id) {
      records.add(recordKey(space ?? ANY, table, id))
      return asker.record(table, space, id)
    },
  }
}
