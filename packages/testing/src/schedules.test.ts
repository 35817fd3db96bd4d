// The schedules of docs/schedules by their numbers, as whole systems: the shipping client on several devices and tabs, the shipping
// server on a SQLite file.
// Elsewhere, or what waits for a feature that is not there yet:
//   1   max, three-way, strict, edit-wins: conflicts.test.ts, oracle.test.ts  · 9  proposing again what another device may still bring: retry()
//   12  what is hashed: server (extend-history.test.ts, batch.test.ts) · 13 serializable.test.ts · 14 segments, capabilities in URLs
//   15  retry(): refusals.test.ts, drafts: drafts.test.ts, undo()      · 17 pages that are staged, horizon
//   18  text                                                           · 19 engine and batch: server (batch.test.ts, committer.test.ts)
//   20  migrations · 21 commands.test.ts · 23 references.test.ts · 24 wording · 25 ranks: ranks.test.ts
import { DatabaseSync } from 'node:sqlite'
import type { Database } from '@holdfast/client'
import { tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import { compareStrings } from '@holdfast/shared/internal/json'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device, TabOptions } from './device.ts'
import { quiet, turns } from './manual-clock.ts'
import { seededRandom } from './random.ts'
import { storedEvents, withStore } from './raw-store.ts'
import { slowToTell } from './slow-disk.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World, type WorldOptions, watchStatus } from './world.ts'

const HOME = 'home:ann'
type Tab = Database<typeof testSchema>
type Options = Partial<TabOptions<typeof testSchema>>

let world: World
afterEach(() => world.close())

const tabOf = (device: Device, options: Options = {}) => device.tab({ schema: testSchema, userId: 'ann', ...options })
const isSynced = (db: Tab) => () => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, problem: null })
const synced = async (...tabs: Tab[]) => {
  for (const db of tabs) await world.until(isSynced(db))
}
const dumped = async (space = HOME) => (await world.dump(space)).tables

/** P4: the tabs, a device that has never been here, and the server agree on every value. */
async function agree(tabs: readonly Tab[], spaces: readonly string[] = [HOME], user = 'ann') {
  const device = world.device()
  const fresh = await device.tab({ schema: testSchema, userId: user })
  await world.until(isSynced(fresh))
  for (const space of spaces) {
    const expected = (await dumped(space)).todos
    const rows = (db: Tab) => [...db.space(space).todos.read()].sort((a, b) => compareStrings(a.id, b.id))
    for (const db of [...tabs, fresh]) await world.until(() => expect(rows(db)).toEqual(expected))
  }
}

/** Two devices of one user, both synced with one record. */
async function begin(options: WorldOptions = {}) {
  world = createWorld(options)
  const [one, two] = [world.device(), world.device()]
  const [a, b] = [await tabOf(one), await tabOf(two)]
  await a.home.todos.insert({ id: 'r', title: 'Milk' })
  await synced(a)
  await world.until(() => expect(b.todos.get('r')).toBeDefined())
  await synced(b)
  return { one, two, a, b }
}

const later = (ms = 1_000) => world.clock.advance(ms)

describe('1: the stamp needs more than the last writer', () => {
  test('set: an add that a removal had not seen stays, though an own add in between hides it from a single stamp', async () => {
    const { one, two, a, b } = await begin()
    one.offline()
    a.todos.add('r', 'tags', 'e')
    a.todos.remove('r', 'tags', 'e')
    await b.todos.add('r', 'tags', 'e')
    await synced(b)
    expect(a.todos.get('r')?.tags).toEqual([])
    two.offline()
    one.online()
    await synced(a)
    expect(a.todos.get('r')?.tags).toEqual(['e'])
    two.online()
    await agree([a, b])
  })

  test('set: and one that it had seen goes, whoever made it', async () => {
    const { one, two, a, b } = await begin()
    two.offline()
    await a.todos.add('r', 'tags', 'e')
    await synced(a)
    two.online()
    await world.until(() => expect(b.todos.get('r')?.tags).toEqual(['e']))
    one.offline()
    two.offline()
    await b.todos.remove('r', 'tags', 'e')
    one.online()
    two.online()
    await synced(a, b)
    await agree([a, b])
    expect((await dumped()).todos?.[0]?.tags).toEqual([])
  })

  test('counter: a reset keeps the increments that its author had not seen, and only those', async () => {
    const { one, a, b } = await begin()
    await a.todos.increment('r', 'votes', 2)
    await synced(a, b)
    one.offline()
    await b.todos.increment('r', 'votes', 5)
    await synced(b)
    a.todos.increment('r', 'votes')
    a.todos.reset('r', 'votes')
    expect(a.todos.get('r')?.votes).toBe(0)
    a.todos.increment('r', 'votes', 10)
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')?.votes).toBe(15)
  })

  test('counter: two resets at once give 0, not the negative sum', async () => {
    const { one, two, a, b } = await begin()
    await a.todos.increment('r', 'votes', 5)
    await synced(a)
    await world.until(() => expect(b.todos.get('r')?.votes).toBe(5))
    one.offline()
    two.offline()
    a.todos.reset('r', 'votes')
    b.todos.reset('r', 'votes')
    one.online()
    two.online()
    await synced(a, b)
    await agree([a, b])
    expect(a.todos.get('r')?.votes).toBe(0)
  })

  test('counter: a reset does not count an own increment that the server refused', async () => {
    const { one, a, b } = await begin({
      rules: testSchema.rules({ todos: { insert: ({ after }) => after.title !== 'bad' } }),
    })
    one.offline()
    a.write((write) => {
      write.home.todos.insert({ title: 'bad' })
      write.todos.increment('r', 'votes', 7)
    })
    a.todos.increment('r', 'votes', 1)
    a.todos.reset('r', 'votes', 3)
    expect(a.todos.get('r')?.votes).toBe(3)
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')?.votes).toBe(3)
  })

  test('P6: an own write on top of an unseen one does not hide it: whose value is dropped hears of it', async () => {
    const { one, a, b } = await begin()
    one.offline()
    a.todos.update('r', { title: 'first of a' })
    await later()
    await b.todos.update('r', { title: 'of b' })
    await synced(b)
    await later()
    a.todos.update('r', { title: 'second of a' })
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')?.title).toBe('second of a')
    expect(a.conflicts.read()).toMatchObject([{ dropped: { value: 'of b' }, kept: { value: 'second of a' } }])
  })

  test('P6: what was seen is overwritten without a word', async () => {
    const { a, b } = await begin()
    for (let i = 0; i < 5; i++) {
      await a.todos.update('r', { title: `a${i}` })
      await world.until(() => expect(b.todos.get('r')?.title).toBe(`a${i}`))
      await b.todos.update('r', { title: `b${i}` })
      await world.until(() => expect(a.todos.get('r')?.title).toBe(`b${i}`))
    }
    await agree([a, b])
    expect((await dumped()).$conflicts).toEqual([])
  })
})

describe('2 and 9: the server goes on with an older copy', () => {
  /** The tab has written five more since the backup, all confirmed; a counter tells what is there how often. */
  async function restored(noHeal = false) {
    const run = await begin()
    const { one, two, a, b } = run
    await a.todos.increment('r', 'votes', 1)
    await synced(a, b)
    await world.until(() => expect(b.todos.get('r')?.votes).toBe(1))
    const copy = await world.backup()
    await synced(a, b)
    two.offline()
    for (let i = 0; i < 5; i++) await a.todos.increment('r', 'votes', 10)
    await a.home.todos.insert({ id: 'lost', title: 'Lost?', tags: ['x'] })
    await a.todos.update('r', { title: 'Oat milk' })
    await synced(a)
    const restore = async () => {
      await world.restore(copy)
      if (noHeal) await mintEpoch('e2', false)
    }
    return { ...run, one, two, a, b, restore }
  }

  /** What `holdfast restore --no-heal` does. */
  async function mintEpoch(id: string, heal: boolean) {
    await world.stop()
    const file = new DatabaseSync(world.file)
    file.prepare('INSERT INTO epochs (id, heal) VALUES (?, ?)').run(id, heal ? 1 : 0)
    file.close()
    world.start()
  }

  test('P10: what was confirmed and lost is sent again by its author, nothing is doubled, and no value is wrong for a moment', async () => {
    const { two, a, b, restore } = await restored()
    const shown: unknown[] = []
    a.todos.record('r').subscribe((row) => shown.push([row?.title, row?.votes]))
    const watch = watchStatus(a, [])
    await restore()
    expect((await dumped()).todos).toMatchObject([{ id: 'r', votes: 1, title: 'Milk' }])
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ id: 'lost' }, { id: 'r', votes: 51, title: 'Oat milk' }]))
    await synced(a)
    two.online()
    await synced(b)
    await agree([a, b])
    expect(shown).toEqual([['Oat milk', 51]])
    expect(a.deadLetters.read()).toEqual([])
    expect(watch.lies).toEqual([])
  })

  test('P10: twice in a row, and once more with a reload in between: still nothing doubled', async () => {
    const { one, two, a, b, restore } = await restored()
    await restore()
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ id: 'lost' }, { id: 'r', votes: 51 }]))
    await synced(a)
    await restore()
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ id: 'lost' }, { id: 'r', votes: 51 }]))
    await synced(a)
    await a.close()
    await restore()
    const again = await tabOf(one)
    const shown: unknown[] = []
    const watch = watchStatus(again, [])
    again.todos.record('r').subscribe((row) => shown.push(row?.votes))
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ id: 'lost' }, { id: 'r', votes: 51 }]))
    await synced(again)
    two.online()
    await synced(b)
    await agree([again, b])
    expect(new Set(shown)).toEqual(new Set([51]))
    expect(again.deadLetters.read()).toEqual([])
    expect(Math.max(...watch.seen.map(({ pending }) => pending))).toBe(7)
  })

  test('an answer that is lost in the middle of healing changes nothing', async () => {
    const { one, two, a, b, restore } = await restored()
    let lost = 0
    one.through(async (request, pass) => {
      const response = await pass(request)
      if (lost >= 12 || !request.url.endsWith('/sync')) return response
      lost++
      throw new TypeError('fetch failed')
    })
    await restore()
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ id: 'lost' }, { id: 'r', votes: 51 }]), 600_000)
    one.through(undefined)
    await synced(a)
    two.online()
    await synced(b)
    await agree([a, b])
    expect(lost).toBeGreaterThan(3)
  })

  test('the operator meant it (--no-heal): what was lost stays lost, on every device, and what is pending still goes', async () => {
    const { one, two, a, b, restore } = await restored(true)
    one.offline()
    const pending = a.todos.increment('r', 'votes', 1000)
    await pending
    await restore()
    one.online()
    await synced(a)
    two.online()
    await synced(b)
    await agree([a, b])
    expect(await pending.confirmed()).toMatchObject({ status: 'applied' })
    expect(a.todos.read()).toMatchObject([{ id: 'r', votes: 1001, title: 'Milk' }])
  })

  test('schedule 2: a pending write whose clock speaks of the lost history is concurrent with what the new one brought', async () => {
    world = createWorld()
    const [one, two, three] = [world.device(), world.device(), world.device()]
    const [d, u] = [await tabOf(one), await tabOf(two)]
    await d.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(d)
    await world.until(() => expect(u.todos.get('r')).toBeDefined())
    const copy = await world.backup()
    await synced(d, u)
    two.offline()
    // Written by a device that will never come back.
    const v = await tabOf(three)
    for (let i = 0; i < 4; i++) await v.home.todos.insert({ title: `gone ${i}` })
    await synced(v)
    await v.close()
    await world.until(() => expect(d.todos.read().length).toBe(5))
    one.offline()
    await later()
    d.todos.update('r', { title: 'of d' })
    await world.restore(copy)
    await later()
    const write = u.todos.update('r', { title: 'of u' })
    await later()
    two.online()
    await synced(u)
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    // Its number in the new history is one that d's clock, taken as it is, would claim to have seen.
    expect((await world.dump(HOME)).seq).toBe(2)
    one.online()
    await synced(d)
    await agree([d, u])
    expect(d.todos.get('r')?.title).toBe('of u')
    expect((await dumped()).$conflicts).toMatchObject([{ v: { dropped: { value: 'of d' }, kept: { value: 'of u' } } }])
  })

  test('schedule 2: a follower that has not heard of the reset writes with an old base: no silent overwrite either', async () => {
    world = createWorld()
    const [one, two, three] = [world.device(), world.device(), world.device()]
    const leader = await tabOf(one)
    await leader.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(leader)
    // No timers: nothing reminds it to look into the store.
    const follower = await tabOf(one, { platform: { setTimer: () => () => undefined } })
    const u = await tabOf(two)
    const copy = await world.backup()
    await synced(leader, u)
    two.offline()
    const v = await tabOf(three)
    for (let i = 0; i < 4; i++) await v.home.todos.insert({ title: `gone ${i}` })
    await synced(v)
    await v.close()
    await world.until(() => expect(follower.todos.read().length).toBe(5))
    // From here on the follower hears of nothing that is stored.
    one.between((message, deliver) => {
      if (message.is !== 'revision' && message.is !== 'sync') deliver()
    })
    await world.restore(copy)
    await later()
    u.todos.update('r', { title: 'of u' })
    two.online()
    await synced(u)
    await world.until(() => expect(leader.todos.get('r')?.title).toBe('of u'))
    const before = await storedEvents(one.indexedDB)
    expect(before.some(({ event }) => event.e === 'base' && event.resets !== undefined)).toBe(true)
    expect(follower.todos.get('r')?.title).toBe('Milk')
    const write = follower.todos.update('r', { title: 'of follower' })
    await write
    const stored = (await storedEvents(one.indexedDB)).find(({ event }) => JSON.stringify(event).includes('of follower'))
    expect(stored?.event).toMatchObject({ generation: 1, transaction: { base: { [HOME]: 5 } } })
    one.between(undefined)
    await world.until(async () => expect(await leader.verdict(write.id)).toMatchObject({ status: 'applied' }))
    await synced(leader, follower)
    await agree([leader, follower, u])
    expect((await dumped()).$conflicts?.length).toBe(1)
  })

  test('a removal made during the resync has seen what is being healed: the element does not come back', async () => {
    world = createWorld()
    const device = world.device()
    const first = await tabOf(device)
    await first.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(first)
    const copy = await world.backup()
    await synced(first)
    await first.todos.add('r', 'tags', 'healed')
    await synced(first)
    // Another opening, so another session.
    await first.close()
    await world.restore(copy)
    const db = await tabOf(device)
    let stop = false
    device.through(async (request, pass) => {
      if (stop) throw new TypeError('fetch failed')
      const response = await pass(request)
      if ((await response.clone().text()).includes('"reset"')) stop = true
      return response
    })
    await world.until(() => expect(stop).toBe(true))
    await quiet()
    expect(db.todos.get('r')?.tags).toEqual(['healed'])
    const removal = db.todos.remove('r', 'tags', 'healed')
    await removal
    expect(db.todos.get('r')?.tags).toEqual([])
    stop = false
    device.through(undefined)
    await synced(db)
    expect(await removal.confirmed()).toMatchObject({ status: 'applied' })
    await agree([db])
    expect(db.todos.get('r')?.tags).toEqual([])
  })

  test('P9: healing goes by the rules of today: what they refuse is a dead letter, the rest is back', async () => {
    let strict = false
    world = createWorld({ rules: testSchema.rules({ todos: { insert: ({ after }) => !(strict && after.title === 'bad') } }) })
    const device = world.device()
    const db = await tabOf(device)
    await db.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(db)
    const copy = await world.backup()
    await synced(db)
    const bad = db.home.todos.insert({ id: 'bad', title: 'bad' })
    await db.home.todos.insert({ id: 'good', title: 'good' })
    await synced(db)
    expect(await bad.confirmed()).toMatchObject({ status: 'applied' })
    strict = true
    await world.restore(copy)
    await world.until(() => expect(db.deadLetters.read()).toMatchObject([{ code: 'rule_refused' }]))
    await synced(db)
    await agree([db])
    expect(db.todos.read().map(({ id }) => id)).toEqual(['good', 'r'])
    // And after another restore it is not proposed a second time.
    strict = false
    await world.restore(copy)
    await world.until(async () => expect((await dumped()).todos?.length).toBe(2))
    await synced(db)
    await agree([db])
    expect(db.deadLetters.read().length).toBe(1)
    expect(db.todos.get('bad')).toBeUndefined()
  })

  test('9: what is sent again had seen a refused write of another session: that row is older too, and the queue goes on', async () => {
    world = createWorld({ rules: testSchema.rules({ todos: { insert: ({ after }) => after.title !== 'bad' } }) })
    const device = world.device()
    const [one, two] = [await tabOf(device), await tabOf(device)]
    await one.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(one, two)
    const copy = await world.backup()
    await synced(one, two)
    device.offline()
    await two.home.todos.insert({ id: 'bad', title: 'bad' })
    await world.until(() => expect(one.todos.get('bad')).toBeDefined())
    await one.todos.increment('r', 'votes', 1)
    device.online()
    await synced(one, two)
    expect(one.deadLetters.read().length).toBe(1)
    await world.restore(copy)
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ id: 'r', votes: 1 }]))
    await synced(one, two)
    await agree([one, two])
  })

  test.each([false, true])('P11: what waits for a space that is followed no more still drains (restored: %s)', async (back) => {
    world = createWorld()
    const device = world.device()
    const db = await tabOf(device)
    await world.server.grant('shared', 'ann', 'write')
    await db.space('shared').todos.insert({ id: 'r', title: 'Milk' })
    await synced(db)
    const copy = await world.backup()
    await synced(db)
    await db.space('shared').todos.increment('r', 'votes', 1)
    await synced(db)
    device.offline()
    await db.space('shared').todos.increment('r', 'votes', 10)
    await db.close()
    if (back) await world.restore(copy)
    const again = await tabOf(device, { spaces: [HOME] })
    device.online()
    await synced(again)
    expect((await dumped('shared')).todos).toMatchObject([{ id: 'r', votes: 11 }])
    await again.close()
    await agree([await tabOf(device)], [HOME, 'shared'])
  })

  test('9: only session rows are older, the space is untouched: k is past last, and what was confirmed is asked for again', async () => {
    const { one, a, b } = await begin()
    for (let i = 0; i < 3; i++) await a.todos.increment('r', 'votes', 1)
    await synced(a)
    one.offline()
    const next = a.todos.increment('r', 'votes', 10)
    const [session] = next.id.split('.')
    await world.stop()
    const file = new DatabaseSync(world.file)
    // A copy that is older for the sessions than for the space.
    file.prepare('UPDATE sessions SET last = 1 WHERE id = ?').run(session as string)
    file.close()
    world.start()
    one.online()
    await synced(a, b)
    expect(await next.confirmed()).toMatchObject({ status: 'applied' })
    await agree([a, b])
  })

  test('9: beyond the heal window nothing is left to send: voids stand for it, and the queue goes on', async () => {
    world = createWorld()
    const device = world.device()
    const db = await tabOf(device, { healWindow: '1h' })
    await db.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(db)
    const copy = await world.backup()
    await synced(db)
    for (let i = 0; i < 3; i++) await db.todos.increment('r', 'votes', 1)
    await synced(db)
    await db.close()
    await later(2 * 3_600_000)
    const again = await tabOf(device, { healWindow: '1h' })
    // Enough for a fold, which forgets what is too old.
    for (let i = 0; i < 300; i++) {
      device.wake()
      await quiet()
    }
    await quiet()
    expect((await withStore(device.indexedDB, 'kept', (store) => store.getAll())).length).toBe(0)
    await world.restore(copy)
    const write = again.todos.increment('r', 'votes', 100)
    await synced(again)
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    await agree([again])
    expect(again.todos.get('r')?.votes).toBe(100)
  })
})

describe('3: a local commit that fails leaves no hole', () => {
  test('A3: every later write of the tab that is not stored fails with it, the view goes back, and a fresh session goes on', async () => {
    const { one, two, a, b } = await begin()
    one.offline()
    const good = a.todos.increment('r', 'votes')
    await good
    const { add } = IDBObjectStore.prototype
    let full = true
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...args) {
      const request = add.apply(this, args)
      // Browsers fire nothing but the abort of the transaction.
      const tx = this.transaction as unknown as { _abort(name: string): void }
      if (full && JSON.stringify(args[0]).includes('TOO MUCH')) queueMicrotask(() => tx._abort('QuotaExceededError'))
      return request
    }
    const failing = a.home.todos.insert({ id: 'x', title: 'TOO MUCH' })
    const after = a.todos.increment('r', 'votes', 10)
    await expect(Promise.resolve(failing)).rejects.toMatchObject({ code: 'storage_full' })
    await expect(Promise.resolve(after)).rejects.toMatchObject({ code: 'storage_full' })
    full = false
    IDBObjectStore.prototype.add = add
    expect(a.todos.read()).toMatchObject([{ id: 'r', votes: 1 }])
    expect(a.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_full', fix: 'free_space' } })
    const next = a.todos.increment('r', 'votes', 100)
    await next
    expect(next.id.split('.')[0]).not.toBe(good.id.split('.')[0])
    expect(await failing.confirmed()).toMatchObject({ status: 'refused', code: 'storage_full' })
    one.online()
    await synced(a, b)
    await agree([a, b])
    expect(a.todos.get('r')?.votes).toBe(101)
    two.offline()
  })
})

test('3: of writes that share a commit all are stored or none, also when one cannot even be asked for', async () => {
  const { one, a, b } = await begin()
  const good = a.todos.increment('r', 'votes')
  const bad = a.write((write) => write.todos.increment('r', 'votes', 10), { label: (() => 'no text') as never })
  await expect(Promise.resolve(bad)).rejects.toMatchObject({ code: 'invalid_value' })
  await expect(Promise.resolve(good)).rejects.toMatchObject({ code: 'invalid_value' })
  expect(a.todos.get('r')?.votes).toBe(0)
  await a.todos.increment('r', 'votes', 100)
  await synced(a, b)
  await agree([a, b])
  expect(a.todos.get('r')?.votes).toBe(100)
  one.offline()
})

describe('4 and 5: names that two use, verdicts that are lost', () => {
  /** Two copies of one device, down to what comes next from the random numbers: both tabs write under one session. */
  async function cloned() {
    world = createWorld()
    const first = world.device()
    const seed = await tabOf(first)
    await seed.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(seed)
    await seed.close()
    const random = seededRandom(1)
    const [disk, copy] = [await first.copyDisk(), await first.copyDisk()]
    const one = world.device({ indexedDB: disk, random: random.copy() })
    const two = world.device({ indexedDB: copy, random: random.copy() })
    one.offline()
    two.offline()
    const [a, b] = [await tabOf(one), await tabOf(two)]
    return { one, two, a, b }
  }

  test('B1: a cloned profile: both write under the same numbers, nothing is lost and nothing applied twice', async () => {
    const { one, two, a, b } = await cloned()
    const mine = [a.todos.increment('r', 'votes', 1), a.home.todos.insert({ id: 'a', title: 'of a' }), a.todos.increment('r', 'votes', 10)]
    const theirs = [
      b.home.todos.insert({ id: 'b', title: 'of b' }),
      b.todos.increment('r', 'votes', 100),
      b.todos.update('b', { done: true }),
    ]
    expect(mine.map(({ id }) => id)).toEqual(theirs.map(({ id }) => id))
    await Promise.all([...mine, ...theirs])
    one.online()
    await synced(a)
    two.online()
    await synced(b)
    await agree([a, b])
    expect((await dumped()).todos).toMatchObject([{ id: 'a' }, { id: 'b', done: true }, { id: 'r', votes: 111 }])
    for (const write of [...mine, ...theirs]) expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    // Both go on, each under a name of its own.
    await a.todos.increment('r', 'votes', 1000)
    await b.todos.increment('r', 'votes', 10_000)
    await synced(a, b)
    await agree([a, b])
    expect(a.todos.get('r')?.votes).toBe(11_111)
    expect(b.deadLetters.read()).toEqual([])
  })

  test('after fork at n nothing of n + 1 is decided, though it is the next number; and what has seen it waits with it', async () => {
    const { one, two, a, b } = await cloned()
    await a.todos.increment('r', 'votes', 1)
    await b.todos.increment('r', 'votes', 10)
    await b.todos.increment('r', 'votes', 100)
    const second = await tabOf(two)
    await second.todos.increment('r', 'votes', 1000)
    await second.todos.reset('r', 'votes', 5)
    expect(second.todos.get('r')?.votes).toBe(5)
    one.online()
    await synced(a)
    two.online()
    await synced(b, second)
    await agree([a, b, second])
    // The reset had seen all but a's: 5 + 1.
    expect(second.todos.get('r')?.votes).toBe(6)
  })

  test('a clone whose tab is closed and opened again sends the rest under its new name', async () => {
    const { one, two, a, b } = await cloned()
    await a.todos.increment('r', 'votes', 1)
    const theirs = [b.todos.increment('r', 'votes', 10), b.todos.increment('r', 'votes', 100)]
    await theirs[1]
    await b.close()
    one.online()
    await synced(a)
    two.online()
    const again = await tabOf(two)
    await synced(again)
    await agree([a, again])
    expect(again.todos.get('r')?.votes).toBe(111)
    // Under their old names they were this device's all the same.
    for (const { id } of theirs) expect(await again.verdict(id)).toMatchObject({ status: 'applied' })
  })

  test('the same queue on two copies: identical transactions are one', async () => {
    world = createWorld()
    const one = world.device()
    const a = await tabOf(one)
    await a.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(a)
    one.offline()
    await a.todos.increment('r', 'votes')
    await a.todos.increment('r', 'votes')
    const two = world.device({ indexedDB: await one.copyDisk() })
    const b = await tabOf(two)
    one.online()
    await synced(a, b)
    await agree([a, b])
    expect(a.todos.get('r')?.votes).toBe(2)
  })

  test("5, hijack: a session is its user's: another one's token gets wrong_user, and nothing is decided", async () => {
    const { a } = await begin()
    const write = a.todos.increment('r', 'votes')
    await write.confirmed({ within: '1m' })
    const [session = '', n] = write.id.split('.')
    const bob = wireClient(world.serve, 'bob', 'http://server/holdfast')
    const answer = await bob.sync({ tx: [tx(session, Number(n) + 1, [['ins', 'home:bob', 'todos', 'x', { title: 'x' }]])] })
    expect(answer).toMatchObject({ problem: { code: 'wrong_user' }, verdicts: [] })
    const next = a.todos.increment('r', 'votes')
    expect(await next.confirmed({ within: '1m' })).toMatchObject({ status: 'applied' })
    expect((await dumped('home:bob')).todos).toEqual([])
  })

  test('5, verdict lost: a disk that went back to before the dead letter asks again, and gets the same refusal', async () => {
    world = createWorld({ rules: testSchema.rules({ todos: { insert: ({ after }) => after.title !== 'bad' } }) })
    const one = world.device()
    one.offline()
    const db = await tabOf(one)
    const bad = db.home.todos.insert({ title: 'bad' })
    await bad
    const before = await one.copyDisk()
    one.online()
    await synced(db)
    expect(db.deadLetters.read()).toMatchObject([{ id: bad.id, code: 'rule_refused' }])
    await db.close()
    const again = await tabOf(world.device({ indexedDB: before }))
    await synced(again)
    expect(again.deadLetters.read()).toMatchObject([{ id: bad.id, code: 'rule_refused' }])
    await agree([again])
  })

  test('A1: a disk that lost its last commits: a fresh session, so no number is used for two things', async () => {
    const { one, a, b } = await begin()
    one.offline()
    await a.todos.increment('r', 'votes', 1)
    const earlier = await one.copyDisk()
    await a.todos.increment('r', 'votes', 10)
    one.online()
    await synced(a)
    await a.close()
    // Power cut: the second increment is known to the server, and no more to the disk.
    const again = await tabOf(world.device({ indexedDB: earlier }))
    await again.todos.increment('r', 'votes', 100)
    await synced(again, b)
    await agree([again, b])
    expect(again.todos.get('r')?.votes).toBe(111)
  })
})

describe('6: tabs', () => {
  test('P11: what a tab is told is synced it shows, also where word of what was stored is lost', async () => {
    world = createWorld()
    const device = world.device()
    const [leader, other] = [await tabOf(device), await tabOf(world.device())]
    const follower = await tabOf(device)
    await synced(leader, follower, other)
    device.between((message, deliver) => void (message.is !== 'revision' && deliver()))
    await other.home.todos.insert({ title: 'Milk' })
    await synced(other)
    await world.until(() => expect(leader.todos.read()).toHaveLength(1))
    // Asks the tab that syncs.
    expect(await world.meanwhile(follower.sync())).toMatchObject({ state: 'synced' })
    expect(follower.todos.read()).toHaveLength(1)
  })

  test('6.1: message before completion: a write whose tab hears last that it is stored is shown once, also after a fold', async () => {
    world = createWorld()
    const device = world.device()
    const leader = await tabOf(device)
    await leader.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(leader)
    const disk = slowToTell(device.indexedDB)
    const follower = await tabOf(device, { platform: { indexedDB: disk.indexedDB } })
    disk.hold()
    const write = follower.todos.increment('r', 'votes')
    let told = false
    void write.then(() => {
      told = true
    })
    // Everybody else knows already that it is decided.
    await world.until(async () => expect((await dumped()).todos).toMatchObject([{ votes: 1 }]))
    await world.until(() => expect(leader.todos.get('r')?.votes).toBe(1))
    await synced(leader)
    await world.until(() => expect(follower.status.read().pending).toBe(0))
    expect(told).toBe(false)
    expect(follower.todos.get('r')?.votes).toBe(1)
    disk.release()
    await write
    expect(follower.todos.get('r')?.votes).toBe(1)
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    // A fold makes the follower load everything anew.
    for (let i = 0; i < 600; i++) {
      device.wake()
      await quiet()
    }
    await synced(leader, follower)
    expect(follower.todos.get('r')?.votes).toBe(1)
    await agree([leader, follower])
  })

  test.each([1, 2, 3, 4, 5, 6])(
    '6.2, 6.4: no order between senders, and messages lost: every tab ends with the same, each write once (seed %d)',
    async (seed) => {
      const random = seededRandom(seed)
      world = createWorld()
      const device = world.device()
      const tabs = [await tabOf(device), await tabOf(device), await tabOf(device)]
      await tabs[0]!.home.todos.insert({ id: 'r', title: 'Milk' })
      await synced(...tabs)
      const foreign = await tabOf(world.device())
      await world.until(() => expect(foreign.todos.get('r')).toBeDefined())
      let held: (() => void)[] = []
      device.between((message, deliver) => {
        if (message.is === 'revision' && random() < 0.15) return
        if (message.is === 'revision' && random() < 0.6) held.push(deliver)
        else setImmediate(deliver)
      })
      let total = 0
      for (let i = 0; i < 60; i++) {
        const by = 1 + Math.floor(random() * 5)
        const tab = random() < 0.15 ? foreign : tabs[Math.floor(random() * 3)]!
        total += by
        const write = tab.todos.increment('r', 'votes', by)
        if (random() < 0.5) await write
        if (random() < 0.3) await turns(Math.floor(random() * 6))
        if (random() < 0.2) {
          const late = held.sort(() => random() - 0.5)
          held = []
          for (const deliver of late) deliver()
        }
        // Whatever a tab shows, it never has more than there is.
        for (const db of tabs) expect(db.todos.get('r')?.votes).toBeLessThanOrEqual(total)
      }
      device.between(undefined)
      for (const deliver of held) deliver()
      await synced(...tabs)
      await agree([...tabs, foreign])
      expect((await dumped()).todos?.[0]?.votes).toBe(total)
    },
  )

  test('6.3: only the leader writes base; two that both think they lead (no locks) fence each other, and nothing is doubled', async () => {
    world = createWorld()
    const device = world.device()
    const tabs = [await tabOf(device, { platform: { locks: undefined } }), await tabOf(device, { platform: { locks: undefined } })]
    await tabs[0]!.home.todos.insert({ id: 'r', title: 'Milk' })
    await world.until(() => expect(tabs[1]!.todos.get('r')).toBeDefined())
    for (let i = 0; i < 20; i++) {
      void tabs[i % 2]!.todos.increment('r', 'votes')
      if (i % 3 === 0) await quiet()
      if (i % 7 === 0) await later(300)
    }
    await world.until(async () => expect((await dumped()).todos?.[0]?.votes).toBe(20))
    await agree(tabs)
    // Every base event was written by the holder of the fence at that time: fences only grow. And the fight ends.
    const fences = (await storedEvents(device.indexedDB))
      .filter(({ event }) => event.e === 'base')
      .map(({ event }) => event.fence as number)
    expect(fences).toEqual([...fences].sort((x, y) => x - y))
    await later(60_000)
    expect(tabs.filter((tab) => tab.status.read().leader).length).toBe(1)
    const { fence } = (await withStore(device.indexedDB, 'meta', (meta) => meta.get('guard'))) as { fence: number }
    expect(fence).toBeGreaterThan(1)
    expect(fence).toBeLessThan(10)
  })

  test('A9: a leader that freezes in the middle of a push: another takes over; what it still has to say after the thaw counts for nothing', async () => {
    world = createWorld()
    const device = world.device()
    const frozen = await device.mortalTab({ schema: testSchema, userId: 'ann' })
    await frozen.db.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(frozen.db)
    const other = await tabOf(device)
    await synced(other)
    let pushes = 0
    device.through(async (request, pass) => {
      if (request.url.endsWith('/sync') && (await request.clone().text()).includes('"inc"') && ++pushes === 1) frozen.freeze()
      return await pass(request)
    })
    const write = frozen.db.todos.increment('r', 'votes')
    await write
    await world.until(() => expect(pushes).toBe(1))
    await other.todos.increment('r', 'votes', 10)
    await world.until(() => expect(other.status.read()).toMatchObject({ leader: true }), 15_000)
    await synced(other)
    expect(other.todos.get('r')?.votes).toBe(11)
    frozen.thaw()
    await world.until(() => expect(frozen.db.status.read()).toMatchObject({ leader: false, state: 'synced' }))
    await frozen.db.todos.increment('r', 'votes', 100)
    await synced(other, frozen.db)
    await agree([other, frozen.db])
    expect(other.todos.get('r')?.votes).toBe(111)
    await frozen.db.close()
  })

  test('6.4: a tab that dies between storing and telling: the others find what it wrote, and sync it', async () => {
    world = createWorld()
    const device = world.device()
    const mortal = await device.mortalTab({ schema: testSchema, userId: 'ann' })
    await mortal.db.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(mortal.db)
    const other = await tabOf(device)
    device.between(() => undefined)
    await mortal.db.todos.increment('r', 'votes')
    mortal.kill()
    device.between(undefined)
    await world.until(() => expect(other.todos.get('r')?.votes).toBe(1), 15_000)
    await synced(other)
    await agree([other])
  })

  test('6.5: opening while another tab writes: the newcomer has everything, and holds nobody up', async () => {
    world = createWorld()
    const device = world.device()
    const one = await tabOf(device)
    for (let i = 0; i < 50; i++) await one.home.todos.insert({ title: `a${i}` })
    for (let n = 0; n < 5; n++) {
      let stop = false
      const writing = (async () => {
        while (!stop) await one.home.todos.insert({ title: 'b' })
      })()
      const two = await tabOf(device)
      stop = true
      await writing
      await world.until(() => expect(two.todos.read()).toEqual(one.todos.read()), 6_000)
      await two.close()
    }
    await synced(one)
    await agree([one])
  })

  test('a tab that comes late knows how syncing goes, and one whose leader dies takes over', async () => {
    world = createWorld()
    const device = world.device()
    const first = await device.mortalTab({ schema: testSchema, userId: 'ann' })
    await synced(first.db)
    await later(60_000)
    const second = await tabOf(device)
    await world.until(isSynced(second), 5_000)
    first.kill()
    const write = second.home.todos.insert({ title: 'Milk' })
    await write
    await world.until(isSynced(second), 15_000)
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
    expect(second.status.read().leader).toBe(true)
  })
})

describe('7 and 10: from cut to cut over all spaces', () => {
  async function twoSpaces() {
    world = createWorld()
    for (const user of ['ann', 'bob']) for (const space of ['x', 'y']) await world.server.grant(space, user, 'write')
    const [one, two] = [world.device(), world.device()]
    const a = await tabOf(one)
    const b = await two.tab({ schema: testSchema, userId: 'bob' })
    await a.space('x').todos.insert({ id: 'count', title: 'x' })
    await a.space('y').todos.insert({ id: 'count', title: 'y' })
    await synced(a)
    await world.until(() => expect(b.todos.read().length).toBe(2))
    return { one, two, a, b }
  }

  test.each([1, 2, 3, 4])(
    'P5: who has seen T2 in y has seen T1 in x, at every moment, by stream, by pull, and after a reload (seed %d)',
    async (seed) => {
      const random = seededRandom(seed)
      const { two, a, b } = await twoSpaces()
      const torn: string[] = []
      const look = (db: Tab) => {
        const [x, y] = [db.space('x').todos.get('count')?.votes ?? 0, db.space('y').todos.get('count')?.votes ?? 0]
        if (y > x) torn.push(`${x} ${y}`)
      }
      b.todos.subscribe(() => look(b))
      let db = b
      for (let i = 0; i < 40; i++) {
        a.space('x').todos.increment('count', 'votes')
        a.space('y').todos.increment('count', 'votes')
        if (random() < 0.5) await turns(Math.floor(random() * 10))
        if (random() < 0.1) two.cutLines()
        if (random() < 0.1) two.offline()
        if (random() < 0.3) two.online()
        if (random() < 0.1) await later(Math.floor(random() * 3_000))
        if (random() < 0.05) {
          await db.close()
          db = await two.tab({ schema: testSchema, userId: 'bob' })
          look(db)
          const current = db
          current.todos.subscribe(() => look(current))
        }
      }
      two.online()
      await synced(a, db)
      await agree([a], ['x', 'y'])
      await agree([db], ['x', 'y'], 'bob')
      expect(torn).toEqual([])
      expect(db.space('y').todos.get('count')?.votes).toBe(40)
    },
  )

  test('P3: a transaction over two spaces is seen whole or not at all; one who may read only one sees its part, and nothing of the other', async () => {
    const { a, b } = await twoSpaces()
    await world.server.grant('x', 'cleo', 'read')
    const received: string[] = []
    const third = world.device()
    third.through(async (request, pass) => {
      const response = await pass(request)
      if (!response.body) return response
      const [mine, theirs] = response.body.tee()
      void (async () => {
        const decoder = new TextDecoder()
        for await (const chunk of mine) received.push(decoder.decode(chunk, { stream: true }))
      })().catch(() => undefined)
      return new Response(theirs, { status: response.status, headers: response.headers })
    })
    const c = await third.tab({ schema: testSchema, userId: 'cleo' })
    await synced(c)
    const seen = new Set<string>()
    b.todos.subscribe(() => seen.add(`${b.space('x').todos.get('moved')?.title} ${b.space('y').todos.get('moved')?.title}`))
    await a.space('x').todos.insert({ id: 'moved', title: 'in x' })
    await world.until(() => expect(c.todos.get('moved')?.title).toBe('in x'))
    // Moving is a delete and an insert in one.
    const move = a.write((write) => {
      write.space('x').todos.delete('moved')
      write.space('y').todos.insert({ id: 'moved', title: 'SECRET of y' })
    })
    expect(await move.confirmed({ within: '1m' })).toMatchObject({ status: 'applied' })
    await world.until(() => expect(b.space('y').todos.get('moved')?.title).toBe('SECRET of y'))
    expect([...seen]).toEqual(['undefined undefined', 'in x undefined', 'undefined SECRET of y'])
    await world.until(() => expect(c.todos.get('moved')).toBeUndefined())
    expect(received.join('')).not.toContain('SECRET')
    expect(received.join('')).not.toMatch(/"y"/)
  })

  test('10: over two spaces it needs write access to both, or all of it is refused', async () => {
    const { one, a } = await twoSpaces()
    await world.server.grant('z', 'ann', 'write')
    await world.until(() => expect(a.spaces.read()).toContain('z'))
    const toBoth = () =>
      a.write((both) => {
        both.space('x').todos.increment('count', 'votes', 7)
        both.space('z').todos.insert({ title: 'not mine' })
      })
    // The device does not know yet that she may only read there now: the server says so.
    one.offline()
    const write = toBoth()
    await write
    await world.server.revoke('z', 'ann')
    await world.server.grant('z', 'ann', 'read')
    one.online()
    await synced(a)
    expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'forbidden' })
    // Now it knows, and refuses at the call.
    expect(toBoth).toThrow(expect.objectContaining({ code: 'forbidden' }))
    expect(a.space('x').todos.get('count')?.votes).toBe(0)
    expect((await dumped('z')).todos).toEqual([])
    await agree([a], ['x', 'y'])
  })

  test('10: one id in two spaces is two records, and an id alone is ambiguous', async () => {
    const { a } = await twoSpaces()
    expect(() => a.todos.get('count')).toThrow(expect.objectContaining({ code: 'ambiguous_id' }))
    expect(() => a.todos.increment('count', 'votes')).toThrow(expect.objectContaining({ code: 'ambiguous_id' }))
    await a.space('x').todos.delete('count')
    expect(a.todos.get('count')?.title).toBe('y')
    await synced(a)
    await agree([a], ['x', 'y'])
  })
})

describe('8: a verdict is not an effect', () => {
  type Step = (run: { device: Device; db: Tab; copy: string }) => unknown
  const steps: Record<string, Step> = {
    'nothing at all': () => undefined,
    'the stream breaks': ({ device }) => device.cutLines(),
    'the line is gone for a moment': ({ device }) => {
      device.offline()
      device.online()
    },
    'answers are lost': ({ device }) =>
      device.through(async (request, pass) => {
        const response = await pass(request)
        if (request.url.endsWith('/sync')) throw new TypeError('fetch failed')
        return response
      }),
    'answers and the stream are lost': ({ device }) => {
      device.cutLines()
      device.through(async (request, pass) => {
        await pass(request)
        throw new TypeError('fetch failed')
      })
    },
    'only questions without transactions are answered': ({ device }) => {
      device.cutLines()
      device.through(async (request, pass) => {
        const asks = request.url.endsWith('/sync') && ((await request.clone().json()) as { tx: unknown[] }).tx.length === 0
        const response = await pass(request)
        if (!asks) throw new TypeError('fetch failed')
        return response
      })
    },
    'the server is restarted': async () => {
      await world.stop()
      world.start()
    },
    'the server goes back to an older copy': ({ copy }) => world.restore(copy),
    'the page is woken again and again': async ({ device }) => {
      for (let i = 0; i < 3; i++) {
        device.wake()
        await turns(3)
      }
    },
  }

  test.each(Object.entries(steps))(
    'own increments are on screen from the write on, never doubled, never gone for a moment: %s',
    async (_, step) => {
      world = createWorld()
      const device = world.device()
      const db = await tabOf(device)
      await db.home.todos.insert({ id: 'r', title: 'Milk' })
      await synced(db)
      const copy = await world.backup()
      await synced(db)
      let made = 0
      const wrong: string[] = []
      const look = (tab: Tab, when: string) => {
        const shown = tab.todos.get('r')?.votes
        if (shown !== made) wrong.push(`${when}: ${shown} in place of ${made}`)
      }
      db.todos.record('r').subscribe(() => made > 0 && look(db, 'live'))
      const vote = async () => {
        made++
        const write = db.todos.increment('r', 'votes')
        look(db, 'at once')
        await write
        look(db, 'stored')
      }
      for (let round = 0; round < 4; round++) {
        await vote()
        await turns(round * 3)
        await step({ device, db, copy })
        await vote()
        await later(round * 700)
        look(db, 'later')
        await vote()
        await later(40_000)
        look(db, 'much later')
        device.through(undefined)
        if (round % 2) await synced(db)
        look(db, 'in the end')
      }
      await synced(db)
      // And after a reload in the middle of it.
      await step({ device, db, copy })
      await vote()
      await later(3_000)
      await db.close()
      device.through(undefined)
      const again = await tabOf(device)
      look(again, 'opened')
      again.todos.record('r').subscribe(() => look(again, 'live again'))
      await synced(again)
      await agree([again])
      expect(wrong).toEqual([])
      expect(again.todos.get('r')?.votes).toBe(made)
    },
  )
})

describe('11: delete and re-create', () => {
  test('an edit of the deleted record does not get into the new one: it is a conflict of its author', async () => {
    const { one, a, b } = await begin()
    one.offline()
    const edit = a.todos.update('r', { done: true })
    const vote = a.todos.increment('r', 'votes', 5)
    await b.todos.delete('r')
    await synced(b)
    await b.home.todos.insert({ id: 'r', title: 'Fresh milk' })
    await synced(b)
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')).toMatchObject({ title: 'Fresh milk', done: false, votes: 0 })
    expect(await edit.confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
    expect(await vote.confirmed()).toMatchObject({ status: 'applied' })
    expect(a.conflicts.read()).toMatchObject([{ kind: 'deleted', record: 'r', dropped: { value: { done: true, votes: 5 } } }])
    expect(a.deadLetters.read()).toEqual([])
  })

  test('no field of the old record is left in a copy that was behind: incremental and fresh clients hold the same', async () => {
    const { one, a, b } = await begin()
    await a.todos.increment('r', 'votes', 3)
    await a.todos.add('r', 'tags', 'old')
    await synced(a)
    await world.until(() => expect(b.todos.get('r')).toMatchObject({ votes: 3, tags: ['old'] }))
    one.offline()
    await b.write((write) => {
      write.todos.delete('r')
      write.home.todos.insert({ id: 'r', title: 'New' })
    })
    await synced(b)
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')).toMatchObject({ title: 'New', votes: 0, tags: [], done: false })
  })

  test('a delete against an edit that it had not seen: the delete wins, the edit is a conflict, and restoring it brings the record back', async () => {
    const { one, a, b } = await begin()
    one.offline()
    a.todos.delete('r')
    await b.todos.update('r', { title: 'edited' })
    await synced(b)
    one.online()
    await synced(a)
    await agree([a, b])
    await world.until(() => expect(b.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { title: 'edited' } } }]))
    await b.conflicts.read()[0]!.restore()
    await synced(b)
    await world.until(() => expect(a.todos.get('r')?.title).toBe('edited'))
    await agree([a, b])
    await world.until(() => expect(a.conflicts.read()).toEqual([]))
  })

  test('two insert the same id at once: one record, field by field', async () => {
    const { one, two, a, b } = await begin()
    one.offline()
    two.offline()
    a.home.todos.insert({ id: 'same', title: 'of a', votes: 1, tags: ['a'] } as never)
    await later()
    b.home.todos.insert({ id: 'same', title: 'of b', votes: 10, tags: ['b'] } as never)
    one.online()
    two.online()
    await synced(a, b)
    await agree([a, b])
    expect(a.todos.get('same')).toMatchObject({ title: 'of b', votes: 11, tags: ['a', 'b'] })
    await world.until(() => expect(a.conflicts.read()).toMatchObject([{ field: 'title', dropped: { value: 'of a' } }]))
  })
})

describe('15 and 16: time', () => {
  const YEAR = 365 * 86_400_000

  test.each([10, 1, -1, -10])(
    'B3: a clock that is %d years off owns no field: who writes later wins, having seen it or not',
    async (years) => {
      const { one, two, a, b } = await begin()
      one.skewClock(years * YEAR)
      await a.todos.update('r', { title: 'by the wrong clock' })
      await synced(a)
      await world.until(() => expect(b.todos.get('r')?.title).toBe('by the wrong clock'))
      await later()
      await b.todos.update('r', { title: 'seen and changed' })
      await synced(b)
      await world.until(() => expect(a.todos.get('r')?.title).toBe('seen and changed'))
      // Concurrently: both offline, the wrong clock first.
      one.offline()
      two.offline()
      await a.todos.update('r', { title: 'wrong clock, earlier' })
      await later(120_000)
      await b.todos.update('r', { title: 'right clock, later' })
      await later()
      one.online()
      await synced(a)
      two.online()
      await synced(b)
      await agree([a, b])
      expect(a.todos.get('r')?.title).toBe('right clock, later')
      // And the other way round.
      one.offline()
      two.offline()
      await b.todos.update('r', { title: 'right clock, earlier' })
      await later(120_000)
      await a.todos.update('r', { title: 'wrong clock, later' })
      two.online()
      await synced(b)
      one.online()
      await synced(a)
      await agree([a, b])
      expect(a.todos.get('r')?.title).toBe('wrong clock, later')
      expect(a.deadLetters.read()).toEqual([])
    },
  )

  test('16.1: a clock that was years ahead and is mended while offline: from the next sync on its tab writes in the present again', async () => {
    const { one, two, a, b } = await begin()
    one.offline()
    one.skewClock(2 * YEAR)
    await a.todos.increment('r', 'votes')
    await later(3_600_000)
    one.skewClock(0)
    await a.todos.update('r', { done: true })
    await later(3_600_000)
    one.online()
    await synced(a)
    await world.until(() => expect(b.todos.get('r')?.done).toBe(true))
    // The same tab, offline again, writes before the other does.
    one.offline()
    await later()
    await a.todos.update('r', { title: 'friday' })
    two.offline()
    await later(3_600_000)
    await b.todos.update('r', { title: 'saturday' })
    two.online()
    await synced(b)
    await later(3_600_000)
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')?.title).toBe('saturday')
  })

  test('16.1: what is pending with a time of the future comes down to the present as a whole, and in order', async () => {
    const { one, a, b } = await begin()
    one.skewClock(YEAR)
    one.offline()
    const titles = ['one', 'two', 'three']
    for (const title of titles) await a.todos.update('r', { title })
    one.skewClock(0)
    let sent: number[] = []
    one.through(async (request, pass) => {
      if (request.url.endsWith('/sync')) {
        const { tx: list } = (await request.clone().json()) as { tx: { t: number }[] }
        if (list.length > 0) sent = list.map(({ t }) => t)
      }
      return await pass(request)
    })
    one.online()
    await synced(a)
    expect(sent.length).toBe(3)
    expect(sent).toEqual([...sent].sort((x, y) => x - y))
    expect(new Set(sent).size).toBe(3)
    expect(Math.max(...sent)).toBeLessThanOrEqual(world.clock.now() * 1024 + 3)
    await agree([a, b])
    expect(b.todos.get('r')?.title).toBe('three')
  })

  test('16.2: a slow line does not shift what is pending', async () => {
    const { one, a, b } = await begin()
    one.offline()
    await a.todos.update('r', { title: 'slow' })
    const at = world.clock.now()
    await later(1_000)
    let sent = 0
    one.through(async (request, pass) => {
      if (request.url.endsWith('/sync')) {
        const { tx: list } = (await request.clone().json()) as { tx: { t: number }[] }
        sent = list[0]?.t ?? sent
        await new Promise<void>((resolve) => world.clock.setTimer(25_000, resolve))
        const response = await pass(request)
        await new Promise<void>((resolve) => world.clock.setTimer(25_000, resolve))
        return response
      }
      return await pass(request)
    })
    one.online()
    await world.until(() => expect(sent).toBeGreaterThan(0))
    expect(Math.floor(sent / 1024)).toBe(at)
    one.through(undefined)
    await synced(a, b)
  })

  test('B4: a clock that goes back across a restart: the newer edit still wins over the own older one', async () => {
    const { one, a, b } = await begin()
    one.offline()
    await a.todos.update('r', { title: 'older' })
    await a.close()
    one.skewClock(-3_600_000)
    const again = await tabOf(one)
    await again.todos.update('r', { title: 'newer' })
    expect(again.todos.get('r')?.title).toBe('newer')
    one.online()
    await synced(again)
    await agree([again, b])
    expect(again.todos.get('r')?.title).toBe('newer')
    // Also against what another device confirmed meanwhile.
    await world.until(() => expect(b.todos.get('r')?.title).toBe('newer'))
    await b.todos.update('r', { title: 'newest' })
    await synced(b)
    await world.until(() => expect(again.todos.get('r')?.title).toBe('newest'))
    await again.todos.update('r', { title: 'after that' })
    await synced(again)
    await agree([again, b])
    expect(b.todos.get('r')?.title).toBe('after that')
    expect((await dumped()).$conflicts).toEqual([])
  })

  test('B5: thousands of writes while the clock stands still keep their order, past the counter of a millisecond', async () => {
    const { one, two, a, b } = await begin()
    one.offline()
    for (let i = 0; i < 2_500; i++) void a.todos.update('r', { title: `${i}` })
    await a.todos.increment('r', 'votes')
    two.offline()
    one.online()
    await synced(a)
    two.online()
    await synced(b)
    await agree([a, b])
    expect(b.todos.get('r')).toMatchObject({ title: '2499', votes: 1 })
    expect((await dumped()).$conflicts).toEqual([])
  })

  test.each([1, 2, 3])(
    'clocks that jump at any moment, by up to ten years: a chain of writes that saw each other ends as it went (seed %d)',
    async (seed) => {
      const random = seededRandom(seed)
      const { one, two, a, b } = await begin()
      const both = [
        [one, a],
        [two, b],
      ] as const
      for (let i = 0; i < 25; i++) {
        const [device, db] = both[Math.floor(random() * 2)]!
        if (random() < 0.5) device.skewClock(Math.floor((random() - 0.5) * 20 * YEAR))
        if (random() < 0.3) device.offline()
        await db.todos.update('r', { title: `${i}` })
        if (random() < 0.3) device.skewClock(Math.floor((random() - 0.5) * 20 * YEAR))
        device.online()
        await synced(db)
        for (const [, each] of both) await world.until(() => expect(each.todos.get('r')?.title).toBe(`${i}`))
        if (random() < 0.3) await later(Math.floor(random() * 100_000))
      }
      await agree([a, b])
      expect((await dumped()).$conflicts).toEqual([])
    },
  )
})

describe('22: conflicts are for people', () => {
  test('a hundred offline keystrokes that lose to one foreign write leave one conflict, with the last of them', async () => {
    const { one, a, b } = await begin()
    one.offline()
    for (let i = 1; i <= 100; i++) void a.todos.update('r', { title: 'x'.repeat(i) })
    await later()
    await b.todos.update('r', { title: 'of b' })
    await synced(b)
    one.online()
    await synced(a)
    await agree([a, b])
    expect(a.todos.get('r')?.title).toBe('of b')
    expect(a.conflicts.read()).toMatchObject([
      { kind: 'value', field: 'title', dropped: { value: 'x'.repeat(100) }, kept: { value: 'of b' } },
    ])
    expect(a.status.read().conflicts).toBe(1)
    // It survives a reload, and is on the other device of the user as well.
    expect(b.conflicts.read().length).toBe(1)
    await a.close()
    const again = await tabOf(one)
    expect(again.conflicts.read()).toMatchObject([{ dropped: { value: 'x'.repeat(100) } }])
    // One of another session stands beside it.
    one.offline()
    again.todos.update('r', { title: 'another session' })
    await later()
    await b.todos.update('r', { title: 'of b again' })
    await synced(b)
    one.online()
    await synced(again)
    expect(again.conflicts.read().length).toBe(2)
    await again.conflicts.read()[0]!.dismiss()
    await synced(again)
    await world.until(() => expect(b.conflicts.read().length).toBe(1))
    await agree([again, b])
  })

  test('a later write of the same session that loses again replaces it, one that wins removes it', async () => {
    const { one, two, a, b } = await begin()
    const lose = async (title: string) => {
      one.offline()
      a.todos.update('r', { title })
      await later()
      await b.todos.update('r', { title: `b over ${title}` })
      await synced(b)
      one.online()
      await synced(a)
    }
    await lose('first')
    expect(a.conflicts.read()).toMatchObject([{ dropped: { value: 'first' } }])
    await lose('second')
    expect(a.conflicts.read()).toMatchObject([{ dropped: { value: 'second' } }])
    await a.todos.update('r', { title: 'third' })
    await synced(a)
    expect(a.conflicts.read()).toEqual([])
    await world.until(() => expect(b.conflicts.read()).toEqual([]))
    two.offline()
    await agree([a])
  })

  test('P7: a value that was dropped long ago is not told again, nor under a wrong name, when somebody overwrites the winner', async () => {
    world = createWorld()
    const devices = [world.device(), world.device(), world.device()]
    const [a, b, c] = [await tabOf(devices[0]!), await tabOf(devices[1]!), await tabOf(devices[2]!)] as [Tab, Tab, Tab]
    await a.home.todos.insert({ id: 'r', title: 'Milk' })
    await synced(a)
    for (const db of [b, c]) await world.until(() => expect(db.todos.get('r')).toBeDefined())
    devices[0]!.offline()
    devices[1]!.offline()
    devices[2]!.offline()
    b.todos.update('r', { title: 'of b' })
    await later()
    a.todos.update('r', { title: 'of a' })
    devices[0]!.online()
    await synced(a)
    devices[2]!.online()
    await world.until(() => expect(c.todos.get('r')?.title).toBe('of a'))
    devices[2]!.offline()
    // Has seen a's value, not b's: what it overwrites is a's.
    await later()
    c.todos.update('r', { title: 'of c' })
    devices[1]!.online()
    await synced(b)
    const before = (await dumped()).$conflicts
    expect(before).toMatchObject([{ v: { dropped: { value: 'of b' }, kept: { value: 'of a' } } }])
    devices[2]!.online()
    await synced(c)
    await agree([a, b, c])
    expect((await dumped()).todos?.[0]?.title).toBe('of c')
    expect((await dumped()).$conflicts).toEqual(before)
  })
})

describe('25: details', () => {
  test('strings are ordered by code point everywhere: emoji after U+FFFF, whatever a store says', async () => {
    const { a, b } = await begin()
    const titles = ['\u{1F600}', '\uFFFD', '\uE000', 'z', 'Z', 'é', 'e\u0301', '\u{10FFFF}', '']
    for (const title of titles) await a.home.todos.insert({ id: `id ${title}`, title })
    await a.todos.delete('r')
    await synced(a)
    const sorted = [...titles].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)))
    await world.until(() =>
      expect(
        b.todos
          .orderBy('title')
          .read()
          .map(({ title }) => title),
      ).toEqual(sorted),
    )
    expect(
      a.todos
        .orderBy('title')
        .read()
        .map(({ title }) => title),
    ).toEqual(sorted)
    // Without an order, by id.
    expect(a.todos.read().map(({ title }) => title)).toEqual(sorted)
    await agree([a, b])
  })

  test('H1: __proto__ and its like are as good as ids as any other, on every side', async () => {
    const { a, b } = await begin()
    const ids = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '.', '../x', ' ', '\u{1F600}', 'e\u0301', 'é']
    for (const id of ids) await a.home.todos.insert({ id, title: id, tags: ['__proto__'] })
    await a.todos.increment('__proto__', 'votes')
    await synced(a)
    await world.until(() => expect(b.todos.get('__proto__')).toMatchObject({ votes: 1, tags: ['__proto__'] }))
    await b.todos.delete('constructor')
    await synced(b)
    await world.until(() => expect(a.todos.get('constructor')).toBeUndefined())
    await agree([a, b])
    expect(a.todos.read().length).toBe(ids.length)
    expect(({} as Record<string, unknown>).title).toBeUndefined()
  })

  test('H4: -0 is 0 at the write, so what is on screen is what comes back', async () => {
    const { a, b } = await begin()
    await a.todos.increment('r', 'votes', -0)
    expect(Object.is(a.todos.get('r')?.votes, 0)).toBe(true)
    await synced(a, b)
    await agree([a, b])
  })
})
