import { explain } from '@holdfast/client/explain'
import { counter, defineSchema, first, siblings, string, table } from '@holdfast/shared'
import { afterEach, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { createWorld, type World } from './world.ts'

// schedules.md 25: who, when and why a record shows what it shows, as far as its device knows.

const schema = defineSchema({
  version: 1,
  tables: {
    cards: table({
      title: string(),
      owner: string().default('').merge(first),
      names: string().default('').merge(siblings),
      votes: counter(),
    }),
  },
})
let world: World
afterEach(() => world.close())

const tabOf = (device: Device, userId: string) => device.tab({ schema, userId })

async function begin() {
  world = createWorld({ server: { schema } })
  for (const user of ['ann', 'bob']) await world.server.grant('s', user, 'write')
  const [first, second] = [world.device(), world.device()]
  const [ann, bob] = [await tabOf(first, 'ann'), await tabOf(second, 'bob')]
  await world.synced(ann, bob)
  const insert = ann.space('s').cards.insert({ id: 'c', title: 'Milk' })
  await world.synced(ann)
  await world.until(() => expect(bob.cards.get('c')?.title).toBe('Milk'))
  return { first, second, ann, bob, insert }
}

test('what is confirmed: value, policy, who and when', async () => {
  const { ann, insert } = await begin()
  const found = explain(ann, 'cards', 'c')
  expect(found).toMatchObject({ space: 's', id: 'c', deleted: false })
  expect(found?.fields.title).toEqual({
    value: 'Milk',
    policy: 'latest',
    userId: 'ann',
    at: expect.any(Number),
    is: 'confirmed',
    heads: [{ write: insert.id, userId: 'ann', at: found?.fields.title.at, is: 'confirmed' }],
    pending: [],
  })
  expect(Math.abs((found?.fields.title.at ?? 0) - world.clock.now())).toBeLessThan(120_000)
  expect(found?.fields.votes).toMatchObject({ value: 0, policy: 'counter', is: 'confirmed' })
  expect(explain(ann, 'cards', 'nowhere')).toBeUndefined()
})

test('what waits: which writes, by their labels, and what the screen shows because of them', async () => {
  const { first, ann } = await begin()
  first.offline()
  const rename = ann.write((tx) => tx.cards.update('c', { title: 'Oat milk' }), { label: 'rename' })
  ann.cards.increment('c', 'votes')
  const fields = explain(ann, 'cards', 'c')?.fields
  expect(fields?.title).toMatchObject({
    value: 'Oat milk',
    userId: 'ann',
    is: 'predicted',
    heads: [{ write: rename.id, is: 'predicted' }],
    pending: [{ write: rename.id, label: 'rename', is: 'waiting' }],
  })
  expect(fields?.votes).toMatchObject({ value: 1, is: 'predicted', pending: [{ label: null }] })
  expect(fields?.owner).toMatchObject({ is: 'confirmed', pending: [] })
  const remove = ann.cards.delete('c')
  const gone = explain(ann, 'cards', 'c')
  expect(gone?.deleted).toBe(true)
  expect(gone?.fields.owner.pending).toMatchObject([{ write: remove.id, is: 'waiting' }])
})

test('concurrent values: all their heads, and which of them decides', async () => {
  const { first, second, ann, bob } = await begin()
  first.offline()
  second.offline()
  const his = bob.cards.update('c', { title: 'Rice milk', owner: 'bob', names: 'b' })
  await world.clock.advance(1_000)
  const hers = ann.cards.update('c', { title: 'Oat milk', owner: 'ann', names: 'a' })
  second.online()
  await world.synced(bob)
  first.online()
  await world.synced(ann, bob)
  await world.until(() => expect(bob.cards.get('c')).toEqual(ann.cards.get('c')))
  const fields = explain(ann, 'cards', 'c')?.fields
  expect(fields?.title).toMatchObject({ value: 'Oat milk', userId: 'ann' })
  expect(fields?.title.heads.map(({ write }) => write).sort()).toEqual([his.id, hers.id].sort())
  expect(fields?.owner).toMatchObject({
    value: 'bob',
    userId: 'bob',
    heads: [
      { write: his.id, userId: 'bob' },
      { write: hers.id, userId: 'ann' },
    ],
  })
  expect(fields?.owner.at).toBe(fields?.owner.heads[0]?.at)
  expect(fields?.names.heads.map(({ value }) => value).sort()).toEqual(['a', 'b'])
  // One that has seen them all leaves its own.
  const last = ann.cards.update('c', { title: 'Soy milk', names: 'c' })
  await world.synced(ann)
  expect(explain(ann, 'cards', 'c')?.fields).toMatchObject({ title: { heads: [{ write: last.id }] }, names: { heads: [{ value: 'c' }] } })
})

test('after a reload, and on a device that comes later', async () => {
  const { first, ann } = await begin()
  await ann.cards.update('c', { title: 'Oat milk' })
  await world.synced(ann)
  await ann.close()
  const again = await tabOf(first, 'ann')
  await world.synced(again)
  expect(explain(again, 'cards', 'c')?.fields.title).toMatchObject({ value: 'Oat milk', userId: 'ann', is: 'confirmed' })
  const fresh = await tabOf(world.device(), 'ann')
  await world.synced(fresh)
  expect(explain(fresh, 'cards', 'c')?.fields.title).toMatchObject({ value: 'Oat milk', userId: 'ann', is: 'confirmed' })
})

test('an id in two spaces: the space has to be named; the types are those of the table', async () => {
  const { ann } = await begin()
  await ann.home.cards.insert({ id: 'c', title: 'Bread' })
  expect(() => explain(ann, 'cards', 'c')).toThrow(expect.objectContaining({ code: 'ambiguous_id' }))
  const title: string | undefined = explain(ann, 'cards', 'c', { space: 's' })?.fields.title.value
  expect(title).toBe('Milk')
  // @ts-expect-error no such table
  expect(explain(ann, 'lists', 'c')).toBeUndefined()
  // @ts-expect-error no such field
  expect(explain(ann, 'cards', 'c', { space: 's' })?.fields.colour).toBeUndefined()
})
