import { expect, test, vi } from 'vitest'
import { unsafeTrustToken } from './dev.ts'
import type { AppAccess } from './hooks.ts'
import { nodePlatform } from './platform.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import { createSyncServer } from './sync-server.ts'
import { applied, argsOf, call, insert, refused, schema, testServer } from './test-server.kit.ts'
import { tx, wireClient } from './wire-client.kit.ts'

const NEW = 'list_V1StGXR8Z5jdHi6BmyTabc'

/** An app with a table of members of its own. */
function owned(more: Partial<AppAccess> = {}) {
  const rows = new Map<string, { space: string; access: 'read' | 'write'; role?: string }[]>()
  const access: AppAccess = {
    list: async (user) => rows.get(user) ?? [],
    check: (user, space) => rows.get(user)?.find((one) => one.space === space),
    ...more,
  }
  const peek = schema.command({ args: argsOf<object>(), run: (of) => of.todos.read().map(({ id }) => id) })
  const world = testServer<{ peek: typeof peek }>({ access, heartbeat: 1_000_000, commands: { peek } })
  return { ...world, rows, ann: world.client('ann'), bob: world.client('bob') }
}

test('what a user may read and write is what the app says, and his home', async () => {
  const { ann, bob, rows } = owned()
  rows.set('ann', [{ space: 'L', access: 'write', role: 'owner' }])
  rows.set('bob', [{ space: 'L', access: 'read' }])
  const answer = await ann.sync({
    tx: [tx('A', 1, [insert('L', 't1')]), tx('A', 2, [insert('M', 't1')]), tx('A', 3, [insert('home:ann', 'h')])],
  })
  expect(answer.verdicts).toMatchObject([applied('A', 1, { L: 1 }), refused('A', 2, 'forbidden'), applied('A', 3, { 'home:ann': 1 })])
  expect(answer.spaces).toEqual([
    { space: 'home:ann', access: 'write', role: 'owner' },
    { space: 'L', access: 'write', role: 'owner' },
  ])
  const read = await bob.sync({ tx: [tx('B', 1, [insert('L', 't2')]), tx('B', 2, [call('peek')])] })
  expect(read.verdicts).toMatchObject([refused('B', 1, 'forbidden'), { is: 'applied', result: ['t1'] }])
  expect(read.deltas.map(({ space }) => space)).toEqual(['home:bob', 'L'])
})

test('a space that a client begins exists only if the app says so', async () => {
  const { ann, rows } = owned({ check: (_, space) => (space === NEW ? { access: 'write' } : undefined) })
  rows.set('ann', [{ space: 'L', access: 'write' }])
  const answer = await ann.sync({
    tx: [tx('A', 1, [insert(NEW, 't1')]), tx('A', 2, [insert(`${NEW.slice(0, -1)}X`, 't1')]), tx('A', 3, [insert('L', 't')])],
  })
  // The list was asked for what he follows; what the check says of a space counts more.
  expect(answer.verdicts).toMatchObject([applied('A', 1, { [NEW]: 1 }), refused('A', 2, 'forbidden'), refused('A', 3, 'forbidden')])
})

test('a space that the app lists twice is one, and what it says of it first counts everywhere', async () => {
  const { ann, rows } = owned({ check: undefined as never })
  rows.set('ann', [
    { space: 'L', access: 'write' },
    { space: 'L', access: 'read' },
  ])
  const { spaces, deltas } = await ann.sync()
  expect(spaces).toEqual([
    { space: 'home:ann', access: 'write', role: 'owner' },
    { space: 'L', access: 'write', role: null },
  ])
  expect(deltas.map(({ space }) => space)).toEqual(['home:ann', 'L'])
  expect((await ann.sync({ tx: [tx('A', 1, [call('peek')])] })).verdicts).toMatchObject([{ is: 'applied' }])
})

test('there are no grants to give', async () => {
  const { grant, revoke, setAccess, server } = owned()
  for (const change of [grant('L', 'ann', 'read'), revoke('L', 'ann'), setAccess('L', 'ann', 'read')]) {
    await expect(change).rejects.toMatchObject({ code: 'invalid_value' })
  }
  await expect(server.write((_, { members }) => void members('L'))).rejects.toMatchObject({ code: 'invalid_value' })
})

test('streams look again when the app says so, and within five seconds when it does not', async () => {
  const { ann, bob, rows, server, clock } = owned()
  for (const user of ['ann', 'bob']) rows.set(user, [{ space: 'L', access: 'write' }])
  const live = await ann.live('follow=all')
  expect(await live.next()).toMatchObject({ is: 'cut' })
  rows.set('ann', [{ space: 'L', access: 'read' }])
  server.accessChanged('ann')
  expect(await live.next()).toMatchObject({ is: 'access' })
  rows.set('ann', [])
  clock.now += 5_000
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'secret')])] })
  expect(await live.next()).toMatchObject({ is: 'access' })
  await live.cancel()
})

test('an app is asked about the streams that a commit is for, not about all', async () => {
  const asked: string[] = []
  const { client, server, clock } = owned({
    list(user) {
      asked.push(user)
      return user === 'ann' ? [{ space: 'L', access: 'read' }] : []
    },
  })
  const [ann, ...others] = await Promise.all(['ann', 'bob', 'cyd'].map((user) => client(user).live()))
  for (const live of [ann, ...others]) expect(await live?.next()).toMatchObject({ is: 'cut' })
  asked.length = 0
  clock.now += 5_000
  const next = [ann, ...others].map((live) => live?.next())
  await server.write((of) => of.space('L').todos.insert({ title: 'x' }))
  expect(await next[0]).toMatchObject({ is: 'commit' })
  expect(asked).toEqual(['ann'])
  server.accessChanged('bob')
  await vi.waitFor(() => expect(asked).toEqual(['ann', 'bob']))
  await Promise.all([ann, ...others].map((live) => live?.cancel()))
})

test('an app that cannot say is a retryable 503', async () => {
  const { ann } = owned({ list: () => Promise.reject(new Error('secret: db down')) })
  const answer = await ann.sync({ tx: [tx('A', 1, [insert('home:ann', 't1')])] })
  expect(answer).toMatchObject({ status: 503, problem: { code: 'server_error' }, verdicts: [] })
  expect(JSON.stringify(answer)).not.toContain('secret')
})

test('where it cannot be said of one space what a user may do, what he writes elsewhere does not wait', async () => {
  const broken: AppAccess = {
    list: () => [{ space: 'L', access: 'write' }],
    check(_, space) {
      if (space === 'L') throw new Error('no such row')
      return null
    },
  }
  const { client, logged } = testServer({ access: broken })
  const answer = await client('ann').sync({ tx: [tx('A', 1, [insert('L', 't1')]), tx('A', 2, [insert('home:ann', 't2')])] })
  expect(answer.verdicts).toMatchObject([refused('A', 1, 'hook_failed'), applied('A', 2, { 'home:ann': 1 })])
  expect(JSON.stringify(logged)).toContain('no such row')
})

test.each([
  ['looks', {}],
  ['writes', { tx: [tx('B', 1, [insert('home:bob', 'b')])] }],
])('P9: who is put out while segments are built for him is not told what came after: %s', async (_, asked) => {
  const list: { space: string; access: 'read' }[] = [{ space: 'L', access: 'read' }]
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const gzip = async (bytes: Uint8Array) => {
    begun.resolve()
    await held.promise
    return await nodePlatform.gzip(bytes)
  }
  const server = createSyncServer({
    schema,
    segmentsFrom: 2,
    storage: memoryStorage(),
    authenticate: unsafeTrustToken,
    access: { list: () => list, check: () => undefined },
    platform: { ...nodePlatform, gzip },
  })
  await server.write((of) => {
    for (const title of ['a', 'b', 'c']) of.space('L').todos.insert({ title })
  })
  const answer = wireClient(server.fetch, 'bob').sync({ ...asked, pull: true, segments: { not: new Set() } })
  await begun.promise
  list.pop()
  server.accessChanged('bob')
  await server.write((of) => of.space('L').todos.insert({ title: 'secret' }))
  held.resolve()
  const { deltas, spaces } = await answer
  expect(deltas.map(({ space }) => space)).not.toContain('L')
  expect(spaces?.map(({ space }) => space)).toEqual(['home:bob'])
})

test.each(['sync', 'preview'] as const)('an app is not asked about all at once, nor about what is refused anyway: %s', async (how) => {
  let [calls, under, most] = [0, 0, 0]
  const check = async () => {
    calls++
    most = Math.max(most, ++under)
    await new Promise((resolve) => setImmediate(resolve))
    under--
    return { access: 'write' } as const
  }
  const asked = () => {
    const seen = { calls, most }
    ;[calls, most] = [0, 0]
    return seen
  }
  const { ann } = owned({ check })
  const into = (n: number, of = 's') => Array.from({ length: n }, (_, i) => insert(`${of}${i}`, 't'))
  expect((await ann[how]({ tx: [tx('A', 1, into(50))] })).verdicts).toMatchObject([{ is: 'applied' }])
  expect(asked()).toEqual({ calls: 50, most: 20 })
  expect((await ann[how]({ tx: [tx('B', 1, [...into(9_000), ...into(1_001)])] })).verdicts).toMatchObject([refused('B', 1, 'too_large')])
  expect(asked().calls).toBe(0)
  // A client sends fewer at once then, and one transaction alone never names as many.
  const cursors = Object.fromEntries(into(6_000).map(([, space]) => [space, { seq: 0, hash: '' }]))
  const halves = await ann[how]({ cursors, tx: [tx('C', 1, into(6_000)), tx('C', 2, into(6_000, 'u'))] })
  expect(halves).toMatchObject({ status: 413, problem: { code: 'too_large', message: 'A request writes to at most 10000 spaces.' } })
  expect(asked().calls).toBe(0)
})
