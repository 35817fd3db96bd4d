import { defineSchema, string, table } from '@holdfast/shared'
import { afterEach, expect, test } from 'vitest'
import { createWorld, type ScriptedWorld } from './scripted-world.ts'

const schema = defineSchema({ version: 1, tables: { todos: table({ title: string() }) } })
type App = typeof schema

let world: ScriptedWorld<App, Record<never, never>>
afterEach(() => world.close())

async function two() {
  world = createWorld({ server: { schema } })
  for (const user of ['ann', 'bob']) await world.server.grant('s', user, 'write')
  return [await world.client('ann'), await world.client('bob')] as const
}

test('who is online settles; who is offline is waited for by nobody', async () => {
  const [ann, bob] = await two()
  bob.offline()
  await ann.db.space('s').todos.insert({ id: 't', title: 'Milk' })
  await world.settle()
  await world.expectConverged()
  expect(bob.db.todos.get('t')).toBeUndefined()
  bob.online()
  await world.settle()
  expect(bob.db.todos.get('t')?.title).toBe('Milk')
})

test('what differs is said: which record, with whom, and how it stands on the server', async () => {
  const [ann] = await two()
  await ann.db.space('s').todos.insert({ id: 't', title: 'Milk' })
  await expect(world.expectConverged()).rejects.toThrow(
    'todos "t" of s is {"$space":"s","id":"t","title":"Milk"} with ann, and nothing on the server.',
  )
})

test('it says who does not settle, and why', async () => {
  const [ann] = await two()
  ann.device.through(() => new Response('<html>', { status: 502 }))
  ann.db.space('s').todos.insert({ title: 'Milk' })
  await expect(world.settle()).rejects.toThrow(/^ann does not settle: \{"state":/)
})

test('a crash keeps what was stored, and a reload; another tab shows it', async () => {
  const [ann] = await two()
  ann.offline()
  await ann.db.space('s').todos.insert({ id: 't', title: 'Milk' })
  await ann.crash()
  expect(ann.db.todos.get('t')?.title).toBe('Milk')
  await ann.reload()
  expect((await ann.tab()).todos.get('t')?.title).toBe('Milk')
})

test('who was there first settles, too, when another has still to send, and when he is let in where he was not', async () => {
  const [ann, bob] = await two()
  for (let i = 0; i < 4; i++) {
    // Which cuts all streams.
    await world.backup()
    await bob.db.space('s').todos.insert({ id: `t${i}`, title: 'Milk' })
    await world.settle()
    await world.expectConverged()
    expect(ann.db.todos.get(`t${i}`)?.title).toBe('Milk')
    await world.backup()
    await world.server.write((tx) => void tx.space(`list ${i}`).todos?.insert({ title: 'Bread' } as never))
    await world.server.grant(`list ${i}`, 'ann', 'write')
    await expect(world.expectConverged()).rejects.toThrow('is nothing with ann')
    await world.settle()
    await world.expectConverged()
    expect(ann.db.spaces.read()).toContain(`list ${i}`)
  }
})

test('clocks can be days apart, and a server goes back', async () => {
  const [ann, bob] = await two()
  bob.skewClock('-3d')
  const copy = await world.backup()
  await bob.db.space('s').todos.insert({ id: 't', title: 'Milk' })
  await world.settle()
  await world.restore(copy)
  await world.advance('1m')
  await world.settle()
  await world.expectConverged()
  expect(ann.db.todos.get('t')?.title).toBe('Milk')
})
