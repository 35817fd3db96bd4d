import { copyFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'
import { describe, expect, test, vi } from 'vitest'
import { NO_CHANGES } from './engine/changes.ts'
import { need } from './engine/reads.ts'
import { fetchSegment, HOME, sameBase, taking } from './segments.kit.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import { beginEpoch } from './storage/sqlite/begin-epoch.ts'
import { sqlite } from './storage/sqlite/sqlite-storage.ts'
import type { Storage } from './storage/storage.ts'
import { insert, testServer, update } from './test-server.kit.ts'
import { tx } from './wire-client.kit.ts'

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
    const delta = await sameBase(world)
    expect(delta).toMatchObject({ from: 2, to: 2, by: [], records: [] })
    expect(delta.segments).toHaveLength(1)
  })

  test('never, where that is said', async () => {
    const world = testServer({ storage: sqlite(':memory:'), segmentsFrom: Number.POSITIVE_INFINITY })
    const ann = world.client('ann')
    await ann.sync({ tx: [tx('A', 1, fill(40))] })
    expect((await ann.sync(taking)).deltas[0]).toMatchObject({ segments: undefined, whole: true })
  })

  test('which stay until a quarter has changed', async () => {
    const world = testServer({ segmentsFrom: 10 })
    const ann = world.client('ann')
    await ann.sync({ tx: [tx('A', 1, fill(40))] })
    const first = await sameBase(world)
    await ann.sync({ tx: [tx('A', 2, [update(HOME, 't1', { title: 'Oat milk' })])] })
    const second = await sameBase(world)
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
    expect(await sameBase(world)).toMatchObject({ from: 1, segments: first.segments })
    await ann.sync({ tx: [tx('A', 4, [['del', HOME, 'todos', 't10'], ...fill(1, 100)])] })
    const last = await sameBase(world)
    expect(last).toMatchObject({ from: 4, to: 4 })
    // The first had t0 to t17, where everything was; nothing has changed in the others.
    expect(first.segments).toHaveLength(4)
    expect(last.segments?.slice(-3)).toEqual(first.segments?.slice(-3))
    expect(last.segments?.slice(0, -3)).not.toContainEqual(first.segments?.[0])
  })
})

const DAY = 24 * 3_600_000
const newPath = () => join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
const statusOf = async (world: Parameters<typeof fetchSegment>[0], name: string) => (await fetchSegment(world, name)).status
const namesOf = async (client: ReturnType<ReturnType<typeof testServer>['client']>) =>
  ((await client.sync(taking)).deltas[0]?.segments ?? []).map(([name]) => name)

describe('a set', () => {
  test('is built once for all who ask meanwhile, while others are answered', async () => {
    const storage = memoryStorage()
    const pages = vi.fn()
    const read: Storage['read'] = (job) =>
      storage.read(function* () {
        const asking = job()
        let step = asking.next()
        while (!step.done) {
          if (step.value[0] === 'page') pages()
          step = asking.next(yield step.value)
        }
        return step.value
      })
    const { client } = testServer({ storage: { ...storage, read }, segmentsFrom: 10 })
    const ann = client('ann')
    await ann.sync({ tx: [tx('A', 1, fill(1000))] })
    const order: string[] = []
    const asked = ['a', 'b', 'c'].map(async () => {
      const names = await namesOf(ann)
      order.push('segments')
      return names
    })
    await ann.sync({ pull: false, tx: [tx('A', 2, [update(HOME, 't1', { done: true })])] })
    order.push('write')
    const [a = [], b, c] = await Promise.all(asked)
    expect(order).toEqual(['write', 'segments', 'segments', 'segments'])
    expect(a).toHaveLength(100)
    expect([b, c]).toEqual([a, a])
    // The last page is empty.
    expect(pages).toHaveBeenCalledTimes(101)
  })

  test('that cannot be built is not waited for: the space comes as ever, and somebody hears of it', async () => {
    const storage = memoryStorage()
    let isFull = true
    const write: Storage['write'] = (job) =>
      storage.write(function* () {
        const done = yield* job()
        if (isFull && done.changes.segments) throw new Error('no room')
        return done
      })
    const { client, logged } = testServer({ storage: { ...storage, write }, segmentsFrom: 10 })
    const ann = client('ann')
    await ann.sync({ tx: [tx('A', 1, fill(40))] })
    const [delta] = (await ann.sync(taking)).deltas
    expect(delta).toMatchObject({ from: 0, whole: true, segments: undefined })
    expect(delta?.records).toHaveLength(40)
    expect(logged.filter(({ level }) => level === 'warn')).toMatchObject([{ event: 'segments_failed', space: HOME, error: /no room/ }])
    isFull = false
    expect(await namesOf(ann)).toHaveLength(4)
  })

  test('outlives the process; its segments go when it is replaced and no name of theirs is good any more', async () => {
    const file = newPath()
    const first = testServer({ storage: sqlite(file), segmentsFrom: 10 })
    await first.client('ann').sync({ tx: [tx('A', 1, fill(40))] })
    const names = await namesOf(first.client('ann'))
    const bytes = await (await fetchSegment(first, names[0] ?? '')).text()
    await first.close()

    const second = testServer({ storage: sqlite(file), segmentsFrom: 10 })
    const ann = second.client('ann')
    expect(await namesOf(ann)).toEqual(names)
    expect(await (await fetchSegment(second, names[0] ?? '')).text()).toBe(bytes)
    await ann.sync({
      tx: [
        tx(
          'A',
          2,
          Array.from({ length: 40 }, (_, i) => update(HOME, `t${i}`, { done: true })),
        ),
      ],
    })
    await sameBase(second)
    const ids = names.map((name) => name.split('.')[0] ?? '')
    const kept = async () => {
      const rows = await Promise.all(ids.map((id) => second.storage.read(() => need('segment', id))))
      return rows.filter((row) => row).length
    }
    expect([await kept(), await statusOf(second, names[0] ?? '')]).toEqual([4, 200])
    second.clock.now += DAY + 0.5
    // Another build, of any space, clears away.
    await ann.sync({
      tx: [
        tx(
          'A',
          3,
          Array.from({ length: 40 }, (_, i) => update(HOME, `t${i}`, { done: false })),
        ),
      ],
    })
    await sameBase(second)
    expect(await kept()).toBe(0)
    await second.close()
  })

  test('of another schema is not used, even under the same version', async () => {
    const storage = memoryStorage()
    const before = testServer({ storage, segmentsFrom: 10 })
    await before.client('ann').sync({ tx: [tx('A', 1, fill(40))] })
    const names = await namesOf(before.client('ann'))
    const todos = table({
      title: string(),
      done: boolean().default(false),
      votes: counter(),
      tags: set(string()),
      note: string().default(''),
    })
    const later = defineSchema({ version: 1, tables: { todos } })
    const after = testServer({ storage, segmentsFrom: 10, schema: later as never })
    const delta = await sameBase(after, later)
    expect(delta.segments?.filter(([name]) => names.includes(name))).toEqual([])
    expect(delta.segments).toHaveLength(4)
  })

  test('of two processes on one file is the one that was there first', async () => {
    const file = newPath()
    const [a, b] = [testServer({ storage: sqlite(file), segmentsFrom: 10 }), testServer({ storage: sqlite(file), segmentsFrom: 10 })]
    await a.client('ann').sync({ tx: [tx('A', 1, fill(40))] })
    const [of, other] = await Promise.all([a, b].map((one) => namesOf(one.client('ann'))))
    expect(of).toHaveLength(4)
    expect(other).toEqual(of)
    expect(await namesOf(b.client('ann'))).toEqual(of)
    for (const server of [a, b]) {
      for (const name of of ?? []) expect(await statusOf(server, name)).toBe(200)
      await sameBase(server)
    }
    // Both go on from the same set at the same time.
    await a.client('ann').sync({ tx: [tx('A', 2, fill(11, 500))] })
    const [next, same] = await Promise.all([a, b].map((one) => namesOf(one.client('ann'))))
    expect(next).not.toEqual(of)
    expect(same).toEqual(next)
    for (const server of [a, b]) await sameBase(server)
    await Promise.all([a.close(), b.close()])
  })

  test('after a restore is one of the history that there is now', async () => {
    const [file, backup] = [newPath(), newPath()]
    const first = testServer({ storage: sqlite(file), segmentsFrom: 10 })
    await first.client('ann').sync({ tx: [tx('A', 1, fill(40))] })
    const kept = await namesOf(first.client('ann'))
    await first.close()
    copyFileSync(file, backup)

    const second = testServer({ storage: sqlite(file), segmentsFrom: 10 })
    await second.client('ann').sync({ tx: [tx('A', 2, fill(40, 100))] })
    const lost = await namesOf(second.client('ann'))
    const stolen = await second.storage.read(() => need('segmentSet', HOME))
    await second.close()

    beginEpoch(backup, { heal: false })
    const storage = sqlite(backup)
    const third = testServer({ storage, segmentsFrom: 10 })
    await third.client('ann').sync({ tx: [tx('B', 1, [update(HOME, 't1', { title: 'After' })])] })
    expect(await namesOf(third.client('ann'))).toEqual(kept)
    await sameBase(third)
    for (const name of lost.filter((one) => !kept.includes(one))) expect(await statusOf(third, name)).toBe(404)
    // Even if the cache came from elsewhere: where it had got to this history never was.
    await storage.write(function* () {
      yield* need('meta')
      return { result: undefined, changes: { ...NO_CHANGES, segments: { now: 0, sets: [{ space: HOME, body: stolen ?? '' }] } } }
    })
    const delta = await sameBase(third)
    expect(delta.segments?.some(([name]) => lost.includes(name))).toBe(false)
    expect(delta).toMatchObject({ from: 2, to: 2 })
    await third.close()
  })

  test('of nothing but deleted records is empty', async () => {
    const world = testServer({ segmentsFrom: 10 })
    const ann = world.client('ann')
    await ann.sync({
      tx: [
        tx('A', 1, fill(20)),
        tx(
          'A',
          2,
          Array.from({ length: 20 }, (_, i) => ['del', HOME, 'todos', `t${i}`]),
        ),
      ],
    })
    expect(await sameBase(world)).toMatchObject({ whole: true, from: 2, to: 2, segments: [], records: [] })
    await ann.sync({ tx: [tx('A', 3, fill(2, 50))] })
    expect((await sameBase(world)).segments).toHaveLength(1)
  })
})
