import type { Database } from '@holdfast/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testSchema as schema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

// P2, P6: a reset takes away what its author had seen of this record, and nothing of an earlier one of its name (found by the simulator).

type Db = Database<typeof schema>
/** What a database and a transaction both have. */
interface Verbs {
  readonly todos: { delete(id: string): unknown }
  readonly home: { readonly todos: { insert(values: { readonly id: string; readonly title: string }): unknown } }
}
let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => world.close())

const again = ({ todos, home }: Verbs) => {
  todos.delete('r')
  home.todos.insert({ id: 'r', title: 'Milk again' })
}

const ways: readonly (readonly [how: string, write: (db: Db) => unknown])[] = [
  ['in one write after the other', (db) => [again(db), db.todos.increment('r', 'votes', 1), db.todos.reset('r', 'votes', 7)]],
  [
    'in one transaction',
    (db) =>
      db.write((tx) => {
        again(tx)
        tx.todos.increment('r', 'votes', 1)
        tx.todos.reset('r', 'votes', 7)
      }),
  ],
  [
    'on top of one that is deleted already',
    (db) => [
      db.todos.delete('r'),
      db.write((tx) => {
        tx.home.todos.insert({ id: 'r', title: 'Milk again' })
        tx.todos.reset('r', 'votes', 7)
      }),
    ],
  ],
  [
    'which had been counted without network, too',
    (db) => [db.todos.increment('r', 'votes', 5), again(db), db.todos.reset('r', 'votes', 7)],
  ],
  [
    'by an upsert that begins it',
    (db) => [db.todos.delete('r'), db.home.todos.upsert('r', { title: 'x' }), db.todos.reset('r', 'votes', 7)],
  ],
  [
    'that was restored, and is the same',
    (db) => [db.todos.increment('r', 'votes', 5), db.todos.delete('r'), db.home.todos.restore('r'), db.todos.reset('r', 'votes', 7)],
  ],
]

test.each(ways)('a counter that is reset in a record that was deleted and made anew is what it was reset to: %s', async (_, write) => {
  const device = world.device()
  const db: Db = await device.tab({ schema, userId: 'ann' })
  await db.home.todos.insert({ id: 'r', title: 'Milk' })
  await db.todos.increment('r', 'votes', 2)
  await world.synced(db)
  device.offline()
  write(db)
  expect(db.todos.get('r')?.votes).toBe(7)
  device.online()
  await world.synced(db)
  expect(db.todos.get('r')?.votes).toBe(7)
  expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ id: 'r', votes: 7 }])
})

test('what another one counts meanwhile is counted on, in the record that is there', async () => {
  const [phone, laptop] = [world.device(), world.device()]
  const [here, there]: readonly Db[] = [await phone.tab({ schema, userId: 'ann' }), await laptop.tab({ schema, userId: 'ann' })]
  if (!here || !there) throw new Error('two tabs')
  await here.home.todos.insert({ id: 'r', title: 'Milk' })
  await world.synced(here, there)
  phone.offline()
  await here.todos.increment('r', 'votes', 1)
  await here.todos.reset('r', 'votes', 0)
  await there.todos.increment('r', 'votes', 10)
  await world.synced(there)
  phone.online()
  await world.synced(here, there)
  for (const db of [here, there]) expect(db.todos.get('r')?.votes).toBe(10)
})
