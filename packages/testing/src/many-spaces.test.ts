import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { createWorld } from './world.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

// P11. Each space has a cursor in a pull, and what a reload finds held is proven at once.
test('a device of thousands of spaces goes on syncing after a reload', async () => {
  const world = createWorld({ server: { schema } })
  const names = Array.from({ length: 3_000 }, (_, i) => `s${i}`)
  for (const space of names) await world.server.grant(space, 'ann', 'write')
  const device = world.device()
  const first = await device.tab({ schema, userId: 'ann' })
  await world.synced(first)
  await first.close()

  const db = await device.tab({ schema, userId: 'ann' })
  expect(db.spaces.read().length).toBe(names.length + 1)
  db.space('s2999').notes.insert({ id: 'n', v: 'here' })
  await world.synced(db)
  expect((await world.dump('s2999')).tables.notes).toMatchObject([{ id: 'n', v: 'here' }])
  await world.close()
})
