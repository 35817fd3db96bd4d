import { expect, test } from 'vitest'
import { type Device, eventually, newSeed, seeded, type Tab, useBrowser, type World } from './browser-page.ts'

const world = useBrowser()
const HOME = 'home:ann'

/** What the page said of its writes: before each, and after its `await`. */
class Reports {
  readonly begun: string[] = []
  readonly stored: string[] = []

  async listenTo({ page }: Tab): Promise<void> {
    await page.exposeFunction('begun', (id: string) => void this.begun.push(id))
    await page.exposeFunction('stored', (id: string) => void this.stored.push(id))
  }
}

declare global {
  var begun: (id: string) => Promise<void>
  var stored: (id: string) => void
}

interface Writing {
  /** Their titles are this and a number. */
  readonly name: string
  readonly count: number
  /** Wait for the server's word after each, so that each is a push of its own. */
  readonly confirm: boolean
}

/** Each write makes a record of its own and counts it, in one transaction that would do it again if it were taken twice. */
const write = ({ run }: Tab, writing: Writing) =>
  run(async ({ name, count, confirm }) => {
    for (let i = 0; i < count; i++) {
      const id = `${name}.${i}`
      await begun(id)
      const writing = db.write((tx) => {
        tx.home.todos.upsert(id, { title: id })
        tx.home.todos.increment('count', 'votes')
      })
      await writing
      stored(id)
      if (confirm) await writing.confirmed()
    }
  }, writing)

async function expectExactlyOnce({ onServer }: World, tab: Tab, { begun, stored }: Reports): Promise<{ records: number }> {
  await tab.synced()
  expect((await tab.status()).deadLetters).toBe(0)
  const rows = (await onServer(HOME)) ?? []
  const titles = rows.map(({ title }) => String(title)).filter((title) => title !== 'count')
  expect(new Set(titles).size).toBe(titles.length)
  expect(rows.find(({ id }) => id === 'count')?.votes).toBe(titles.length)
  expect(stored.filter((title) => !titles.includes(title))).toEqual([])
  expect(titles.filter((title) => !begun.includes(title))).toEqual([])
  expect(await tab.rows()).toEqual(rows)
  return { records: titles.length }
}

/**
 * Stores a number with the browser's own means, beside Holdfast and as strictly, and gives the one before. Now and then (about once in
 * a hundred kills, seen with Chromium 156) a browser that was killed begins with an empty storage: then that is gone, too.
 */
const witness = ({ run }: Tab, n: number): Promise<number> =>
  run(
    (next) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('witness')
        opening.onerror = () => reject(opening.error)
        opening.onupgradeneeded = () => opening.result.createObjectStore('numbers')
        opening.onsuccess = () => {
          const tx = opening.result.transaction('numbers', 'readwrite', { durability: 'strict' })
          const before = tx.objectStore('numbers').get('n')
          tx.objectStore('numbers').put(next, 'n')
          tx.oncomplete = () => resolve(Number(before.result ?? 0))
          tx.onabort = () => reject(tx.error)
        }
      }),
    n,
  )

const say = (line: string) => process.stdout.write(`${line}\n`)
/** The moment of the next kill. */
const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('Shown by 3, faults C1: kill -9 of the server at random moments of 200 pushes loses and doubles nothing', async () => {
  const seed = newSeed()
  const random = seeded(seed)
  const tab = await (await world.device()).tab('ann')
  const reports = new Reports()
  await reports.listenTo(tab)
  let pushes = 0
  let broken = 0
  tab.page.on('request', (request) => void (request.postData()?.includes('"put"') && pushes++))
  tab.page.on('requestfailed', (request) => void (request.postData()?.includes('"put"') && broken++))
  await tab.run(() => db.home.todos.insert({ id: 'count', title: 'count' }))
  await tab.synced()
  // A round that nothing disturbs tells how long one takes.
  const began = performance.now()
  await write(tab, { name: 'w0', count: 8, confirm: true })
  const round = performance.now() - began
  let kills = 0
  for (; kills < 24; kills++) {
    const writing = write(tab, { name: `w${kills + 1}`, count: 8, confirm: true })
    await moment(random() * round)
    await world.server.kill9()
    await world.restart()
    void tab.run(() => db.sync())
    await writing
  }
  const { records } = await expectExactlyOnce(world, tab, reports)
  say(`killed the server ${kills} times in ${pushes} pushes, ${broken} of them broken: ${records} records (seed ${seed})`)
  expect(records).toBe(200)
  expect(reports.stored).toHaveLength(200)
})

test('Shown by 3: kill -9 of the browser at random moments of 200 writes loses no write that was awaited, and doubles none', async () => {
  const seed = newSeed()
  const random = seeded(seed)
  const userDataDir = world.newProfile()
  const reports = new Reports()
  let starts = 0
  let emptied = 0
  const start = async (): Promise<{ device: Device; tab: Tab }> => {
    const device = await world.device({ userDataDir })
    const tab = await device.emptyTab('ann')
    await reports.listenTo(tab)
    if ((await witness(tab, starts + 1)) !== starts) {
      emptied++
      reports.stored.length = 0
    }
    starts++
    await tab.open('ann')
    return { device, tab }
  }
  const first = await start()
  await first.tab.run(() => db.home.todos.insert({ id: 'count', title: 'count' }))
  await first.tab.synced()
  const began = performance.now()
  await write(first.tab, { name: 'w', count: 20, confirm: false })
  const round = performance.now() - began
  await first.device.close()
  let kills = 0
  for (; kills < 15 || reports.begun.length < 200; kills++) {
    const { device, tab } = await start()
    const before = reports.begun.length
    const writing = write(tab, { name: `w${kills}`, count: 20, confirm: false }).catch(() => undefined)
    await eventually(() => reports.begun.length).toBeGreaterThan(before)
    await moment(random() * round)
    await device.kill9()
    await writing
  }
  const { tab } = await start()
  const { records } = await expectExactlyOnce(world, tab, reports)
  const { begun, stored } = reports
  say(`killed the browser ${kills} times: ${begun.length} writes begun, ${stored.length} awaited, ${records} records (seed ${seed})`)
  if (emptied > 0) say(`the browser had lost all that it had stored, ours and not ours: ${emptied} times`)
  // Else this shows nothing.
  expect(emptied).toBeLessThan(3)
  if (emptied === 0) expect(stored.length).toBeGreaterThan(0)
})
