import { describe, expect, test } from 'vitest'
import type { Fault } from './device.ts'
import { quiet } from './manual-clock.ts'
import { app } from './sharing/app.ts'
import { createList, type Db, openLink, shareLink } from './sharing/lists.ts'
import { type Person, useSharing } from './sharing-world.ts'

// Spaces that leave and come back: unfollowed, revoked, lost with the server. Found by a review, each of them.

const sharing = useSharing()
const { begin, person, settled, titles } = sharing
const onServer = async (space: string) =>
  ((await sharing.world.dump(space)).tables.todos ?? []).map(({ title }) => title as unknown as string).sort()

async function listOf({ db }: Person, title: string) {
  const list = createList(db, title)
  await list.todos.insert({ title })
  return list
}

const isPush = async (request: Request) => {
  const body = request.method === 'POST' ? await request.clone().text() : ''
  return body.includes('"tx":[') && !body.includes('"tx":[]')
}

/** Pulls get through, but neither pushes nor streams. */
const onlyPulls: Fault = async (request, pass) => {
  if (request.url.includes('/live') || (await isPush(request))) throw new TypeError('fetch failed')
  return pass(request)
}

/** A list of Ann's that Bob has joined. */
async function joined() {
  begin()
  const [ann, bob] = [await person('ann'), await person('bob')]
  const list = await listOf(ann, 't1')
  await settled(ann)
  const shared = await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
  if (!shared) throw new Error('Bob did not get in.')
  await settled(ann, bob)
  return { ann, bob, list, shared }
}

describe('what is known of a space proves clocks, and is no claim to hold it', () => {
  test('followed again while another one stays unfollowed, it comes whole', async () => {
    begin()
    const ann = await person('ann')
    const [t, u] = [await listOf(ann, 't1'), await listOf(ann, 'u1')]
    await settled(ann)
    await t.unfollow()
    await u.unfollow()
    await settled(ann)
    expect(titles(ann.db)).toEqual([])
    t.follow()
    await sharing.world.until(() => expect(t.state.read()).toMatchObject({ is: 'ready' }))
    expect(titles(ann.db)).toEqual(['t1'])
  })

  test('who is let in again has all of it, nothing else waits for that, and nobody asks on end', async () => {
    const { ann, bob, list, shared } = await joined()
    const u = await listOf(bob, 'u1')
    await settled(ann, bob)
    await u.unfollow()
    await settled(bob)
    await sharing.world.server.revoke(list.id, 'bob')
    await sharing.world.until(() => expect(shared.state.read()).toMatchObject({ is: 'gone' }))
    await list.todos.insert({ title: 't2' })
    await settled(ann, bob)
    let syncs = 0
    bob.device.through((request, pass) => {
      if (request.url.endsWith('/sync')) syncs++
      return pass(request)
    })
    await sharing.world.server.grant(list.id, 'bob', 'write')
    await sharing.world.until(() => expect(shared.state.read()).toMatchObject({ is: 'ready' }))
    await listOf(bob, 'v1')
    await settled(bob)
    expect(titles(bob.db)).toEqual(['t1', 't2', 'v1'])
    expect(syncs).toBeLessThan(10)
  })
})

describe('P3: followed again before who leads has heard that it was not', () => {
  /** A device with a tab that leads, which from here on hears of nothing that the other one stores. */
  async function twoTabs() {
    const { ann, bob, list, shared } = await joined()
    const other: Db = await bob.device.tab({ ...app, userId: 'bob' })
    await settled({ db: other })
    expect(bob.db.status.read().leader).toBe(true)
    bob.device.between((message, deliver) => {
      if (message.is !== 'revision') deliver()
    })
    return { ann, bob, list, shared, again: other.space(list.id), other }
  }

  test('what comes then goes on from nothing: the space comes whole (found by the simulator, seeds 2019976 and 2039032)', async () => {
    const { ann, bob, list, again, other } = await twoTabs()
    await again.unfollow()
    again.follow()
    await list.todos.insert({ title: 't2' })
    await settled(ann, bob, { db: other })
    await sharing.world.until(() =>
      expect([titles(bob.db), titles(other)]).toEqual([
        ['t1', 't2'],
        ['t1', 't2'],
      ]),
    )
  })

  test('it comes again also where nothing else comes, and be it in the tab that leads, at once', async () => {
    const { bob, shared, again, other } = await twoTabs()
    await again.unfollow()
    again.follow()
    await sharing.world.until(() => expect([titles(bob.db), titles(other)]).toEqual([['t1'], ['t1']]))
    const left = shared.unfollow()
    shared.follow()
    await left
    // Sooner than a tab looks of its own accord.
    await sharing.world.until(() => expect(shared.state.read()).toMatchObject({ is: 'ready' }), 1_000)
    expect(titles(bob.db)).toEqual(['t1'])
  })
})

describe('P10: a restored server, of which spaces vanished', () => {
  test('also what is not held here comes back, be it alone or with others', async () => {
    begin()
    const ann = await person('ann')
    const copy = await sharing.world.backup()
    const [t, u] = [await listOf(ann, 't1'), await listOf(ann, 'u1')]
    await settled(ann)
    await t.unfollow()
    await settled(ann)
    const later = await sharing.world.backup()
    const w = await listOf(ann, 'w1')
    await settled(ann)
    await w.unfollow()
    await settled(ann)
    for (const [backup, lists] of [
      [later, { w }],
      [copy, { t, u, w }],
    ] as const) {
      ann.device.offline()
      await sharing.world.restore(backup)
      ann.device.online()
      for (const [name, { id }] of Object.entries(lists))
        await sharing.world.until(async () => expect(await onServer(id), name).toEqual([`${name}1`]))
      await settled(ann)
    }
    expect(ann.db.deadLetters.read()).toEqual([])
  })

  test('behind a stream that does not notice, and a push elsewhere is answered first', async () => {
    begin()
    const device = sharing.world.device()
    let deaf = false
    device.through(async (request, pass) => {
      const response = await pass(request)
      if (!request.url.includes('/live') || !response.body || !deaf) return response
      const reader = response.body.getReader()
      const body = new ReadableStream({
        async pull(to) {
          const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
          if (done) return new Promise(() => undefined)
          to.enqueue(value)
        },
      })
      return new Response(body, { headers: response.headers, status: response.status })
    })
    const first: Db = await device.tab({ ...app, userId: 'ann' })
    await settled({ db: first })
    const [u, v] = [await listOf({ device, db: first }, 'u1'), await listOf({ device, db: first }, 'v1')]
    await settled({ db: first })
    const copy = await sharing.world.backup()
    const t = await listOf({ device, db: first }, 't1')
    await v.todos.insert({ title: 'v2' })
    await settled({ db: first })
    await first.close()
    deaf = true
    const db: Db = await device.tab({ ...app, userId: 'ann' })
    await settled({ db })
    await quiet()
    await sharing.world.restore(copy)
    await quiet()
    await db.space(u.id).todos.insert({ title: 'u2' })
    await sharing.world.until(async () => expect(await onServer(t.id)).toEqual(['t1']))
    await settled({ db })
    expect([await onServer(u.id), await onServer(v.id)]).toEqual([
      ['u1', 'u2'],
      ['v1', 'v2'],
    ])
    expect(db.deadLetters.read()).toEqual([])
  })
})

describe('what could not be sent before its space was lost', () => {
  test('P2: goes on by itself, once, when the space is given back; the answer that was lost counts', async () => {
    const { ann, bob, list, shared } = await joined()
    let answers = 0
    bob.device.through(async (request, pass) => {
      if (request.url.includes('/live')) throw new TypeError('fetch failed')
      if ((await isPush(request)) && answers++ === 0) await pass(request)
      else if (!(await isPush(request))) return pass(request)
      throw new TypeError('fetch failed')
    })
    bob.device.cutLines()
    await shared.todos.insert({ title: 'of bob' })
    await sharing.world.until(async () => expect(await onServer(list.id)).toEqual(['of bob', 't1']))
    await sharing.world.server.revoke(list.id, 'bob')
    await sharing.world.until(() => expect(bob.db.deadLetters.read()).toMatchObject([{ code: 'revoked' }]))
    const letter = bob.db.deadLetters.read()[0]
    await sharing.world.server.grant(list.id, 'bob', 'write')
    await sharing.world.until(() => expect(shared.state.read()).toMatchObject({ is: 'ready' }))
    // Its dead letter was a forecast, which did not come true.
    expect(bob.db.deadLetters.read()).toEqual([])
    letter?.retry()
    await quiet()
    bob.device.through(undefined)
    bob.device.wake()
    await settled(bob, ann)
    expect(await onServer(list.id)).toEqual(['of bob', 't1'])
    expect(titles(bob.db)).toEqual(['of bob', 't1'])
  })

  test('tabs that saw it leave and tabs that were opened later agree, whatever was folded in between', async () => {
    const { ann, bob, list, shared } = await joined()
    bob.device.through(onlyPulls)
    bob.device.cutLines()
    await shared.todos.insert({ title: 'of bob' })
    const discarded = shared.todos.insert({ title: 'discarded' })
    await discarded
    await sharing.world.server.revoke(list.id, 'bob')
    await sharing.world.until(() => expect(bob.db.deadLetters.read()).toHaveLength(2))
    await bob.db.deadLetters
      .read()
      .find(({ id }) => id === discarded.id)
      ?.discard()
    await sharing.world.clock.advance(120_000)
    await sharing.world.server.grant(list.id, 'bob', 'write')
    await sharing.world.until(() => expect(shared.state.read()).toMatchObject({ is: 'ready' }))
    await sharing.world.clock.advance(120_000)
    const second: Db = await bob.device.tab({ ...app, userId: 'bob' })
    await quiet()
    for (const db of [bob.db, second]) expect([titles(db), db.deadLetters.read()]).toEqual([['of bob', 't1'], []])
    await bob.db.close()
    bob.device.through(undefined)
    bob.device.wake()
    await settled({ db: second }, ann)
    expect(await onServer(list.id)).toEqual(['of bob', 't1'])
  })
})
