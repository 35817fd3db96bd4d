import { gunzipSync } from 'node:zlib'
import { compareStrings } from '@holdfast/shared/internal/json'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import { type Delta, unpackRecord } from '@holdfast/shared/internal/merge/pack'
import { type MergeTable, type RecordState, toRow } from '@holdfast/shared/internal/merge/record'
import { crc32 } from '@holdfast/shared/internal/protocol/crc32'
import { encodeSegment, openSegment } from '@holdfast/shared/internal/segment/segment'
import { describe, expect, test } from 'vitest'
import { insert, schema, testServer, update } from './test-server.kit.ts'
import { tx } from './wire-client.kit.ts'

const HOME = 'home:ann'
const TABLES: ReadonlyMap<string, MergeTable> = new Map<string, MergeTable>([...Object.entries(schema.tables), [CONFLICTS, conflictsTable]])
const tableOf = (name: string) => TABLES.get(name) as MergeTable

type World = ReturnType<typeof testServer>
type Base = Map<string, Map<string, RecordState>>

const get = async ({ server }: Pick<World, 'server'>, name: string, headers: Record<string, string> = {}, method = 'GET') =>
  await server.fetch(new Request(`http://test/holdfast/segments/${name}`, { headers, method }))

/** What a device has after a whole delta. */
async function baseOf(world: World, delta: Delta | undefined, from = delta?.from ?? 0): Promise<Base> {
  const base: Base = new Map([...TABLES.keys()].map((name) => [name, new Map()]))
  for (const [name, size, crc] of delta?.segments ?? []) {
    const bytes = new Uint8Array(await (await get(world, name)).arrayBuffer())
    expect([bytes.length, crc32(bytes)]).toEqual([size, crc])
    const segment = openSegment(bytes.buffer, TABLES)
    for (let i = 0; i < segment.size; i++) base.get(segment.table)?.set(segment.id(i), segment.record(i))
  }
  for (const packed of delta?.records ?? []) {
    const [name, id] = packed.r
    const records = base.get(name) as Map<string, RecordState>
    const after = unpackRecord(tableOf(name), packed, { by: delta?.by ?? [], held: records.get(id), keep: ({ seq }) => seq > from })
    if (after) records.set(id, after)
    else records.delete(id)
  }
  return base
}

/** Of a base everything that a clock at `from` tells apart. */
const tell = (base: Base, from: number) =>
  [...base].map(([name, records]) => {
    const sorted = [...records].sort(([a], [b]) => compareStrings(a, b))
    const rows = sorted.map(([id, record]) => [toRow(tableOf(name), HOME, id, record), record.alive, record.again])
    const bytes = encodeSegment(name, tableOf(name), sorted, ({ seq }) => seq > from)
    return { name, rows, bytes: Buffer.from(bytes).toString('latin1') }
  })

const taking = { segments: { not: new Set<string>() } }

async function expectSame(world: World) {
  const ann = world.client('ann')
  const delta = (await ann.sync(taking)).deltas.find(({ space }) => space === HOME)
  const whole = (await ann.sync()).deltas.find(({ space }) => space === HOME)
  expect(whole?.segments).toBeUndefined()
  expect(delta).toMatchObject({ whole: true, to: whole?.to })
  const from = delta?.from ?? 0
  expect(tell(await baseOf(world, delta), from)).toEqual(tell(await baseOf(world, whole, from), from))
  return delta as Delta
}

const fill = (n: number, from = 0) => Array.from({ length: n }, (_, i) => insert(HOME, `t${from + i}`, { title: `Milk ${i}` }))

describe('a space that is big comes as segments', () => {
  test('and below that, or to who does not ask, as ever', async () => {
    const world = testServer({ segmentsFrom: 10 })
    const ann = world.client('ann')
    await ann.sync({ tx: [tx('A', 1, fill(9))] })
    expect((await ann.sync(taking)).deltas[0]).toMatchObject({ segments: undefined, from: 0, whole: true })
    await ann.sync({ tx: [tx('A', 2, fill(1, 9))] })
    expect((await ann.sync()).deltas[0]).toMatchObject({ segments: undefined, from: 0, whole: true })
    expect((await ann.sync({ segments: { not: new Set([HOME]) } })).deltas[0]).toMatchObject({ segments: undefined, from: 0, whole: true })
    const delta = await expectSame(world)
    expect(delta).toMatchObject({ from: 2, to: 2, by: [], records: [] })
    expect(delta.segments).toHaveLength(1)
  })

  test('which stay until a quarter has changed', async () => {
    const world = testServer({ segmentsFrom: 10 })
    const ann = world.client('ann')
    await ann.sync({ tx: [tx('A', 1, fill(40))] })
    const first = await expectSame(world)
    await ann.sync({ tx: [tx('A', 2, [update(HOME, 't1', { title: 'Oat milk' })])] })
    const second = await expectSame(world)
    expect(second).toMatchObject({ from: 1, to: 2, segments: first.segments })
    await ann.sync({
      tx: [
        tx(
          'A',
          3,
          Array.from({ length: 8 }, (_, i) => update(HOME, `t1${i}`, { done: true })),
        ),
      ],
    })
    expect(await expectSame(world)).toMatchObject({ from: 1, segments: first.segments })
    await ann.sync({ tx: [tx('A', 4, [['del', HOME, 'todos', 't10'], ...fill(1, 100)])] })
    const last = await expectSame(world)
    expect(last).toMatchObject({ from: 4, to: 4 })
    // The first had t0 to t17, where everything was; nothing has changed in the others.
    expect(first.segments).toHaveLength(4)
    expect(last.segments?.slice(-3)).toEqual(first.segments?.slice(-3))
    expect(last.segments?.slice(0, -3)).not.toContainEqual(first.segments?.[0])
  })
})
