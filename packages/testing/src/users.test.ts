import type { Database, Write } from '@holdfast/client'
import { adopt } from '@holdfast/client/adopt'
import { exportUnsent } from '@holdfast/client/export'
import { internalsOf, setInternals } from '@holdfast/client/internal/internals'
import { HoldfastError } from '@holdfast/shared/internal/errors'
import { IDBTransaction } from 'fake-indexeddb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { quiet } from './manual-clock.ts'
import { diskText } from './raw-store.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World, watchStatus } from './world.ts'

let world: World
afterEach(() => world.close())

type Db = Database<typeof testSchema>
const schema = testSchema
const synced = (db: Db) => world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, problem: null }))
const titles = (db: Db) => db.todos.read().map(({ title }) => title)

describe('E1: a token that is refused', () => {
  test('for a week, with a thousand writes: nothing is lost, local work goes on, it costs no tries, and drains when signed in', async () => {
    let valid = true
    const seen = { refused: 0, refreshes: 0 }
    world = createWorld({
      authenticate(request) {
        if (valid && request.headers.get('authorization') === 'Bearer ann') return { id: 'ann' }
        seen.refused++
        return null
      },
    })
    const device = world.device()
    const options = {
      schema,
      userId: 'ann',
      token({ refresh }: { refresh: boolean }) {
        if (refresh) seen.refreshes++
        return 'ann'
      },
    }
    const db = await device.tab(options)
    await db.home.todos.insert({ id: 'count', title: 'Count' })
    await synced(db)
    valid = false
    device.cutLines()
    const writes: Write<unknown>[] = []
    const { lies } = watchStatus(db, writes)
    const hour = 3_600_000
    for (let d = 0; d < 7; d++) {
      for (let i = 0; i < 71; i++) writes.push(db.home.todos.increment('count', 'votes'), db.home.todos.insert({ title: `${d} ${i}` }))
      // An hour at work, then the laptop sleeps.
      await world.clock.advance(hour)
      await world.clock.sleep(23 * hour)
      expect(db.status.read()).toMatchObject({
        state: 'paused',
        pending: writes.length,
        problem: { code: 'unauthenticated', fix: 'sign_in' },
      })
    }
    for (let i = 0; i < 6; i++) writes.push(db.home.todos.increment('count', 'votes'))
    expect(writes).toHaveLength(1_000)
    expect(db.todos.get('count')?.votes).toBe(503)
    // Each try asked for a fresh token; it went on trying, at a pace that hurts nobody.
    expect(seen.refreshes).toBeGreaterThan(100)
    expect(seen.refused).toBeLessThan(2_000)
    // A reload in the middle of it.
    await db.close()
    const again = await device.tab(options)
    expect(again.todos.get('count')?.votes).toBe(503)
    expect(again.status.read().pending).toBe(1_000)
    valid = true
    void again.sync()
    await synced(again)
    expect(again.deadLetters.read()).toEqual([])
    expect((await world.dump('home:ann')).tables.todos).toHaveLength(1 + 7 * 71)
    expect((await world.dump('home:ann')).tables.todos?.find(({ id }) => id === 'count')).toMatchObject({ votes: 503 })
    expect(lies).toEqual([])
  })

  test('one that ran out is replaced at once, without a pause; one that cannot be had pauses, and says so', async () => {
    let current = 'one'
    let mine: string | null = 'one'
    let fails = false
    world = createWorld({
      authenticate: (request) => (request.headers.get('authorization') === `Bearer ${current}` ? { id: 'ann' } : null),
    })
    const device = world.device()
    const db = await device.tab({
      schema,
      userId: 'ann',
      token({ refresh }) {
        if (fails) throw new Error('the refresh token was revoked')
        if (refresh) mine = current
        return mine
      },
    })
    const states: string[] = []
    db.status.subscribe(({ state }) => states.push(state))
    await synced(db)
    states.length = 0
    current = 'two'
    await db.home.todos.insert({ title: 'Milk' })
    await synced(db)
    expect(states).not.toContain('paused')

    fails = true
    await db.home.todos.insert({ title: 'Bread' })
    await world.until(() => expect(db.status.read()).toMatchObject({ state: 'paused', pending: 1, problem: { code: 'unauthenticated' } }))
    expect(titles(db).sort()).toEqual(['Bread', 'Milk'])
    fails = false
    // Nobody is signed in: the same, without an exception.
    mine = null
    current = 'three'
    await world.clock.advance(600_000)
    await synced(db)
  })
})

describe('E2: one device, several users', () => {
  test('a switch in mid-sync: what one wrote goes out as his alone, and the other never sees it', async () => {
    world = createWorld()
    const device = world.device()
    const sent: string[] = []
    let hold: (() => void) | undefined
    device.through(async (request, pass) => {
      const body = await request.clone().text()
      sent.push(`${request.headers.get('authorization')} ${body}`)
      if (body.includes('SECRET-of-ann'))
        await new Promise<void>((resolve) => {
          hold = resolve
        })
      return pass(request)
    })
    const ann = await device.tab({ schema, userId: 'ann' })
    await synced(ann)
    await ann.home.todos.insert({ title: 'SECRET-of-ann' })
    await world.until(() => expect(hold).toBeDefined())
    // The request is on its way; the next user is there already.
    await ann.close()
    const bob = await device.tab({ schema, userId: 'bob' })
    await bob.home.todos.insert({ title: 'of bob' })
    hold?.()
    await synced(bob)
    await quiet()
    expect(titles(bob)).toEqual(['of bob'])
    for (const request of sent) if (request.startsWith('Bearer bob')) expect(request).not.toContain('SECRET-of-ann')
    hold = undefined
    device.through(undefined)
    const again = await device.tab({ schema, userId: 'ann' })
    await synced(again)
    expect(titles(again)).toEqual(['SECRET-of-ann'])
    expect((await world.dump('home:ann')).tables.todos).toHaveLength(1)
    expect((await world.dump('home:bob')).tables.todos).toMatchObject([{ title: 'of bob' }])
  })

  test('a token of somebody else stops syncing with wrong_user: nothing is sent as him, nothing of his comes', async () => {
    world = createWorld()
    const device = world.device()
    let token = 'ann'
    const db = await device.tab({ schema, userId: 'ann', token: () => token })
    await synced(db)
    token = 'bob'
    await db.home.todos.insert({ title: 'of ann' })
    await world.until(() =>
      expect(db.status.read()).toMatchObject({ state: 'paused', pending: 1, problem: { code: 'wrong_user', fix: 'sign_in' } }),
    )
    expect((await world.dump('home:bob')).seq).toBe(0)
    token = 'ann'
    await db.sync()
    await synced(db)
    expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ title: 'of ann' }])
  })
})

describe('E3: signing out with unsent writes', () => {
  async function withUnsent() {
    world = createWorld()
    const device = world.device()
    const db = await device.tab({ schema, userId: 'ann' })
    await synced(db)
    device.offline()
    await db.home.todos.insert({ title: 'unsent' })
    return { device, db }
  }

  test('refused by default, and nothing is deleted', async () => {
    const { device, db } = await withUnsent()
    await expect(db.erase()).rejects.toMatchObject({ code: 'unsent_writes', details: { pending: 1 } })
    expect(titles(db)).toEqual(['unsent'])
    await db.home.todos.insert({ title: 'more' })
    device.online()
    await synced(db)
    const gone = db.erase()
    await world.clock.advance(500)
    await gone
    expect(await device.indexedDB.databases()).toEqual([])
  })

  test('drained: sent first, in the time there is; what does not get out stays', async () => {
    const { device, db } = await withUnsent()
    const late = db.erase({ unsent: 'drain', within: '5s' })
    late.catch(() => undefined)
    await world.clock.advance(6_000)
    await expect(late).rejects.toMatchObject({ code: 'unsent_writes' })
    expect(titles(db)).toEqual(['unsent'])
    device.online()
    const gone = db.erase({ unsent: 'drain' })
    await world.clock.advance(2_000)
    await gone
    expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ title: 'unsent' }])
    expect(await device.indexedDB.databases()).toEqual([])
  })

  test('kept: it waits on this device until its user is back', async () => {
    const { device, db } = await withUnsent()
    await db.close()
    const bob = await device.tab({ schema, userId: 'bob' })
    expect(titles(bob)).toEqual([])
    const again = await device.tab({ schema, userId: 'ann' })
    device.online()
    await synced(again)
    expect(titles(again)).toEqual(['unsent'])
  })

  test('exported, then discarded: plain JSON that has all of it', async () => {
    const { device, db } = await withUnsent()
    const saved = JSON.parse(JSON.stringify(exportUnsent(db)))
    expect(saved).toMatchObject({ userId: 'ann', refused: [], unsent: [{ summary: [expect.stringContaining('unsent')] }] })
    expect(saved.unsent[0].operations[0]).toMatchObject(['ins', 'home:ann', 'todos', expect.any(String), { title: 'unsent' }])
    const gone = db.erase({ unsent: 'discard' })
    await world.clock.advance(500)
    await gone
    expect(await device.indexedDB.databases()).toEqual([])
  })

  test('what another tab wrote at the last moment is not lost with it', async () => {
    world = createWorld()
    const device = world.device()
    const [one, two] = [await device.tab({ schema, userId: 'ann' }), await device.tab({ schema, userId: 'ann', name: '' })]
    await synced(one)
    const mortal = await device.mortalTab({ schema, userId: 'ann' })
    device.offline()
    const erasing = one.erase()
    erasing.catch(() => undefined)
    const late = mortal.db.home.todos.insert({ title: 'late' })
    await world.clock.advance(500)
    await late
    await expect(erasing).rejects.toMatchObject({ code: 'unsent_writes', details: { pending: 1, deadLetters: 0 } })
    // And all of them go on.
    await one.home.todos.insert({ title: 'more' })
    await mortal.db.home.todos.insert({ title: 'and more' })
    await world.until(() => expect(titles(one).sort()).toEqual(['and more', 'late', 'more']))
    mortal.kill()
    await one.close()
    await two.close()
    const again = await device.tab({ schema, userId: 'ann' })
    expect(titles(again).sort()).toEqual(['and more', 'late', 'more'])
  })

  /** Two tabs of one device, of which the second is in a long task: it hears nothing of the other. */
  async function withDeaf() {
    world = createWorld()
    const device = world.device()
    const [db, deaf] = [await device.tab({ schema, userId: 'ann' }), (await device.mortalTab({ schema, userId: 'ann' })).db]
    await world.clock.advance(5_000)
    const held: (() => void)[] = []
    device.between((message, deliver) => (message.is === 'hold' ? held.push(deliver) : deliver()))
    const hears = () => {
      for (const deliver of held.splice(0)) deliver()
    }
    return { device, db, deaf, hears }
  }

  /** Right after the last look of this tab at what is stored. */
  function afterLook(db: Db, act: () => void): void {
    const { tab } = internalsOf(db)
    const look = tab.catchUp.bind(tab)
    let looks = 0
    tab.catchUp = async () => {
      await look()
      if (++looks === 2) act()
    }
  }

  test('what a tab stored that was in a long task and has not heard of it is not deleted', async () => {
    const { device, db, deaf, hears } = await withDeaf()
    await synced(db)
    device.offline()
    let late: Write<unknown> | undefined
    afterLook(db, () => {
      late = deaf.home.todos.insert({ title: 'late' })
    })
    const erasing = db.erase()
    erasing.catch(() => undefined)
    await world.clock.advance(500)
    await late
    await expect(erasing).rejects.toMatchObject({ code: 'unsent_writes', details: { pending: 1 } })
    hears()
    expect(titles(db)).toEqual(['late'])
  })

  test('what such a tab would store when nothing is looked at any more is not stored', async () => {
    const { device, db, deaf, hears } = await withDeaf()
    await synced(db)
    device.offline()
    const { store } = internalsOf(db)
    const seal = store.seal
    let late: Promise<unknown> | undefined
    store.seal = async (revision) => {
      const sealed = await seal(revision)
      late = Promise.allSettled([deaf.home.todos.insert({ title: 'late' })])
      await world.clock.advance(100)
      return sealed
    }
    const erasing = db.erase()
    await world.clock.advance(500)
    hears()
    await world.clock.advance(500)
    await erasing
    expect(await late).toEqual([{ status: 'rejected', reason: expect.objectContaining({ code: 'closed' }) }])
    expect(await device.indexedDB.databases()).toEqual([])
  })

  test('a database that was to be deleted, and was not, takes writes again', async () => {
    world = createWorld()
    const db = await world.device().tab({ schema, userId: 'ann' })
    const { store, replica } = internalsOf(db)
    expect(await store.seal(replica.revision)).toBe(true)
    await expect(Promise.resolve(db.home.todos.insert({ title: 'at once' }))).rejects.toMatchObject({ code: 'closed' })
    await world.clock.advance(20_000)
    await db.home.todos.insert({ title: 'later' })
    await synced(db)
    expect(titles(db)).toEqual(['later'])
  })

  test('nor does it wait for a clock that was set back', async () => {
    world = createWorld()
    const device = world.device()
    const db = await device.tab({ schema, userId: 'ann' })
    const { store, replica } = internalsOf(db)
    expect(await store.seal(replica.revision)).toBe(true)
    device.skewClock(-365 * 24 * 3_600_000)
    await db.home.todos.insert({ title: 'at once' })
    await synced(db)
  })

  test.each(['storage_full', 'storage_failed'] as const)('where a seal cannot be stored it is deleted all the same: %s', async (code) => {
    world = createWorld()
    const device = world.device()
    for (const unsent of ['refuse', 'discard'] as const) {
      const db = await device.tab({ schema, userId: 'ann' })
      await synced(db)
      internalsOf(db).store.seal = () => Promise.reject(new HoldfastError(code, 'Not now.'))
      const gone = db.erase({ unsent })
      await world.clock.advance(500)
      await gone
      expect(await device.indexedDB.databases()).toEqual([])
    }
  })

  test('a write asks the store for all of it at once: who leaves the page is not there for a second question', async () => {
    world = createWorld()
    const db = await world.device().tab({ schema, userId: 'ann' })
    await synced(db)
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit')
    const write = db.home.todos.insert({ title: 'on pagehide' })
    for (let i = 0; i < 10; i++) await Promise.resolve()
    expect(commit).toHaveBeenCalledOnce()
    commit.mockRestore()
    await write
  })

  test('two who delete it at the same time both get it done', async () => {
    world = createWorld()
    const device = world.device()
    for (const after of [0, 50, 101]) {
      const one = await device.tab({ schema, userId: 'ann' })
      const { db: other } = await device.mortalTab({ schema, userId: 'ann' })
      await synced(one)
      const all = [one.erase()]
      await world.clock.advance(after)
      all.push(one.erase(), other.erase())
      await world.clock.advance(2_000)
      await Promise.all(all)
      expect(await device.indexedDB.databases()).toEqual([])
    }
  })

  test('nobody waits for ever for a verdict, in this tab or another', async () => {
    world = createWorld()
    const device = world.device()
    const [db, other] = [await device.tab({ schema, userId: 'ann' }), (await device.mortalTab({ schema, userId: 'ann' })).db]
    await synced(db)
    device.offline()
    const writes = [db.home.todos.insert({ title: 'here' }), other.home.todos.insert({ title: 'there' })]
    const verdicts = writes.map((write) => write.confirmed())
    await Promise.all(writes)
    const gone = db.erase({ unsent: 'discard' })
    await world.clock.advance(500)
    await gone
    expect(await Promise.all(verdicts)).toEqual([{ status: 'pending' }, { status: 'pending' }])
    expect(await writes[0]?.confirmed()).toEqual({ status: 'pending' })
    expect(() => other.home.todos.insert({ title: 'too late' })).toThrow(expect.objectContaining({ code: 'closed' }))
  })

  test('E3: a write that no server takes is exported before any server has said so', async () => {
    world = createWorld()
    const device = world.device()
    const db = await device.tab({ schema, userId: 'ann' })
    await synced(db)
    device.through(async (request, pass) => {
      const body = request.method === 'POST' ? await request.clone().text() : ''
      return body.includes('HUGE') ? new Response('', { status: 413 }) : pass(request)
    })
    const { replica } = internalsOf(db)
    await db.home.todos.insert({ title: 'HUGE' })
    await world.until(() => {
      expect(replica.pending[0]?.dropped).toBe('poison')
      device.offline()
    })
    expect([titles(db), db.deadLetters.read().length]).toEqual([[], 0])
    expect(exportUnsent(db)).toMatchObject({ refused: [], unsent: [{ summary: [expect.stringContaining('HUGE')] }] })
  })

  test('what was refused while it drained is not deleted unseen', async () => {
    const rules = testSchema.rules({ todos: { insert: ({ after }) => after.title !== 'bad' } })
    world = createWorld({ rules })
    const device = world.device()
    const db = await device.tab({ schema, userId: 'ann' })
    await synced(db)
    device.offline()
    await db.home.todos.insert({ title: 'bad' })
    device.online()
    const erasing = db.erase({ unsent: 'drain' })
    erasing.catch(() => undefined)
    await world.clock.advance(2_000)
    await expect(erasing).rejects.toMatchObject({ code: 'unsent_writes', details: { pending: 0, deadLetters: 1 } })
    expect(exportUnsent(db)).toMatchObject({ refused: [{ code: 'rule_refused' }] })
    await db.deadLetters.read()[0]?.discard()
    const gone = db.erase()
    await world.clock.advance(500)
    await gone
  })
})

describe('pains 8: somebody who has not signed in yet', () => {
  async function anonymous() {
    const device = world.device()
    const db = await device.tab({ schema, userId: 'anonymous', token: () => null })
    return { device, db }
  }

  test('what he wrote becomes the user’s, once, in the order it was made, and merges with what was there', async () => {
    world = createWorld()
    const other = await world.device().tab({ schema, userId: 'ann' })
    await other.home.todos.insert({ id: 'both', title: 'Theirs', tags: ['a'] })
    await synced(other)
    const { device, db } = await anonymous()
    await db.home.todos.insert({ id: 'mine', title: 'Milk', votes: 2 })
    await db.home.todos.increment('mine', 'votes', 3)
    await db.home.todos.insert({ id: 'both', title: 'Mine', tags: ['b'] })
    await db.home.todos.delete('mine')
    await db.home.todos.insert({ id: 'mine', title: 'Milk again' })
    const list = db.spaces.create('list')
    await list.todos.insert({ title: 'Cake' })
    await world.clock.advance(60_000)
    expect(db.status.read()).toMatchObject({ state: 'paused', pending: 6, problem: { code: 'unauthenticated', fix: 'sign_in' } })

    const ann = await device.tab({ schema, userId: 'ann' })
    const adopting = adopt(db, { into: ann })
    await world.clock.advance(1_000)
    expect(await adopting).toBe(6)
    await synced(ann)
    expect(titles(ann)).toEqual(expect.arrayContaining(['Milk again', 'Cake']))
    expect(ann.home.todos.get('both')).toMatchObject({ tags: ['a', 'b'] })
    expect(ann.space(list.id).state.read()).toMatchObject({ is: 'ready', role: 'owner' })
    expect(ann.deadLetters.read()).toEqual([])
    expect((await device.indexedDB.databases()).map(({ name }) => name)).toEqual([expect.stringContaining(' ann ')])
    await world.until(() => expect(other.todos.read()).toEqual(ann.todos.read()))
  })

  test('after a crash in the middle it is done again, and nothing is there twice', async () => {
    world = createWorld()
    const { device, db } = await anonymous()
    await db.home.todos.insert({ id: 'count', title: 'Count' })
    await db.home.todos.increment('count', 'votes', 5)
    const ann = await device.tab({ schema, userId: 'ann' })
    await synced(ann)
    const copy = await device.copyDisk()
    const first = adopt(db, { into: ann })
    await world.clock.advance(1_000)
    await first
    await synced(ann)
    const before = await diskText(device.indexedDB)
    expect(before).toContain('count')
    // The disk of before the erasure, beside what ann has by now: as if the power had gone in between.
    const crashed = world.device({ indexedDB: copy })
    const [again, once] = [
      await crashed.tab({ schema, userId: 'anonymous', token: () => null }),
      await crashed.tab({ schema, userId: 'ann' }),
    ]
    await synced(once)
    const second = adopt(again, { into: once })
    await world.clock.advance(1_000)
    await second
    await synced(once)
    expect(once.todos.get('count')?.votes).toBe(5)
    expect((await world.dump('home:ann')).tables.todos).toMatchObject([{ votes: 5 }])
    expect(once.deadLetters.read()).toEqual([])
  })

  test('what one user was about to adopt no other can, whose queue would stop at names that are not his', async () => {
    world = createWorld()
    const { device, db } = await anonymous()
    await db.home.todos.insert({ title: 'mine' })
    const ann = await device.tab({ schema, userId: 'ann' })
    await synced(ann)
    const crashing = { userId: db.userId }
    const dies = async (look: () => void | Promise<void>) => {
      await look()
      throw new Error('the tab was closed')
    }
    setInternals(crashing, { ...internalsOf(db), eraseAfter: dies })
    const first = adopt(crashing, { into: ann })
    first.catch(() => undefined)
    await world.clock.advance(1_000)
    await expect(first).rejects.toThrow('the tab was closed')
    await synced(ann)
    await db.close()
    const again = await device.tab({ schema, userId: 'anonymous', token: () => null })
    const bob = await device.tab({ schema, userId: 'bob' })
    await synced(bob)
    await expect(adopt(again, { into: bob })).rejects.toMatchObject({ code: 'invalid_value', details: { adoptedBy: 'ann' } })
    await bob.home.todos.insert({ title: 'of bob' })
    await synced(bob)
    const second = adopt(again, { into: ann })
    await world.clock.advance(1_000)
    expect(await second).toBe(0)
    expect(titles(ann)).toEqual(['mine'])
  })

  test('what another tab wrote at the last moment, that had not heard of it, is adopted, too', async () => {
    world = createWorld()
    const { device, db } = await anonymous()
    const { db: deaf } = await device.mortalTab({ schema, userId: 'anonymous', token: () => null })
    await db.home.todos.insert({ title: 'first' })
    const ann = await device.tab({ schema, userId: 'ann' })
    await synced(ann)
    const held: (() => void)[] = []
    device.between((message, deliver) => (message.is === 'hold' ? held.push(deliver) : deliver()))
    const { tab } = internalsOf(ann)
    const take = tab.adopt.bind(tab)
    let late: Promise<unknown> = Promise.resolve()
    tab.adopt = async (events) => {
      await take(events)
      late = Promise.resolve(deaf.home.todos.insert({ title: 'late' }))
      tab.adopt = take
      await world.clock.advance(100)
    }
    const adopting = adopt(db, { into: ann })
    await world.clock.advance(1_000)
    for (const deliver of held) deliver()
    await world.clock.advance(1_000)
    await late
    expect(await adopting).toBe(2)
    await synced(ann)
    expect(titles(ann).sort()).toEqual(['first', 'late'])
  })

  test('called again at once after a crash just before it was deleted', async () => {
    world = createWorld()
    const { device } = await anonymous()
    const tab = await device.mortalTab({ schema, userId: 'anonymous', token: () => null })
    await tab.db.home.todos.insert({ title: 'mine' })
    const ann = await device.tab({ schema, userId: 'ann' })
    await synced(ann)
    const { store } = internalsOf(tab.db)
    const { seal } = store
    store.seal = async (revision) => {
      await seal(revision)
      tab.kill()
      return new Promise(() => {})
    }
    void adopt(tab.db, { into: ann })
    await world.clock.advance(2_000)
    const again = adopt(await device.tab({ schema, userId: 'anonymous', token: () => null }), { into: ann })
    await world.clock.advance(2_000)
    expect(await again).toBe(0)
    await synced(ann)
    expect(titles(ann)).toEqual(['mine'])
  })

  test('a field that names its author gets the new one', async () => {
    world = createWorld({ rules: testSchema.rules({ todos: { insert: ({ after, userId }) => after.title === `by ${userId}` } }) })
    const { device, db } = await anonymous()
    await db.home.todos.insert({ title: 'by anonymous' })
    const ann = await device.tab({ schema, userId: 'ann' })
    const adopting = adopt(db, { into: ann, map: (_, values) => ({ ...values, title: 'by ann' }) })
    await world.clock.advance(1_000)
    await adopting
    await synced(ann)
    expect([titles(ann), ann.deadLetters.read()]).toEqual([['by ann'], []])
  })

  test('who has synced is a user of the server: his data is not adopted by another', async () => {
    world = createWorld()
    const device = world.device()
    const [bob, ann] = [await device.tab({ schema, userId: 'bob' }), await device.tab({ schema, userId: 'ann' })]
    await synced(bob)
    await expect(adopt(bob, { into: ann })).rejects.toMatchObject({ code: 'invalid_value' })
  })
})
