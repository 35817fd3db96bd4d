import type { Tx } from '@holdfast/client'
import { counter, defineSchema, refuse, string, table } from '@holdfast/shared'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { quiet } from './manual-clock.ts'
import { seededRandom } from './random.ts'
import { createWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const schema = defineSchema({
  version: 1,
  tables: { todos: table({ title: string(), votes: counter() }).index('title'), log: table({ text: string() }) },
})

let runs = 0
/** What a body does beyond its task; set by a test. */
let trouble: ((at: 'device' | 'server') => void) | undefined
let where: 'device' | 'server' = 'device'

const commands = {
  rename: schema.command({
    args: v.object({ id: v.string(), title: v.string() }),
    run(tx, { id, title }) {
      runs++
      trouble?.(where)
      const todo = tx.todos.get(id)
      if (!todo) throw refuse('gone', 'It is no longer there.')
      tx.todos.update(id, { title: `${title} after ${todo.title}` })
      return { from: todo.title, now: tx.now, id: tx.home.log.insert({ text: `${todo.title} → ${title}` }) }
    },
  }),
  tidy: schema.command({
    args: v.object({ title: v.string() }),
    run(tx, { title }) {
      const doomed = tx.home.todos.where({ title }).read()
      for (const { id } of doomed) tx.home.todos.delete(id)
      return doomed.length
    },
  }),
  vote: schema.command({ args: v.object({ id: v.string() }), run: (tx, { id }) => tx.todos.increment(id, 'votes') }),
  post: schema.command({
    args: v.object({ space: v.string(), title: v.string() }),
    run: (tx, { space, title }) => tx.space(space).todos.insert({ title }),
  }),
  ask: schema.command({ args: v.object({ what: v.string() }), result: v.object({ answer: v.string() }) }),
}

const serverRuns: string[] = []
const server = {
  schema,
  commands,
  run: {
    ask(tx: { now: number }, { what }: { what: string }) {
      serverRuns.push(what)
      return { answer: `${what}! at ${tx.now}` }
    },
    post: (tx: Tx<typeof schema>, { space, title }: { space: string; title: string }) => tx.space(space).todos.insert({ title }),
  },
}

async function begin() {
  runs = 0
  trouble = undefined
  where = 'device'
  serverRuns.length = 0
  world = createWorld({ server })
  const device = world.device()
  const db = await device.tab({ schema, commands, userId: 'ann' })
  await db.home.todos.insert({ id: 't', title: 'Milk' })
  await world.until(() => expect(db.status.read().state).toBe('synced'))
  return { device, db }
}
type Db = Awaited<ReturnType<typeof begin>>['db']
const synced = (db: Db) => world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 }))

describe('a command', () => {
  test('is predicted at once, decided by the server, and makes the same ids and time on both sides', async () => {
    const { db } = await begin()
    const seen: unknown[] = []
    db.home.log.subscribe((rows) => seen.push(rows))
    const call = db.run.rename({ id: 't', title: 'Bread' })
    expect(db.todos.get('t')?.title).toBe('Bread after Milk')
    const [predicted] = db.home.log.read()
    expect(predicted).toMatchObject({ id: call.value?.id, text: 'Milk → Bread' })
    const verdict = await call.confirmed({ within: '1m' })
    expect(verdict).toMatchObject({ status: 'applied', result: { from: 'Milk', id: call.value?.id, now: call.value?.now } })
    await synced(db)
    // Prediction became truth without a flicker: the very same row.
    expect(db.home.log.read()[0]).toBe(predicted)
    expect(seen).toHaveLength(2)
  })

  test('queued offline, reloaded, on a flaky line: runs once, its result arrives', async () => {
    const { db, device } = await begin()
    device.offline()
    const calls = ['a', 'b', 'c'].map((what) => db.run.ask({ what }))
    const renamed = db.run.rename({ id: 't', title: 'Bread' })
    await Promise.all([...calls, renamed])
    await db.close()
    const again = await device.tab({ schema, commands, userId: 'ann' })
    // The prediction is computed anew: nothing of it was stored.
    expect(again.todos.get('t')?.title).toBe('Bread after Milk')
    const random = seededRandom(3)
    device.through(async (request, pass) => {
      const response = await pass(request.clone())
      if (request.method === 'POST' && random() < 0.6) throw new TypeError('fetch failed')
      return response
    })
    device.online()
    await synced(again)
    expect(serverRuns).toEqual(['a', 'b', 'c'])
    for (const [n, call] of calls.entries()) {
      expect(await again.verdict(call.id)).toMatchObject({
        status: 'applied',
        result: { answer: expect.stringMatching(`^${'abc'[n]}! at`) },
      })
    }
    expect(await again.verdict(renamed.id)).toMatchObject({ status: 'applied', result: { from: 'Milk' } })
    expect(again.home.log.read()).toHaveLength(1)
    // And again after a reload, from the disk.
    await again.close()
    const last = await device.tab({ schema, commands, userId: 'ann' })
    expect(await last.verdict(calls[2]?.id ?? '')).toMatchObject({ status: 'applied', result: { answer: expect.any(String) } })
  })

  test('the rules of the server changed meanwhile: refused there, with the app’s words, and the prediction goes', async () => {
    const { db, device } = await begin()
    device.offline()
    const call = db.run.rename({ id: 't', title: 'Bread' })
    await call
    const rules = schema.rules({
      todos: {
        update() {
          throw refuse('closed_today', 'Nothing is renamed today.')
        },
      },
    })
    await world.stop()
    Object.assign(server, { rules })
    world.start()
    Object.assign(server, { rules: undefined })
    device.online()
    await synced(db)
    expect(await call.confirmed()).toMatchObject({ status: 'refused', code: 'closed_today', message: 'Nothing is renamed today.' })
    expect(db.todos.get('t')?.title).toBe('Milk')
    expect(db.home.log.read()).toEqual([])
    expect(db.deadLetters.read()).toMatchObject([{ code: 'closed_today', summary: ['rename {"id":"t","title":"Bread"}'] }])
  })

  test('runs again when what it read has changed, under whatever was written after it', async () => {
    const { db, device } = await begin()
    const other = await world.device().tab({ schema, commands, userId: 'ann' })
    await world.until(() => expect(other.todos.get('t')).toBeDefined())
    device.offline()
    db.run.rename({ id: 't', title: 'Bread' })
    db.home.todos.increment('t', 'votes', 5)
    db.home.todos.insert({ id: 'u', title: 'x' })
    db.run.tidy({ title: 'x' })
    const later = db.run.rename({ id: 't', title: 'Last' })
    expect(db.todos.get('t')).toMatchObject({ title: 'Last after Bread after Milk', votes: 5 })
    expect(db.todos.get('u')).toBeUndefined()
    await other.todos.update('t', { title: 'Oat milk' })
    await other.home.todos.insert({ id: 'v', title: 'x' })
    await world.until(() => expect(other.status.read().state).toBe('synced'))
    // Downloads pass while the upload is stuck: base changes below the commands.
    device.through(async (request, pass) => {
      const body = (await request
        .clone()
        .json()
        .catch(() => undefined)) as { tx?: unknown[] } | undefined
      if (body?.tx?.length) throw new TypeError('fetch failed')
      return pass(request)
    })
    device.online()
    await world.until(() => expect(db.todos.get('t')?.title).toBe('Last after Bread after Oat milk'))
    expect(db.todos.get('t')?.votes).toBe(5)
    expect([db.todos.get('u'), db.todos.get('v')]).toEqual([undefined, undefined])
    device.through(undefined)
    await synced(db)
    expect(await later.confirmed()).toMatchObject({ result: { from: 'Bread after Oat milk' } })
    expect(db.todos.get('t')).toMatchObject({ title: 'Last after Bread after Oat milk', votes: 5 })
    await world.until(() => expect(other.todos.read()).toEqual(db.todos.read()))
  })

  test('a prediction that throws does no harm: it is shown nothing of, and sent; the server decides', async () => {
    const { db, device } = await begin()
    trouble = (at) => {
      if (at === 'device') throw new TypeError('cannot read what only the server has')
    }
    device.offline()
    const call = db.run.rename({ id: 't', title: 'Bread' })
    expect(call.value).toBeUndefined()
    expect(db.todos.get('t')?.title).toBe('Milk')
    const after = db.home.todos.update('t', { title: 'Mine' })
    expect(db.todos.get('t')?.title).toBe('Mine')
    await db.close()
    const again = await device.tab({ schema, commands, userId: 'ann' })
    expect(again.todos.get('t')?.title).toBe('Mine')
    // Body and test share a process: the server's run is what comes next.
    trouble = undefined
    device.online()
    await synced(again)
    expect(await again.verdict(call.id)).toMatchObject({ status: 'applied', result: { from: 'Milk' } })
    expect(await again.verdict(after.id)).toMatchObject({ status: 'applied' })
    expect(again.todos.get('t')?.title).toBe('Mine')
    expect(again.home.log.read()).toHaveLength(1)
  })

  test('a rerun that refuses takes the prediction away, not the call: the server has the last word', async () => {
    const { db, device } = await begin()
    const other = await world.device().tab({ schema, commands, userId: 'ann' })
    await world.until(() => expect(other.todos.get('t')).toBeDefined())
    device.offline()
    const call = db.run.rename({ id: 't', title: 'Bread' })
    await other.todos.delete('t')
    await world.until(() => expect(other.status.read().state).toBe('synced'))
    device.online()
    await synced(db)
    expect(await call.confirmed()).toMatchObject({ status: 'refused', code: 'gone', message: 'It is no longer there.' })
    expect(db.home.log.read()).toEqual([])
  })

  test('a refusal at the call reaches the caller, and nothing is queued; wrong arguments too', async () => {
    const { db } = await begin()
    expect(() => db.run.rename({ id: 'none', title: 'x' })).toThrow(expect.objectContaining({ code: 'gone' }))
    expect(() => db.run.rename({ id: 1, title: 'x' } as never)).toThrow(expect.objectContaining({ code: 'invalid_value' }))
    expect(() => db.write(() => void db.run.ask({ what: 'x' }))).toThrow(expect.objectContaining({ code: 'use_tx' }))
    expect(db.status.read()).toMatchObject({ pending: 0, deadLetters: 0 })
    expect(db.todos.get('t')?.title).toBe('Milk')
  })

  test('a counter that is reset on top of one that counted is what it was reset to', async () => {
    const { db, device } = await begin()
    device.offline()
    await db.run.vote({ id: 't' })
    await db.run.vote({ id: 't' })
    await db.todos.reset('t', 'votes', 1)
    expect(db.todos.get('t')?.votes).toBe(1)
    device.online()
    await synced(db)
    expect(db.todos.get('t')?.votes).toBe(1)
  })

  test('with a body of the server’s beside the shared one it may what its caller may not: sent, and nothing shown that is not his', async () => {
    const { db, device } = await begin()
    const post = db.run.post({ space: 'inbox', title: 'hi' })
    expect(db.todos.read().map(({ title }) => title)).toEqual(['Milk'])
    expect(await post.confirmed({ within: '1m' })).toMatchObject({ status: 'applied' })
    await world.server.grant('inbox', 'ann', 'write')
    await world.until(() => expect(db.todos.read()).toHaveLength(2))
    // Also when he loses the space while it waits.
    device.offline()
    const late = db.run.post({ space: 'inbox', title: 'late' })
    await late
    await world.server.revoke('inbox', 'ann')
    device.online()
    await synced(db)
    expect(await late.confirmed()).toMatchObject({ status: 'applied' })
    expect(db.todos.read().map(({ title }) => title)).toEqual(['Milk'])
    expect((await world.dump('inbox')).tables.todos).toHaveLength(2)
  })

  test('what it is predicted to do in a space that its user loses leaves the screen, in every tab', async () => {
    const { db, device } = await begin()
    await world.server.grant('inbox', 'ann', 'write')
    await world.until(() => expect(db.space('inbox').state.read()).toMatchObject({ is: 'ready' }))
    await synced(db)
    device.through(async (request, pass) => {
      const body = request.method === 'POST' ? await request.clone().text() : ''
      if (request.url.includes('/live') || (body.includes('"tx":[') && !body.includes('"tx":[]'))) throw new TypeError('fetch failed')
      return pass(request)
    })
    device.cutLines()
    await db.run.post({ space: 'inbox', title: 'late' })
    const titles = (tab: typeof db) => tab.todos.read().map(({ title }) => title)
    expect(titles(db)).toEqual(expect.arrayContaining(['late']))
    await world.server.revoke('inbox', 'ann')
    await world.until(() => expect(db.space('inbox').state.read()).toMatchObject({ is: 'gone' }))
    const second = await device.tab({ schema, commands, userId: 'ann' })
    await quiet()
    for (const tab of [db, second]) expect(titles(tab)).toEqual(['Milk'])
  })

  test('a refusal that may only mean that not all is here yet does not stop it', async () => {
    const { db } = await begin()
    await db.home.todos.insert({ id: 'u', title: 'Bread' })
    await synced(db)
    const fresh = await world.device().tab({ schema, commands, userId: 'ann' })
    const call = fresh.run.rename({ id: 'u', title: 'Rye' })
    expect(await call.confirmed({ within: '1m' })).toMatchObject({ status: 'applied', result: { from: 'Bread' } })
  })

  test('in another tab it is predicted as well, and its result is in none but the server’s words', async () => {
    const { db, device } = await begin()
    const second = await device.tab({ schema, commands, userId: 'ann', name: '' })
    device.offline()
    const mortal = await device.mortalTab({ schema, commands, userId: 'ann' })
    const call = db.run.rename({ id: 't', title: 'Bread' })
    await call
    await world.until(() => expect(mortal.db.todos.get('t')?.title).toBe('Bread after Milk'))
    device.online()
    await synced(db)
    await world.until(async () => expect(await mortal.db.verdict(call.id)).toMatchObject({ status: 'applied', result: { from: 'Milk' } }))
    expect(runs).toBeGreaterThan(2)
    await quiet()
    mortal.kill()
    await second.close()
  })
})
