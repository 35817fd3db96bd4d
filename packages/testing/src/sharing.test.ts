import { describe, expect, test } from 'vitest'
import { quiet, turns } from './manual-clock.ts'
import { diskText } from './raw-store.ts'
import { app } from './sharing/app.ts'
import { createList, type Db, openLink, shareLink, sidebar } from './sharing/lists.ts'
import { move } from './sharing/move.ts'
import { useSharing } from './sharing-world.ts'

// The code of docs/sharing.md, word for word.

const sharing = useSharing()
const { begin, person, settled, titles } = sharing

describe('a list by link', () => {
  test('made offline, shared, joined, worked on together, left: what each sees and is told', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    ann.device.offline()
    const list = createList(ann.db, 'Party')
    list.todos.insert({ title: 'Cake' })
    expect(list.id).toMatch(/^list_[\w-]{22}$/)
    expect(list.state.read()).toEqual({ is: 'ready', access: 'write', role: 'owner' })
    expect(ann.db.spaces.read()).toContain(list.id)
    expect(list.members.read()).toEqual([{ userId: 'ann', access: 'write', role: 'owner' }])
    await expect(Promise.all([shareLink(ann.db, list), sharing.world.clock.advance(11_000)])).rejects.toThrow('Sharing needs a connection.')
    ann.device.online()
    await settled(ann)
    // Once reached by the server it is what it was on the device, and never anything else in between.
    expect(list.state.read()).toEqual({ is: 'ready', access: 'write', role: 'owner' })
    const link = await shareLink(ann.db, list)

    const whys: string[] = []
    const opening = openLink(bob.db, link, (why) => whys.push(why))
    await quiet()
    const shared = await opening
    if (!shared) throw new Error('not joined')
    expect(shared.id).toBe(list.id)
    expect(titles(bob.db)).toEqual(['Cake'])
    expect(shared.state.read()).toEqual({ is: 'ready', access: 'write', role: null })

    const seen: string[][] = []
    const stop = list.members.subscribe((members) => seen.push(members.map(({ userId }) => userId)))
    await sharing.world.until(() => expect(seen.at(-1)).toEqual(['ann', 'bob']))

    for (const { device } of [ann, bob]) device.offline()
    list.todos.insert({ title: 'Candles' })
    shared.todos.insert({ title: 'Juice' })
    for (const { device } of [ann, bob]) device.online()
    await settled(ann, bob)
    await sharing.world.until(() => expect(titles(bob.db).sort()).toEqual(['Cake', 'Candles', 'Juice']))
    expect(titles(ann.db).sort()).toEqual(['Cake', 'Candles', 'Juice'])
    expect(sidebar(bob.db).read()).toEqual([{ name: 'Party', space: list.id, open: 3 }])

    // Only the owner may rename it, on the device already.
    const record = bob.db.lists.read()[0]
    expect(() => bob.db.lists.update(record?.id ?? '', { name: 'Mine' })).toThrow(expect.objectContaining({ code: 'rule_refused' }))

    await bob.db.run.leave({ space: list.id })
    await sharing.world.until(() => expect(bob.db.spaces.read()).toEqual(['home:bob']))
    expect(titles(bob.db)).toEqual([])
    expect(whys).toEqual(['revoked'])
    await sharing.world.until(() => expect(seen.at(-1)).toEqual(['ann']))
    stop()
    expect(bob.db.deadLetters.read()).toEqual([])
  })

  test('a link that is wrong, old, or another’s to give', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const list = createList(ann.db, 'Party')
    await settled(ann)
    const link = await shareLink(ann.db, list)
    expect(await bob.db.run.join({ secret: 'guessed' }).confirmed()).toMatchObject({ status: 'refused', code: 'link_expired' })
    await expect(shareLink(bob.db, bob.db.space(list.id) as never)).rejects.toThrow('Only its owner can share a list.')
    // Nobody is here for more than a week.
    for (const { db } of [ann, bob]) await db.close()
    await sharing.world.clock.advance(8 * 24 * 3_600_000)
    const late: Db = await bob.device.tab({ ...app, userId: 'bob' })
    const opened = openLink(late, link, () => undefined)
    await settled({ db: late })
    expect(await opened).toBeUndefined()
    // What was shown is discarded; what nobody has dealt with stays.
    expect(late.deadLetters.read()).toMatchObject([{ code: 'link_expired' }, { code: 'not_owner' }])
    expect(late.spaces.read()).toEqual(['home:bob'])
  })

  test('joining offline waits in the queue, survives a reload, and happens once', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled(ann)
    const link = await shareLink(ann.db, list)
    bob.device.offline()
    const join = bob.db.run.join({ secret: link.split('#join=')[1] ?? '' })
    await join
    await bob.db.close()
    const again: Db = await bob.device.tab({ ...app, userId: 'bob' })
    expect(await again.verdict(join.id)).toEqual({ status: 'pending' })
    bob.device.online()
    await sharing.world.until(() => expect(titles(again)).toEqual(['Cake']))
    expect(await again.verdict(join.id)).toMatchObject({ status: 'applied', result: { space: list.id } })
    await again.close()
    const reloaded: Db = await bob.device.tab({ ...app, userId: 'bob' })
    expect(await reloaded.verdict(join.id)).toMatchObject({ status: 'applied', result: { space: list.id } })
  })

  test('E4: removed while offline with unsent writes: they are dead letters, the list leaves, he is told why', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'SECRET-of-ann' })
    await settled(ann)
    const shared = await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
    if (!shared) throw new Error('not joined')
    bob.device.offline()
    const writes = [shared.todos.insert({ title: 'Juice' }), bob.db.home.todos.insert({ title: 'Mine' })]
    await Promise.all(writes)
    await ann.db.run.remove({ space: list.id, userId: 'bob' }).confirmed()
    bob.device.online()
    await settled(bob)
    expect(shared.state.read()).toEqual({ is: 'gone', why: 'revoked', deadLetters: 1 })
    expect(titles(bob.db)).toEqual(['Mine'])
    expect(bob.db.deadLetters.read()).toMatchObject([{ code: 'revoked', summary: [expect.stringContaining('Juice')] }])
    await expect(shared.ready()).rejects.toMatchObject({ code: 'forbidden' })
    expect(() => shared.todos.insert({ title: 'late' })).toThrow(expect.objectContaining({ code: 'forbidden' }))
    // Nothing of it is left on his disk, what he had confirmed there included.
    const disk = await diskText(bob.device.indexedDB)
    expect(disk).not.toContain('SECRET-of-ann')
    expect(disk).toContain('Juice')
    // He comes back, and all of it is there again.
    await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
    expect(titles(bob.db).sort()).toEqual(['Mine', 'SECRET-of-ann'])
  })
})

test('P7: a write into a space that was lost is listed from the moment it leaves the screen, before the server has said a word', async () => {
  begin()
  const [ann, bob] = [await person('ann'), await person('bob')]
  const list = createList(ann.db, 'Party')
  await settled(ann)
  const shared = await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
  bob.device.offline()
  const write = shared?.todos.insert({ title: 'Juice' })
  await shared?.todos.insert({ title: 'Napkins' })
  await ann.db.run.remove({ space: list.id, userId: 'bob' }).confirmed()
  // What asks passes, what sends does not.
  bob.device.through(async (request, pass) => {
    const body = request.method === 'POST' ? ((await request.clone().json()) as { tx: unknown[] }) : undefined
    if (body?.tx.length) throw new TypeError('fetch failed')
    return pass(request)
  })
  bob.device.online()
  await sharing.world.until(() => expect(titles(bob.db)).toEqual([]))
  expect(bob.db.deadLetters.read()).toMatchObject([{ code: 'revoked', id: write?.id }, { code: 'revoked' }])
  expect(bob.db.status.read()).toMatchObject({ pending: 2, deadLetters: 2 })
  // He may let it go at once: it does not come back.
  await bob.db.deadLetters.read()[1]?.discard()
  expect(bob.db.deadLetters.read()).toHaveLength(1)
  bob.device.through(undefined)
  await settled(bob)
  expect(await write?.confirmed()).toMatchObject({ status: 'refused', code: 'revoked', deadLetter: write?.id })
  expect(bob.db.deadLetters.read()).toMatchObject([{ code: 'revoked', id: write?.id }])
})

describe('spaces', () => {
  test('what is made offline survives a reload before anybody knew of it, and is refused as a whole if the server says no', async () => {
    begin()
    const { device, db } = await person('ann')
    device.offline()
    const [list, other] = [createList(db, 'Party'), db.spaces.create('team')]
    await other.todos.insert({ title: 'not allowed here' })
    await db.close()
    const again: Db = await device.tab({ ...app, userId: 'ann' })
    expect(again.spaces.read()).toEqual(['home:ann', list.id, other.id])
    expect(again.space(list.id).state.read()).toEqual({ is: 'ready', access: 'write', role: 'owner' })
    await again.space(list.id).todos.insert({ title: 'Cake' })
    device.online()
    await settled({ db: again })
    expect(again.space(list.id).state.read()).toEqual({ is: 'ready', access: 'write', role: 'owner' })
    expect(again.space(other.id).state.read()).toEqual({ is: 'gone', why: 'refused', deadLetters: 1 })
    expect(again.spaces.read()).toEqual(['home:ann', list.id])
    expect(titles(again)).toEqual(['Cake'])
  })

  test('P3: a space appears whole, in one moment with everything else', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const list = createList(ann.db, 'Party')
    for (let i = 0; i < 30; i++) list.todos.insert({ title: `t${i}` })
    await settled(ann)
    const counts = new Set<number>()
    bob.db.todos.count().subscribe((count) => counts.add(count))
    await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
    expect([...counts]).toEqual([0, 30])
  })

  test('a first copy that is big says how much of it has come', async () => {
    begin()
    const ann = await person('ann')
    const list = createList(ann.db, 'Party')
    await ann.db.write((tx) => {
      for (let i = 0; i < 400; i++) tx.space(list.id).todos.insert({ title: `todo ${i}` })
    })
    await settled(ann)
    const device = sharing.world.device()
    device.through(async (request, pass) => {
      const response = await pass(request)
      if (request.method === 'GET') return response
      const bytes = new Uint8Array(await response.arrayBuffer())
      let at = 0
      const slow = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await turns(1)
          if (at >= bytes.length) return controller.close()
          controller.enqueue(bytes.subarray(at, at + 2_000))
          at += 2_000
        },
      })
      return new Response(slow, {
        status: response.status,
        headers: { ...Object.fromEntries(response.headers), 'content-length': `${bytes.length}` },
      })
    })
    const db: Db = await device.tab({ ...app, userId: 'ann' })
    const seen: number[] = []
    db.space(list.id).state.subscribe((state) => seen.push(state.is === 'loading' ? state.progress : 2))
    await db.space(list.id).ready()
    expect(seen.length).toBeGreaterThan(5)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen[0]).toBe(0)
    expect(seen.at(-2)).toBeGreaterThan(0.9)
  })

  test('unfollow takes a space off this device only, not while something is unsent; follow brings it back', async () => {
    begin()
    const { device, db } = await person('ann')
    const list = createList(db, 'Party')
    await list.todos.insert({ title: 'HEAVY' })
    await settled({ db })
    device.offline()
    await list.todos.insert({ title: 'unsent' })
    await expect(list.unfollow()).rejects.toMatchObject({ code: 'unsent_writes' })
    device.online()
    await settled({ db })
    await list.unfollow()
    expect(titles(db)).toEqual([])
    expect(db.spaces.read()).toContain(list.id)
    await settled({ db })
    await sharing.world.until(async () => expect(await diskText(device.indexedDB, ['segments', 'events'])).not.toContain('HEAVY'))
    const second = await person('ann')
    expect(titles(second.db).sort()).toEqual(['HEAVY', 'unsent'])
    // What others write there does not come here, nor does it hold up what does.
    await second.db.space(list.id).todos.insert({ title: 'later' })
    await second.db.home.todos.insert({ title: 'home' })
    await settled(second)
    await sharing.world.until(() => expect(titles(db)).toEqual(['home']))
    await db.close()
    const again: Db = await device.tab({ ...app, userId: 'ann' })
    await settled({ db: again })
    expect(titles(again)).toEqual(['home'])
    again.space(list.id).follow()
    await again.space(list.id).ready()
    await sharing.world.until(() => expect(titles(again).sort()).toEqual(['HEAVY', 'home', 'later', 'unsent']))
  })

  test('a device that names its spaces holds no others, and one that it writes to unseen does not stay pending', async () => {
    begin()
    const { db } = await person('ann')
    const [a, b] = [createList(db, 'A'), createList(db, 'B')]
    await settled({ db })
    const device = sharing.world.device()
    const only: Db = await device.tab({ ...app, userId: 'ann', spaces: [a.id] })
    await sharing.world.until(() => expect(only.status.read()).toMatchObject({ state: 'synced', progress: null }))
    expect(only.lists.read().map(({ name }) => name)).toEqual(['A'])
    const write = only.space(b.id).todos.insert({ title: 'from afar' })
    expect(await write.confirmed({ within: '1m' })).toMatchObject({ status: 'applied' })
    await sharing.world.until(() => expect(only.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
    expect(titles(only)).toEqual([])
    await sharing.world.until(() => expect(titles(db)).toEqual(['from afar']))
    only.space(b.id).follow()
    await sharing.world.until(() => expect(titles(only)).toEqual(['from afar']))
    await b.todos.insert({ title: 'live' })
    await sharing.world.until(() => expect(titles(only).sort()).toEqual(['from afar', 'live']))
  })

  test('moving is one transaction; who edits the record where it was finds his edit as a conflict there', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const [from, to] = [createList(ann.db, 'From'), createList(ann.db, 'To')]
    const id = await from.todos.insert({ title: 'Cake' })
    await settled(ann)
    for (const list of [from, to]) await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
    bob.device.offline()
    await bob.db.todos.update(id, { title: 'Big cake' })
    await move(ann.db, id, to)
    await settled(ann)
    const both: number[] = []
    bob.db.todos.subscribe((rows) => both.push(rows.length))
    bob.device.online()
    await settled(bob)
    expect(bob.db.todos.read()).toMatchObject([{ title: 'Cake', $space: to.id }])
    expect(new Set(both)).toEqual(new Set([1]))
    expect(bob.db.conflicts.read()).toMatchObject([{ kind: 'deleted', space: from.id, dropped: { value: { title: 'Big cake' } } }])
  })

  test('P10: a server restored to before the list was made: its maker brings it back, with what he wrote in it', async () => {
    begin()
    const { db } = await person('ann')
    await db.home.todos.insert({ title: 'old' })
    await settled({ db })
    const copy = await sharing.world.backup()
    const list = createList(db, 'Party')
    await list.todos.insert({ title: 'Cake' })
    await settled({ db })
    const seen: string[] = []
    list.state.subscribe(({ is }) => seen.push(is))
    await sharing.world.restore(copy)
    await sharing.world.until(async () => expect((await sharing.world.dump(list.id)).tables.todos).toMatchObject([{ title: 'Cake' }]))
    await settled({ db })
    expect(titles(db).sort()).toEqual(['Cake', 'old'])
    expect(db.deadLetters.read()).toEqual([])
    expect(new Set(seen)).toEqual(new Set(['ready']))
  })

  test('P10: and whoever it was shared with, whom it cannot let in again, finds what he wrote there as dead letters', async () => {
    begin()
    const [ann, bob] = [await person('ann'), await person('bob')]
    const list = createList(ann.db, 'Party')
    await settled(ann)
    const copy = await sharing.world.backup()
    // The copy broke off what was open: with the clock standing still nobody would come back.
    await settled(ann, bob)
    const shared = await openLink(bob.db, await shareLink(ann.db, list), () => undefined)
    await shared?.todos.insert({ title: 'Juice' })
    await settled(bob)
    await sharing.world.restore(copy)
    // Joining again needs an invitation that is lost too.
    await sharing.world.until(() =>
      expect(
        bob.db.deadLetters
          .read()
          .map(({ summary }) => summary.join())
          .join(),
      ).toContain('Juice'),
    )
    expect(shared?.state.read()).toMatchObject({ is: 'gone', why: 'revoked' })
  })
})
