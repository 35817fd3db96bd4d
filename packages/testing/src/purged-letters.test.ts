// P9: what others wrote leaves a device with the space that it was in, also where own writes carry it (seed 3033648).
import type { Database, DeadLetter } from '@holdfast/client'
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
  return { device, ann, bob }
}

async function putOut({ device, ann }: Pick<Awaited<ReturnType<typeof begin>>, 'device' | 'ann'>): Promise<void> {
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

/** Ann's, who counted what bob has changed since: refused, for that and not for where it was. */
async function refused() {
  const day = await begin()
  const { device, ann, bob } = day
  const write = noteTitle(ann)
  await write
  await bob.space(L).todos.update('a', { title: 'Bread' })
  await world.synced(bob)
  device.online()
  expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'conflict' })
  await world.synced(ann)
  return { ...day, letter: ann.deadLetters.read()[0] as DeadLetter<typeof schema> }
}

test('what was refused before loses it, too, and whoever holds the letter as it was cannot try it again', async () => {
  const { letter, ...day } = await refused()
  expect(letter.retriable).toBe(true)
  await putOut(day)
  expect(await diskText(day.device.indexedDB)).not.toContain(SECRET)
  day.device.offline()
  expect(() => letter.retry()).toThrow(expect.objectContaining({ code: 'revoked' }))
  expect(day.ann.deadLetters.read().length).toBe(1)
})

test.each(['a dead letter', 'what is kept'])('nothing stays with %s where the space was not held here any more', async (what) => {
  const day = what === 'a dead letter' ? await refused() : await begin()
  const { device, ann } = day
  if (what === 'what is kept') {
    const write = noteTitle(ann)
    device.online()
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    await world.synced(ann)
  }
  await ann.space(L).unfollow()
  await world.synced(ann)
  await world.clock.advance(60_000)
  expect(await diskText(device.indexedDB)).toContain(SECRET)
  await world.server.revoke(L, 'ann')
  await ann.sync()
  await world.until(() => expect(ann.spaces.read()).toEqual(['home:ann']))
  await world.synced(ann)
  expect(await diskText(device.indexedDB)).not.toContain(SECRET)
})

test('of one who had written elsewhere, and was applied, nothing stays either; a server that loses it makes a dead letter of it', async () => {
  const day = await begin()
  const { device, ann } = day
  const copy = await world.backup()
  const write = noteTitle(ann)
  device.online()
  expect(await write.confirmed()).toMatchObject({ status: 'applied' })
  await world.synced(ann)
  expect(await diskText(device.indexedDB, ['kept'])).toContain(SECRET)
  await putOut(day)
  expect(await diskText(device.indexedDB)).not.toContain(SECRET)
  expect(ann.home.todos.get('n')).toBeDefined()
  await world.restore(copy)
  await world.server.revoke(L, 'ann')
  await world.until(() => expect(ann.deadLetters.read()).toMatchObject([{ code: 'conflict', retriable: false }]))
  await world.synced(ann)
  expect(ann.home.todos.get('n')).toBeUndefined()
  expect(ann.status.read().restored).toMatchObject({ healing: 0, lost: 1 })
})

test('a space that began here and that a restored server does not know is not taken from anybody: all of it is kept, and retried', async () => {
  let isDown = true
  const validate = ({ changes }: { changes: readonly { after?: object | undefined }[] }) => {
    if (isDown && JSON.stringify(changes).includes('of the hook')) throw new Error('the hook is down')
  }
  world = createWorld({ server: { schema, createSpace: () => true, validate } as never, log: () => undefined } as never)
  const device = world.device()
  const ann: Db = await device.tab({ schema, userId: 'ann' })
  await ann.home.todos.insert({ id: 'h', title: 'Home' })
  await world.synced(ann)
  const copy = await world.backup()
  // More than one request takes: of the space itself the server hears late.
  for (let i = 0; i < 1_100; i++) void ann.home.todos.insert({ title: `${i}` })
  await world.synced(ann)
  const team = ann.spaces.create('team')
  await team.todos.insert({ id: 'a', title: 'Milk', notes: 'one' })
  await world.synced(ann)
  await team.todos.update('a', { notes: 'one two' })
  await world.synced(ann)
  expect(await team.todos.update('a', { notes: 'one two of the hook' }).confirmed()).toMatchObject({ code: 'hook_failed' })
  const notes = async () => (await world.dump(team.id)).tables.todos?.map((row) => row.notes)
  for (const round of [1, 2]) {
    await world.restore(copy)
    device.cutLines()
    await world.until(async () => expect(await notes(), `${round}`).toEqual(['one two']))
    await world.synced(ann)
    await world.clock.advance(60_000)
    await world.synced(ann)
    expect(ann.deadLetters.read()).toMatchObject([{ code: 'hook_failed', retriable: true }])
  }
  isDown = false
  expect(await ann.deadLetters.read()[0]?.retry().confirmed()).toMatchObject({ status: 'applied' })
  expect(await notes()).toEqual(['one two of the hook'])
})

test('a letter that is discarded while the server is asked stays away, and hinders no sign-out', async () => {
  const { device, ann } = await begin()
  await ann.todos.update('a', { title: 'Bread' })
  await world.server.revoke(L, 'ann')
  let answer: (() => void) | undefined
  device.through(async (request, pass) => {
    const isVoid = request.url.endsWith('/sync') && (await request.clone().text()).includes('purged')
    const response = await pass(request)
    if (isVoid)
      await new Promise<void>((resolve) => {
        answer = resolve
      })
    return response
  })
  device.online()
  await world.until(() => expect(answer).toBeDefined())
  expect(ann.deadLetters.read()).toMatchObject([{ code: 'revoked' }])
  await ann.deadLetters.read()[0]?.discard()
  expect(ann.deadLetters.read()).toEqual([])
  answer?.()
  await world.synced(ann)
  expect(ann.deadLetters.read()).toEqual([])
  await world.meanwhile(ann.erase())
})
