import { defineSchema, string, table } from '@holdfast/shared'
import { afterEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

// P11 for somebody who is in thousands of spaces.

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })
let world: World
afterEach(() => world.close())

async function begin(spaces: number) {
  world = createWorld({ server: { schema } })
  for (let i = 0; i < spaces; i++) await world.server.grant(`s${i}`, 'ann', 'write')
  const device = world.device()
  const db = await device.tab({ schema, userId: 'ann' })
  await world.synced(db)
  return { device, db }
}

test('a device goes on syncing after a reload, when a pull proves each of its spaces', async () => {
  const { device, db: first } = await begin(3_000)
  await first.close()
  const db = await device.tab({ schema, userId: 'ann' })
  expect(db.spaces.read().length).toBe(3_001)
  db.space('s2999').notes.insert({ id: 'n', v: 'here' })
  await world.synced(db)
  expect((await world.dump('s2999')).tables.notes).toMatchObject([{ id: 'n', v: 'here' }])
})

test('who follows more spaces than an address has room for is told at once what others write', async () => {
  const { device, db } = await begin(1_000)
  device.through((request, pass) => {
    if (request.url.length > 8_000) throw new TypeError('fetch failed')
    return pass(request)
  })
  db.space('s0').unfollow()
  await world.synced(db)
  expect(db.spaces.read().length).toBe(1_001)
  const bob = await world.device().tab({ schema, userId: 'bob' })
  await world.server.grant('s999', 'bob', 'write')
  await world.until(() => expect(bob.space('s999').state.read()).toMatchObject({ is: 'ready' }))
  // Long enough for a device without a stream to ask seldom.
  await world.clock.advance(600_000)
  await bob.space('s999').notes.insert({ id: 'n', v: 'of bob' })
  await world.until(() => expect(db.notes.get('n')).toMatchObject({ v: 'of bob' }), 1_000)
})
