import type { Database } from '@holdfast/client'
import { counter, defineSchema, string, table } from '@holdfast/shared'
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

const counted = defineSchema({ version: 1, tables: { todos: table({ title: string(), votes: counter() }) } })

// Found by `pnpm sim --seed 292`.
test('P10: what was lost between a reset and the copy that follows it is sent again', async () => {
  world = createWorld({ server: { schema: counted } })
  for (const user of ['ann', 'bob']) await world.server.grant('list', user, 'write')
  const device = world.device()
  const ann = await device.tab({ schema: counted, userId: 'ann' })
  const bob = await world.device().tab({ schema: counted, userId: 'bob' })
  await world.synced(ann, bob)
  const copy = await world.backup()
  await world.synced(ann, bob)
  let body = ''
  device.through(async (request, pass) => {
    const text = request.method === 'POST' ? await request.clone().text() : ''
    if (text.includes('Milk')) body = text
    return pass(request)
  })
  await ann.space('list').todos.insert({ title: 'Milk' })
  await world.synced(ann)
  device.offline()
  await world.restore(copy)
  // In the history that goes on another is first, and what Ann wrote comes by an old body: she loses nothing.
  await bob.space('list').todos.insert({ title: 'Bread' })
  await world.until(async () => expect((await world.dump('list')).seq).toBeGreaterThan(0))
  await world.serve(
    new Request('http://server/holdfast/sync', {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer ann', 'content-type': 'application/json' },
    }),
  )
  expect((await world.dump('list')).tables.todos).toHaveLength(2)
  let isReset = false
  device.through(async (request, pass) => {
    if (isReset) throw new TypeError('fetch failed')
    const response = await pass(request)
    if (request.method !== 'POST') return response
    const text = await response.text()
    isReset = text.includes('"reset"')
    return new Response(text, response)
  })
  device.online()
  await world.until(() => expect(isReset).toBe(true))
  await world.clock.advance(1_000)
  await world.restore(copy)
  device.through(undefined)
  device.online()
  await world.synced(ann, bob)
  await world.clock.advance(60_000)
  await world.synced(ann, bob)
  const titles = ((await world.dump('list')).tables.todos ?? []).map(({ title }) => String(title)).sort()
  expect(titles).toEqual(['Bread', 'Milk'])
})
