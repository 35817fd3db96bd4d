import { describe, expect, test } from 'vitest'
import { type Device, eventually, type Tab, useBrowser } from './browser-page.ts'

const world = useBrowser()
const HOME = 'home:ann'

const insert = (tab: Tab, title: string) => tab.run(async (title) => void (await db.home.todos.insert({ id: title, title })), title)
const leads = async (tab: Tab) => (await tab.status()).leader
const streams = async () => (await world.server.health()).streams
const serverTitles = async () => ((await world.onServer(HOME)) ?? []).map(({ title }) => title)

/** Tabs of one device: the first leads, and all are in step. */
async function tabs(device: Device, count: number): Promise<Tab[]> {
  const opened: Tab[] = []
  for (let i = 0; i < count; i++) {
    const tab = await device.tab('ann')
    await tab.synced()
    opened.push(tab)
  }
  expect(await Promise.all(opened.map(leads))).toEqual(opened.map((_, i) => i === 0))
  return opened
}

/** Another device of the same user, which writes and reads by itself. */
const elsewhere = async () => (await world.device()).tab('ann')

/** What is on disk, as another tab reads it. */
async function disk(tab: Tab): Promise<{ events: { e: string; fence?: number }[]; segments: number; fence: number }> {
  const found = await tab.run(() => readDisk())
  const [stores] = Object.values(found)
  const events = (stores?.events ?? []).map(([, event]) => event as { e: string; fence?: number })
  const guard = stores?.meta?.find(([key]) => key === 'guard')?.[1] as { fence: number } | undefined
  return { events, segments: stores?.segments?.length ?? 0, fence: guard?.fence ?? 0 }
}

/** Writes the same hundred records once more, and waits for the server's word; a few times of that are worth folding. */
async function writeHundred(tab: Tab): Promise<void> {
  await tab.run(async () => {
    const write = db.write((tx) => {
      for (let k = 0; k < 100; k++) tx.home.todos.upsert(`t${k}`, { title: tx.newId() })
    })
    await write.confirmed()
  })
  await tab.synced()
}

test('Shown by 5: a write in one tab shows in the others without the network, also in one that opens then', async () => {
  const device = await world.device()
  const [one, two] = (await tabs(device, 2)) as [Tab, Tab]
  const late = await device.emptyTab()
  await device.offline()
  await insert(one, 'from the leader')
  // By word from tab to tab, which is quicker than the look at the disk that each takes every few seconds.
  await eventually(() => two.titles(), 1_000).toEqual(['from the leader'])
  await insert(two, 'from the follower')
  await two.run(() => db.home.todos.increment('from the leader', 'votes', 2))
  await eventually(() => one.rows(), 1_000).toMatchObject([{ title: 'from the follower' }, { title: 'from the leader', votes: 2 }])
  await late.open('ann')
  expect(await late.rows()).toEqual(await two.rows())
  expect(await late.status()).toMatchObject({ state: 'offline', pending: 3 })
  expect(await serverTitles()).toEqual([])
  await device.online()
  await Promise.all([one, two, late].map((tab) => tab.synced()))
  expect(await serverTitles()).toEqual(['from the follower', 'from the leader'])
  expect(world.complaints).toEqual([])
})

test.each(['closed', 'crashed'] as const)(
  'Shown by 5: when the leader is %s, another tab syncs, with what the leader had not sent',
  async (how) => {
    const device = await world.device()
    const [one, two] = (await tabs(device, 2)) as [Tab, Tab]
    const other = await elsewhere()
    await device.offline()
    await insert(one, 'last words')
    await (how === 'closed' ? one.page.close({ runBeforeUnload: false }) : one.crash())
    await device.online()
    await eventually(() => leads(two)).toBe(true)
    await two.synced()
    await eventually(() => other.titles()).toEqual(['last words'])
    // The new leader hears news at once, by a stream of its own.
    await eventually(streams).toBe(2)
    await insert(other, 'news')
    await eventually(() => two.titles()).toEqual(['last words', 'news'])
    await insert(two, 'answer')
    await eventually(() => other.titles()).toEqual(['answer', 'last words', 'news'])
    await two.synced()
    expect(world.complaints).toEqual([])
  },
)

test('Shown by 5, faults A9: a frozen leader is replaced, and follows when it wakes', async () => {
  const device = await world.device()
  const [one, ...others] = (await tabs(device, 3)) as [Tab, Tab, Tab]
  const other = await elsewhere()
  await insert(one, 'before')
  await one.synced()
  const thaw = await one.freeze()
  await insert(others[0], 'meanwhile')
  await eventually(() => Promise.all(others.map(leads))).toContain(true)
  await insert(other, 'news')
  for (const tab of others) {
    await eventually(() => tab.titles()).toEqual(['before', 'meanwhile', 'news'])
    await tab.synced()
    await tab.run(() => {
      globalThis.states = []
      db.status.subscribe(({ state, online }) => globalThis.states.push(`${state} ${online}`))
    })
  }
  await thaw()
  await eventually(() => one.titles()).toEqual(['before', 'meanwhile', 'news'])
  await eventually(() => leads(one)).toBe(false)
  await one.synced()
  // What the old leader has to say of itself is not how syncing goes.
  for (const tab of others) expect(new Set(await tab.run(() => globalThis.states))).toEqual(new Set(['synced true']))
  await insert(one, 'awake')
  await eventually(() => other.titles()).toEqual(['awake', 'before', 'meanwhile', 'news'])
  for (const tab of [one, ...others]) await tab.synced()
  expect((await Promise.all([one, ...others].map(leads))).filter(Boolean)).toHaveLength(1)
  expect(await leads(one)).toBe(false)
  // The stream of the old leader has ended: one for each device.
  await eventually(streams).toBe(2)
  expect(world.complaints).toEqual([])
})

test('faults C12: eight tabs of a device hold one stream, also after the leader has gone or frozen, and one tab takes over, not seven', async () => {
  const device = await world.device()
  const all = await tabs(device, 8)
  const [first, second, ...others] = all as [Tab, Tab, ...Tab[]]
  await eventually(streams).toBe(1)
  const other = await elsewhere()
  await insert(other, 'news')
  for (const tab of all) await eventually(() => tab.titles()).toEqual(['news'])
  expect(await streams()).toBe(2)
  const { fence } = await disk(second)
  expect(fence).toBe(1)
  await first.page.close({ runBeforeUnload: false })
  await eventually(() => Promise.all([second, ...others].map(leads))).toContain(true)
  await eventually(streams).toBe(2)
  const leading = await Promise.all([second, ...others].map(leads))
  expect(leading.filter(Boolean)).toHaveLength(1)
  const leader = [second, ...others][leading.indexOf(true)] as Tab
  const rest = [second, ...others].filter((tab) => tab !== leader)
  expect((await disk(second)).fence).toBe(2)

  const thaw = await leader.freeze()
  await eventually(() => Promise.all(rest.map(leads))).toContain(true)
  await insert(other, 'more news')
  for (const tab of rest) await eventually(() => tab.titles()).toEqual(['more news', 'news'])
  await thaw()
  await eventually(() => leads(leader)).toBe(false)
  await eventually(streams).toBe(2)
  // Whoever asked the frozen leader and got no answer would steal within this time.
  await rest[0]?.page.waitForTimeout(3_000)
  const now = await Promise.all([second, ...others].map(leads))
  expect(now.filter(Boolean)).toHaveLength(1)
  expect((await disk(second)).fence).toBe(3)
  expect(world.complaints).toEqual([])
})

describe('tabs in Chromium', () => {
  test('schedules 6.1 in Chromium: a write that is decided before its own tab hears of its completion is there once', async () => {
    const device = await world.device()
    const [leader, follower] = (await tabs(device, 2)) as [Tab, Tab]
    await insert(leader, 'count')
    await Promise.all([leader, follower].map((tab) => tab.synced()))
    const state = () =>
      follower.run(() => ({ rows: db.todos.read().map(({ id, votes }) => `${id} ${votes}`), stored: globalThis.isStored }))
    await follower.run(() => {
      globalThis.release = holdCompletes()
      globalThis.isStored = false
      const write = db.home.todos.increment('count', 'votes')
      write.then(() => {
        globalThis.isStored = true
      })
    })
    expect(await state()).toEqual({ rows: ['count 1'], stored: false })
    await eventually(async () => (await disk(leader)).events.filter(({ e }) => e === 'write')).toHaveLength(1)
    // The leader comes upon it by a write of its own, and tells of the decision.
    await insert(leader, 'own')
    await leader.synced()
    await eventually(() => state()).toEqual({ rows: ['count 1', 'own 0'], stored: false })
    await follower.run(() => globalThis.release())
    await eventually(() => state()).toEqual({ rows: ['count 1', 'own 0'], stored: true })
    for (const tab of [leader, follower]) await tab.synced()
    expect(await follower.rows()).toEqual(await world.onServer(HOME))
  })

  test('schedules 6.1 in Chromium: and also if it was folded away meanwhile', async () => {
    const device = await world.device()
    const [leader, follower] = (await tabs(device, 2)) as [Tab, Tab]
    await insert(leader, 'count')
    await Promise.all([leader, follower].map((tab) => tab.synced()))
    await follower.run(() => {
      globalThis.release = holdCompletes()
      void db.home.todos.increment('count', 'votes')
    })
    await eventually(async () => (await disk(leader)).events.filter(({ e }) => e === 'write')).toHaveLength(1)
    const thaw = await follower.freeze()
    // Until everything is folded: no event is left, neither the write nor the decision.
    await eventually(async () => {
      await writeHundred(leader)
      return (await disk(leader)).events
    }).toEqual([])
    await thaw()
    await eventually(async () => (await follower.rows()).length).toBe(101)
    expect((await follower.rows()).find(({ id }) => id === 'count')?.votes).toBe(1)
    await follower.run(() => globalThis.release())
    await follower.synced()
    expect(await follower.rows()).toEqual(await world.onServer(HOME))
    expect((await follower.rows()).find(({ id }) => id === 'count')?.votes).toBe(1)
    await follower.run(() => db.home.todos.increment('count', 'votes'))
    await follower.synced()
    expect(await follower.rows()).toEqual(await world.onServer(HOME))
  })

  test('schedules 6.2 in Chromium: word of a decision may come before word of the write', async () => {
    const device = await world.device()
    const [leader, writer, watcher] = (await tabs(device, 3)) as [Tab, Tab, Tab]
    await insert(leader, 'count')
    await Promise.all([leader, writer, watcher].map((tab) => tab.synced()))
    await writer.run(() => {
      globalThis.release = holdCompletes()
      void db.home.todos.increment('count', 'votes')
    })
    await eventually(async () => (await disk(leader)).events.filter(({ e }) => e === 'write')).toHaveLength(1)
    await leader.run(() => db.home.todos.increment('count', 'votes'))
    await leader.synced()
    await eventually(() => watcher.rows()).toMatchObject([{ votes: 2 }])
    await writer.run(() => globalThis.release())
    // A write that the watcher has seen come from the writer shows that its word on the one before has come, too.
    await insert(writer, 'after')
    await eventually(() => watcher.titles()).toEqual(['after', 'count'])
    for (const tab of [leader, writer, watcher]) {
      await tab.synced()
      expect(await tab.rows()).toEqual(await world.onServer(HOME))
    }
    expect((await watcher.rows()).find(({ id }) => id === 'count')?.votes).toBe(2)
  })

  test('schedules 6.3 in Chromium: a leader of yesterday with an answer in its hands writes nothing', async () => {
    const device = await world.device()
    const [one, two] = (await tabs(device, 2)) as [Tab, Tab]
    const other = await elsewhere()
    await insert(one, 'count')
    await one.synced()
    await eventually(() => other.rows()).toHaveLength(1)
    // The answer to its next request comes while it sleeps.
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      void one.page.route('**/sync', async (route) => {
        const response = await route.fetch()
        resolve()
        await new Promise<void>((go) => {
          answer = go
        })
        await route.fulfill({ response })
      })
    })
    await one.run(() => db.home.todos.increment('count', 'votes'))
    await answered
    const thaw = await one.freeze()
    await eventually(() => leads(two)).toBe(true)
    await two.synced()
    await other.run(() => db.home.todos.update('count', { title: 'newer' }))
    await other.run(() => db.home.todos.increment('count', 'votes', 10))
    await eventually(() => two.rows()).toMatchObject([{ title: 'newer', votes: 11 }])
    const before = await disk(two)
    expect(before.fence).toBe(2)
    answer()
    await thaw()
    await eventually(() => one.rows()).toMatchObject([{ title: 'newer', votes: 11 }])
    await eventually(() => leads(one)).toBe(false)
    const after = await disk(two)
    expect(after).toEqual(before)
    await one.run(() => db.home.todos.increment('count', 'votes', 100))
    for (const tab of [one, two, other]) {
      await eventually(() => tab.rows()).toMatchObject([{ title: 'newer', votes: 111 }])
      await tab.synced()
    }
    expect(await one.rows()).toEqual(await world.onServer(HOME))
    for (const { e, fence } of (await disk(two)).events) if (e === 'base') expect(fence).toBeLessThanOrEqual(2)
    expect([await leads(one), await leads(two)]).toEqual([false, true])
  })

  test('schedules 6.4 in Chromium: a write whose tab dies before it can tell goes out, with nobody’s help', async () => {
    const device = await world.device()
    const [leader, follower] = (await tabs(device, 2)) as [Tab, Tab]
    await follower.run(() => {
      holdCompletes()
      void db.home.todos.insert({ id: 'untold', title: 'untold' })
    })
    await eventually(async () => (await disk(leader)).events.filter(({ e }) => e === 'write')).toHaveLength(1)
    expect(await leader.titles()).toEqual([])
    await follower.crash()
    await eventually(serverTitles).toEqual(['untold'])
    await eventually(() => leader.titles()).toEqual(['untold'])
    await leader.synced()
  })

  test('schedules 6.4 in Chromium: what the leader stored and did not tell any more, the next one knows', async () => {
    const device = await world.device()
    const [leader, follower] = (await tabs(device, 2)) as [Tab, Tab]
    const other = await elsewhere()
    await insert(follower, 'count')
    await Promise.all([leader, follower, other].map((tab) => tab.synced()))
    await eventually(() => other.rows()).toHaveLength(1)
    const baseEvents = async () => (await disk(follower)).events.filter(({ e }) => e === 'base').length
    // Before anything is held up: the first that the leader stores then is the last.
    const had = await baseEvents()
    await leader.run(() => void holdCompletes())
    await other.run(() => db.home.todos.increment('count', 'votes', 5))
    await follower.run(() => db.home.todos.increment('count', 'votes'))
    await eventually(baseEvents).toBeGreaterThan(had)
    await leader.crash()
    await eventually(() => leads(follower)).toBe(true)
    await follower.synced()
    expect(await follower.rows()).toMatchObject([{ votes: 6 }])
    expect(await follower.rows()).toEqual(await world.onServer(HOME))
    await eventually(() => other.rows()).toEqual(await world.onServer(HOME))
  })

  test('schedules 6.5 in Chromium: a tab that reads for long while it opens holds up no write, and misses none', async () => {
    const device = await world.device()
    const [one] = (await tabs(device, 1)) as [Tab]
    await eventually(async () => {
      await writeHundred(one)
      return (await disk(one)).segments
    }).toBe(1)
    const late = await device.emptyTab()
    await late.run(() => {
      globalThis.release = holdOpen('segments')
      globalThis.isStored = false
      void openFor('ann').then(() => {
        globalThis.isStored = true
      })
    })
    // It has read what events there are, and now reads segments, for as long as it likes.
    await eventually(() => late.run(() => isHeldOpen('segments'))).toBe(true)
    await insert(one, 'while it opens')
    await one.synced()
    expect(await late.run(() => isHeldOpen('segments'))).toBe(true)
    await late.run(() => globalThis.release())
    await eventually(() => late.run(() => globalThis.isStored)).toBe(true)
    await eventually(() => late.rows()).toEqual(await world.onServer(HOME))
    await late.synced()
  })
})

declare global {
  var release: () => void
  var isStored: boolean
  var states: string[]
}
