// Storage that is lost or full under a tab that is open (faults.md A2 to A5).
import type { Database } from '@holdfast/client'
import { afterEach, expect, test } from 'vitest'
import { quiet } from './manual-clock.ts'
import { testSchema as schema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

const tab = { schema, userId: 'ann' }
type Db = Database<typeof schema>

let world: World
afterEach(() => world.close())

async function begin() {
  world = createWorld()
  const device = world.device()
  const { db, kill } = await device.mortalTab(tab)
  await db.home.todos.insert({ id: 'r', title: 'Milk' })
  await world.synced(db)
  return { device, db: db as Db, kill }
}

test('A3: a tab that found no room says so until there is room again, also if it has nothing to write', async () => {
  const { device, db } = await begin()
  device.disk.full(true)
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: 'storage_full' })
  await world.clock.advance(60_000)
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_full', fix: 'free_space' } })
  device.disk.full(false)
  await world.clock.advance(10_000)
  expect(db.status.read()).toMatchObject({ state: 'synced', problem: null })
})

test.each([true, false])('A2: a database that is evicted while it is open is not gone on with (its tabs are told: %s)', async (isTold) => {
  const { device, db } = await begin()
  device.disk.sever(isTold)
  device.disk.evict()
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: 'storage_failed' })
  // Not the next one either: it would be stored where nobody knows what it speaks of.
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: 'storage_failed' })
  await world.clock.advance(60_000)
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_failed', fix: 'reload' } })
  // Another tab has it all again, and leads.
  const other: Db = await device.tab(tab)
  await world.synced(other)
  await other.todos.increment('r', 'votes', 5)
  await world.synced(other)
  expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ id: 'r', votes: 5 }])
})

test('A4: several calls that find the connection dead replace it once', async () => {
  const { device, db } = await begin()
  device.disk.sever(false)
  await Promise.allSettled([db.todos.increment('r', 'votes'), world.clock.advance(10_000), db.sync()])
  await db.todos.increment('r', 'votes')
  await world.synced(db)
  expect(device.disk.open).toBe(1)
})

test('A5: where another version wanted the database and did not take it, the tab goes on', async () => {
  const { device, db } = await begin()
  await device.disk.upgrade()
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_blocked', fix: 'reload' } })
  await world.clock.advance(10_000)
  await quiet()
  expect(db.status.read()).toMatchObject({ state: 'synced', problem: null })
})
