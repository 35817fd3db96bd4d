// What browsers do to IndexedDB (faults.md A): connections that die, databases that do not open, crashes at any change.
import type { Database } from '@holdfast/client'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, describe, expect, test } from 'vitest'
import { badDisk, type Ending } from './bad-disk.ts'
import { quiet } from './manual-clock.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

const HOME = 'home:ann'
const tab = { schema: testSchema, userId: 'ann' }
type Db = Database<typeof testSchema>

let world: World
afterEach(() => world.close())

/** A device of Ann's with one record, whose disk can fail. */
async function begin() {
  world = createWorld()
  const disk = badDisk(new IDBFactory())
  const device = world.device({ indexedDB: disk.indexedDB })
  const db: Db = await device.tab(tab)
  await db.home.todos.insert({ id: 'r', title: 'Milk' })
  await world.synced(db)
  return { disk, device, db }
}

const votesOnServer = async () => (await world.dump(HOME)).tables.todos?.find(({ id }) => id === 'r')?.votes

/** P4: a device that has never been here, this tab and the server agree. */
async function agree(db: Db): Promise<void> {
  const fresh: Db = await world.device().tab(tab)
  await world.synced(db, fresh)
  const rows = (await world.dump(HOME)).tables.todos
  for (const one of [db, fresh]) await world.until(() => expect(one.todos.read().toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rows))
}

describe('A4: a connection that is dead', () => {
  test('is replaced: what failed with it rejects and is off the screen, and the next write is stored', async () => {
    const { disk, device, db } = await begin()
    device.offline()
    disk.loseConnections()
    await expect(Promise.resolve(db.todos.increment('r', 'votes', 10))).rejects.toMatchObject({ code: 'storage_failed' })
    expect(db.todos.get('r')?.votes).toBe(0)
    await db.todos.increment('r', 'votes', 1)
    await db.close()
    const again: Db = await device.tab(tab)
    expect(again.todos.get('r')?.votes).toBe(1)
    device.online()
    await world.synced(again)
    expect(await votesOnServer()).toBe(1)
    await agree(again)
  })

  test('again and again: nothing resolves that is not stored, status says so, and it goes on when the browser does', async () => {
    const { disk, device, db } = await begin()
    disk.break(true)
    for (let i = 0; i < 5; i++) {
      await expect(Promise.resolve(db.todos.increment('r', 'votes', 10))).rejects.toMatchObject({ code: 'storage_failed' })
      expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_failed', fix: 'reload' } })
    }
    expect(db.todos.get('r')?.votes).toBe(0)
    disk.break(false)
    // Whoever finds the connection dead has it replaced for the next one.
    await Promise.resolve(db.todos.increment('r', 'votes', 1)).catch(() => db.todos.increment('r', 'votes', 1))
    await world.synced(db)
    expect(await votesOnServer()).toBe(1)
    await agree(db)
    await device.close()
  })

  test('while others write: what they wrote comes when the browser is well again, with nobody’s help', async () => {
    const { disk, db } = await begin()
    const other: Db = await world.device().tab(tab)
    await world.synced(other)
    disk.break(true)
    await other.todos.increment('r', 'votes', 5)
    await world.synced(other)
    await world.clock.advance(60_000)
    expect(db.todos.get('r')?.votes).toBe(0)
    expect(db.status.read().state).not.toBe('synced')
    disk.break(false)
    await world.until(() => expect(db.todos.get('r')?.votes).toBe(5))
    await agree(db)
  })
})

test('A5: a newer version of the app gets the database: this tab lets go at once, says reload, and stores nothing any more', async () => {
  const { device, db } = await begin()
  device.offline()
  const [found] = await device.indexedDB.databases()
  const newer = device.indexedDB.open(found?.name as string, 2)
  await new Promise((resolve, reject) => {
    newer.onsuccess = resolve
    newer.onerror = reject
    newer.onblocked = () => reject(new Error('blocked'))
  })
  expect(db.status.read()).toMatchObject({ state: 'stuck', problem: { code: 'storage_blocked', fix: 'reload' } })
  await expect(Promise.resolve(db.todos.increment('r', 'votes'))).rejects.toMatchObject({ code: expect.stringMatching(/^storage_/) })
  expect(db.todos.get('r')?.votes).toBe(0)
  newer.result.close()
  await expect(device.tab({ ...tab, name: '' })).rejects.toMatchObject({ code: 'storage_blocked' })
})

test('A7: a database that never opens is an error after ten seconds, and can be tried again', async () => {
  world = createWorld()
  const disk = badDisk(new IDBFactory())
  const device = world.device({ indexedDB: disk.indexedDB })
  disk.hang(true)
  const opening = device.tab(tab).catch((error: unknown) => error)
  await quiet()
  await world.clock.advance(9_000)
  disk.hang(false)
  await world.clock.advance(1_000)
  expect(await opening).toMatchObject({ code: 'storage_blocked' })
  const db: Db = await device.tab(tab)
  await db.home.todos.insert({ title: 'Milk' })
  await agree(db)
})

test('A6: a body that waits for something writes nothing, and its caller hears it', async () => {
  const { db } = await begin()
  const late = () =>
    db.write((async (tx: { todos: Db['todos'] }) => {
      tx.todos.increment('r', 'votes', 10)
      await world.clock.advance(1)
      tx.todos.increment('r', 'votes', 100)
    }) as never)
  expect(late).toThrow(expect.objectContaining({ code: 'use_tx' }))
  await quiet()
  expect(db.status.read().pending).toBe(0)
  await db.todos.increment('r', 'votes', 1)
  await world.synced(db)
  expect(await votesOnServer()).toBe(1)
})

test('A8: an app that mounts twice and closes at once: nothing written is overwritten, close() waits for what is under way', async () => {
  const { device, db } = await begin()
  device.offline()
  const open = () => device.tab(tab) as Promise<Db>
  let votes = 0
  let last: Db = db
  for (let i = 0; i < 6; i++) {
    // Begun before the instance before it is gone, as frameworks do.
    const next = i % 2 === 0 ? open() : undefined
    void last.todos.increment('r', 'votes', 1)
    votes++
    await last.close()
    last = (await next) ?? (await open())
    expect(last.todos.get('r')?.votes).toBe(votes)
  }
  device.online()
  await world.synced(last)
  expect(await votesOnServer()).toBe(votes)
  await agree(last)
})

/** Stands for the write that a rule of the server refuses. */
const REFUSED = -1

/** Writes, syncs, reads what another device wrote, and is refused once; `stored` hears of each write that was awaited. */
async function day(db: Db, stored: (votes: number) => void, meanwhile: () => Promise<void>): Promise<void> {
  const add = async (votes: number) => {
    await db.write((tx) => {
      tx.home.todos.insert({ id: `by ${votes}`, title: `by ${votes}` })
      tx.todos.increment('r', 'votes', votes)
    })
    stored(votes)
  }
  await add(1)
  await Promise.all([add(2), add(4)])
  await world.synced(db)
  await meanwhile()
  await add(8)
  const refused = db.home.todos.insert({ id: 'bad', title: 'refused' })
  await refused
  stored(REFUSED)
  await refused.confirmed()
  await add(16)
  await world.synced(db)
}

describe('A11, C5: a crash at any change of what is on disk', () => {
  test.each<Ending>(['before', 'after'])(
    'the n-th, for every n, %s it is stored: what was awaited is in effect once, nothing is half there',
    async (ending) => {
      let total = Number.POSITIVE_INFINITY
      let crashes = 0
      for (let n = 1; n <= total; n++) {
        world = createWorld({
          rules: testSchema.rules({ todos: { insert: ({ after }) => after.title !== 'refused' } }),
        })
        const disk = badDisk(new IDBFactory())
        const device = world.device({ indexedDB: disk.indexedDB })
        const other: Db = await world.device().tab(tab)
        await other.home.todos.insert({ id: 'r', title: 'Milk' })
        await world.synced(other)
        const mortal = await device.mortalTab(tab)
        await world.until(() => expect(mortal.db.todos.get('r')).toBeDefined())
        const awaited: number[] = []
        let dead = false
        const died = new Promise<void>((resolve) => {
          disk.crashAt(n, ending, () => {
            dead = true
            crashes++
            mortal.kill()
            resolve()
          })
        })
        const before = disk.changes
        const living = day(
          mortal.db,
          (votes) => dead || awaited.push(votes),
          async () => {
            await other.todos.increment('r', 'votes', 1_000)
            await world.synced(other)
            await world.until(() =>
              expect(dead || mortal.db.todos.get('r')?.votes).toSatisfy((seen) => seen === true || (seen as number) >= 1_000),
            )
          },
        )
        await Promise.race([living.catch(() => undefined), died])
        if (!dead) total = Math.min(total, disk.changes - before)
        await quiet()
        const again: Db = await device.tab(tab)
        await world.synced(again, other)
        await agree(again)
        const ids = again.todos.read().map(({ id }) => id)
        const there = [1, 2, 4, 8, 16].filter((votes) => ids.includes(`by ${votes}`))
        const sum = there.reduce((all, votes) => all + votes, 0)
        // A record and its count are one transaction.
        expect((again.todos.get('r')?.votes ?? 0) % 1_000, `crash ${n}`).toBe(sum)
        const stored = awaited.filter((votes) => votes !== REFUSED)
        expect(
          stored.filter((votes) => !there.includes(votes)),
          `crash ${n}`,
        ).toEqual([])
        expect(ids).not.toContain('bad')
        if (awaited.includes(REFUSED)) expect(again.deadLetters.read(), `crash ${n}`).toMatchObject([{ code: 'rule_refused' }])
        if (!dead) expect(there).toEqual([1, 2, 4, 8, 16])
        if (n < total) await world.close()
      }
      expect(crashes).toBeGreaterThan(20)
    },
    120_000,
  )
})

// Found by the simulator: it was, while a request hung that asks for no changes.
test('P5: after a frame that could not be stored no later one is shown, of whatever space, until a pull has brought both', async () => {
  world = createWorld()
  for (const space of ['one', 'two']) for (const user of ['ann', 'bob']) await world.server.grant(space, user, 'write')
  const device = world.device()
  const ann: Db = await device.tab(tab)
  const bob: Db = await world.device().tab({ ...tab, userId: 'bob' })
  await world.synced(ann, bob)
  let hung = 0
  device.through((request, pass) => {
    if (!request.url.endsWith('/sync')) return pass(request)
    hung++
    return new Promise<Response>(() => undefined)
  })
  await ann.home.todos.insert({ title: 'waits for its answer' })
  await quiet()
  device.disk.failTransaction(1, 'AbortError')
  await bob.space('one').todos.insert({ id: 'cause', title: 'Cause' })
  await world.synced(bob)
  await bob.space('two').todos.insert({ id: 'effect', title: 'Effect' })
  await world.synced(bob)
  await quiet()
  expect([hung, ann.todos.get('cause'), ann.todos.get('effect')]).toEqual([1, undefined, undefined])
  device.through(undefined)
  await world.until(() => expect([ann.todos.get('cause'), ann.todos.get('effect')]).toMatchObject([{ id: 'cause' }, { id: 'effect' }]))
})
