import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'
import { describe, expect, test } from 'vitest'
import { unsafeTrustToken } from './dev.ts'
import { need } from './engine/reads.ts'
import type { Committed } from './hooks.ts'
import { sqlite } from './storage/sqlite/sqlite-storage.ts'
import { createSyncServer } from './sync-server.ts'
import { applied, insert, refused, testServer, update } from './test-server.kit.ts'
import { tx, wireClient } from './wire-client.kit.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean().default(false), votes: counter(), tags: set(string()) }).index('done', 'title'),
  },
})

test('a push over SQLite is decided, stored and pulled', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
  const server = createSyncServer({ schema, storage: sqlite(file), authenticate: unsafeTrustToken })
  const ann = wireClient(server.fetch, 'ann')
  const answer = await ann.sync({ tx: [tx('A', 1, [['ins', 'home:ann', 'todos', 't1', { title: 'Milk' }]])], known: { A: 0 } })
  expect(answer.verdicts).toEqual([{ is: 'applied', dot: ['A', 1], at: { 'home:ann': 1 }, conflicts: 0 }])
  expect(answer.deltas[0]?.records[0]?.f?.title).toEqual(['Milk', [0]])
  expect(answer.spaces).toEqual([{ space: 'home:ann', access: 'write', role: 'owner' }])
  await server.close()
})

describe('grants', () => {
  const accessOf = async (world: ReturnType<typeof testServer>, user: string) =>
    (await world.client(user).sync()).spaces?.filter(({ space }) => !space.startsWith('home:'))

  test('grant never lowers, setAccess sets exactly, revoke takes away', async () => {
    const world = testServer()
    await world.grant('L', 'ann', 'write', 'owner')
    await world.grant('L', 'ann', 'read')
    expect(await accessOf(world, 'ann')).toEqual([{ space: 'L', access: 'write', role: 'owner' }])
    await world.setAccess('L', 'ann', 'read', 'guest')
    expect(await accessOf(world, 'ann')).toEqual([{ space: 'L', access: 'read', role: 'guest' }])
    await world.setAccess('L', 'ann', 'write')
    expect(await accessOf(world, 'ann')).toEqual([{ space: 'L', access: 'write', role: null }])
    await world.revoke('L', 'ann')
    await world.revoke('never', 'ann')
    expect(await accessOf(world, 'ann')).toEqual([])
  })

  test('a home is its user’s own, and nobody else’s', async () => {
    const { grant, revoke, setAccess } = testServer()
    await grant('home:ann', 'ann', 'read', 'x')
    const bad = { code: 'invalid_value' }
    await expect(grant('home:ann', 'bob', 'read')).rejects.toMatchObject(bad)
    await expect(setAccess('home:ann', 'ann', 'read')).rejects.toMatchObject(bad)
    await expect(revoke('home:ann', 'ann')).rejects.toMatchObject(bad)
    await expect(grant('L', '', 'read')).rejects.toMatchObject(bad)
    await expect(grant('L', 'ann', 'admin' as never)).rejects.toMatchObject(bad)
    await expect(grant('a\0b', 'ann', 'read')).rejects.toMatchObject(bad)
  })

  test('a change of grants alone counts as a commit, so that other processes notice; one that changes nothing does not', async () => {
    const { storage, grant } = testServer()
    const commits = async () => (await storage.read(() => need('meta'))).commits
    await grant('L', 'ann', 'read')
    expect(await commits()).toBe(1)
    await grant('L', 'ann', 'read')
    expect(await commits()).toBe(1)
  })
})

describe('writes of the server’s own', () => {
  test('go through the same pipeline, several at once, each with its value; nobody needs to be granted', async () => {
    const { server, grant, client, storage } = testServer()
    await grant('L', 'ann', 'read')
    const ids = await Promise.all([
      server.write((tx) => tx.space('L').todos.insert({ title: 'Pay' }), { label: 'webhook' }),
      server.write((tx, { grant: let_ }) => {
        let_('M', 'ann', 'write')
        return tx.space('M').todos.insert({ title: 'Call' })
      }),
    ])
    const answer = await client('ann').sync()
    expect(answer.deltas.flatMap(({ space, records }) => records.map(({ r }) => [space, r[1]]))).toEqual([
      ['L', ids[0]],
      ['M', ids[1]],
    ])
    const [session = ''] = ids[0].split('-1-1')
    expect(await storage.read(() => need('session', session))).toMatchObject({ user: '', last: 2 })
    const stolen = await client('ann').sync({ tx: [tx(session, 3, [insert('home:ann', 'x')])] })
    expect(stolen.problem?.code).toBe('wrong_user')
  })

  test('two that only grant what they name do not give it the same name', async () => {
    const { server, client } = testServer()
    const team = (user: string) =>
      server.write((tx, { grant }) => {
        const space = `team_${tx.newId()}`
        grant(space, user, 'write', 'owner')
        return space
      })
    const [ofBob, ofEve] = [await team('bob'), await team('eve')]
    expect(ofBob).not.toBe(ofEve)
    expect((await client('bob').sync()).spaces?.map(({ space }) => space)).toEqual(['home:bob', ofBob])
    const named = () => server.write((tx) => tx.newId())
    expect(await named()).not.toBe(await named())
  })

  test('a body that throws rejects with that, leaves nothing, and takes no number', async () => {
    const { server, client, grant } = testServer()
    await grant('L', 'ann', 'read')
    const mine = new Error('mine')
    const failing = server.write((tx) => {
      tx.space('L').todos.insert({ title: 'x' })
      throw mine
    })
    const [failed, other, missing] = await Promise.allSettled([
      failing,
      server.write((tx) => tx.space('L').todos.insert({ title: 'y' })),
      server.write((tx) => tx.space('L').todos.delete('none')),
    ])
    expect(failed).toMatchObject({ reason: mine })
    expect(missing).toMatchObject({ reason: { code: 'unknown_record' } })
    expect(other).toMatchObject({ value: expect.stringMatching(/-1-1$/) })
    // @ts-expect-error a write is synchronous
    await expect(server.write(async () => 1)).rejects.toThrow(TypeError)
    expect((await client('ann').sync()).deltas.find(({ space }) => space === 'L')?.records).toHaveLength(1)
  })

  test('what it loses is nobody’s conflict', async () => {
    const { server, client, grant } = testServer()
    await grant('L', 'ann', 'write')
    const ann = client('ann')
    const { cut } = await ann.sync({ tx: [tx('A', 1, [insert('L', 't1')])] })
    await server.write((of) => of.space('L').todos.update('t1', { title: 'Server' }))
    const late = tx('A', 2, [update('L', 't1', { title: 'Ann' })], { base: { L: 1 }, at: 2_000_000 * 1024 })
    const answer = await ann.sync({ cursors: Object.fromEntries(cut), tx: [late] })
    expect(answer.verdicts).toEqual([applied('A', 2, { L: 3 })])
    expect(JSON.stringify(answer.deltas)).not.toContain('$conflicts')
  })
})

test('onCommit hears of each commit after it; what it throws is logged, and answered to nobody', async () => {
  const heard: Committed<typeof schema>[] = []
  const { client, server, logged, close, clock } = testServer({
    onCommit(commit) {
      heard.push(commit as never)
      throw new Error('mail server down')
    },
  })
  const answer = await client('ann').sync({
    tx: [tx('A', 1, [insert('home:ann', 't1')], { at: 5000 * 1024 }), tx('A', 2, [insert('home:bob', 't1')])],
  })
  expect(answer.verdicts).toMatchObject([applied('A', 1, { 'home:ann': 1 }), refused('A', 2, 'forbidden')])
  await server.write((of) => of.space('L').todos.insert({ id: 's', title: 'x' }))
  await close()
  expect(heard).toMatchObject([
    { user: { id: 'ann' }, at: 5000, seqs: { 'home:ann': 1 }, changes: [{ table: 'todos', id: 't1', after: { title: 'Milk' } }] },
    { user: { id: '' }, at: clock.now, seqs: { L: 1 }, changes: [{ space: 'L', id: 's' }] },
  ])
  expect(logged.filter(({ event }) => event === 'on_commit_failed')).toHaveLength(2)
})

test('a stream ends with its user’s token', async () => {
  const now = 1_000_000
  const { client } = testServer({ now, heartbeat: 1_000_000, authenticate: () => ({ id: 'ann', expires: now + 30 }) })
  const live = await client('ann').live()
  expect(await live.next()).toMatchObject({ is: 'cut' })
  expect(await live.next()).toBeUndefined()
})
