import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { MAX_ID_BYTES } from '@holdfast/shared/internal/ids'
import type { Frame } from '@holdfast/shared/internal/protocol/frame'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { expect, test, vi } from 'vitest'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { insert, testServer, update } from '../test-server.kit.ts'
import { FrameReader, tx } from '../wire-client.kit.ts'

const soon = () => new Promise((resolve) => setTimeout(resolve, 20))
const hold = { heartbeat: 1_000_000 }

async function sharedList(options: Parameters<typeof testServer>[0] = {}) {
  const world = testServer({ ...hold, ...options })
  await world.grant('L', 'ann', 'write')
  await world.grant('L', 'bob', 'write')
  return { ...world, ann: world.client('ann'), bob: world.client('bob') }
}

test('a stream states a cut, then tells each commit as results, with the hash after it', async () => {
  const { ann, bob } = await sharedList()
  const first = await ann.sync({ tx: [tx('A', 1, [insert('L', 't1')])] })
  const live = await ann.live('follow=L')
  expect(Object.fromEntries(live.response.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  expect(await live.next()).toEqual({ is: 'cut', cut: new Map([['L', first.cut.get('L')]]), tag: expect.any(String) })
  const cursors = { L: first.cut.get('L') as Cursor }
  const pushed = await bob.sync({
    cursors,
    tx: [tx('B', 1, [update('L', 't1', { done: true })], { base: { L: 1 }, at: 2000 }), tx('B', 2, [insert('L', 't2')])],
  })
  const [one, two] = [await live.next(), await live.next()]
  expect(one).toMatchObject({
    is: 'commit',
    deltas: [
      { space: 'L', from: 1, to: 2, whole: false, by: [['B', 1, 2, 2000]], records: [{ r: ['todos', 't1'], f: { done: [true, [0]] } }] },
    ],
  })
  expect(two).toMatchObject({
    is: 'commit',
    deltas: [{ from: 2, to: 3, hash: pushed.cut.get('L')?.hash, records: [{ r: ['todos', 't2'] }] }],
  })
  await live.cancel()
})

test('a frame has only the spaces that its reader follows and may read', async () => {
  const { ann, bob, grant, client } = await sharedList()
  await grant('M', 'bob', 'write')
  await grant('M', 'cleo', 'read')
  const streams = [
    await ann.live('follow=all'),
    await client('cleo').live('follow=all'),
    await bob.live('follow=L'),
    await ann.live('follow=M&follow=home:bob&follow=L'),
  ]
  for (const live of streams) expect(await live.next()).toMatchObject({ is: 'cut' })
  await bob.sync({ tx: [tx('B', 1, [insert('home:bob', 'h')]), tx('B', 2, [insert('L', 'x'), insert('M', 'y')])] })
  const spaces = await Promise.all(streams.map(async (live) => (await live.next()) as Extract<Frame, { is: 'commit' }>))
  expect(spaces.map(({ deltas }) => deltas.map(({ space }) => space))).toEqual([['L'], ['M'], ['L'], ['L']])
  for (const live of streams) await live.cancel()
})

test('a frame says whose commit it is, but not to him; the server has no name', async () => {
  const { ann, bob, server } = await sharedList()
  const streams = [await ann.live('follow=L'), await bob.live('follow=L')]
  for (const live of streams) await live.next()
  const told = () => Promise.all(streams.map(async (live) => ((await live.next()) as Extract<Frame, { is: 'commit' }>).user))
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'x'), insert('home:bob', 'y')])] })
  expect(await told()).toEqual(['bob', undefined])
  await server.write((write) => void write.space('L').todos.insert({ title: 'Rent' }))
  expect(await told()).toEqual(['', ''])
  for (const live of streams) await live.cancel()
})

test('no wake-up is lost between the subscription and its cut (C11)', async () => {
  const inner = memoryStorage()
  let go = () => {}
  const storage: Storage = {
    ...inner,
    async read(job) {
      // The answer of the first look is held back while someone commits, before and after it was read.
      const result = await inner.read(job)
      await new Promise<void>((resolve) => {
        go = resolve
        setTimeout(resolve, 30)
      })
      return result
    },
  }
  const { ann, bob } = await sharedList({ storage })
  const live = await ann.live('follow=L')
  const first = live.next()
  await bob.sync({ pull: false, tx: [tx('B', 1, [insert('L', 't1')])] })
  go()
  const cut = (await first) as Extract<Frame, { is: 'cut' }>
  if (cut.cut.get('L')?.seq === 0) expect(await live.next()).toMatchObject({ is: 'commit', deltas: [{ from: 0, to: 1 }] })
  else expect(cut.cut.get('L')?.seq).toBe(1)
  await live.cancel()
})

test('a slow reader gets one hint in place of what it did not take, then frames again', async () => {
  const { ann, bob } = await sharedList()
  const live = await ann.live('follow=L')
  await live.next()
  for (let n = 1; n <= 70; n++) await bob.sync({ pull: false, tx: [tx('B', n, [insert('L', `t${n}`)])] })
  expect(await live.next()).toEqual({ is: 'hint', heads: new Map([['L', 70]]) })
  await bob.sync({ tx: [tx('B', 71, [insert('L', 't71')])] })
  expect(await live.next()).toMatchObject({ is: 'commit', deltas: [{ from: 70, to: 71 }] })
  for (let n = 72; n <= 76; n++) await bob.sync({ pull: false, tx: [tx('B', n, [insert('L', `t${n}`, { title: 'x'.repeat(60_000) })])] })
  expect(await live.next()).toEqual({ is: 'hint', heads: new Map([['L', 76]]) })
  await live.cancel()
})

test('what another process commits is noticed: at the next own commit, or at a heartbeat', async () => {
  const storage = memoryStorage()
  const { ann, bob } = await sharedList({ storage })
  const other = testServer({ storage, ...hold })
  const live = await ann.live('follow=L')
  await live.next()
  await other.client('bob').sync({ tx: [tx('O', 1, [insert('L', 'o1')])] })
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'b1')])] })
  expect(await live.next()).toEqual({ is: 'hint', heads: new Map([['L', 2]]) })
  await live.cancel()
  const beating = testServer({ storage, heartbeat: 30 })
  const again = await beating.client('ann').live('follow=L')
  expect(await again.next()).toMatchObject({ is: 'cut' })
  await other.client('bob').sync({ tx: [tx('O', 2, [insert('L', 'o2')])] })
  expect(await again.next()).toEqual({ is: 'hint', heads: new Map([['L', 3]]) })
  expect(await again.next()).toEqual({ is: 'heartbeat' })
  await again.cancel()
})

test('a grant and a revocation are told at once, and what is revoked is told no more', async () => {
  const { ann, bob, grant, revoke } = await sharedList()
  const live = await ann.live('follow=all')
  expect(await live.next()).toMatchObject({ is: 'cut' })
  await grant('M', 'ann', 'read')
  const granted = await live.next()
  expect(granted).toEqual({ is: 'access', tag: (await ann.sync()).spacesTag })
  expect(await live.next()).toEqual({ is: 'members', spaces: ['M'] })
  await revoke('L', 'ann')
  expect(await live.next()).toMatchObject({ is: 'access' })
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'secret')])] })
  await grant('M', 'bob', 'write')
  await bob.sync({ tx: [tx('B', 2, [insert('M', 'm')])] })
  expect(await live.next()).toEqual({ is: 'members', spaces: ['M'] })
  expect(await live.next()).toMatchObject({ is: 'commit', deltas: [{ space: 'M' }] })
  await live.cancel()
})

test('a revocation by another process is noticed before anything that came after it is told', async () => {
  const storage = memoryStorage()
  const { ann, bob } = await sharedList({ storage })
  const live = await ann.live('follow=L')
  await live.next()
  await testServer({ storage }).revoke('L', 'ann')
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'secret')])] })
  expect(await live.next()).toMatchObject({ is: 'access' })
  await live.cancel()
})

test('a commit costs no look at the storage, however many follow it and however long they were idle', async () => {
  const { ann, bob, storage, clock } = await sharedList()
  const streams = [await ann.live('follow=L'), await ann.live('follow=all'), await ann.live('follow=L')]
  for (const live of streams) await live.next()
  clock.now += 60_000
  const read = vi.spyOn(storage, 'read')
  await bob.sync({ pull: false, tx: [tx('B', 1, [insert('L', 't1')])] })
  for (const live of streams) expect(await live.next()).toMatchObject({ is: 'commit', deltas: [{ space: 'L', to: 1 }] })
  expect(read).not.toHaveBeenCalled()
  for (const live of streams) await live.cancel()
})

test('a user holds so many streams and no more; cancelling or aborting frees one', async () => {
  const { ann, client, health } = await sharedList({ limits: { streamsPerUser: 2 } })
  const stop = new AbortController()
  const streams = [await ann.live(), await ann.live('follow=L', stop.signal)]
  const third = await ann.live()
  expect(third.response.status).toBe(429)
  expect(Number(third.response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect((await client('bob').live()).response.status).toBe(200)
  await streams[0]?.cancel()
  expect((await ann.live()).response.status).toBe(200)
  stop.abort()
  await soon()
  expect((await health()).streams).toBe(2)
})

test('a stream ends after its lifetime, and when the server closes', async () => {
  const { ann, server } = await sharedList({ limits: { streamLifetime: 50 } })
  const short = await ann.live()
  expect(await short.next()).toMatchObject({ is: 'cut' })
  expect(await short.next()).toBeUndefined()
  const open = await ann.live()
  await open.next()
  const end = open.next()
  await server.close()
  expect(await end).toBeUndefined()
})

test('without a storage the stream ends, and says so in the log', async () => {
  const { ann, storage, logged } = await sharedList()
  const live = await ann.live('follow=L')
  vi.spyOn(storage, 'read').mockRejectedValue(new Error('gone'))
  expect(await live.next()).toBeUndefined()
  expect(logged).toContainEqual(expect.objectContaining({ event: 'stream_failed' }))
})

test('follow is asked for, and bounded', async () => {
  const { ann } = await sharedList()
  for (const query of ['', Array.from({ length: LIMITS.spaces + 1 }, (_, i) => `follow=${i}`).join('&')]) {
    expect((await ann.live(query)).response.status).toBe(400)
  }
})

test('a list that no address has room for comes as a body, and is taken for no more than a list', async () => {
  const { bob, fetch } = await sharedList()
  const post = (body: unknown, token = 'ann') =>
    fetch(
      new Request('http://server/holdfast/live?user=ann', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      }),
    )
  const live = new FrameReader(await post([...Array.from({ length: 2_000 }, (_, i) => `none${i}`), 'L']))
  expect(await live.next()).toMatchObject({ is: 'cut', cut: new Map([['L', { seq: 0 }]]) })
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'x')])] })
  expect(await live.next()).toMatchObject({ is: 'commit' })
  await live.cancel()
  // As many as there may be, all of the longest ids.
  const most = new FrameReader(await post(Array.from({ length: LIMITS.spaces }, (_, i) => String(i).padStart(MAX_ID_BYTES, 's'))))
  expect(await most.next()).toMatchObject({ is: 'cut' })
  await most.cancel()
  for (const body of ['all', [], [1], { 0: 'L' }, null, Array.from({ length: LIMITS.spaces + 1 }, String)])
    expect((await post(body)).status).toBe(400)
  expect((await post(['L'], 'bob')).status).toBe(409)
})

test('a reader who takes one commit after the other, and is never through, is not taken for one who takes nothing', async () => {
  const { ann, bob } = await sharedList({ heartbeat: 20 })
  const live = await ann.live('follow=L')
  await live.next()
  let n = 0
  const commit = () => bob.sync({ tx: [tx('B', ++n, [insert('L', `t${n}`)])] })
  for (let i = 0; i < 4; i++) await commit()
  for (let i = 0; i < 15; i++) {
    await Promise.all([commit(), soon()])
    expect(await live.next()).toMatchObject({ is: 'commit' })
  }
  await live.cancel()
})

test('a look that takes longer than its stream lives ends nothing more: not the process, either', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  let stall: Promise<void> | undefined
  let goOn = () => {}
  const access = {
    async list() {
      await stall
      return []
    },
    check: async () => undefined,
  }
  const world = testServer({ access, heartbeat: 15_000, limits: { streamLifetime: 60_000 } })
  try {
    const live = await world.client('ann').live()
    expect(await live.next()).toMatchObject({ is: 'cut' })
    stall = new Promise((resolve) => {
      goOn = resolve
    })
    const ended = expect(live.next()).rejects.toThrow('The reader takes nothing.')
    // A heartbeat looks, the stream has had its time, and who takes nothing by then is left.
    for (let i = 0; i < 10; i++) await vi.advanceTimersByTimeAsync(10_000)
    await ended
    goOn()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(world.logged.filter(({ event }) => event === 'stream_failed')).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})
