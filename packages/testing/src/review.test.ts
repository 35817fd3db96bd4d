import type { Database, Status } from '@holdfast/client'
import { preview } from '@holdfast/client/review'
import { isHoldfastError, refuse } from '@holdfast/shared'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { schema as docSchema } from './review/app.ts'
import { reviewWhenAsked } from './review/review.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

const HOUR = 3_600_000
const commands = {
  rename: testSchema.command({
    args: v.object({ title: v.string() }),
    run(tx, { title }) {
      const shared = tx.space('shared').todos
      if (!shared.get('t')) throw refuse('no_item', 'There is nothing to rename.')
      shared.update('t', { title })
    },
  }),
}
const rules = testSchema.rules({ todos: { insert: ({ after, role }) => after.title !== 'forbidden' || role === 'boss' } })

let world: World
beforeEach(() => {
  world = createWorld({ server: { schema: testSchema, commands, rules } as never })
})
afterEach(() => world.close())

type Tab = Database<typeof testSchema, typeof commands>

const tabOf = (device: Device, userId = 'ann'): Promise<Tab> =>
  // Without the rules, so that it is the server that refuses.
  device.tab({ schema: testSchema, commands, userId, ...(userId === 'ann' ? { reviewAfter: '1h' } : {}) })
const is = (db: Tab, status: Partial<Status>) => () => expect(db.status.read()).toMatchObject(status)
const synced = (db: Tab) => world.until(is(db, { state: 'synced', pending: 0 }))
const held = (db: Tab) => world.until(is(db, { state: 'paused', problem: expect.objectContaining({ code: 'review', fix: 'review' }) }))
/** What does not wait for a timer of its own needs the clock to go on. */
async function soon<T>(work: Promise<T>): Promise<T> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  await world.until(() => expect(over).toBe(true))
  return await work
}

/** Ann and Bob know the item `t` of a shared space. */
async function begin() {
  await world.server.grant('shared', 'ann', 'write')
  await world.server.grant('shared', 'bob', 'write')
  const phone = world.device()
  const ann = await tabOf(phone)
  const bob = await tabOf(world.device(), 'bob')
  await synced(ann)
  await ann.space('shared').todos.insert({ id: 't', title: 'Milk' })
  await ann.home.todos.insert({ id: 'own', title: 'Mine' })
  await synced(ann)
  await synced(bob)
  return { phone, ann, bob }
}

/** Ann is away for a week and writes; Bob writes meanwhile; then she is back. */
async function weekAway() {
  const { phone, ann, bob } = await begin()
  phone.offline()
  await world.clock.advance(60_000)
  const ours = ann.space('shared').todos
  const writes = [
    ours.update('t', { title: 'Oat milk' }),
    ann.write((tx) => tx.space('shared').todos.insert({ id: 'new', title: 'New' }), { label: 'add an item' }),
    ours.update('new', { title: 'Newer' }),
    ours.insert({ id: 'bad', title: 'forbidden' }),
    ann.home.todos.increment('own', 'votes'),
  ]
  await Promise.all(writes)
  await world.clock.sleep(7 * 24 * HOUR)
  await bob.todos.update('t', { title: 'Rice milk' })
  await synced(bob)
  phone.online()
  await held(ann)
  return { phone, ann, bob, writes }
}

const flat = (conflicts: readonly object[]) =>
  conflicts.map((one) => {
    const { id, kind, space, table, record, field, kept, dropped } = one as Record<string, unknown>
    return { id, kind, space, table, record, field, kept, dropped }
  })

test('a week offline: nothing goes out, what others wrote comes in, and the review shows what approval then does', async () => {
  const { ann, bob, writes } = await weekAway()
  await world.clock.advance(600_000)
  expect(bob.todos.get('new')).toBeUndefined()
  expect(ann.status.read()).toMatchObject({ pending: 5, problem: { code: 'review', retryAt: null } })
  // Held is only what goes up.
  await bob.space('shared').todos.insert({ id: 'later', title: 'Later' })
  await world.until(() => expect(ann.todos.get('later')?.title).toBe('Later'))
  expect(await soon(ann.sync())).toMatchObject({ state: 'paused', problem: { code: 'review' } })

  const found = await soon(preview(ann))
  expect(found.writes.map(({ id }) => id)).toEqual(writes.map(({ id }) => id))
  expect(found.writes.map(({ is, code, label }) => [is, code, label])).toEqual([
    ['applied', undefined, null],
    ['applied', undefined, 'add an item'],
    ['applied', undefined, null],
    ['refused', 'rule_refused', null],
    ['applied', undefined, null],
  ])
  expect(found.writes[0]).toMatchObject({ summary: ['update todos t: {"title":"Oat milk"}'] })
  expect(found.writes[3]?.message).toBeTruthy()
  expect(Object.keys(found.cut).sort()).toEqual(['home:ann', 'shared'])
  const conflicts = found.writes.flatMap((one) => one.conflicts)
  expect(conflicts).toMatchObject([
    { field: 'title', to: 'ann', kept: { value: 'Rice milk', userId: 'bob' }, dropped: { value: 'Oat milk' } },
  ])
  expect(ann.conflicts.read()).toEqual([])

  expect(await soon(found.approve())).toBe('approved')
  await synced(ann)
  expect(flat(ann.conflicts.read())).toEqual(flat(conflicts))
  for (const [i, write] of writes.entries()) {
    const { is, code, conflicts: lost } = found.writes[i] as (typeof found.writes)[number]
    const verdict = await write.confirmed()
    expect(verdict).toMatchObject(is === 'refused' ? { status: is, code } : { status: is, conflicts: lost.length })
  }
  expect(ann.deadLetters.read()).toMatchObject([{ id: writes[3]?.id, code: 'rule_refused' }])
  await world.until(() => expect(bob.todos.get('new')?.title).toBe('Newer'))
  expect(bob.todos.get('t')?.title).toBe('Rice milk')
  // It was one review: what comes now goes as ever.
  await ann.home.todos.increment('own', 'votes')
  await synced(ann)
})

test('an hour is not yet long; without the option nothing is held, and a preview only looks ahead', async () => {
  const { phone, ann, bob } = await begin()
  phone.offline()
  await ann.home.todos.increment('own', 'votes')
  await world.clock.sleep(HOUR - 1000)
  phone.online()
  await synced(ann)

  const other = world.device()
  const free = await other.tab({ schema: testSchema, commands, userId: 'ann' })
  await synced(free)
  other.offline()
  await free.space('shared').todos.update('t', { title: 'Oat milk' })
  await world.clock.sleep(24 * HOUR)
  await expect(soon(preview(free))).rejects.toSatisfy((error) => isHoldfastError(error, 'offline'))
  await bob.todos.update('t', { title: 'Rice milk' })
  await synced(bob)
  // Only the preview gets through.
  other.through((request, pass) => {
    if (!request.url.endsWith('/preview')) throw new TypeError('fetch failed')
    return pass(request)
  })
  other.online()
  const found = await soon(preview(free))
  expect(found.writes).toMatchObject([{ is: 'applied', conflicts: [{ to: 'ann', dropped: { value: 'Oat milk' } }] }])
  expect(free.status.read()).toMatchObject({ pending: 1, conflicts: 0 })
  other.through(undefined)
  other.wake()
  await synced(free)
  expect(free.conflicts.read()).toHaveLength(1)
  expect(await soon(found.approve())).toBe('changed')
  expect(await soon(preview(free))).toMatchObject({ writes: [], cut: {} })
})

test('changed: somebody wrote in between, and nothing was decided; what is looked at again then happens', async () => {
  const { ann, bob } = await weekAway()
  const found = await soon(preview(ann))
  await bob.todos.update('t', { title: 'Soy milk' })
  await synced(bob)
  expect(await soon(found.approve())).toBe('changed')
  expect(ann.status.read()).toMatchObject({ pending: 5, conflicts: 0, deadLetters: 0 })
  await held(ann)
  expect(bob.todos.get('new')).toBeUndefined()
  const again = await soon(preview(ann))
  expect(again.writes[0]?.conflicts).toMatchObject([{ kept: { value: 'Soy milk' } }])
  // A space that nothing here touches may move.
  await world.server.grant('elsewhere', 'bob', 'write')
  await world.until(() => expect(bob.spaces.read()).toContain('elsewhere'))
  await bob.space('elsewhere').todos.insert({ title: 'x' })
  await synced(bob)
  expect(await soon(again.approve())).toBe('approved')
  expect(flat(ann.conflicts.read())).toEqual(flat(again.writes.flatMap(({ conflicts }) => conflicts)))
})

test('changed: what its user may do is another thing by now, and no space has moved', async () => {
  const { ann } = await weekAway()
  const found = await soon(preview(ann))
  await world.server.setAccess('shared', 'ann', 'write', 'boss')
  expect(await soon(found.approve())).toBe('changed')
  const again = await soon(preview(ann))
  expect(again.writes[3]).toMatchObject({ is: 'applied' })
  expect(await soon(again.approve())).toBe('approved')
  expect(ann.deadLetters.read()).toEqual([])
})

test('offline: preview and approve say so; nothing is half done', async () => {
  const { phone, ann } = await weekAway()
  const found = await soon(preview(ann))
  phone.offline()
  await expect(soon(preview(ann))).rejects.toMatchObject({ code: 'offline' })
  await expect(soon(found.approve())).rejects.toMatchObject({ code: 'offline' })
  phone.online()
  await held(ann)
  expect(await soon(found.approve())).toBe('approved')
  await synced(ann)
})

test('an approval whose answer was lost is not asked about again, whoever asks', async () => {
  const { phone, ann, writes } = await weekAway()
  const found = await soon(preview(ann))
  phone.through(async (request, pass) => {
    const isApproval = request.url.endsWith('/sync') && (await request.clone().text()).includes('"if":')
    const response = await pass(request)
    if (isApproval) throw new TypeError('fetch failed')
    return response
  })
  await expect(soon(found.approve())).rejects.toMatchObject({ code: 'offline' })
  phone.through(undefined)
  await synced(ann)
  expect(ann.status.read()).toMatchObject({ conflicts: 1, deadLetters: 1 })
  expect(await writes[0]?.confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
})

describe('a write that waits can be', () => {
  test('dropped: it is sent as void, and what rests on it ends as the next preview says', async () => {
    const { ann, bob, writes } = await weekAway()
    const found = await soon(preview(ann))
    await found.writes[1]?.drop()
    expect(ann.todos.get('new')).toBeUndefined()
    // It is not what was looked at.
    expect(await soon(found.approve())).toBe('changed')
    const again = await soon(preview(ann))
    expect(again.writes.map(({ id }) => id)).toEqual(writes.filter((_, i) => i !== 1).map(({ id }) => id))
    expect(again.writes[1]).toMatchObject({ is: 'refused', code: 'unknown_record' })
    expect(await soon(again.approve())).toBe('approved')
    await synced(ann)
    expect(ann.deadLetters.read().map(({ id, code }) => [id, code])).toEqual([
      [writes[2]?.id, 'unknown_record'],
      [writes[3]?.id, 'rule_refused'],
    ])
    expect(await writes[1]?.confirmed()).toMatchObject({ status: 'refused', code: 'discarded' })
    await world.until(() => expect(bob.todos.get('t')?.title).toBe('Rice milk'))
    expect(bob.todos.get('new')).toBeUndefined()
  })

  test('dropped with all others: then nothing is held any more', async () => {
    const { ann, bob } = await weekAway()
    for (const write of (await soon(preview(ann))).writes) await write.drop()
    await synced(ann)
    expect(ann.todos.get('t')?.title).toBe('Rice milk')
    expect(ann.status.read()).toMatchObject({ conflicts: 0, deadLetters: 0 })
    expect(bob.todos.read()).toHaveLength(1)
  })

  test('replaced: one goes and the other comes in one commit, in its author’s view at once', async () => {
    const { phone, ann, bob, writes } = await weekAway()
    const found = await soon(preview(ann))
    const stands = ann.todos.get('new')
    // The same id: as if it had never been inserted.
    const write = found.writes[1]?.replace((tx) => {
      expect(tx.space('shared').todos.get('new')).toBeUndefined()
      tx.space('shared').todos.insert({ id: 'new', title: 'Another' })
    })
    expect(stands?.title).toBe('Newer')
    await write
    const again = await soon(preview(ann))
    expect(again.writes.map(({ id, label }) => [id, label])).toEqual([
      [writes[0]?.id, null],
      [writes[2]?.id, null],
      [writes[3]?.id, null],
      [writes[4]?.id, null],
      [write?.id, 'add an item'],
    ])
    await ann.close()
    const reloaded = await tabOf(phone)
    await held(reloaded)
    const third = await soon(preview(reloaded))
    expect(third.writes.map(({ id, is }) => [id, is])).toEqual(again.writes.map(({ id, is }) => [id, is]))
    expect(await soon(third.approve())).toBe('approved')
    await synced(reloaded)
    await world.until(() => expect(bob.todos.get('new')?.title).toBe('Another'))
  })

  test('not replaced where that cannot be stored: neither half is', async () => {
    const { phone, ann, writes } = await weekAway()
    const { writes: found } = await soon(preview(ann))
    const { add } = IDBObjectStore.prototype
    IDBObjectStore.prototype.add = function (value, key) {
      if (value.e === 'note') throw new DOMException('full', 'QuotaExceededError')
      return add.call(this, value, key)
    }
    try {
      const write = found[1]?.replace((tx) => tx.space('shared').todos.insert({ id: 'new', title: 'Another' }))
      expect(ann.todos.get('new')?.title).toBe('Another')
      await expect(write).rejects.toMatchObject({ code: 'storage_full' })
    } finally {
      IDBObjectStore.prototype.add = add
    }
    expect(ann.todos.get('new')?.title).toBe('Newer')
    await ann.close()
    const reloaded = await tabOf(phone)
    await held(reloaded)
    const again = await soon(preview(reloaded))
    expect(again.writes.map(({ id }) => id)).toEqual(writes.map(({ id }) => id))
    expect(again.writes[1]?.summary).toEqual(found[1]?.summary)
  })

  test('not replaced by what throws, by nothing, or when it is gone: then it stays as it was', async () => {
    const { ann } = await weekAway()
    const { writes, approve } = await soon(preview(ann))
    const [, , , , last] = writes
    const before = ann.todos.get('own')?.votes
    const mistake = () => {
      throw new Error('mine')
    }
    expect(() => last?.replace(mistake)).toThrow('mine')
    expect(ann.todos.get('own')?.votes).toBe(before)
    await last?.replace(() => undefined)
    expect(ann.todos.get('own')?.votes).toBe(before)
    expect(await soon(approve())).toBe('approved')
    expect(() => last?.replace((tx) => tx.home.todos.insert({ title: 'late' }))).toThrow(/does not wait/)
    await synced(ann)
    expect(ann.home.todos.where({ title: 'late' }).read()).toEqual([])
  })
})

describe('the hold', () => {
  test('survives a reload, and what is written while it lasts joins it', async () => {
    const { phone, ann, writes } = await weekAway()
    await ann.close()
    const reloaded = await tabOf(phone)
    await held(reloaded)
    const more = reloaded.home.todos.increment('own', 'votes')
    await more
    await world.clock.advance(60_000)
    const found = await soon(preview(reloaded))
    expect(found.writes.map(({ id }) => id)).toEqual([...writes, more].map(({ id }) => id))
    // What comes after the preview goes with it, as it would by itself.
    await reloaded.home.todos.increment('own', 'votes')
    expect(await soon(found.approve())).toBe('approved')
    await synced(reloaded)
    expect(reloaded.todos.get('own')?.votes).toBe(3)
  })

  test('what was written after the preview, and is old by now, was not looked at', async () => {
    const { ann } = await weekAway()
    const found = await soon(preview(ann))
    await ann.home.todos.increment('own', 'votes')
    await world.clock.sleep(2 * HOUR)
    expect(await soon(found.approve())).toBe('changed')
    expect(await soon((await soon(preview(ann))).approve())).toBe('approved')
    await synced(ann)
  })

  test('asks no more often than without it, also where no stream can be had', async () => {
    const { phone } = await weekAway()
    let asked = 0
    phone.through((request, pass) => {
      if (request.url.includes('/live')) throw new TypeError('fetch failed')
      asked++
      return pass(request)
    })
    phone.cutLines()
    await world.clock.advance(600_000)
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(100)
  })

  test('is ended by a tab that does not lead', async () => {
    const { phone, ann, bob } = await weekAway()
    const follower = await tabOf(phone)
    await held(follower)
    expect([ann.status.read().leader, follower.status.read().leader]).toEqual([true, false])
    const found = await soon(preview(follower))
    expect(await soon(found.approve())).toBe('approved')
    await synced(ann)
    await synced(follower)
    expect(flat(follower.conflicts.read())).toEqual(flat(found.writes.flatMap(({ conflicts }) => conflicts)))
    await world.until(() => expect(bob.todos.get('new')?.title).toBe('Newer'))
  })

  test('is not for what was sent before and is sent again because the server lost it, nor for what is tried again', async () => {
    const { ann } = await begin()
    const copy = await world.backup()
    await synced(ann)
    await ann.space('shared').todos.insert({ id: 'lost', title: 'Lost' })
    const refused = ann.space('shared').todos.insert({ id: 'bad', title: 'forbidden' })
    await synced(ann)
    await world.clock.advance(10 * HOUR)
    await world.restore(copy)
    ann.sync().catch(() => undefined)
    await world.until(async () => expect(JSON.stringify(await world.dump('shared'))).toContain('Lost'))
    await synced(ann)
    await world.server.setAccess('shared', 'ann', 'write', 'boss')
    await world.until(() => expect(ann.deadLetters.read()).toHaveLength(1))
    expect(ann.deadLetters.read()[0]?.id).toBe(refused.id)
    await ann.deadLetters.read()[0]?.retry()
    await synced(ann)
    expect(ann.todos.get('bad')?.title).toBe('forbidden')
  })

  test('a long queue is approved once, and drains wholly', async () => {
    const { phone, ann, bob } = await begin()
    phone.offline()
    for (let i = 0; i < 600; i++) ann.space('shared').todos.increment('t', 'votes')
    await ann.home.todos.increment('own', 'votes')
    await world.clock.sleep(7 * 24 * HOUR)
    phone.online()
    await held(ann)
    const found = await soon(preview(ann))
    expect(found.writes.map(({ is }) => is)).toEqual([...Array(500).fill('applied'), ...Array(101).fill('pending')])
    expect(await soon(found.approve())).toBe('approved')
    await synced(ann)
    await world.until(() => expect(bob.todos.get('t')?.votes).toBe(600))
  })

  test('a long queue that was approved is not held again where it breaks off, also after a reload', async () => {
    const { phone, ann, bob } = await begin()
    phone.offline()
    for (let i = 0; i < 600; i++) ann.space('shared').todos.increment('t', 'votes')
    await ann.space('shared').todos.increment('t', 'votes')
    await world.clock.sleep(7 * 24 * HOUR)
    phone.online()
    await held(ann)
    const found = await soon(preview(ann))
    let passed = 0
    phone.through((request, pass) => {
      if (request.url.endsWith('/sync') && passed++ > 0) throw new TypeError('fetch failed')
      return pass(request)
    })
    expect(await soon(found.approve())).toBe('approved')
    expect(ann.status.read().pending).toBeGreaterThan(100)
    await ann.close()
    phone.through(undefined)
    const seen: (string | undefined)[] = []
    const reloaded = await tabOf(phone)
    reloaded.status.subscribe(({ problem }) => seen.push(problem?.code))
    await synced(reloaded)
    expect(seen).not.toContain('review')
    await world.until(() => expect(bob.todos.get('t')?.votes).toBe(601))
  })

  test('a command is previewed where it runs, and a smaller server is asked for less', async () => {
    await world.close()
    world = createWorld({ server: { schema: testSchema, commands, rules } as never, limits: { bodyBytes: 2_000 } })
    const { phone, ann, bob } = await begin()
    phone.offline()
    await ann.run.rename({ title: 'Oat milk' })
    for (let i = 0; i < 30; i++) await ann.home.todos.insert({ title: 'x'.repeat(100) })
    await world.clock.sleep(2 * HOUR)
    await bob.todos.delete('t')
    await synced(bob)
    phone.online()
    await held(ann)
    const found = await soon(preview(ann))
    expect(found.writes[0]).toMatchObject({ is: 'refused', code: 'no_item', summary: ['rename {"title":"Oat milk"}'] })
    expect(found.writes.at(-1)).toMatchObject({ is: 'pending' })
    expect(found.cut).toHaveProperty('shared')
    expect(await soon(found.approve())).toBe('approved')
    await synced(ann)
    expect(ann.deadLetters.read()).toMatchObject([{ code: 'no_item' }])
  })
})

test('docs/review.md: asks once, shows what would be lost, shows it again when things moved, and sends it', async () => {
  await world.close()
  world = createWorld({ server: { schema: docSchema } })
  const [phone, laptop] = [world.device(), world.device()]
  const ann = await phone.tab({ schema: docSchema, userId: 'ann', reviewAfter: '1h' })
  const other = await laptop.tab({ schema: docSchema, userId: 'ann' })
  await ann.home.todos.insert({ id: 't', title: 'Milk' })
  await world.until(() => expect(other.todos.get('t')?.title).toBe('Milk'))
  const shown: string[][] = []
  reviewWhenAsked(ann, async (lines) => {
    shown.push(lines)
    if (shown.length === 1) await other.todos.update('t', { title: 'Soy milk' }).confirmed()
    return 'send'
  })
  phone.offline()
  await ann.todos.update('t', { title: 'Oat milk' })
  await world.clock.sleep(24 * HOUR)
  await other.todos.update('t', { title: 'Rice milk' })
  phone.online()
  await world.until(() => expect(ann.status.read()).toMatchObject({ state: 'synced', conflicts: 1 }))
  const line = 'update todos t: {"title":"Oat milk"}: “Oat milk” gives way to'
  expect(shown).toEqual([[`${line} “Rice milk”`], [`${line} “Soy milk”`]])
})
