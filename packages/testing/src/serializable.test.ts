import type { Database, Tx } from '@holdfast/client'
import type { Committed } from '@holdfast/server'
import { defineSchema, number, string, table } from '@holdfast/shared'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { type Random, seededRandom } from './random.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

// schedules.md 13, and P8: the serializable writes that were accepted are as if each had run alone, in the order of the server.

const BAD = 13
const schema = defineSchema({
  version: 1,
  tables: { items: table({ value: number(), note: string().default('') }).index('value'), log: table({ what: string() }) },
})
const app: WorldOptions = {
  server: {
    schema,
    validate({ changes }: { changes: readonly { after?: object | undefined }[] }) {
      if (changes.some(({ after }) => (after as { value?: number } | undefined)?.value === BAD)) throw new Error('refused by the server')
    },
  } as WorldOptions['server'] & object,
}
type Tab = Database<typeof schema>
const SERIALIZABLE = { isolation: 'serializable' } as const

let world: World
afterEach(() => world.close())

const tabOf = (device: Device) => device.tab({ schema, userId: 'ann' })

async function twoDevices() {
  world = createWorld(app)
  const [first, second] = [world.device(), world.device()]
  const [a, b] = [await tabOf(first), await tabOf(second)]
  for (const id of ['f', 'g']) a.home.items.insert({ id, value: 0 })
  await world.synced(a)
  await world.until(() => expect(b.items.read()).toHaveLength(2))
  return { first, second, a, b }
}

const CONFLICT = { status: 'refused', code: 'conflict' }
const APPLIED = { status: 'applied' }

describe('13: serializable', () => {
  test('aborted read: what rests on an own write that the server refuses is refused', async () => {
    const { first, a } = await twoDevices()
    first.offline()
    a.items.update('f', { value: BAD })
    const write = a.write((tx) => tx.items.update('g', { value: (tx.items.get('f')?.value ?? 0) + 4 }), SERIALIZABLE)
    first.online()
    expect(await write.confirmed()).toMatchObject(CONFLICT)
    expect(a.items.get('g')?.value).toBe(0)
  })

  test.each<[string, (tx: Tx<typeof schema>) => string]>([
    ['a record that is gone', (tx) => (tx.items.get('f') ? 'there' : 'gone')],
    ['a record that is new', (tx) => `${tx.items.get('h')?.value}`],
    ['a question that finds what is new', (tx) => `of ${tx.items.where({ value: BAD }).count().read()}`],
    ['a question that no longer finds what is gone', (tx) => `of ${tx.items.where({ id: 'f' }).count().read()}`],
  ])('aborted read: so is what rests on an own delete or insert that it refuses: %s', async (_, read) => {
    const { first, a } = await twoDevices()
    first.offline()
    a.write((tx) => {
      tx.items.delete('f')
      tx.home.items.insert({ id: 'h', value: BAD })
    })
    const write = a.write((tx) => tx.items.update('g', { note: read(tx) }), SERIALIZABLE)
    first.online()
    expect(await write.confirmed()).toMatchObject(CONFLICT)
    expect(a.items.get('g')?.note).toBe('')
  })

  test('masked read: an own write on top does not hide what another one wrote', async () => {
    const { first, a, b } = await twoDevices()
    first.offline()
    b.items.update('f', { value: 1 })
    await world.synced(b)
    a.items.update('f', { value: 2 })
    const write = a.write((tx) => tx.items.update('g', { value: tx.items.get('f')?.value ?? 0 }), SERIALIZABLE)
    first.online()
    expect(await write.confirmed()).toMatchObject(CONFLICT)
    expect(a.items.get('g')?.value).toBe(0)
  })

  test('lost write: whose clock is behind does not lose what he set in silence', async () => {
    const { first, a, b } = await twoDevices()
    first.offline()
    const write = a.write((tx) => tx.items.update('f', { value: 1 }), SERIALIZABLE)
    world.clock.advance(60_000)
    b.items.update('f', { value: 2 })
    await world.synced(b)
    first.online()
    expect(await write.confirmed()).toMatchObject(CONFLICT)
    expect(a.deadLetters.read()).toMatchObject([{ code: 'conflict' }])
    expect(a.conflicts.read()).toEqual([])
  })

  test('lost write: nor where the record is gone by then that he sets, unread', async () => {
    const { first, a, b } = await twoDevices()
    first.offline()
    b.items.delete('f')
    await world.synced(b)
    const write = a.write((tx) => {
      tx.items.update('f', { value: 1 })
      tx.items.update('g', { value: 1 })
    }, SERIALIZABLE)
    first.online()
    expect(await write.confirmed()).toMatchObject(CONFLICT)
    await world.until(() => expect(a.items.read()).toMatchObject([{ id: 'g', value: 0 }]))
    expect(a.conflicts.read()).toEqual([])
  })

  test.each<[string, (tx: Tx<typeof schema>) => number, 'conflict' | 'applied']>([
    ['a record that it changed', (tx) => tx.items.get('f')?.value ?? 0, 'conflict'],
    ['a question that it answers otherwise', (tx) => tx.items.where({ value: 7 }).count().read(), 'conflict'],
    ['a record that it left', (tx) => tx.items.get('g')?.value ?? 0, 'applied'],
    ['a question that it answers as before', (tx) => tx.items.where({ value: 4 }).count().read(), 'applied'],
  ])('an own command comes to something that nobody predicted: %s', async (_, read, outcome) => {
    const commands = { bump: schema.command({ args: v.object({}) }) }
    const bump = (tx: Tx<typeof schema>) => tx.space('home:ann').items.update('f', { value: 7 })
    world = createWorld({ server: { schema, commands, run: { bump } } as WorldOptions['server'] & object })
    const device = world.device()
    const db = await device.tab({ schema, commands, userId: 'ann' })
    for (const id of ['f', 'g']) db.home.items.insert({ id, value: 3 })
    await world.synced(db as unknown as Tab)
    device.offline()
    const command = db.run.bump({})
    db.home.items.insert({ id: 'own', value: 3 })
    const write = db.write((tx) => void tx.home.log.insert({ id: 'l', what: `${read(tx)}` }), SERIALIZABLE)
    device.online()
    expect(await command.confirmed()).toMatchObject(APPLIED)
    expect(await write.confirmed()).toMatchObject(outcome === 'conflict' ? CONFLICT : APPLIED)
  })

  test('what reads more than a server looks at is refused at the call', async () => {
    const { a } = await twoDevices()
    const bodies: ((tx: Tx<typeof schema>) => unknown)[] = [
      (tx) => Array.from({ length: 10_001 }, (_, i) => tx.home.items.get(`${i}`)),
      (tx) => Array.from({ length: 101 }, (_, i) => tx.home.items.where({ value: i }).count().read()),
      (tx) => Array.from({ length: 9_000 }, (_, i) => tx.home.items.get(`${i}${'x'.repeat(120)}`)),
    ]
    for (const body of bodies) {
      const write = () =>
        a.write((tx) => {
          body(tx)
          tx.items.update('g', { value: 1 })
        }, SERIALIZABLE)
      expect(write).toThrow(expect.objectContaining({ code: 'too_large' }))
    }
    expect(a.items.get('g')?.value).toBe(0)
  })

  test('what nobody else touched goes in, own writes before it included; and so does what was confirmed meanwhile', async () => {
    const { first, a, b } = await twoDevices()
    first.offline()
    a.items.update('f', { value: 1 })
    a.home.items.insert({ id: 'h', value: 1 })
    const count = a.write((tx) => tx.items.update('g', { value: tx.items.where({ value: 1 }).count().read() }), SERIALIZABLE)
    const again = a.write((tx) => tx.items.update('g', { value: 1 + (tx.items.get('g')?.value ?? 0) }), SERIALIZABLE)
    // Neither in the answer of its question, nor read.
    b.home.items.insert({ id: 'other', value: 7 })
    await world.synced(b)
    first.online()
    expect(await count.confirmed()).toMatchObject(APPLIED)
    expect(await again.confirmed()).toMatchObject(APPLIED)
    await world.until(() => expect(b.items.get('g')?.value).toBe(3))
  })

  test('a record that is brought back is news to who found it deleted, and to who asked what matches', async () => {
    const { first, a, b } = await twoDevices()
    await a.items.delete('f')
    await world.synced(a)
    await world.until(() => expect(b.items.get('f')).toBeUndefined())
    first.offline()
    const writes = [
      a.write((tx) => tx.items.update('g', { note: tx.items.get('f') ? 'there' : 'gone' }), SERIALIZABLE),
      a.write((tx) => tx.items.update('g', { value: tx.items.where({ value: 0 }).count().read() }), SERIALIZABLE),
    ]
    await b.home.items.restore('f')
    await world.synced(b)
    first.online()
    for (const write of writes) expect(await write.confirmed()).toMatchObject(CONFLICT)
  })

  test('the screen does not show what cannot go in, as soon as that can be known', async () => {
    const { first, a, b } = await twoDevices()
    first.offline()
    a.write((tx) => tx.items.update('g', { value: 5 + (tx.items.get('f')?.value ?? 0) }), SERIALIZABLE)
    expect(a.items.get('g')?.value).toBe(5)
    b.items.update('f', { value: 1 })
    await world.synced(b)
    const values: unknown[] = []
    a.items.record('g').subscribe((row) => values.push(row?.value))
    first.online()
    await world.synced(a)
    expect(values).toEqual([5, 0])
  })

  test('it is refused to read where one may not, in the same words whether there is anything', async () => {
    const { a } = await twoDevices()
    await world.server.grant('list_b', 'bob', 'write')
    for (const space of ['list_b', 'list_nobody']) {
      const write = a.write((tx) => {
        tx.space(space).items.get('x')
        tx.items.update('g', { value: 9 })
      }, SERIALIZABLE)
      expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'forbidden', message: 'This user may not read there.' })
    }
  })

  test('a fork and a reload in between change nothing of it', async () => {
    const { first, a } = await twoDevices()
    first.offline()
    const { id } = a.write((tx) => tx.items.update('g', { value: 5 + (tx.items.get('f')?.value ?? 0) }), SERIALIZABLE)
    await a.items.update('f', { note: 'x' })
    await a.close()
    const again = await tabOf(first)
    expect(again.items.get('g')?.value).toBe(5)
    first.online()
    await world.synced(again)
    expect(await again.verdict(id)).toMatchObject(APPLIED)
    expect(again.items.get('g')?.value).toBe(5)
  })
})

/** A world of items, as a transaction sees it: the real one, or a model. */
interface Items {
  get(id: string): number | undefined
  count(least: number): number
  set(id: string, value: number): void
  add(id: string, value: number): void
  remove(id: string): void
}

/** A transaction that depends on all that it reads. */
function randomBody(random: Random): (items: Items) => void {
  const pick = () => 'abcdef'[Math.floor(random() * 6)] as string
  const [reads, least, writes] = [[pick(), pick()].slice(0, 1 + Math.floor(random() * 2)), Math.floor(random() * 50), [pick(), pick()]]
  const [asks, kind, salt] = [random() < 0.4, random(), Math.floor(random() * 50)]
  return (items) => {
    const read = reads.reduce((sum, id) => sum * 7 + (items.get(id) ?? 3), asks ? items.count(least) : 0)
    const value = (read + salt) % 50
    for (const [i, id] of writes.entries()) {
      if (items.get(id) === undefined) items.add(id, value + i)
      else if (kind < 0.2) items.remove(id)
      else items.set(id, value + i)
    }
  }
}

test.each([1, 2, 3, 4, 5, 6])('P8: what is accepted is as if each had run alone, one after the other: seed %i', async (seed) => {
  const random = seededRandom(seed)
  const order: string[] = []
  const onCommit = ({ changes }: Committed) => {
    for (const { table: name, id } of changes) if (name === 'log') order.push(id)
  }
  world = createWorld({ server: { ...app.server, onCommit } as WorldOptions['server'] & object })
  const devices = [world.device(), world.device(), world.device()]
  const tabs = await Promise.all(devices.map(tabOf))
  const bodies = new Map<string, (items: Items) => void>()
  const writes: { confirmed(): Promise<{ status: string }> }[] = []
  for (let round = 0; round < 12; round++) {
    for (const device of devices) if (random() < 0.5) device.offline()
    for (const [i, db] of tabs.entries()) {
      for (let n = Math.floor(random() * 3); n > 0; n--) {
        const name = `${round}.${i}.${n}`
        const body = randomBody(random)
        bodies.set(name, body)
        const write = db.write((tx) => {
          body({
            get: (id) => tx.items.get(id)?.value,
            count: (least) =>
              tx.items
                .where({ value: { gte: least } })
                .count()
                .read(),
            set: (id, value) => tx.items.update(id, { value }),
            add: (id, value) => void tx.home.items.insert({ id, value }),
            remove: (id) => tx.items.delete(id),
          })
          tx.home.log.insert({ id: name, what: name })
        }, SERIALIZABLE)
        writes.push(write)
      }
    }
    for (const device of devices.toSorted(() => random() - 0.5)) device.online()
    await world.synced(...tabs)
  }
  await world.synced(...tabs)
  const model = new Map<string, number>()
  for (const name of order) {
    bodies.get(name)?.({
      get: (id) => model.get(id),
      count: (least) => [...model.values()].filter((value) => value >= least).length,
      set: (id, value) => model.set(id, value),
      add: (id, value) => model.set(id, value),
      remove: (id) => model.delete(id),
    })
  }
  const expected = Object.fromEntries([...model].sort())
  for (const db of tabs)
    await world.until(() => expect(Object.fromEntries(db.items.read().map(({ id, value }) => [id, value]))).toEqual(expected))
  const verdicts = await Promise.all(writes.map((write) => write.confirmed()))
  expect(verdicts.filter(({ status }) => status === 'applied')).toHaveLength(order.length)
  // Neither all, nor none.
  expect(order.length).toBeGreaterThan(5)
  expect(order.length).toBeLessThan(writes.length)
})
