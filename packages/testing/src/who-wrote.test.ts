import { userOf } from '@holdfast/client/internal/core/user-of'
import { internalsOf } from '@holdfast/client/internal/internals'
import type { SyncServer } from '@holdfast/server'
import { recordHeads } from '@holdfast/shared/internal/merge/record'
import { expect, test } from 'vitest'
import { diskText } from './raw-store.ts'
import { app, schema } from './sharing/app.ts'
import { createList, type Db, openLink, shareLink } from './sharing/lists.ts'
import { useSharing } from './sharing-world.ts'

const sharing = useSharing()
const { begin, person, settled, titles } = sharing

/** Who wrote what base has of each to-do, by its title. */
function authors(db: Db): Record<string, (string | null)[]> {
  const { replica, userId } = internalsOf(db)
  const found: Record<string, (string | null)[]> = {}
  for (const { title, id, $space } of db.todos.read()) {
    const record = replica.view.base($space, 'todos', id)
    const heads = record ? [...recordHeads(schema.tables.todos, record)] : []
    found[title] = [...new Set(heads.map(({ by }) => userOf(replica, by, userId)))]
  }
  return found
}

/** Ann's list, which Bob has joined. */
async function together() {
  begin()
  const [ann, bob] = [await person('ann'), await person('bob')]
  const list = createList(ann.db, 'Party')
  await list.todos.insert({ title: 'Cake' })
  await settled(ann)
  const joining = openLink(bob.db, await shareLink(ann.db, list), () => undefined)
  await sharing.world.clock.advance(1_000)
  const shared = await joining
  if (!shared) throw new Error('not joined')
  return { ann, bob, list, shared }
}

const openAgain = async (device: Awaited<ReturnType<typeof person>>['device'], db: { close(): Promise<void> }, userId: string) => {
  await db.close()
  const again: Db = await device.tab({ ...app, userId })
  return again
}

test('a device knows who wrote a change: after a pull, after a frame, after a reload; also offline', async () => {
  const { ann, bob, list, shared } = await together()
  expect(authors(bob.db)).toEqual({ Cake: ['ann'] })
  expect(authors(ann.db)).toEqual({ Cake: ['ann'] })

  let pulls = 0
  bob.device.through(async (request, pass) => {
    if (request.url.endsWith('/sync')) pulls++
    return await pass(request)
  })
  await list.todos.insert({ title: 'Candles' })
  const server = sharing.world.server as unknown as SyncServer<typeof schema>
  await server.write((tx) => void tx.space(list.id).todos.insert({ title: 'Rent' }))
  await sharing.world.until(() => expect(titles(bob.db)).toEqual(['Cake', 'Candles', 'Rent']))
  expect(pulls).toBe(0)
  expect(authors(bob.db)).toEqual({ Cake: ['ann'], Candles: ['ann'], Rent: [null] })

  const cake = shared.todos.read().find(({ title }) => title === 'Cake')?.id ?? ''
  await shared.todos.update(cake, { done: true })
  await settled(ann, bob)
  await sharing.world.until(() => expect(authors(ann.db).Cake).toEqual(['ann', 'bob']))
  bob.device.offline()
  const again = await openAgain(bob.device, bob.db, 'bob')
  expect(authors(again)).toEqual({ Cake: ['ann', 'bob'], Candles: ['ann'], Rent: [null] })
})

test('another device of a user takes what he wrote for his own, and what others wrote for theirs', async () => {
  const { ann, bob, shared } = await together()
  await shared.todos.insert({ title: 'Juice' })
  await settled(bob)
  const second = await person('bob')
  expect(authors(second.db)).toEqual({ Cake: ['ann'], Juice: ['bob'] })
  await shared.todos.insert({ title: 'Ice' })
  await sharing.world.until(() => expect(authors(second.db)).toMatchObject({ Ice: ['bob'] }))
  expect(internalsOf(second.db).replica.known.users.size).toBe(1)
  await settled(ann)
  expect(authors(ann.db)).toEqual({ Cake: ['ann'], Juice: ['bob'], Ice: ['bob'] })
})

test('with a space the names of those who wrote there leave the disk', async () => {
  const { ann, bob, list } = await together()
  expect(await diskText(bob.device.indexedDB)).toContain('"ann"')
  await ann.db.run.remove({ space: list.id, userId: 'bob' }).confirmed()
  await sharing.world.until(() => expect(bob.db.spaces.read()).toEqual(['home:bob']))
  await sharing.world.until(async () => expect(await diskText(bob.device.indexedDB)).not.toContain('"ann"'))
  const again = await openAgain(bob.device, bob.db, 'bob')
  expect(internalsOf(again).replica.known.users.size).toBe(0)
})
