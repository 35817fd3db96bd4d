import { createSyncServer } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { sqlite } from '@holdfast/server/sqlite'
import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDevice, eventually } from './device.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean().default(false), votes: counter(), tags: set(string()) }).index('done', 'title'),
  },
})

describe('two devices and a server', () => {
  let server: ReturnType<typeof createSyncServer>
  const devices: ReturnType<typeof createDevice>[] = []
  const device = () => {
    const one = createDevice((request) => server.fetch(request))
    devices.push(one)
    return one
  }
  beforeEach(() => {
    server = createSyncServer({ schema, storage: sqlite(':memory:'), authenticate: unsafeTrustToken })
  })
  afterEach(async () => {
    for (const one of devices.splice(0)) await one.close()
    await server.close()
  })

  test('a table may have several fields of a kind, each changed by its name', async () => {
    const two = defineSchema({
      version: 1,
      tables: { games: table({ home: counter(), guests: counter(), a: set(string()), b: set(string()) }) },
    })
    server = createSyncServer({ schema: two, storage: sqlite(':memory:'), authenticate: unsafeTrustToken })
    const db = await device().tab({ schema: two, userId: 'ann' })
    const id = db.home.games.insert({}).value
    db.games.increment(id, 'home', 2)
    db.games.increment(id, 'guests')
    await db.games.add(id, 'b', 'x').confirmed({ within: '5s' })
    expect(db.games.get(id)).toMatchObject({ home: 2, guests: 1, a: [], b: ['x'] })
  })

  test('a write is on screen at once, stored when awaited, decided when confirmed', async () => {
    const db = await device().tab({ schema, userId: 'ann' })
    const write = db.home.todos.insert({ title: 'Milk', tags: ['shop'] })
    expect(db.todos.read()).toMatchObject([{ title: 'Milk', done: false, votes: 0, tags: ['shop'] }])
    const id = await write
    await db.home.todos.increment(id, 'votes')
    expect(await write.confirmed({ within: '5s' })).toMatchObject({ status: 'applied' })
    await eventually(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
    expect(db.todos.get(id)).toMatchObject({ title: 'Milk', votes: 1 })
  })

  test('a second device of the user sees it, live', async () => {
    const one = await device().tab({ schema, userId: 'ann' })
    const two = await device().tab({ schema, userId: 'ann' })
    await eventually(() => expect(two.status.read().state).toBe('synced'))
    const id = await one.home.todos.insert({ title: 'Milk' })
    await eventually(() => expect(two.todos.get(id)?.title).toBe('Milk'))
  })

  test('both edit offline and agree', async () => {
    const first = device()
    const second = device()
    const one = await first.tab({ schema, userId: 'ann' })
    const two = await second.tab({ schema, userId: 'ann' })
    const id = await one.home.todos.insert({ title: 'Milk', tags: ['shop'] })
    await eventually(() => expect(two.todos.get(id)?.title).toBe('Milk'))
    first.offline()
    second.offline()
    one.todos.update(id, { title: 'Oat milk' })
    one.todos.increment(id, 'votes')
    one.todos.add(id, 'tags', 'shop', 'vegan')
    await new Promise((resolve) => setTimeout(resolve, 5))
    two.todos.update(id, { title: 'Rice milk' })
    two.todos.increment(id, 'votes')
    two.todos.remove(id, 'tags', 'shop')
    second.online()
    await eventually(() => expect(two.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
    first.online()
    await eventually(() => {
      const row = { title: 'Rice milk', votes: 2, tags: ['shop', 'vegan'] }
      expect(one.todos.get(id)).toMatchObject(row)
      expect(two.todos.get(id)).toMatchObject(row)
      expect(one.status.read()).toMatchObject({ state: 'synced', pending: 0 })
    })
    expect(one.conflicts.read()).toMatchObject([
      { kind: 'value', field: 'title', record: id, dropped: { value: 'Oat milk' }, kept: { value: 'Rice milk' } },
    ])
  })
})
