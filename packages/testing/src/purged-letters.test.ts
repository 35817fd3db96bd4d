// P9: what others wrote leaves a device with the space that it was in, also where own writes carry it (seed 3033648).
import type { Database } from '@holdfast/client'
import { conflicting, defineSchema, set, string, table, threeWay } from '@holdfast/shared'
import { afterEach, expect, test } from 'vitest'
import { diskText } from './raw-store.ts'
import { createWorld, type World } from './world.ts'

const L = 'list'
const SECRET = 'SECRET of bob'
const SERIALIZABLE = { isolation: 'serializable' } as const
const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      tags: set(string()),
      notes: string()
        .default('')
        .merge(threeWay(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : conflicting(theirs)))),
    }),
  },
})
type Db = Database<typeof schema>

let world: World
afterEach(() => world.close())

/** Ann's, in a list with words of bob's. */
async function begin() {
  world = createWorld({ server: { schema } as never })
  const [device, other] = [world.device(), world.device()]
  const [ann, bob]: [Db, Db] = [await device.tab({ schema, userId: 'ann' }), await other.tab({ schema, userId: 'bob' })]
  for (const user of ['ann', 'bob']) await world.server.grant(L, user, 'write')
  await world.synced(ann, bob)
  await bob.space(L).todos.insert({ id: 'a', title: 'Milk', tags: [`${SECRET} in tags`], notes: `${SECRET} in notes` })
  await world.synced(ann, bob)
  await world.until(() => expect(ann.todos.get('a')).toBeDefined())
  device.offline()
  return { device, ann }
}

async function putOut({ device, ann }: Awaited<ReturnType<typeof begin>>): Promise<void> {
  await world.server.revoke(L, 'ann')
  device.online()
  await world.until(() => expect(ann.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
}

/** Writes what was read, which has an own change that is not decided in it: so it is sent along with what it looked like. */
function noteTitle(db: Db) {
  void db.todos.add('a', 'tags', 'mine')
  return db.write((tx) => void (tx.todos.get('a') && tx.home.todos.insert({ id: 'n', title: 'I have looked' })), SERIALIZABLE)
}

const WRITES = {
  'read there, and wrote elsewhere': noteTitle,
  'wrote where a merge goes by what was there': (db: Db) => db.todos.update('a', { notes: `${SECRET} in notes, and mine` }),
}

test.each(Object.entries(WRITES))('of one who %s nothing stays with the dead letter, and it is not proposed again', async (_, write) => {
  const day = await begin()
  const { device, ann } = day
  write(ann)
  expect(await diskText(device.indexedDB)).toContain(SECRET)
  await putOut(day)
  const isMine = (text: string) => text.replaceAll(`${SECRET} in notes, and mine`, '')
  expect(isMine(await diskText(device.indexedDB))).not.toContain(SECRET)
  const letters = ann.deadLetters.read()
  const letter = letters.find(({ retriable }) => !retriable)
  expect(letter).toMatchObject({ waits: false })
  // A vote or a word that was added needs nothing of others to be decided.
  expect(letters.filter(({ retriable }) => retriable).map(({ summary }) => summary)).toEqual(
    write === noteTitle ? [['add to tags of todos a: ["mine"]']] : [],
  )
  await world.server.grant(L, 'ann', 'write')
  await world.until(() => expect(ann.todos.get('a')).toBeDefined())
  expect(() => letter?.retry()).toThrow(expect.objectContaining({ code: 'revoked' }))
  // What is on the disk says the same to the next who opens it.
  await ann.close()
  const again: Db = await device.tab({ schema, userId: 'ann' })
  expect(again.deadLetters.read().map(({ retriable }) => retriable)).toEqual(letters.map(({ retriable }) => retriable))
  const [first] = again.deadLetters.read().filter(({ retriable }) => !retriable)
  expect(await first?.replace((tx) => tx.home.todos.insert({ id: 'anew', title: 'Anew' })).confirmed()).toMatchObject({ status: 'applied' })
  expect(again.deadLetters.read().filter(({ retriable }) => !retriable)).toEqual([])
})

test('of one who had written elsewhere, and was applied, nothing stays either', async () => {
  const day = await begin()
  const { device, ann } = day
  const write = noteTitle(ann)
  device.online()
  expect(await write.confirmed()).toMatchObject({ status: 'applied' })
  await world.synced(ann)
  expect(await diskText(device.indexedDB, ['kept'])).toContain(SECRET)
  await putOut(day)
  expect(await diskText(device.indexedDB)).not.toContain(SECRET)
  expect(ann.home.todos.get('n')).toBeDefined()
})
