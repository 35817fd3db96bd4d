// An app and its server of different versions (faults.md F3). Migrations are still to come.
import { boolean, counter, defineSchema, string, table } from '@holdfast/shared'
import { afterEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

const first = defineSchema({ version: 1, tables: { todos: table({ title: string() }) } })
const second = defineSchema({ version: 2, tables: { todos: table({ title: string(), done: boolean().default(false) }) } })

let world: World
afterEach(() => world.close())

test('F3: an app that is too old keeps its queue, goes on working, is told to upgrade; the new one sends what the old one wrote', async () => {
  world = createWorld({ server: { schema: second } })
  const device = world.device()
  const old = await device.tab({ schema: first, userId: 'ann' })
  await old.home.todos.insert({ id: 'a', title: 'before it knew' })
  await world.until(() =>
    expect(old.status.read()).toMatchObject({ state: 'paused', pending: 1, problem: { code: 'upgrade', fix: 'upgrade' } }),
  )
  await old.home.todos.insert({ id: 'b', title: 'and after' })
  await world.clock.advance(3_600_000)
  expect(old.status.read()).toMatchObject({ pending: 2, deadLetters: 0, problem: { code: 'upgrade' } })
  expect(old.todos.read()).toHaveLength(2)
  await old.close()
  const updated = await device.tab({ schema: second, userId: 'ann' })
  expect(updated.todos.read()).toMatchObject([
    { id: 'a', title: 'before it knew' },
    { id: 'b', title: 'and after' },
  ])
  await world.synced(updated)
  expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ id: 'a' }, { id: 'b' }])
})

test('F3: of two windows the newer one syncs when the server takes the older one no more', async () => {
  const app: { schema: unknown } = { schema: first }
  world = createWorld({ server: app as never })
  const device = world.device()
  const old = await device.tab({ schema: first, userId: 'ann' })
  await world.synced(old)
  await world.stop()
  app.schema = second
  world.start()
  const updated = await device.tab({ schema: second, userId: 'ann' })
  await updated.home.todos.insert({ id: 'a', title: 'new', done: true })
  await world.until(() => expect(updated.status.read()).toMatchObject({ state: 'synced', pending: 0, leader: true }))
  await world.clock.advance(60_000)
  expect([old.status.read().leader, updated.status.read().leader]).toEqual([false, true])
  expect(old.todos.read()).toMatchObject([{ id: 'a', title: 'new' }])
})

test('what was written to a field that the app has no more opens, is told to be refused, and hinders nothing', async () => {
  const before = defineSchema({ version: 1, tables: { todos: table({ title: string(), note: string().default(''), votes: counter() }) } })
  const after = defineSchema({ version: 2, tables: { todos: table({ title: string() }) } })
  const app: { schema: unknown } = { schema: before }
  world = createWorld({ server: app as never })
  const device = world.device()
  const old = await device.tab({ schema: before, userId: 'ann' })
  await old.home.todos.insert({ id: 'a', title: 'Milk' })
  await world.synced(old)
  device.offline()
  await old.home.todos.update('a', { note: 'of oats', title: 'Oat milk' })
  await old.home.todos.increment('a', 'votes', 1)
  await old.home.todos.insert({ id: 'b', title: 'Bread', note: 'rye' })
  await old.home.todos.update('a', { title: 'Soy milk' })
  await old.close()
  await world.stop()
  app.schema = after
  world.start()
  const updated = await device.tab({ schema: after, userId: 'ann' })
  expect(updated.todos.read()).toMatchObject([
    { id: 'a', title: 'Soy milk' },
    { id: 'b', title: 'Bread' },
  ])
  device.online()
  await world.synced(updated)
  expect(updated.deadLetters.read()).toHaveLength(3)
  expect(updated.todos.read()).toMatchObject([{ id: 'a', title: 'Soy milk' }])
  await updated.close()
  expect((await device.tab({ schema: after, userId: 'ann' })).todos.read()).toHaveLength(1)
})

test('F3: an app that is newer than its server waits for it, and nothing is decided by halves', async () => {
  world = createWorld({ server: { schema: first } })
  const db = await world.device().tab({ schema: second, userId: 'ann' })
  await db.home.todos.insert({ id: 'a', title: 'new', done: true })
  await world.until(() => expect(db.status.read()).toMatchObject({ state: 'paused', pending: 1, problem: { code: 'upgrade' } }))
  await world.clock.advance(3_600_000)
  expect(db.status.read()).toMatchObject({ pending: 1, deadLetters: 0 })
  expect((await world.dump('home:ann')).seq).toBe(0)
})
