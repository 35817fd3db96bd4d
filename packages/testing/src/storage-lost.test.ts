// Storage that is lost or full under a tab that is open (faults.md A2 to A5).
import type { Database, Write } from '@holdfast/client'
import type { IDBFactory } from 'fake-indexeddb'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { quiet, turns } from './manual-clock.ts'
import { withStore } from './raw-store.ts'
import { testSchema as schema } from './test-schema.ts'
import { createWorld, type World, watchStatus } from './world.ts'

const tab = { schema, userId: 'ann' }
type Db = Database<typeof schema>

/** Nobody else reads segments until it is called off. */
async function holdSegments(indexedDB: IDBFactory): Promise<() => void> {
  const [{ name = '' } = {}] = await indexedDB.databases()
  const db = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open(name)
    opening.onsuccess = () => resolve(opening.result)
  })
  let isHeld = true
  const segments = db.transaction('segments', 'readwrite').objectStore('segments')
  const again = () => {
    if (isHeld) segments.get('nothing').onsuccess = again
  }
  again()
  return () => {
    isHeld = false
    db.close()
  }
}

let world: World
afterEach(() => world.close())

async function begin() {
  world = createWorld()
  const device = world.device()
  const { db, kill } = await device.mortalTab(tab)
  await db.home.todos.insert({ id: 'r', title: 'Milk' })
  await world.synced(db)
  return { device, db: db as Db, kill }
}

test('A3: a tab that found no room says so until there is room again, also if it has nothing to write', async () => {
  const { device, db } = await begin()
  device.disk.full(true)
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: 'storage_full' })
  await world.clock.advance(60_000)
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_full', fix: 'free_space' } })
  device.disk.full(false)
  await world.clock.advance(10_000)
  expect(db.status.read()).toMatchObject({ state: 'synced', problem: null })
})

test('A3: who could not store something is at no moment told that all is well', async () => {
  const { device, db } = await begin()
  const writes: Write<unknown>[] = []
  const { lies, seen } = watchStatus(db, writes)
  device.disk.full(true)
  writes.push(db.todos.increment('r', 'votes'))
  await expect(Promise.resolve(writes[0])).rejects.toMatchObject({ code: 'storage_full' })
  await quiet()
  expect(seen.at(-1)).toMatchObject({ state: 'stuck', pending: 0, problem: { code: 'storage_full' } })
  expect(lies).toEqual([])
})

test('A3: a space that could not be followed for want of room is followed when there is some', async () => {
  const { device, db } = await begin()
  await db.home.unfollow()
  device.disk.full(true)
  db.home.follow()
  await quiet()
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_full', fix: 'free_space' } })
  device.disk.full(false)
  // Nobody has to ask for it again.
  await world.until(() => expect(db.todos.get('r')).toBeDefined())
})

test.each([true, false])('A2: a database that is evicted while it is open is not gone on with (its tabs are told: %s)', async (isTold) => {
  const { device, db } = await begin()
  device.disk.sever(isTold)
  device.disk.evict()
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: 'storage_failed' })
  // Not the next one either: it would be stored where nobody knows what it speaks of.
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: 'storage_failed' })
  await world.clock.advance(60_000)
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_failed', fix: 'reload' } })
  // Another tab has it all again, and leads.
  const other: Db = await device.tab(tab)
  await world.synced(other)
  await other.todos.increment('r', 'votes', 5)
  await world.synced(other)
  expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ id: 'r', votes: 5 }])
})

test('A4: several calls that find the connection dead replace it once', async () => {
  const { device, db } = await begin()
  device.disk.sever(false)
  await Promise.allSettled([db.todos.increment('r', 'votes'), world.clock.advance(10_000), db.sync()])
  await db.todos.increment('r', 'votes')
  await world.synced(db)
  expect(device.disk.open).toBe(1)
})

test('A5: where another version wanted the database and did not take it, the tab goes on', async () => {
  const { device, db } = await begin()
  await device.disk.upgrade()
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_blocked', fix: 'reload' } })
  await world.clock.advance(10_000)
  await quiet()
  expect(db.status.read()).toMatchObject({ state: 'synced', problem: null })
})

// Found by `pnpm sim --seed 3009058`.
test('P1: a write that is stored is accepted, also where what another tab stored before it cannot be read just then', async () => {
  const { device, db } = await begin()
  const other: Db = await device.tab(tab)
  await world.synced(db, other)
  device.offline()
  device.between(() => undefined)
  await other.todos.increment('r', 'votes', 2)
  const shown: number[] = []
  db.todos.subscribe((rows) => shown.push(rows.find(({ id }) => id === 'r')?.votes ?? -1))
  // The first two requests add the write; with the third this tab looks for what it has not heard of.
  device.disk.failRequest(3, 'QuotaExceededError')
  await db.todos.increment('r', 'votes', 5)
  await world.clock.advance(10_000)
  device.online()
  await world.synced(db, other)
  expect(shown.toSorted((a, b) => a - b)).toEqual(shown)
  expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ id: 'r', votes: 7 }])
})

describe('a segment that is not on the disk any more, or not all of it (A2)', () => {
  const damages: readonly [string, number][] = [
    ['gone', 0],
    ['cut to nothing', 0.5],
    ['cut in half', 0.75],
    ['without its end', 0.99],
  ]

  async function beginSegments() {
    const { db } = await begin()
    for (let i = 0; i < 30; i++) db.home.todos.insert({ id: `t${i}`, title: 'Flour' })
    await world.synced(db)
    const other = world.device()
    const second: Db = await other.tab(tab)
    await world.synced(second)
    expect(await withStore(other.indexedDB, 'segments', (segments) => segments.count())).toBeGreaterThan(0)
    return { first: db, other, second }
  }

  test.each(damages)('%s: it opens without network, what waits is there, and goes out when the rest comes again', async (_, left) => {
    const { first, other, second } = await beginSegments()
    other.offline()
    await second.todos.increment('r', 'votes', 2)
    await second.home.todos.insert({ id: 's', title: 'Bread' })
    await second.close()
    expect(other.disk.damage(0, left)).toBe(true)
    const again: Db = await other.tab(tab)
    // Not a part of it: nothing, and it is said.
    expect(again.todos.get('r')).toBeUndefined()
    expect(again.todos.get('s')?.title).toBe('Bread')
    expect(again.status.read()).toMatchObject({ pending: 2, progress: { done: 0, total: 1 } })
    expect(again.status.read().state).not.toBe('synced')
    await again.close()
    // Also the next time.
    const third: Db = await other.tab(tab)
    expect(third.status.read()).toMatchObject({ pending: 2 })
    other.online()
    await world.synced(third, first)
    expect(third.todos.get('r')).toMatchObject({ title: 'Milk', votes: 2 })
    expect((await world.dump('home:ann')).tables.todos?.slice(0, 2)).toMatchObject([
      { id: 'r', votes: 2 },
      { id: 's', title: 'Bread' },
    ])
    expect(third.todos.count().read()).toBe(32)
    await third.close()
    const last: Db = await other.tab(tab)
    expect(last.todos.get('r')).toMatchObject({ title: 'Milk', votes: 2 })
    expect(last.status.read().progress).toBeNull()
  })

  // Found by `pnpm sim --seed 3007203`.
  test('P6: what is written meanwhile has seen nothing of what is not there', async () => {
    const { first, other, second } = await beginSegments()
    await first.todos.update('r', { title: 'Oat milk' })
    await world.synced(first, second)
    other.offline()
    await second.close()
    while (other.disk.damage(0, 0));
    const again: Db = await other.tab(tab)
    expect(again.todos.get('r')).toBeUndefined()
    await again.home.todos.upsert('r', { title: 'Rice milk' })
    other.online()
    await world.synced(again, first)
    expect(first.conflicts.read()).toMatchObject([{ table: 'todos', record: 'r', field: 'title' }])
  })

  test('what the leader stores while another tab finds that base is broken is known to what has it fetched again', async () => {
    const { first, other, second } = await beginSegments()
    expect(other.disk.damage(0, 0.75)).toBe(true)
    const release = await holdSegments(other.indexedDB)
    const opening = other.tab(tab)
    await turns(300)
    await first.home.todos.insert({ id: 'n', title: 'New' })
    for (let i = 0; i < 200 && !second.todos.get('n'); i++) await turns(20)
    await turns(200)
    other.offline()
    // It has been seen.
    await second.todos.update('n', { title: 'Newer' })
    release()
    const later: Db = await opening
    await turns(300)
    other.online()
    await world.synced(later, second, first)
    await world.clock.advance(10_000)
    await world.synced(later, second, first)
    expect(second.conflicts.read()).toEqual([])
    expect(later.todos.get('n')?.title).toBe('Newer')
  })

  test('P11: commands are taken all the while, and nobody is told that all is there', async () => {
    const commands = {
      vote: schema.command({ args: v.object({ id: v.string() }), run: (tx, { id }) => tx.todos.increment(id, 'votes') }),
    }
    world = createWorld({ server: { schema, commands } as never })
    const first = await world.device().tab({ ...tab, commands })
    for (let i = 0; i < 30; i++) first.home.todos.insert({ id: `t${i}`, title: 'Flour' })
    await world.synced(first)
    const other = world.device()
    const second = await other.tab({ ...tab, commands })
    await world.synced(second)
    other.offline()
    await second.close()
    expect(other.disk.damage(0, 0)).toBe(true)
    const again = await other.tab({ ...tab, commands })
    let isReady = false
    void again.ready().then(() => {
      isReady = true
    })
    await again.run.vote({ id: 't1' })
    await world.clock.advance(1_000)
    expect(isReady).toBe(false)
    other.online()
    await world.synced(again)
    expect(isReady).toBe(true)
    expect(again.todos.get('t1')?.votes).toBe(1)
  })

  test.each(damages)('%s, and a tab that has it in memory leads: who comes later has it soon, too', async (_, left) => {
    const { other, second } = await beginSegments()
    expect(other.disk.damage(0, left)).toBe(true)
    let fetched = 0
    other.through(async (request, pass) => {
      if (request.method === 'POST' && (await request.clone().text()).includes('"fresh":[0')) fetched++
      return pass(request)
    })
    const later: Db = await other.tab(tab)
    await world.clock.advance(10_000)
    await world.synced(later, second)
    expect(later.todos.get('r')?.title).toBe('Milk')
    expect(second.todos.get('r')?.title).toBe('Milk')
    expect(fetched).toBe(1)
    await later.todos.increment('r', 'votes')
    await world.synced(later, second)
    expect(second.todos.get('r')?.votes).toBe(1)
  })
})
