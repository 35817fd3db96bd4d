import { compareStrings } from '@holdfast/shared/internal/json'
import type { RecordState } from '@holdfast/shared/internal/merge/record'
import { type Engine, tableOf } from './engine.ts'
import type { Page } from './reads.ts'
import type { Part, SegmentSet } from './segment-set.ts'
import { decodeRecord } from './stored-record.ts'

type Row = Page[number]

/** What a new segment is made of: records that are alive. */
export interface Stretch {
  readonly table: string
  readonly records: readonly (readonly [id: string, record: RecordState])[]
}

/** What is to become of a stretch of records: the part that it is already, or a new one. */
export type Cut = { readonly part: Part } | Stretch

/**
 * Cuts the records of a space, as they come by table and id, into segments of about the same size. Parts of the set before in whose range no
 * record has changed, died or been added since are left as they are; holds no more rows than one segment has, or two.
 */
export function createCutter(engine: Engine, size: number, before: SegmentSet | undefined) {
  const parts = before?.parts ?? []
  const from = before?.from ?? 0
  let at = 0
  /** Rows in the range of `parts[at]`, after the last one that has changed. */
  let same: Row[] = []
  let table = ''
  let pending: (readonly [string, RecordState])[] = []
  let cuts: Cut[] = []

  function flush(): void {
    const pieces = Math.max(1, Math.round(pending.length / size))
    for (let i = 0; i < pieces; i++) {
      const records = pending.slice(Math.round((i * pending.length) / pieces), Math.round(((i + 1) * pending.length) / pieces))
      if (records.length > 0) cuts.push({ table, records })
    }
    pending = []
  }

  function put(row: Row): void {
    if (row.body === null) return
    if (table !== row.table) flush()
    table = row.table
    // Each as it comes, so that no single step is long.
    pending.push([row.id, decodeRecord(tableOf(engine, table), row.body)])
    if (pending.length >= 2 * size) cuts.push({ table, records: pending.splice(0, size) })
  }

  function close(part: Part): void {
    // If it is not all there, something of it has changed. A few rows before it go with it rather than alone.
    const few = pending.length > 0 && pending.length < size / 4 && table === part.last[0]
    if (!few && same.filter(({ body }) => body !== null).length === part.size) {
      flush()
      cuts.push({ part })
    } else for (const row of same) put(row)
    same = []
  }

  function take(row: Row): void {
    for (let part = parts[at]; part && isBeyond(row, part); part = parts[++at]) close(part)
    if (parts[at]?.last[0] === row.table && row.seq <= from) same.push(row)
    else {
      for (const one of same) put(one)
      same = []
      put(row)
    }
  }

  const taken = (): readonly Cut[] => {
    const done = cuts
    cuts = []
    return done
  }

  return {
    /** What is decided by these rows, which come after all before. */
    take(rows: Page): readonly Cut[] {
      for (const row of rows) take(row)
      return taken()
    },
    /** There are no more rows. */
    end(): readonly Cut[] {
      for (let part = parts[at]; part; part = parts[++at]) close(part)
      flush()
      return taken()
    },
  }
}

const isBeyond = ({ table, id }: Row, { last }: Part): boolean => (compareStrings(table, last[0]) || compareStrings(id, last[1])) > 0
