import type { Database, Status, Write } from '@holdfast/client'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device, Fault, TabOptions } from './device.ts'
import { quiet } from './manual-clock.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World, watchStatus } from './world.ts'

const HOME = 'home:ann'
type Tab = Database<typeof testSchema>
type Options = Partial<TabOptions<typeof testSchema>>

let world: World
afterEach(() => world.close())

const tabOf = (device: Device, options: Options = {}) => device.tab({ schema: testSchema, userId: 'ann', ...options })
const isSync = (request: Request) => request.url.endsWith('/sync')
const isSynced = (db: Tab) => () => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, problem: null })
const votes = async (id: string) => (await world.dump(HOME)).tables.todos?.find((row) => row.id === id)?.votes
const page = (status: number, headers: Record<string, string> = {}) =>
  new Response('<html>Sign in to Hotel WiFi</html>', { status, headers: { 'content-type': 'text/html', ...headers } })
const never = () => new Promise<never>(() => undefined)

/** A tab, synced, with one record; another device of the user looks on. */
async function begin(options: Options = {}) {
  world = createWorld()
  const device = world.device()
  const db = await tabOf(device, options)
  const first = db.home.todos.insert({ title: 'Milk' })
  const writes: Write<unknown>[] = [first]
  const watch = watchStatus(db, writes)
  const id = first.value
  await world.until(isSynced(db))
  const onlooker = await tabOf(world.device())
  await world.until(() => expect(onlooker.todos.get(id)?.title).toBe('Milk'))
  /** Counts up by one: if the server ever takes one twice, or none, the sum tells. */
  const vote = async () => {
    const write = db.todos.increment(id, 'votes')
    writes.push(write)
    await write
  }
  return { device, db, id, writes, watch, onlooker, vote }
}

/** What must hold once the fault is over: sync resumes by itself, everything is counted once, and no status was a lie. */
async function end({ db, id, writes, watch, onlooker }: Awaited<ReturnType<typeof begin>>) {
  const total = writes.length - 1
  await world.until(isSynced(db))
  expect(await votes(id)).toBe(total)
  expect(db.todos.get(id)?.votes).toBe(total)
  for (const write of writes) expect(await write.confirmed()).toMatchObject({ status: 'applied' })
  await world.until(() => expect(onlooker.todos.get(id)?.votes).toBe(total))
  expect(watch.lies).toEqual([])
}

interface Case {
  readonly fault: Fault
  readonly status: { readonly state: Status['state'] | 'syncing or stuck'; readonly code: string; readonly fix: string }
  /** Whether the server hears of the writes meanwhile. */
  readonly decides?: true
}

const offline = (code: 'offline' | 'bad_response') => ({ state: 'offline', code, fix: 'wait' }) as const
const failing = (code: string) => ({ state: 'syncing or stuck', code, fix: 'wait' }) as const

const CASES: Record<string, Case> = {
  'the server cannot be reached': { fault: () => Promise.reject(new TypeError('fetch failed')), status: offline('offline') },
  'C7: an HTML page with status 200': { fault: () => page(200), status: offline('bad_response') },
  'C7: an HTML page with status 403': { fault: () => page(403), status: offline('bad_response') },
  'C7: a redirect to a sign-in page, 302': { fault: () => page(302, { location: 'http://wifi/' }), status: offline('offline') },
  'C7: a captive portal, 511': { fault: () => page(511), status: offline('bad_response') },
  'C7: an empty 200': { fault: () => new Response(null), status: offline('bad_response') },
  'C7: a 204': { fault: () => new Response(null, { status: 204 }), status: offline('bad_response') },
  'C7: JSON of somebody else': { fault: () => Response.json({ ok: true, p: 1 }), status: offline('bad_response') },
  'a gateway without a server, 502': { fault: () => page(502), status: failing('server_error') },
  'an overloaded server, 503': { fault: () => page(503, { 'retry-after': '20' }), status: failing('server_error') },
  'a rate limit, 429': { fault: () => page(429, { 'retry-after': '20' }), status: failing('rate_limited') },
  'E1: a 401 from a proxy': { fault: () => page(401), status: { state: 'paused', code: 'unauthenticated', fix: 'sign_in' } },
  'C14: a request that is never answered': { fault: never, status: offline('offline') },
  'C14: an answer that stops in the middle without an end': {
    fault: async (request, pass) => stalled(await pass(request)),
    status: offline('offline'),
    decides: true,
  },
  'C1: lost answers: the server decided, and the line broke': {
    async fault(request, pass) {
      await pass(request)
      throw new TypeError('fetch failed')
    },
    status: offline('offline'),
    decides: true,
  },
  'C4: truncated answers, ended as if whole': {
    fault: async (request, pass) => (isSync(request) ? cut(await pass(request), -5) : page(502)),
    status: offline('bad_response'),
    decides: true,
  },
  'C4: answers with one byte changed': {
    async fault(request, pass) {
      if (!isSync(request)) return page(502)
      return new Response((await (await pass(request)).text()).replace('"now":1', '"now":2'))
    },
    status: offline('bad_response'),
    decides: true,
  },
}

/** The first half of a body, and then nothing: no more bytes, no end. */
async function stalled(response: Response): Promise<Response> {
  const reader = response.body?.getReader()
  const first = await reader?.read()
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first?.value?.subarray(0, 20) ?? new Uint8Array()),
  })
  return new Response(body, { status: response.status, headers: response.headers })
}

/** A body up to an offset; it ends as if it were whole, or breaks. */
async function cut(response: Response, offset: number, ending: 'close' | 'error' = 'close'): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer()).slice(0, offset)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      if (ending === 'close') controller.close()
    },
    pull: (controller) => controller.error(new TypeError('network error')),
  })
  return new Response(body, { status: response.status, headers: response.headers })
}

describe('whatever comes in place of an answer: the queue is intact, status says so, local writes go on, sync resumes by itself', () => {
  test.each(Object.entries(CASES))('%s', async (_, { fault, status, decides }) => {
    const run = await begin()
    const { device, db, id, watch, vote } = run
    device.through(fault)
    device.cutLines()
    for (let i = 1; i <= 3; i++) {
      await vote()
      expect(db.todos.get(id)?.votes).toBe(i)
      await world.clock.advance(61_000)
      const now = db.status.read()
      expect(now).toMatchObject({ pending: i, problem: { code: status.code, fix: status.fix } })
      expect(status.state === 'syncing or stuck' ? ['syncing', 'stuck'] : [status.state, 'syncing']).toContain(now.state)
    }
    if (status.state !== 'syncing or stuck') expect(watch.seen.map(({ state }) => state)).toContain(status.state)
    expect(watch.lies).toEqual([])
    if (!decides) expect(await votes(id)).toBe(0)
    device.through(undefined)
    await end(run)
  })
})

describe('E1: without a token that counts, syncing pauses and nothing is lost', () => {
  test('a 401 of the server itself: a fresh token is asked for once at a time, status says sign_in, no retries are used up', async () => {
    let valid = true
    const asked: boolean[] = []
    world = createWorld({ authenticate: (request) => (valid && request.headers.has('authorization') ? { id: 'ann' } : null) })
    const device = world.device()
    const db = await tabOf(device, {
      token({ refresh }) {
        asked.push(refresh)
        return 'token'
      },
    })
    const first = db.home.todos.insert({ title: 'Milk' })
    const writes: Write<unknown>[] = [first]
    const watch = watchStatus(db, writes)
    const id = first.value
    await world.until(isSynced(db))
    valid = false
    device.cutLines()
    for (let hour = 1; hour <= 7; hour++) {
      writes.push(db.todos.increment(id, 'votes'))
      await writes.at(-1)
      const before = asked.length
      await world.clock.advance(3_600_000)
      expect(db.status.read()).toMatchObject({ pending: hour, problem: { code: 'unauthenticated', fix: 'sign_in' } })
      expect(db.todos.get(id)?.votes).toBe(hour)
      // It is asked again and again, but patiently, and each time for a fresh one.
      const tries = asked.slice(before).filter((refresh) => refresh).length
      expect(tries).toBeGreaterThan(50)
      expect(tries).toBeLessThan(400)
    }
    expect(watch.seen.map(({ state }) => state)).toContain('paused')
    valid = true
    await world.until(isSynced(db))
    expect(await votes(id)).toBe(7)
    expect(watch.lies).toEqual([])
  })

  test('a token that has run out: one 401, one fresh token, no pause', async () => {
    let current = 1
    world = createWorld({
      authenticate: (request) => (request.headers.get('authorization') === `Bearer ${current}` ? { id: 'ann' } : null),
    })
    let mine = 1
    const token = ({ refresh }: { readonly refresh: boolean }) => {
      if (refresh) mine = current
      return `${mine}`
    }
    const db = await tabOf(world.device(), { token })
    const watch = watchStatus(db, [])
    await world.until(isSynced(db))
    current = 2
    const write = db.home.todos.insert({ title: 'Milk' })
    await write
    const before = world.clock.now()
    await world.until(isSynced(db))
    expect(world.clock.now() - before).toBeLessThan(1_000)
    expect(watch.seen.map(({ state }) => state)).not.toContain('paused')
    expect(await write.confirmed()).toMatchObject({ status: 'applied' })
  })

  const tokens: [string, () => string | Promise<string>][] = [
    [
      'token() throws',
      () => {
        throw new Error('signed out')
      },
    ],
    ['token() rejects', () => Promise.reject(new Error('no network'))],
  ]
  test.each(tokens)('%s: paused, then on', async (_, broken) => {
    let token: () => string | Promise<string> = () => 'ann'
    const run = await begin({ token: () => token() })
    token = broken
    run.device.cutLines()
    await run.vote()
    await world.clock.advance(600_000)
    expect(run.db.status.read()).toMatchObject({ pending: 1, problem: { code: 'unauthenticated', fix: 'sign_in' } })
    expect(run.watch.seen.map(({ state }) => state)).toContain('paused')
    token = () => 'ann'
    await end(run)
  })

  test('C14: token() never answers: the deadline passes, and it is asked again', async () => {
    let token: () => string | Promise<string> = () => 'ann'
    const run = await begin({ token: () => token() })
    token = never
    run.device.cutLines()
    await run.vote()
    await world.clock.advance(70_000)
    expect(run.db.status.read()).toMatchObject({ pending: 1, problem: { fix: 'wait' } })
    token = () => 'ann'
    await end(run)
  })

  test("E2: another user's token is a pause: nothing is decided, nothing of his comes here", async () => {
    let token = 'ann'
    const run = await begin({ token: () => token })
    const bob = await world.device().tab({ schema: testSchema, userId: 'bob' })
    await bob.home.todos.insert({ title: 'secret of bob' })
    await world.until(isSynced(bob))
    token = 'bob'
    run.device.cutLines()
    await run.vote()
    await world.clock.advance(300_000)
    expect(run.db.status.read()).toMatchObject({ pending: 1, problem: { code: 'wrong_user', fix: 'sign_in' } })
    expect(run.db.todos.read().map(({ title }) => title)).toEqual(['Milk'])
    expect((await world.dump('home:bob')).tables.todos?.map(({ title }) => title)).toEqual(['secret of bob'])
    token = 'ann'
    await end(run)
  })
})

describe('a server that asks for patience gets it', () => {
  test.each([
    [503, 'server_error'],
    [429, 'rate_limited'],
  ])('%d with Retry-After: not a moment before', async (status, code) => {
    const run = await begin()
    const { device, db, vote } = run
    let requests = 0
    device.through((request) => {
      if (isSync(request)) requests++
      return page(status, { 'retry-after': '120' })
    })
    await vote()
    await world.clock.advance(119_000)
    expect(requests).toBe(1)
    // Local writes do not make it impatient either.
    await vote()
    await world.clock.advance(900)
    expect(requests).toBe(1)
    expect(db.status.read()).toMatchObject({ pending: 2, problem: { code, fix: 'wait' } })
    expect(db.status.read().problem?.retryAt).toBe(world.clock.now() + 100)
    await world.clock.advance(30_000)
    expect(requests).toBe(2)
    device.through(undefined)
    await end(run)
  })

  test('C13: without Retry-After the tries back off, spread by chance, to two a minute', async () => {
    const run = await begin()
    const times: number[] = []
    run.device.through((request) => {
      if (isSync(request)) times.push(world.clock.now())
      return page(502)
    })
    run.device.cutLines()
    await run.vote()
    await world.clock.advance(3_600_000)
    expect(times.length).toBeGreaterThan(100)
    expect(times.length).toBeLessThan(1_000)
    const gaps = times.slice(20).map((time, i) => time - (times[i + 19] as number))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000)
    expect(new Set(gaps).size).toBeGreaterThan(gaps.length / 2)
    run.device.through(undefined)
    await end(run)
  })
})

describe('F5, F4: requests that are too big', () => {
  const tooMany =
    (most: number): Fault =>
    async (request, pass) => {
      if (!isSync(request)) return await pass(request)
      const { tx } = (await request.clone().json()) as { tx: unknown[] }
      return tx.length > most ? page(413) : await pass(request)
    }

  test('a batch that is too big goes in halves, and all of it arrives', async () => {
    const run = await begin()
    const sizes: number[] = []
    run.device.through(async (request, pass) => {
      if (isSync(request)) sizes.push(((await request.clone().json()) as { tx: unknown[] }).tx.length)
      return await tooMany(3)(request, pass)
    })
    run.device.offline()
    for (let i = 0; i < 20; i++) await run.vote()
    run.device.online()
    await end(run)
    expect(Math.max(...sizes)).toBe(20)
    expect(sizes).toContain(10)
    expect(sizes.filter((size) => size > 3).length).toBeLessThan(20)
  })

  test('one transaction that is too big for a proxy becomes a dead letter, poison; the others pass', async () => {
    const run = await begin()
    const { device, db, id, vote, watch } = run
    device.through(async (request, pass) =>
      isSync(request) && (await request.clone().text()).includes('HUGE') ? page(413) : pass(request),
    )
    device.offline()
    await vote()
    const huge = db.write((tx) => {
      tx.home.todos.insert({ id: 'huge', title: 'HUGE' })
      tx.todos.increment(id, 'votes', 1000)
    })
    await huge
    await vote()
    expect(db.todos.get(id)?.votes).toBe(1002)
    device.online()
    await world.until(isSynced(db))
    expect(await huge.confirmed()).toMatchObject({ status: 'refused', code: 'poison' })
    expect(db.deadLetters.read()).toMatchObject([{ code: 'poison', id: huge.id }])
    expect(db.status.read()).toMatchObject({ deadLetters: 1 })
    expect(db.todos.get('huge')).toBeUndefined()
    expect((await world.dump(HOME)).tables.todos?.map((row) => [row.id, row.votes])).toEqual([[id, 2]])
    expect(watch.lies).toEqual([])
    device.through(undefined)
    await end(run)
  })

  test('P7: one transaction that breaks the server every time holds up nothing that comes down, is not tried without pause, and says so', async () => {
    const run = await begin()
    const { device, db, vote, onlooker, watch } = run
    let tries = 0
    device.through(async (request, pass) => {
      if (!isSync(request) || !(await request.clone().text()).includes('CRASH')) return await pass(request)
      tries++
      return page(500)
    })
    device.offline()
    await vote()
    const crash = db.home.todos.insert({ title: 'CRASH' })
    await crash
    await vote()
    device.online()
    await world.clock.advance(30_000)
    for (let i = 0; i < 5; i++) {
      const { value } = onlooker.home.todos.insert({ title: 'comes down' })
      await world.until(() => expect(db.todos.get(value as string)).toBeDefined(), 60_000)
    }
    await world.clock.advance(3_600_000)
    expect(db.status.read()).toMatchObject({ state: 'stuck', pending: 2, problem: { code: 'server_error', fix: 'wait' } })
    expect(tries).toBeGreaterThan(60)
    expect(tries).toBeLessThan(600)
    // It may be the server's own fault, so it is not given up: once that is mended everything passes.
    device.through(undefined)
    await world.until(() => expect(db.status.read().state).toBe('synced'))
    expect(await crash.confirmed()).toMatchObject({ status: 'applied' })
    await end(run)
    expect(watch.lies).toEqual([])
  })

  test('F4: a proxy that answers 413 to everything does not make dead letters of the whole queue', async () => {
    const run = await begin()
    run.device.through(() => page(413))
    run.device.cutLines()
    for (let i = 0; i < 4; i++) await run.vote()
    await world.clock.advance(3_600_000)
    expect(run.db.status.read()).toMatchObject({ state: 'stuck', pending: 4, deadLetters: 0, problem: { code: 'too_large' } })
    run.device.through(undefined)
    await end(run)
  })
})

describe('C4: a truncated answer', () => {
  test.each(['close', 'error'] as const)(
    'cut at every byte offset, then %s: nothing of it counts, the queue is intact, then sync goes on',
    async (ending) => {
      const run = await begin()
      const { device, db, id, vote, onlooker } = run
      device.offline()
      await vote()
      await vote()
      let offset = 0
      let length = Number.NaN
      device.through(async (request, pass) => {
        if (!isSync(request)) return page(502)
        const { tx } = (await request.clone().json()) as { tx: unknown[] }
        const response = await pass(request)
        // What only asks for the time, after the line broke, is let through; the answer to the two transactions is not.
        if (tx.length === 0) return response
        length = (await response.clone().arrayBuffer()).byteLength
        return offset < length ? cut(response, offset, ending) : response
      })
      device.online()
      let longest = 0
      for (; !(offset > longest); offset++) {
        if (offset % 100 === 50 && offset < 300) await onlooker.home.todos.insert({ title: 'more', tags: ['to', 'bring'] })
        length = Number.NaN
        device.wake()
        await world.until(() => expect(length).not.toBeNaN())
        await quiet()
        longest = length
        if (offset >= length) break
        expect(db.status.read(), `cut at ${offset} of ${length}`).toMatchObject({ pending: 2 })
        expect(db.status.read().state).not.toBe('synced')
        expect(db.todos.get(id)).toMatchObject({ title: 'Milk', votes: 2 })
        for (const row of db.todos.where({ title: 'more' })) expect(row.tags).toEqual(['bring', 'to'])
        if (ending === 'close') expect(db.todos.where({ title: 'more' }).count().read()).toBe(0)
      }
      expect(offset).toBeGreaterThan(200)
      // The last one came whole.
      await world.until(isSynced(db))
      expect(db.todos.where({ title: 'more' }).count().read()).toBe(onlooker.todos.where({ title: 'more' }).count().read())
      device.through(undefined)
      await end(run)
    },
    30_000,
  )
})

describe('C1, C2, C3: requests that arrive twice, late, or at once', () => {
  test('every request is sent twice, one after the other, and the second answer is the one that comes', async () => {
    const run = await begin()
    run.device.through(async (request, pass) => {
      await pass(request.clone())
      return await pass(request)
    })
    for (let i = 0; i < 5; i++) await run.vote()
    await end(run)
  })

  test('every request is sent twice at once', async () => {
    const run = await begin()
    run.device.through(async (request, pass) => {
      if (!isSync(request)) return await pass(request)
      const answers = await Promise.all([pass(request.clone()), pass(request.clone()), pass(request)])
      return answers[1] as Response
    })
    for (let i = 0; i < 5; i++) await run.vote()
    await end(run)
  })

  test('a request that the client gave up overtakes the one that followed it', async () => {
    const run = await begin()
    const { device, vote } = run
    let late: (() => Promise<unknown>) | undefined
    device.through(async (request, pass) => {
      if (!isSync(request)) return page(502)
      const copy = request.clone()
      late = async () => await pass(copy)
      throw new TypeError('fetch failed')
    })
    await vote()
    await vote()
    await world.until(() => expect(late).toBeDefined())
    // The first is under way somewhere; the second is sent, and both reach the server together.
    const first = late
    device.through(async (request, pass) => {
      const earlier = late === first ? first?.() : undefined
      late = undefined
      return (await Promise.all([pass(request), earlier]))[0]
    })
    await vote()
    await end(run)
  })

  test('everything that was ever sent is sent again, in any order, days later: nothing changes', async () => {
    const run = await begin()
    const { device, vote } = run
    const sent: { body: string; headers: Headers }[] = []
    device.through(async (request, pass) => {
      if (isSync(request)) sent.push({ body: await request.clone().text(), headers: request.headers })
      return await pass(request)
    })
    for (let i = 0; i < 6; i++) {
      await vote()
      if (i % 2) await world.until(isSynced(run.db))
    }
    await end(run)
    const before = await world.dump(HOME)
    await device.close()
    await run.onlooker.close()
    await world.clock.advance(40 * 86_400_000)
    const order = [...sent.keys(), ...[...sent.keys()].reverse()]
    await Promise.all(
      order.map(async (i) => {
        const { body, headers } = sent[i]!
        await world.serve(new Request('http://server/holdfast/sync', { method: 'POST', body, headers }))
      }),
    )
    expect(sent.length).toBeGreaterThan(1)
    expect(await world.dump(HOME)).toEqual(before)
    const again = await tabOf(device)
    await world.until(isSynced(again))
    expect(again.todos.read()).toEqual(before.tables.todos)
  })
})

describe('C8: an old copy from a cache', () => {
  test('an answer to an earlier request is not taken for the answer to this one, nor are its verdicts', async () => {
    const run = await begin()
    const { device, db, vote } = run
    let kept: Response | undefined
    device.through(async (request, pass) => {
      if (!isSync(request)) return await pass(request)
      const response = await pass(request)
      kept = response.clone()
      return response
    })
    await vote()
    await world.until(isSynced(db))
    device.through((request, pass) => (isSync(request) ? kept!.clone() : pass(request)))
    device.cutLines()
    await vote()
    await world.clock.advance(300_000)
    expect(db.status.read()).toMatchObject({ state: 'offline', pending: 1, problem: { code: 'bad_response', fix: 'wait' } })
    expect(await votes(run.id)).toBe(1)
    device.through(undefined)
    await end(run)
  })
})

describe('the live stream', () => {
  const events = (start: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
    new Response(new ReadableStream<Uint8Array>({ start }), { headers: { 'content-type': 'text/event-stream' } })
  const seen = async (run: Awaited<ReturnType<typeof begin>>, within: number) => {
    const write = run.onlooker.home.todos.insert({ title: `written at ${world.clock.now()}` })
    await world.until(() => expect(run.db.todos.get(write.value as string)).toBeDefined(), within)
  }

  test('C10, C14: a stream that opens and never sends anything: what others write comes all the same, by polling', async () => {
    const run = await begin()
    run.device.through((request, pass) => (isSync(request) ? pass(request) : events(() => undefined)))
    run.device.cutLines()
    for (let i = 0; i < 5; i++) await seen(run, 120_000)
    await run.vote()
    await end(run)
  })

  test('a stream that is never answered at all: the same', async () => {
    const run = await begin()
    run.device.through((request, pass) => (isSync(request) ? pass(request) : never()))
    run.device.cutLines()
    for (let i = 0; i < 5; i++) await seen(run, 150_000)
    await run.vote()
    await end(run)
  })

  const broken: [string, (text: string) => string | undefined][] = [
    ['cut in the middle of every frame', (text) => text.slice(0, Math.ceil(text.length / 2))],
    ['cut just before the end of every frame', (text) => text.slice(0, -1)],
    ['every frame garbled', (text) => text.replace('{', '[')],
    ['every second frame lost', (text) => (/"i":\d*[13579][,}]/.test(text) ? undefined : text)],
    ['every frame twice', (text) => text + text],
    ['a page in place of frames', () => '<html>hello</html>\n\n'],
  ]
  test.each(broken)('%s: the next pull brings what is missing, once', async (_, breaks) => {
    const run = await begin()
    run.device.through(async (request, pass) => {
      const response = await pass(request)
      if (isSync(request) || !response.body) return response
      const garbling = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          const text = breaks(new TextDecoder().decode(chunk))
          if (text !== undefined) controller.enqueue(new TextEncoder().encode(text))
        },
      })
      return new Response(response.body.pipeThrough(garbling), { headers: response.headers })
    })
    run.device.cutLines()
    for (let i = 0; i < 4; i++) {
      await seen(run, 120_000)
      await run.vote()
    }
    await end(run)
  })

  test('C11: what is committed between the pull and the opening of the stream is not missed', async () => {
    const run = await begin()
    let opening = 0
    run.device.through(async (request, pass) => {
      if (isSync(request)) return await pass(request)
      opening++
      // The client is done pulling; now something happens, and only then the stream begins.
      await run.onlooker.home.todos.insert({ id: `between${opening}`, title: 'lost wake-up' }).confirmed()
      return await pass(request)
    })
    run.device.cutLines()
    const before = world.clock.now()
    await world.until(() => expect(run.db.todos.get('between1')).toBeDefined(), 60_000)
    expect(world.clock.now() - before).toBeLessThan(40_000)
    await run.vote()
    await end(run)
  })

  test('P11: a tab that was offline for a moment has its stream back at once, and hears of the next write by it', async () => {
    const run = await begin()
    run.device.offline()
    await world.clock.advance(5_000)
    run.device.online()
    await world.until(isSynced(run.db))
    await world.clock.advance(1_000)
    const before = world.clock.now()
    await seen(run, 60_000)
    expect(world.clock.now() - before).toBeLessThan(1_000)
    await run.vote()
    await end(run)
  })
})

describe('C14, F5: a line that is slow is not broken', () => {
  const sleep = (ms: number) => new Promise<void>((resolve) => void world.clock.setTimer(ms, resolve))

  /** A line of so many kB a second, both ways; streams have one of their own. */
  const slow =
    (rate: number): Fault =>
    async (request, pass) => {
      if (!isSync(request)) return await pass(request)
      await sleep((await request.clone().arrayBuffer()).byteLength / rate)
      // Of what has not gone up whole the server hears nothing.
      if (request.signal.aborted) throw new TypeError('fetch failed')
      const response = await pass(request)
      const bytes = new Uint8Array(await response.arrayBuffer())
      let at = 0
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await sleep(1_000)
          controller.enqueue(bytes.subarray(at, at + rate * 1000))
          at += rate * 1000
          if (at >= bytes.length) controller.close()
        },
      })
      return new Response(body, { status: response.status, headers: response.headers })
    }

  const LONG_TEXT = 'long '.repeat(4_000)
  const HALF_AN_HOUR = 1_800_000

  test.each([4.5, 2])('what was written in a long time without network goes up all the same, at %s kB a second', async (rate) => {
    const run = await begin()
    run.device.offline()
    for (let i = 0; i < 40; i++) await run.db.home.todos.insert({ id: `long${i}`, title: LONG_TEXT })
    run.device.through(slow(rate))
    run.device.online()
    await world.until(isSynced(run.db), HALF_AN_HOUR)
    await run.vote()
    await end(run)
    expect((await world.dump(HOME)).tables.todos?.length).toBe(41)
  })

  test('what others wrote meanwhile comes down all the same', async () => {
    const run = await begin()
    run.device.offline()
    for (let i = 0; i < 40; i++) await run.onlooker.home.todos.insert({ id: `long${i}`, title: LONG_TEXT })
    await world.until(isSynced(run.onlooker))
    run.device.through(slow(4.5))
    run.device.online()
    await run.vote()
    await world.until(() => expect(run.db.todos.read().length).toBe(41), HALF_AN_HOUR)
    await end(run)
  })

  test('one that brings next to nothing is: after two minutes it is tried again', async () => {
    const run = await begin()
    run.device.offline()
    for (let i = 0; i < 4; i++) await run.onlooker.home.todos.insert({ id: `long${i}`, title: LONG_TEXT })
    await world.until(isSynced(run.onlooker))
    run.device.through(slow(0.1))
    run.device.online()
    await world.clock.advance(130_000)
    expect(run.db.status.read()).toMatchObject({ problem: { code: 'offline', fix: 'wait' } })
    run.device.through(undefined)
    await run.vote()
    await end(run)
  })
})

test('C14: with the network healthy again after anything at all the queue drains within two minutes, without a wake-up', async () => {
  const kinds = Object.values(CASES)
  for (let i = 0; i < kinds.length; i++) {
    const run = await begin()
    // One fault after the other, a different one first each time.
    for (const { fault } of [...kinds.slice(i), ...kinds.slice(0, i)]) {
      run.device.through(fault)
      run.device.cutLines()
      await run.vote()
      await world.clock.advance(20_000)
    }
    run.device.through(undefined)
    await world.until(isSynced(run.db), 120_000)
    await end(run)
    await world.close()
  }
  world = createWorld()
})
