import type { Database, DeadLetter, Write } from '@holdfast/client'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { turns } from './manual-clock.ts'
import { storedEvents, withStore } from './raw-store.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World, type WorldOptions, watchStatus } from './world.ts'

const HOME = 'home:ann'
type Tab = Database<typeof testSchema>

let world: World
afterEach(() => world.close())

const tabOf = (device: Device) => device.tab({ schema: testSchema, userId: 'ann' })
const isSynced = (db: Tab) => () => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, problem: null })
const titles = (db: Tab) => db.todos.read().map(({ title }) => title)
const dumped = async () => (await world.dump(HOME)).tables.todos?.map(({ title, votes }) => [title, votes])

/** Nobody may write "bad". */
const rules = testSchema.rules({
  todos: { insert: ({ after }) => after.title !== 'bad', update: ({ after }) => after.title !== 'bad' },
})

async function begin(options: WorldOptions = { rules }) {
  world = createWorld(options)
  const device = world.device()
  const db = await tabOf(device)
  const id = db.home.todos.insert({ id: 'milk', title: 'Milk' }).value as string
  await world.until(isSynced(db))
  device.offline()
  return { device, db, id }
}

const reload = async (device: Device, db: Tab) => {
  await db.close()
  return await tabOf(device)
}

describe('a refused write', () => {
  test('P7: the others in the queue pass, the view is rolled back whole, confirmed() and status say what happened', async () => {
    const { device, db, id } = await begin()
    const before = db.todos.increment(id, 'votes')
    const bad = db.write(
      (tx) => {
        tx.todos.increment(id, 'votes', 100)
        tx.todos.add(id, 'tags', 'half')
        return tx.home.todos.insert({ id: 'bad', title: 'bad' })
      },
      { label: 'add something bad' },
    )
    const after = db.todos.increment(id, 'votes', 10)
    const other = db.home.todos.insert({ id: 'bread', title: 'Bread' })
    const watch = watchStatus(db, [before, bad, after, other])
    expect(db.todos.get(id)).toMatchObject({ votes: 111, tags: ['half'] })
    expect(db.todos.get('bad')).toBeDefined()
    // Whoever looks never sees a part of it.
    const seen: [votes: number | undefined, tags: number | undefined, bad: boolean][] = []
    db.todos.orderBy('title').subscribe((rows) => {
      const milk = rows.find((row) => row.id === id)
      seen.push([milk?.votes, milk?.tags.length, rows.some((row) => row.id === 'bad')])
    })
    device.online()
    await world.until(isSynced(db))
    expect(await bad.confirmed()).toEqual({
      status: 'refused',
      code: 'rule_refused',
      message: 'The rule for insert of todos does not allow this.',
      deadLetter: bad.id,
    })
    for (const good of [before, after, other]) expect(await good.confirmed()).toMatchObject({ status: 'applied' })
    expect(db.todos.get(id)).toMatchObject({ votes: 11, tags: [] })
    expect(db.todos.get('bad')).toBeUndefined()
    expect(await dumped()).toEqual([
      ['Bread', 0],
      ['Milk', 11],
    ])
    expect(db.status.read()).toMatchObject({ deadLetters: 1, pending: 0 })
    expect(db.deadLetters.read()).toMatchObject([{ id: bad.id, code: 'rule_refused', causedBy: null }])
    expect(db.deadLetters.read()[0]?.summary).toEqual([
      'add something bad',
      'increment votes of todos milk: 100',
      'add to tags of todos milk: ["half"]',
      'insert todos bad: {"title":"bad","done":false}',
    ])
    for (const [votes = 0, tags, shown] of seen) expect([votes > 100, tags === 1, shown]).toEqual(Array(3).fill(votes > 100))
    expect(watch.lies).toEqual([])
  })

  test('E6, P7: its dead letter survives a reload with its reason, so does the verdict; discarding it lasts', async () => {
    const { device, db } = await begin()
    const bad = db.home.todos.insert({ title: 'bad' })
    await bad
    device.online()
    await world.until(isSynced(db))
    const verdict = await bad.confirmed()
    const letters = (all: readonly DeadLetter[]) => all.map(({ discard: _, retry: __, replace: ___, ...rest }) => rest)
    const before = letters(db.deadLetters.read())
    expect(before).toMatchObject([{ code: 'rule_refused', at: world.clock.now() }])

    const again = await reload(device, db)
    expect(letters(again.deadLetters.read())).toEqual(before)
    expect(again.status.read().deadLetters).toBe(1)
    expect(await again.verdict(bad.id)).toEqual(verdict)
    expect(titles(again)).toEqual(['Milk'])

    await again.deadLetters.read()[0]?.discard()
    expect(again.deadLetters.read()).toEqual([])
    expect(again.status.read().deadLetters).toBe(0)
    expect(await again.verdict(bad.id)).toMatchObject({ status: 'refused' })

    const third = await reload(device, again)
    expect(third.deadLetters.read()).toEqual([])
    expect(third.status.read().deadLetters).toBe(0)
    // It was refused, and that is not forgotten with the letter: never "applied".
    expect((await third.verdict(bad.id))?.status).not.toBe('applied')
    await world.until(isSynced(third))
    // Enough answers that what is on disk is folded, more than once.
    for (let i = 0; i < 600; i++) {
      device.wake()
      await turns(4)
    }
    expect((await storedEvents(device.indexedDB)).length).toBeLessThan(300)
    const fourth = await reload(device, third)
    expect(fourth.deadLetters.read()).toEqual([])
    expect((await fourth.verdict(bad.id))?.status).not.toBe('applied')
    expect(await dumped()).toEqual([['Milk', 0]])
  })

  test('the dead letter is there before anything says that the write is decided: a crash in between loses nothing', async () => {
    const { device, db } = await begin()
    await db.home.todos.insert({ title: 'bad' })
    device.online()
    // At every moment the write is in the queue on disk, or its dead letter is.
    for (let round = 0; round < 40; round++) {
      const copy = await device.copyDisk()
      const events = await storedEvents(copy)
      const queued = events.some(({ event }) => event.e === 'write' && JSON.stringify(event).includes('"bad"'))
      const dead = events.some(({ event }) => event.e === 'base' && (event.dead as unknown[]).length > 0)
      expect(queued !== dead, JSON.stringify(events)).toBe(true)
    }
    await world.until(isSynced(db))
    expect(db.status.read().deadLetters).toBe(1)
  })

  test('what was written on top of it is refused in its turn, and names its cause', async () => {
    const { device, db } = await begin()
    const bad = db.home.todos.insert({ id: 'bad', title: 'bad' })
    const edit = db.todos.update('bad', { done: true })
    const vote = db.todos.increment('bad', 'votes')
    const good = db.home.todos.insert({ title: 'Bread' })
    device.online()
    await world.until(isSynced(db))
    expect(await edit.confirmed()).toMatchObject({ status: 'refused', code: 'unknown_record' })
    expect(await vote.confirmed()).toMatchObject({ status: 'refused', code: 'unknown_record' })
    expect(await good.confirmed()).toMatchObject({ status: 'applied' })
    const byId = new Map(db.deadLetters.read().map((letter) => [letter.id, letter]))
    expect(byId.get(edit.id)?.causedBy).toBe(bad.id)
    expect(byId.get(vote.id)?.causedBy).toBe(bad.id)
    expect(byId.get(bad.id)?.dependants).toEqual([edit.id, vote.id])
    expect(byId.get(edit.id)?.dependants).toEqual([])
    expect(titles(db).sort()).toEqual(['Bread', 'Milk'])
  })

  test('replace: another write stands in its place, with today’s clock, in the same step on disk; one that writes nothing leaves it', async () => {
    const { device, db } = await begin()
    const bad = await db.home.todos.insert({ id: 'bad', title: 'bad' })
    device.online()
    await world.until(isSynced(db))
    const [letter] = db.deadLetters.read()
    letter?.replace(() => undefined)
    expect(db.deadLetters.read()).toHaveLength(1)
    expect(() => letter?.replace((tx) => tx.todos.delete('nowhere'))).toThrow(expect.objectContaining({ code: 'unknown_record' }))
    device.offline()
    const write = letter?.replace((tx) => tx.home.todos.insert({ id: bad, title: 'better' }), { label: 'mended' })
    let seen = 0
    for (; seen < 200; seen++) {
      const events = await storedEvents(await device.copyDisk())
      const better = events.some(({ event }) => event.e === 'write' && JSON.stringify(event).includes('better'))
      const forgotten = events.some(({ event }) => event.e === 'note' && 'forget' in event)
      expect(better).toBe(forgotten)
      if (better) break
    }
    expect(seen).toBeLessThan(200)
    expect(db.deadLetters.read()).toEqual([])
    device.online()
    expect(await write?.confirmed()).toMatchObject({ status: 'applied', result: 'bad' })
    expect(titles(db).sort()).toEqual(['Milk', 'better'])
    const again = await reload(device, db)
    expect(again.deadLetters.read()).toEqual([])
  })

  test('C1: when the answer was lost the same refusal comes again, word for word, though the rules have changed', async () => {
    let strict = true
    const { device, db } = await begin({
      rules: testSchema.rules({ todos: { insert: ({ after }) => !(strict && after.title === 'bad') } }),
    })
    const bad = db.home.todos.insert({ title: 'bad' })
    let lost = 0
    device.through(async (request, pass) => {
      const response = await pass(request)
      if (request.url.endsWith('/sync') && (await response.clone().text()).includes('rule_refused')) {
        lost++
        throw new TypeError('fetch failed')
      }
      return response
    })
    device.online()
    await world.until(() => expect(lost).toBeGreaterThan(0))
    strict = false
    device.through(undefined)
    await world.until(isSynced(db))
    expect(await bad.confirmed()).toMatchObject({ status: 'refused', code: 'rule_refused' })
    expect(titles(db)).toEqual(['Milk'])
  })

  test('a rule that throws refuses that transaction only, as hook_failed', async () => {
    const { device, db } = await begin({
      rules: testSchema.rules({
        todos: {
          insert({ after }) {
            if (after.title === 'bad') throw new Error('a bug of the app')
            return true
          },
        },
      }),
    })
    const bad = db.home.todos.insert({ title: 'bad' })
    const good = db.home.todos.insert({ title: 'Bread' })
    device.online()
    await world.until(isSynced(db))
    expect(await bad.confirmed()).toMatchObject({ status: 'refused', code: 'hook_failed' })
    expect(await good.confirmed()).toMatchObject({ status: 'applied' })
  })

  test('P9: what waits for a space that was taken away becomes dead letters, not nothing; the others pass; its data leaves', async () => {
    world = createWorld({ rules })
    const device = world.device()
    await world.server.grant('list', 'ann', 'write')
    const db = await tabOf(device)
    await db.space('list').todos.insert({ id: 'shared', title: 'Shared' })
    await world.until(isSynced(db))
    device.offline()
    const there = db.todos.update('shared', { title: 'Edited' })
    const both = db.write((tx) => {
      tx.home.todos.insert({ id: 'mine', title: 'Mine' })
      tx.todos.increment('shared', 'votes')
    })
    const home = db.home.todos.insert({ id: 'home', title: 'Home' })
    await world.server.revoke('list', 'ann')
    device.online()
    await world.until(isSynced(db))
    expect(await there.confirmed()).toMatchObject({ status: 'refused', code: 'revoked' })
    expect(await both.confirmed()).toMatchObject({ status: 'refused', code: 'revoked' })
    expect(await home.confirmed()).toMatchObject({ status: 'applied' })
    expect(titles(db)).toEqual(['Home'])
    expect(db.deadLetters.read().length).toBe(2)
    expect(db.space('list').state.read()).toMatchObject({ is: 'gone', deadLetters: 2 })
  })
})

describe('retry()', () => {
  test('of what a hook refused by failing: the same again, at its place in time, and the dead letter is gone', async () => {
    let broken = true
    world = createWorld({
      validate() {
        if (broken) throw new Error('the database of prices is down')
      },
    })
    const device = world.device()
    broken = false
    const [db, other] = [await tabOf(device), await tabOf(world.device())]
    await db.home.todos.insert({ id: 't', title: 'Milk' })
    await world.until(isSynced(db))
    await world.until(() => expect(other.todos.get('t')).toBeDefined())
    broken = true
    const write = db.write(
      (tx) => {
        tx.todos.increment('t', 'votes', 5)
        tx.todos.update('t', { title: 'Oat milk' })
      },
      { label: 'rename' },
    )
    expect(await write.confirmed({ within: '1m' })).toMatchObject({ status: 'refused', code: 'hook_failed' })
    expect(db.todos.get('t')).toMatchObject({ title: 'Milk', votes: 0 })
    broken = false
    // What another device did since is later than what is tried again, and concurrent with it.
    await world.clock.advance(60_000)
    await other.todos.update('t', { title: 'Soy milk' })
    await world.until(isSynced(other))
    await world.until(() => expect(db.todos.get('t')?.title).toBe('Soy milk'))
    const [letter] = db.deadLetters.read()
    const again = letter?.retry()
    await again
    expect(db.deadLetters.read()).toEqual([])
    await db.close()
    const reloaded = await tabOf(device)
    await world.until(isSynced(reloaded))
    expect(await reloaded.verdict(again?.id ?? '')).toMatchObject({ status: 'applied' })
    expect(await reloaded.verdict(write.id)).toMatchObject({ status: 'refused', code: 'hook_failed' })
    expect(reloaded.todos.get('t')).toMatchObject({ title: 'Soy milk', votes: 5 })
    expect(reloaded.conflicts.read()).toMatchObject([{ field: 'title', dropped: { value: 'Oat milk' } }])
    expect(reloaded.deadLetters.read()).toEqual([])
  })

  /** A world whose server fails at will, and a write that it refused so. */
  async function refusedOnce(write: (db: Tab) => Write<unknown>) {
    let broken = false
    world = createWorld({
      validate() {
        if (broken) throw new Error('down')
      },
    })
    const device = world.device()
    const [db, other] = [await tabOf(device), await tabOf(world.device())]
    await db.home.todos.insert({ id: 't', title: 'Milk' })
    await world.until(isSynced(db))
    await world.until(() => expect(other.todos.get('t')).toBeDefined())
    return {
      device,
      db,
      other,
      async refuse() {
        broken = true
        const refused = write(db)
        await refused
        device.online()
        expect(await refused.confirmed({ within: '1m' })).toMatchObject({ status: 'refused' })
        broken = false
      },
    }
  }

  test.each(['in the same tab', 'after a reload'])('P6, P7: what its own tab wrote since is concurrent with it too: %s', async (where) => {
    const { device, db, refuse } = await refusedOnce((tab) => tab.todos.update('t', { title: 'old idea' }))
    await refuse()
    await world.clock.advance(60_000)
    await db.todos.update('t', { title: 'written since' })
    await world.until(isSynced(db))
    await world.clock.advance(60_000)
    const tab = where === 'in the same tab' ? db : await reload(device, db)
    await tab.deadLetters.read()[0]?.retry()
    await world.until(isSynced(tab))
    expect(tab.todos.get('t')?.title).toBe('written since')
    expect(tab.conflicts.read()).toMatchObject([{ field: 'title', dropped: { value: 'old idea' } }])
  })

  test('P2: asked for twice, in two tabs too, it is in effect once; refused again it can be tried again', async () => {
    const { device, db, refuse } = await refusedOnce(
      (tab) => (tab.deadLetters.read()[0]?.retry() ?? tab.todos.increment('t', 'votes', 5)) as Write<unknown>,
    )
    const second = await tabOf(device)
    await refuse()
    await refuse()
    await world.until(() => expect(second.deadLetters.read()).toHaveLength(1))
    const [here, there] = [db.deadLetters.read()[0], second.deadLetters.read()[0]]
    const writes = [here?.retry(), here?.retry(), there?.retry()]
    expect(new Set(writes.map((write) => write?.id)).size).toBe(1)
    await Promise.all(writes)
    expect(db.todos.get('t')?.votes).toBe(5)
    for (const tab of [db, second]) await world.until(isSynced(tab))
    await db.close()
    await second.close()
    const reloaded = await tabOf(device)
    expect(reloaded.todos.get('t')?.votes).toBe(5)
    // What the second tab stored goes with the next answer.
    await reloaded.todos.increment('t', 'votes')
    await world.until(isSynced(reloaded))
    expect(reloaded.todos.get('t')?.votes).toBe(6)
    expect((await storedEvents(device.indexedDB)).filter(({ event }) => event.e === 'write')).toEqual([])
  })

  test('a clock that was repaired stays so', async () => {
    const { device, db, other, refuse } = await refusedOnce((tab) => tab.todos.update('t', { title: 'second' }))
    device.offline()
    device.skewClock(-24 * 3_600_000)
    await world.clock.advance(60_000)
    await other.todos.update('t', { title: 'first' })
    await world.until(isSynced(other))
    await world.clock.advance(60_000)
    await refuse()
    const again = await reload(device, db)
    await world.until(isSynced(again))
    await again.deadLetters.read()[0]?.retry()
    await world.until(isSynced(again))
    expect(again.todos.get('t')?.title).toBe('second')
  })
})

describe('schedule 3: n never skips, so a void stands for what is not sent', () => {
  /** What a review of the queue would do: one note, by another tab, in the store. */
  const drop = async (device: Device, write: { id: string }) => {
    const [session = '', n = ''] = write.id.split('.')
    await withStore(device.indexedDB, 'events', (events) => events.add({ e: 'note', drop: [session, Number(n)], reason: 'discarded' }))
    // Every tab looks from time to time.
    await world.clock.advance(5_000)
  }

  test('a write that its user dropped leaves the view, is not sent, and the queue drains; nobody is told that it was applied', async () => {
    const { device, db, id } = await begin()
    const first = db.todos.increment(id, 'votes')
    const dropped = db.todos.increment(id, 'votes', 10)
    const last = db.todos.increment(id, 'votes', 100)
    await last
    expect(db.todos.get(id)?.votes).toBe(111)
    await drop(device, dropped)
    expect(db.todos.get(id)?.votes).toBe(101)
    const watch = watchStatus(db, [first, dropped, last])
    device.online()
    await world.until(isSynced(db))
    expect(await first.confirmed()).toMatchObject({ status: 'applied' })
    expect(await last.confirmed()).toMatchObject({ status: 'applied' })
    expect(await dropped.confirmed()).toMatchObject({ status: 'refused', code: 'discarded' })
    expect(await dumped()).toEqual([['Milk', 101]])
    expect(db.deadLetters.read()).toEqual([])
    const again = await reload(device, db)
    expect(again.todos.get(id)?.votes).toBe(101)
    expect((await again.verdict(dropped.id))?.status).not.toBe('applied')
    expect(watch.lies).toEqual([])
  })

  test('dropped after it went out and its answer was lost: it is in effect, and that is what its user is told', async () => {
    const { device, db, id } = await begin()
    const dropped = db.todos.increment(id, 'votes', 10)
    const last = db.todos.increment(id, 'votes', 100)
    await last
    let lost = 0
    device.through(async (request, pass) => {
      if (!request.url.endsWith('/sync')) throw new TypeError('fetch failed')
      const { tx } = (await request.clone().json()) as { tx: unknown[] }
      const response = await pass(request)
      if (tx.length === 0) return response
      lost++
      throw new TypeError('fetch failed')
    })
    device.online()
    await world.until(() => expect(lost).toBeGreaterThan(0))
    await drop(device, dropped)
    device.through(undefined)
    await world.until(isSynced(db))
    expect(await dropped.confirmed()).toMatchObject({ status: 'applied' })
    expect(await dumped()).toEqual([['Milk', 110]])
    expect(db.todos.get(id)?.votes).toBe(110)
  })

  test('a transaction whose `seen` names one that is nowhere any more does not block, nor do the numbers after a hole', async () => {
    const { device, db, id } = await begin()
    const one = db.todos.increment(id, 'votes')
    const lost = db.todos.increment(id, 'votes', 10)
    const alsoLost = db.todos.increment(id, 'votes', 100)
    await alsoLost
    const other = await tabOf(device)
    // Has seen all three.
    const seeing = other.todos.update(id, { title: 'Oat milk' })
    await seeing
    const [session] = lost.id.split('.')
    await db.close()
    await other.close()
    const events = await storedEvents(device.indexedDB)
    const sees = events.find(({ event }) => JSON.stringify(event).includes('Oat milk'))
    expect(JSON.stringify(sees)).toContain(`"seen":{"${session}":4}`)
    // A disk that lost two of them.
    for (const { revision, event } of events) {
      const dot = (event.transaction as { dot: [string, number] } | undefined)?.dot
      if (dot && dot[0] === session && dot[1] >= 3)
        await withStore(device.indexedDB, 'events', (store) => store.delete(revision) as IDBRequest)
    }
    device.online()
    const again = await tabOf(device)
    const more = again.todos.increment(id, 'votes', 1000)
    await world.until(isSynced(again))
    expect(await again.verdict(seeing.id)).toMatchObject({ status: 'applied' })
    expect(await again.verdict(one.id)).toMatchObject({ status: 'applied' })
    expect(await more.confirmed()).toMatchObject({ status: 'applied' })
    expect(again.todos.get(id)).toMatchObject({ title: 'Oat milk', votes: 1001 })
    for (const { id: name } of [lost, alsoLost]) expect((await again.verdict(name))?.status).not.toBe('applied')
    expect(await dumped()).toEqual([['Oat milk', 1001]])
  })

  test('F4: poison in the middle of the queue: what comes after it is not shown as resting on it, and all of it drains', async () => {
    const { device, db, id } = await begin()
    const first = db.todos.increment(id, 'votes')
    const poison = db.write((tx) => {
      tx.home.todos.insert({ id: 'poison', title: 'POISON' })
      tx.todos.increment(id, 'votes', 10)
    })
    const last = db.todos.increment(id, 'votes', 100)
    const watch = watchStatus(db, [first, poison, last])
    device.through(async (request, pass) =>
      (await request.clone().text()).includes('POISON') ? new Response('', { status: 413 }) : pass(request),
    )
    device.online()
    await world.until(isSynced(db))
    expect(await poison.confirmed()).toMatchObject({ status: 'refused', code: 'poison' })
    expect(db.todos.read()).toMatchObject([{ id, votes: 101 }])
    expect(await dumped()).toEqual([['Milk', 101]])
    const again = await reload(device, db)
    expect(again.deadLetters.read()).toMatchObject([{ code: 'poison' }])
    expect(await again.verdict(poison.id)).toMatchObject({ status: 'refused', code: 'poison' })
    expect(watch.lies).toEqual([])
  })
})

describe('confirmed() never hangs', () => {
  test('offline it says pending after the time it was given, and still hears the verdict later', async () => {
    const { device, db } = await begin()
    const write = db.home.todos.insert({ title: 'Bread' })
    const soon = write.confirmed({ within: '10s' })
    const late = write.confirmed()
    await world.clock.advance(10_000)
    expect(await soon).toEqual({ status: 'pending' })
    expect(await db.verdict(write.id)).toEqual({ status: 'pending' })
    device.online()
    expect(await Promise.race([late, world.until(isSynced(db)).then(() => late)])).toMatchObject({ status: 'applied' })
  })

  test('schedule 8: it settles as pending when the database is closed; after a reload verdict() tells', async () => {
    const { device, db } = await begin()
    const write = db.home.todos.insert({ title: 'Bread' })
    await write
    const waiting = write.confirmed()
    await db.close()
    expect(await Promise.race([waiting, new Promise((resolve) => setImmediate(resolve, 'hangs'))])).toEqual({ status: 'pending' })
    const again = await tabOf(device)
    expect(await again.verdict(write.id)).toEqual({ status: 'pending' })
    device.online()
    await world.until(isSynced(again))
    expect(await again.verdict(write.id)).toMatchObject({ status: 'applied' })
    expect(await again.verdict('nobody.7')).toBeUndefined()
  })
})
