import { describe, expect, test } from 'vitest'
import { quiet } from './manual-clock.ts'
import { diskText } from './raw-store.ts'
import { app } from './sharing/app.ts'
import { createList, type Db, openLink, shareLink } from './sharing/lists.ts'
import { useSharing } from './sharing-world.ts'

// Schedules by which a first design of spaces lost, mixed or stopped something: found by a review, each of them.

const sharing = useSharing()
const { begin, person, settled, titles } = sharing
const onServer = async (space: string) =>
  ((await sharing.world.dump(space)).tables.todos ?? []).map(({ title }) => title as unknown as string).sort()

describe('a space begins with its maker', () => {
  test('who writes into an id that he was told of, before its maker was online, does not get it', async () => {
    begin()
    const ann = await person('ann')
    ann.device.offline()
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'of ann' })
    const device = sharing.world.device()
    device.offline()
    // Nothing says no: this device has never heard of the server.
    const bob: Db = await device.tab({ ...app, userId: 'bob' })
    const write = bob.space(list.id).todos.insert({ title: 'of bob' })
    await write
    device.online()
    await settled({ db: bob })
    expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'forbidden' })
    ann.device.online()
    await settled(ann)
    expect(ann.db.deadLetters.read()).toEqual([])
    expect(await onServer(list.id)).toEqual(['of ann'])
  })

  test('one that was refused, or lost again, is gone in the tab that made it too, and does not begin once more', async () => {
    begin()
    const ann = await person('ann')
    const refused = ann.db.spaces.create('team')
    await refused.todos.insert({ title: 'not allowed here' })
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'SECRET' })
    await settled(ann)
    expect(refused.state.read()).toEqual({ is: 'gone', why: 'refused', deadLetters: 1 })
    await sharing.world.server.revoke(list.id, 'ann')
    await sharing.world.until(() => expect(list.state.read()).toEqual({ is: 'gone', why: 'revoked', deadLetters: 0 }))
    for (const space of [refused, list]) {
      expect(() => space.todos.insert({ title: 'more' })).toThrow(expect.objectContaining({ code: 'forbidden' }))
    }
    expect([ann.db.spaces.read(), titles(ann.db)]).toEqual([['home:ann'], []])
  })

  test('P9: a maker who is let go of while writes of the first hour still wait keeps nothing', async () => {
    begin()
    const ann = await person('ann')
    ann.device.offline()
    const list = createList(ann.db, 'Party')
    for (let i = 0; i < 600; i++) list.todos.insert({ title: `SECRET ${i}` })
    await quiet()
    // The first request goes through, and then the line breaks.
    let pushes = 0
    ann.device.through(async (request, pass) => {
      const isPush = request.url.endsWith('/sync') && (await request.clone().text()).includes('"o":')
      if (request.url.includes('/live') || (isPush && pushes++ > 0)) throw new TypeError('fetch failed')
      return pass(request)
    })
    ann.device.online()
    await sharing.world.until(() => expect(pushes).toBeGreaterThan(1))
    ann.device.offline()
    ann.device.through(undefined)
    await ann.db.close()
    await sharing.world.server.revoke(list.id, 'ann')
    const again: Db = await ann.device.tab({ ...app, userId: 'ann' })
    ann.device.online()
    await settled({ db: again })
    expect(titles(again)).toEqual([])
    expect(again.space(list.id).state.read()).toMatchObject({ is: 'gone', why: 'revoked' })
    // What did not get out is listed, and of what did nothing is left.
    expect(again.deadLetters.read().length).toBeGreaterThan(50)
    expect(await diskText(ann.device.indexedDB, ['segments', 'kept'])).not.toContain('SECRET')
  })
})

describe('P10: a server that was restored to before a space', () => {
  async function lostList() {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const copy = await sharing.world.backup()
    await settled(ann, bob)
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'of ann' })
    await settled(ann)
    const shared = await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
    if (!shared) throw new Error('not joined')
    await shared.todos.insert({ title: 'of bob' })
    await settled(ann, bob)
    return { ann, bob, copy, list, shared }
  }

  test('its maker has writes waiting: what he shows is what the server has, not a mixture of two histories', async () => {
    const { ann, bob, copy, list } = await lostList()
    await bob.db.close()
    ann.device.offline()
    for (const title of ['p1', 'p2', 'p3']) await list.todos.insert({ title })
    await sharing.world.restore(copy)
    ann.device.online()
    await sharing.world.until(async () => expect(await onServer(list.id)).toEqual(['of ann', 'p1', 'p2', 'p3']))
    await settled(ann)
    expect(titles(ann.db)).toEqual(['of ann', 'p1', 'p2', 'p3'])
    expect(titles((await person('ann')).db)).toEqual(titles(ann.db))
    expect(ann.db.deadLetters.read()).toEqual([])
  })

  test('a member who comes first does not become its owner, and its maker gets it back', async () => {
    const { ann, bob, copy, list, shared } = await lostList()
    ann.device.offline()
    await sharing.world.restore(copy)
    bob.device.wake()
    await sharing.world.until(() => expect(shared.state.read()).toMatchObject({ is: 'gone', why: 'revoked' }))
    await settled(bob)
    expect(bob.db.deadLetters.read().map(({ code }) => code)).toContain('revoked')
    ann.device.online()
    await sharing.world.until(async () => expect(await onServer(list.id)).toEqual(['of ann']))
    await settled(ann)
    expect(list.state.read()).toMatchObject({ is: 'ready', role: 'owner' })
    expect(ann.db.deadLetters.read()).toEqual([])
  })

  test('another device of its owner brings back what it wrote, also if the one that made it never comes', async () => {
    const { ann, copy, list } = await lostList()
    const second = await person('ann')
    await second.db.space(list.id).todos.insert({ title: 'of her phone' })
    await settled(ann, second)
    ann.device.offline()
    await sharing.world.restore(copy)
    second.device.wake()
    await sharing.world.until(async () => expect(await onServer(list.id)).toEqual(['of her phone']))
    ann.device.online()
    await sharing.world.until(async () => expect(await onServer(list.id)).toEqual(['of ann', 'of her phone']))
    await settled(ann, second)
    for (const { db } of [ann, second]) await sharing.world.until(() => expect(titles(db)).toEqual(['of ann', 'of her phone']))
  })
})

test.each(['followed', 'unfollowed'])(
  'P10: with a space that was lost, all else that the server forgot is sent again, also where a space is %s',
  async (how) => {
    begin()
    const ann = await person('ann')
    const stays = createList(ann.db, 'Stays')
    await stays.todos.insert({ title: 'before' })
    await settled(ann)
    const copy = await sharing.world.backup()
    await settled(ann)
    await stays.todos.insert({ title: 'CONFIRMED' })
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled(ann)
    if (how === 'unfollowed') await stays.unfollow()
    await settled(ann)
    await sharing.world.restore(copy)
    ann.device.wake()
    await sharing.world.until(async () => expect(await onServer(list.id)).toEqual(['Cake']))
    await settled(ann)
    await sharing.world.until(async () => expect(await onServer(stays.id)).toEqual(['CONFIRMED', 'before']))
    expect(ann.db.deadLetters.read()).toEqual([])
  },
)

describe('what is followed', () => {
  test('everything but one space: what is shared or made later comes all the same, live', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const heavy = createList(bob.db, 'Heavy')
    await settled(bob)
    await heavy.unfollow()
    await settled(bob)
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled(ann)
    await sharing.world.server.grant(list.id, 'bob', 'write')
    await sharing.world.until(() => expect(titles(bob.db)).toEqual(['Cake']))
    await list.todos.insert({ title: 'live' })
    await sharing.world.until(() => expect(titles(bob.db)).toEqual(['Cake', 'live']))
    const own = createList(bob.db, 'Own')
    await settled(bob)
    const second = await person('bob')
    await second.db.space(own.id).todos.insert({ title: 'from afar' })
    await sharing.world.until(() => expect(titles(bob.db)).toContain('from afar'))
  })

  test('a list of spaces: what is made here is held here', async () => {
    begin()
    const device = sharing.world.device()
    const db: Db = await device.tab({ ...app, userId: 'ann', spaces: ['home:ann'] })
    const list = createList(db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled({ db })
    await sharing.world.clock.advance(60_000)
    expect([titles(db), list.state.read().is]).toEqual([['Cake'], 'ready'])
  })

  test('a tab that does not lead says so, and the one that leads asks', async () => {
    begin()
    const ann = await person('ann')
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled(ann)
    const second: Db = await ann.device.tab({ ...app, userId: 'ann', name: '' })
    const follower = (await ann.device.mortalTab({ ...app, userId: 'ann' })).db
    await list.unfollow()
    await settled(ann)
    await sharing.world.clock.advance(60_000)
    follower.space(list.id).follow()
    await sharing.world.until(() => expect(titles(ann.db)).toEqual(['Cake']), 30_000)
    await second.close()
  })

  test('P7: a write that races with unfollowing goes through, and so does all behind it', async () => {
    begin()
    const ann = await person('ann')
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled(ann)
    const going = list.unfollow()
    const write = list.todos.insert({ title: 'late' })
    await Promise.all([going, write])
    await ann.db.home.todos.insert({ title: 'innocent' })
    await settled(ann)
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    expect(ann.db.deadLetters.read()).toEqual([])
    expect(await onServer(list.id)).toEqual(['Cake', 'late'])
  })

  test('a first copy that was on its way when it was unfollowed does not stay', async () => {
    begin()
    const ann = await person('ann')
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'HEAVY' })
    await settled(ann)
    const device = sharing.world.device()
    let go = () => {}
    device.through(async (request, pass) => {
      const response = await pass(request)
      if (request.url.endsWith('/sync')) {
        await new Promise<void>((resolve) => {
          go = resolve
        })
      }
      return response
    })
    const db: Db = await device.tab({ ...app, userId: 'ann' })
    await quiet()
    await db.space(list.id).unfollow()
    device.through(undefined)
    go()
    await settled({ db })
    expect(titles(db)).toEqual([])
  })
})
