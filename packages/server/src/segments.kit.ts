import { compareStrings } from '@holdfast/shared/internal/json'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import { type Delta, unpackRecord } from '@holdfast/shared/internal/merge/pack'
import { type MergeTable, type RecordState, toRow } from '@holdfast/shared/internal/merge/record'
import { crc32 } from '@holdfast/shared/internal/protocol/crc32'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { encodeSegment, openSegment } from '@holdfast/shared/internal/segment/segment'
import { expect } from 'vitest'
import type { SyncServer } from './sync-server.ts'
import { schema } from './test-server.kit.ts'
import { wireClient } from './wire-client.kit.ts'

export const HOME = 'home:ann'

/** What a request says that takes segments of all. */
export const taking = { segments: { not: new Set<string>() } }

type Served = Pick<SyncServer, 'fetch'>
type Base = ReadonlyMap<string, Map<string, RecordState>>
type Tables = ReadonlyMap<string, MergeTable>

export const fetchSegment = async ({ fetch }: Served, name: string, headers: Record<string, string> = {}, method = 'GET') =>
  await fetch(new Request(`http://test/holdfast/segments/${name}`, { headers, method }))

/** What a device has after a whole delta; `from`: of what comes before it keeps no heads. */
async function baseOf(server: Served, delta: Delta, { tables, from }: { tables: Tables; from: number }): Promise<Base> {
  const base: Base = new Map([...tables.keys()].map((name) => [name, new Map()]))
  for (const [name, size, crc] of delta.segments ?? []) {
    const bytes = new Uint8Array(await (await fetchSegment(server, name)).arrayBuffer())
    expect([bytes.length, crc32(bytes)]).toEqual([size, crc])
    const segment = openSegment(bytes.buffer, tables)
    for (let i = 0; i < segment.size; i++) {
      expect(base.get(segment.table)?.has(segment.id(i))).toBe(false)
      base.get(segment.table)?.set(segment.id(i), segment.record(i))
    }
  }
  for (const packed of delta.records) {
    const [name, id] = packed.r
    const records = base.get(name) as Map<string, RecordState>
    const by = { by: delta.by, held: records.get(id), keep: ({ seq }: { seq: number }) => seq > from }
    const after = unpackRecord(tables.get(name) as MergeTable, packed, by)
    if (after) records.set(id, after)
    else records.delete(id)
  }
  return base
}

/** Of a base everything that a clock at `from` tells apart: rows to be read by people, and bytes that have all the rest. */
const tell = (base: Base, { tables, from }: { tables: Tables; from: number }) =>
  [...base].map(([name, records]) => {
    const table = tables.get(name) as MergeTable
    const sorted = [...records].sort(([a], [b]) => compareStrings(a, b))
    const rows = sorted.map(([id, record]) => [toRow(table, HOME, id, record), record.alive, record.again])
    return { name, rows, bytes: Buffer.from(encodeSegment(name, table, sorted, ({ seq }) => seq > from)).toString('latin1') }
  })

/** The law of segments: with what changed since they are the space. Gives the delta that has them. */
export async function sameBase(server: Served, of: Schema = schema): Promise<Delta> {
  const ann = wireClient(server.fetch, 'ann')
  const [delta, whole] = [await ann.sync(taking), await ann.sync()].map(({ deltas }) => deltas.find(({ space }) => space === HOME))
  if (!delta || !whole) throw new Error('The space is missing.')
  expect(whole.segments).toBeUndefined()
  expect(delta).toMatchObject({ whole: true, to: whole.to })
  const { from } = delta
  const tables: Tables = new Map<string, MergeTable>([...Object.entries(of.tables), [CONFLICTS, conflictsTable]])
  expect(tell(await baseOf(server, delta, { tables, from }), { tables, from })).toEqual(
    tell(await baseOf(server, whole, { tables, from }), { tables, from }),
  )
  return delta
}
