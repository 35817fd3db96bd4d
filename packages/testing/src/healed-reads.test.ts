// What a write rests on, where that was of a history which the server lost (P8, P10, schedules.md 9 and 13).
import type { Database } from '@holdfast/client'
import { defineSchema, set, strict, string, table } from '@holdfast/shared'
import { afterEach, describe, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

const L = 'list'
const SERIALIZABLE = { isolation: 'serializable' } as const
const schema = defineSchema({
  version: 1,
  tables: { todos: table({ title: string(), state: string().default('').merge(strict), tags: set(string()) }) },
})
type Db = Database<typeof schema>

let isBreadRefused = false
const validate = ({ changes }: { changes: readonly { after?: object | undefined }[] }) => {
  if (isBreadRefused && changes.some(({ after }) => (after as { title?: string } | undefined)?.title === 'Bread'))
    throw new Error('no bread')
}

let world: World
afterEach(() => world.close())

async function begin() {
  isBreadRefused = false
  world = createWorld({ server: { schema, validate } as never })
  await Promise.all(['ann', 'bob'].map((user) => world.server.grant(L, user, 'write')))
  const [one, two] = [world.device(), world.device()]
  const tabs = { ann: () => one.tab({ schema, userId: 'ann' }), bob: () => two.tab({ schema, userId: 'bob' }) }
  const [ann, bob]: [Db, Db] = [await tabs.ann(), await tabs.bob()]
  for (const id of ['a', 'b']) await ann.space(L).todos.insert({ id, title: 'Milk' })
  await world.synced(ann, bob)
  await world.until(() => expect(bob.todos.read().length).toBe(2))
  const copy = await world.backup()
  await world.synced(ann, bob)
  return { one, two, ann, bob, copy, tabs }
}

const count = (db: Db) =>
  db.write((tx) => {
    const found = tx.space(L).todos.where({ title: 'Bread' }).count().read()
    tx.space(L).todos.update('b', { title: `count ${found}` })
  }, SERIALIZABLE)

describe('serializable', () => {
  test('what counted a value of the lost history, which nobody brings back, is refused', async () => {
    const { one, two, ann, bob, copy } = await begin()
    await ann.space(L).todos.update('a', { title: 'Bread' })
    await world.synced(ann, bob)
    await world.until(() => expect(bob.todos.get('a')?.title).toBe('Bread'))
    one.offline()
    two.offline()
    const write = count(bob)
    await world.restore(copy)
    two.online()
    expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'conflict' })
    expect(bob.deadLetters.read()).toMatchObject([
      { code: 'conflict', message: 'What this was based on was lost when the server was restored.' },
    ])
    await world.until(() => expect(bob.todos.get('b')?.title).toBe('Milk'))
  })

  test('what counted own values of it goes in, after them', async () => {
    const { bob, copy } = await begin()
    await bob.space(L).todos.update('a', { title: 'Bread' })
    const write = count(bob)
    await write
    await world.synced(bob)
    await count(bob)
    await world.synced(bob)
    await world.restore(copy)
    await world.until(async () => expect((await world.dump(L)).tables.todos).toMatchObject([{ title: 'Bread' }, { title: 'count 1' }]))
    await world.synced(bob)
    expect(bob.deadLetters.read()).toEqual([])
  })

  test('what counted an own value that the server refuses by now is refused, too', async () => {
    const { bob, copy } = await begin()
    await bob.space(L).todos.update('a', { title: 'Bread' })
    await world.synced(bob)
    await count(bob)
    await world.synced(bob)
    isBreadRefused = true
    await world.restore(copy)
    await world.until(() => expect(bob.deadLetters.read().map(({ code }) => code)).toEqual(['hook_failed', 'conflict']))
    await world.synced(bob)
    expect((await world.dump(L)).tables.todos).toMatchObject([{ title: 'Milk' }, { title: 'Milk' }])
  })
})

test('a write of a later session has seen what its device sends again', async () => {
  const { two, bob, copy, tabs } = await begin()
  await bob.space(L).todos.update('a', { state: 'open' })
  await world.synced(bob)
  await bob.close()
  const again = await tabs.bob()
  two.offline()
  const write = again.space(L).todos.update('a', { state: 'done' })
  await write
  await world.restore(copy)
  two.online()
  expect(await write.confirmed()).toMatchObject({ status: 'applied' })
})

test.each([
  ['at once', false],
  ['after a reload, when all of that is confirmed', true],
])('…and so has what is tried again %s', async (_, reloads) => {
  const { bob, copy, tabs } = await begin()
  await bob.write((tx) => {
    tx.space(L).todos.update('a', { state: 'open' })
    tx.space(L).todos.add('b', 'tags', 'x')
  })
  await world.synced(bob)
  await bob.close()
  let again: Db = await tabs.bob()
  await world.synced(again)
  isBreadRefused = true
  await again.write((tx) => {
    tx.space(L).todos.update('a', { title: 'Bread', state: 'done' })
    tx.space(L).todos.remove('b', 'tags', 'x')
  })
  await world.until(() => expect(again.deadLetters.read()).toHaveLength(1))
  await world.restore(copy)
  await world.clock.advance(60_000)
  await world.synced(again)
  expect(again.todos.get('b')?.tags).toEqual(['x'])
  if (reloads) {
    await again.close()
    again = await tabs.bob()
    await world.synced(again)
  }
  isBreadRefused = false
  expect(await again.deadLetters.read()[0]?.retry().confirmed()).toMatchObject({ status: 'applied' })
  await world.synced(again)
  expect(again.todos.read()).toMatchObject([{ title: 'Bread', state: 'done' }, { tags: [] }])
})

// Found by `pnpm sim --seed 1169`.
test('P7: what a restored server refused is listed also by a disk that goes back to before it heard of that', async () => {
  const { two, bob, copy } = await begin()
  await bob.space(L).todos.update('a', { title: 'Bread' })
  await world.synced(bob)
  await count(bob)
  await bob.space(L).todos.insert({ id: 'c', title: 'Butter' })
  await world.synced(bob)
  const older = await two.copyDisk()
  isBreadRefused = true
  await world.restore(copy)
  await world.until(() => expect(bob.deadLetters.read().map(({ code }) => code)).toEqual(['hook_failed', 'conflict']))
  await world.synced(bob)
  await bob.close()
  const again: Db = await world.device({ indexedDB: older }).tab({ schema, userId: 'bob' })
  await world.until(() => expect(again.deadLetters.read().map(({ code }) => code)).toEqual(['hook_failed', 'conflict']))
  await world.synced(again)
  expect(again.todos.get('c')?.title).toBe('Butter')
  expect((await world.dump(L)).tables.todos).toMatchObject([{ title: 'Milk' }, { title: 'Milk' }, { title: 'Butter' }])
})

// Found by `pnpm sim --seed 3003479`.
test('P7: what comes after a write that is asked for again, in a space that nothing happened to, is not forgotten, nor shown twice', async () => {
  const { one, two, ann, bob, copy } = await begin()
  one.offline()
  bob.space(L).todos.insert({ id: 'c', title: 'Butter' })
  await world.synced(bob)
  one.online()
  await world.until(() => expect(ann.todos.get('c')?.title).toBe('Butter'))
  const first = ann.space(L).todos.insert({ id: 'd', title: 'Flour' })
  const second = ann.home.todos.insert({ id: 'e', title: 'Salt' })
  await world.synced(ann)
  const older = await one.copyDisk()
  two.offline()
  await world.restore(copy)
  // Without Bob the list has another history; what is Ann's own has the same.
  await world.synced(ann)
  await ann.close()
  const again: Db = await world.device({ indexedDB: older }).tab({ schema, userId: 'ann' })
  let most = 0
  again.home.todos.subscribe((rows) => {
    most = Math.max(most, rows.length)
  })
  await world.synced(again)
  await world.clock.advance(10_000)
  for (const { id } of [first, second]) expect(await again.verdict(id)).toMatchObject({ status: 'applied' })
  expect(again.home.todos.read()).toMatchObject([{ id: 'e', title: 'Salt' }])
  expect(most).toBe(1)
})

test.each([false, true])(
  'P8: what a disk had to fetch again (%s) is no history that was lost: serializable writes are healed',
  async (isBroken) => {
    world = createWorld({ server: { schema } } as never)
    await Promise.all(['ann', 'bob'].map((user) => world.server.grant(L, user, 'write')))
    const [one, two] = [world.device(), world.device()]
    const ann: Db = await one.tab({ schema, userId: 'ann' })
    for (let i = 0; i < 30; i++) ann.space(L).todos.insert({ id: `t${i}`, title: 'Milk' })
    await world.synced(ann)
    let bob: Db = await two.tab({ schema, userId: 'bob' })
    await world.synced(ann, bob)
    const copy = await world.backup()
    await world.synced(ann, bob)
    await bob.space(L).todos.update('t1', { title: 'Bread' })
    await world.synced(bob)
    await bob.write((tx) => {
      const found = tx.space(L).todos.where({ title: 'Bread' }).count().read()
      tx.space(L).todos.update('t2', { title: `count ${found}` })
    }, SERIALIZABLE)
    await world.synced(bob)
    await bob.close()
    while (isBroken && two.disk.damage(0, 0));
    bob = await two.tab({ schema, userId: 'bob' })
    await world.synced(bob)
    await world.clock.advance(10_000)
    await world.restore(copy)
    await world.clock.advance(30_000)
    await world.synced(bob)
    expect(bob.deadLetters.read().map(({ code }) => code)).toEqual([])
    const rows = (await world.dump(L)).tables.todos
    expect(rows?.filter(({ id }) => id === 't1' || id === 't2')).toMatchObject([{ title: 'Bread' }, { title: 'count 1' }])
  },
)
