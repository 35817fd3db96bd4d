// An app and its server of different versions (faults.md F3). Migrations are still to come.
import { boolean, defineSchema, string, table } from '@holdfast/shared'
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

test('F3: an app that is newer than its server waits for it, and nothing is decided by halves', async () => {
  world = createWorld({ server: { schema: first } })
  const db = await world.device().tab({ schema: second, userId: 'ann' })
  await db.home.todos.insert({ id: 'a', title: 'new', done: true })
  await world.until(() => expect(db.status.read()).toMatchObject({ state: 'paused', pending: 1, problem: { code: 'upgrade' } }))
  await world.clock.advance(3_600_000)
  expect(db.status.read()).toMatchObject({ pending: 1, deadLetters: 0 })
  expect((await world.dump('home:ann')).seq).toBe(0)
})
