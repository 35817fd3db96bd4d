import type { Database } from '@holdfast/client'
import { afterEach, expect, test } from 'vitest'
import { testSchema as schema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

const tab = { schema, userId: 'ann' }
type Db = Database<typeof schema>

let world: World
afterEach(() => world.close())

// Found by the simulator. What another device had brought back meanwhile is past the newest position that this one shares with the server.
test('P10: a server that goes back again before a device has fetched it anew: what that confirmed is healed all the same', async () => {
  world = createWorld()
  const phone = world.device()
  const db: Db = await phone.tab(tab)
  await db.home.todos.insert({ id: 'r', title: 'Milk' })
  await world.synced(db)
  const copy = await world.backup()
  await db.home.todos.insert({ id: 's', title: 'Bread' })
  await world.synced(db)
  const clone = world.device({ indexedDB: await phone.copyDisk() })
  phone.offline()

  await world.restore(copy)
  // So that the history is another one, in which the clone has brought the bread back.
  const third: Db = await world.device().tab(tab)
  await third.home.todos.insert({ id: 't', title: 'Butter' })
  await world.synced(third)
  const brought: Db = await clone.tab(tab)
  await world.synced(brought)
  expect(brought.todos.get('s')?.title).toBe('Bread')
  await brought.close()
  await third.close()

  // The phone hears that the history is another one, and no more.
  let isOpen = true
  phone.through(async (request, pass) => {
    const isCompared = request.method === 'POST' && (await request.clone().text()).includes('"list"')
    if (!isOpen) throw new TypeError('fetch failed')
    const response = await pass(request)
    if (isCompared) isOpen = false
    return response
  })
  phone.online()
  await world.until(() => expect(isOpen).toBe(false))
  await world.restore(copy)
  phone.through(undefined)
  await world.synced(db)
  await world.clock.advance(5_000)
  await world.synced(db)
  expect((await world.dump('home:ann')).tables.todos?.map(({ id }) => id)).toEqual(['r', 's'])
})
