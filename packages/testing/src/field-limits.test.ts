import { defineSchema, map, set, siblings, string, table, threeWay } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { createWorld } from './world.ts'

// How much one field holds: a device knows it at the call, as the server does.

const schema = defineSchema({
  version: 1,
  tables: { items: table({ text: string().default('').merge(siblings), tags: set(string()), notes: map(string()) }) },
})
const QUARTER = 'x'.repeat(250_000)

test('a set or map that would hold more than one field may is refused at the call, and made smaller it takes more', async () => {
  const world = createWorld({ server: { schema } })
  const db = await world.device().tab({ schema, userId: 'ann' })
  db.home.items.insert({ id: 'i' })
  for (const key of '1234') db.home.items.setKey('i', 'notes', key, QUARTER)
  for (const tag of '1234') db.home.items.add('i', 'tags', tag + QUARTER)
  const tooLarge = expect.objectContaining({ code: 'too_large' })
  expect(() => db.home.items.setKey('i', 'notes', '5', QUARTER)).toThrow(tooLarge)
  expect(() => db.home.items.add('i', 'tags', `5${QUARTER}`)).toThrow(tooLarge)
  db.home.items.deleteKey('i', 'notes', '1')
  db.home.items.remove('i', 'tags', `1${QUARTER}`)
  db.home.items.setKey('i', 'notes', '5', QUARTER)
  db.home.items.add('i', 'tags', `5${QUARTER}`)
  await world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, deadLetters: 0 }))
  expect(Object.keys(db.home.items.get('i')?.notes ?? {})).toEqual(['2', '3', '4', '5'])
})

test('who writes while sixty-four others do, none of whom he has seen, finds that out when he has heard of them', async () => {
  const world = createWorld({ server: { schema } })
  const names = Array.from({ length: 66 }, (_, i) => `user-${i}`)
  for (const name of names) await world.server.grant('s', name, 'write')
  const people = await Promise.all(names.map(async (name) => ({ name, device: world.device() })))
  const tabs = await Promise.all(people.map(async ({ name, device }) => await device.tab({ schema, userId: name })))
  const [writer, ...others] = tabs
  writer?.space('s').items.insert({ id: 'i' })
  for (const db of tabs) await world.until(() => expect(db.items.get('i')).toBeDefined())
  for (const { device } of people) device.offline()
  for (const [i, db] of others.entries()) db.space('s').items.update('i', { text: `v${i}` })
  const last = others.at(-1)
  for (const { device } of people) device.online()
  await world.until(() => expect(tabs.map((db) => db.status.read().state)).toEqual(tabs.map(() => 'synced')))
  const refused = others.flatMap((db) => db.deadLetters.read())
  expect(refused).toMatchObject([{ code: 'too_large' }])
  expect(last?.items.get('i')?.text).toHaveLength(64)
})

test('who writes alone offline, long text again and again, is not refused for what he built on', async () => {
  const notes = defineSchema({
    version: 1,
    tables: { notes: table({ text: string().merge(threeWay(({ base, theirs, mine }) => theirs + mine.slice(base.length))) }) },
  })
  const world = createWorld({ server: { schema: notes } })
  const device = world.device()
  const db = await device.tab({ schema: notes, userId: 'ann' })
  db.home.notes.insert({ id: 'n', text: 'x'.repeat(70_000) })
  await world.synced(db)
  device.offline()
  for (let i = 0; i < 20; i++) db.home.notes.update('n', { text: `${db.notes.get('n')?.text}y` })
  device.online()
  await world.synced(db)
  expect(db.deadLetters.read()).toEqual([])
  expect(db.notes.get('n')?.text).toHaveLength(70_020)
})
