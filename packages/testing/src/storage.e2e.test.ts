import { expect, test } from 'vitest'
import { eventually, type Tab, useBrowser } from './browser-page.ts'

const world = useBrowser()
const HOME = 'home:ann'
const KILOBYTE = 1_000

/** How much the origin may store; without a size as much as the browser gives. Chromium asks when the first database opens, or when it is full. */
async function limitQuota(tab: Tab, quotaSize?: number): Promise<void> {
  const session = await tab.cdp()
  await session.send('Storage.overrideQuotaForOrigin', { origin: world.server.url, ...(quotaSize === undefined ? {} : { quotaSize }) })
}

interface Outcome {
  readonly stored: string[]
  readonly failed: { readonly id: string; readonly code: string }[]
}

/** Inserts records of a size one after the other, each counted in the same transaction, up to three at once. */
const fill = (tab: Tab, name: string, count: number): Promise<Outcome> =>
  tab.run(
    async ([name, count, size]) => {
      const outcome = { stored: [] as string[], failed: [] as { id: string; code: string }[] }
      const one = async (id: string) => {
        try {
          await db.write((tx) => {
            // Random, because the browser counts what is left after compression.
            const title = Array.from(crypto.getRandomValues(new Uint8Array(size)), (byte) => String.fromCharCode(35 + (byte % 90))).join('')
            tx.home.todos.insert({ id, title })
            tx.home.todos.increment('count', 'votes')
          })
          outcome.stored.push(id)
        } catch (error) {
          outcome.failed.push({ id, code: (error as { code: string }).code })
        }
      }
      for (let i = 0; i < count; i += 3) await Promise.all([i, i + 1, i + 2].map((k) => one(`${name}${k}`)))
      return outcome
    },
    [name, count, 40 * KILOBYTE] as const,
  )

const countIn = (rows: readonly { id: string; votes?: unknown }[] | undefined) => rows?.find(({ id }) => id === 'count')?.votes
const ids = (rows: readonly { id: string }[] | undefined) => (rows ?? []).map(({ id }) => id).filter((id) => id !== 'count')

test('faults A3: when the browser has no more room a write rejects and is in no view, and what resolved is stored', async () => {
  const device = await world.device()
  const late = await device.emptyTab()
  await limitQuota(late, 600 * KILOBYTE)
  const [leader, follower] = [await device.tab('ann'), await device.tab('ann')]
  await leader.run(() => db.home.todos.insert({ id: 'count', title: 'count' }))
  for (const tab of [leader, follower]) await tab.synced()
  await device.offline()
  const outcomes: Outcome[] = []
  for (const [tab, name] of [
    [leader, 'a'],
    [follower, 'b'],
  ] as const) {
    const outcome = await fill(tab, name, 18)
    outcomes.push(outcome)
    expect(new Set(outcome.failed.map(({ code }) => code))).toEqual(new Set(['storage_full']))
    expect(await tab.status()).toMatchObject({ state: 'stuck', problem: { code: 'storage_full', fix: 'free_space' } })
  }
  const stored = outcomes.flatMap((outcome) => outcome.stored).sort()
  expect(stored.length).toBeGreaterThan(0)
  expect(stored.length).toBeLessThan(30)
  // What each tab shows is what is durable; so is what a tab finds that opens now.
  await late.open('ann')
  for (const tab of [leader, follower, late]) {
    await eventually(async () => ids(await tab.rows()).sort()).toEqual(stored)
    expect(countIn(await tab.rows())).toBe(stored.length)
    expect((await tab.status()).pending).toBe(stored.length)
  }
  await limitQuota(late)
  await leader.run(() => db.home.todos.insert({ id: 'room', title: 'room' }))
  expect(await leader.status()).toMatchObject({ state: 'offline', problem: { code: 'offline' } })
  await device.online()
  for (const tab of [leader, follower, late]) await tab.synced()
  const onServer = await world.onServer(HOME)
  expect(ids(onServer).sort()).toEqual([...stored, 'room'].sort())
  expect(countIn(onServer)).toBe(stored.length)
  expect(world.complaints).toEqual([])
})

test('faults A3: when there is no room for what others wrote, status says so, nothing half is shown, and it comes when there is', async () => {
  const device = await world.device()
  const [tab, late] = [await device.emptyTab(), await device.emptyTab()]
  await limitQuota(tab, 400 * KILOBYTE)
  await tab.open('ann')
  await tab.run(() => db.home.todos.insert({ id: 'count', title: 'count' }))
  await tab.synced()
  const other = await (await world.device()).tab('ann')
  await other.synced()
  const { stored } = await fill(other, 'c', 30)
  expect(stored).toHaveLength(30)
  await other.synced()
  await eventually(() => tab.status()).toMatchObject({ state: 'stuck', problem: { code: 'storage_full', fix: 'free_space' } })
  // A record and its count are one transaction: what is shown of others is whole, and is what a tab that opens now finds on disk.
  const shown = await tab.rows()
  expect(countIn(shown)).toBe(ids(shown).length)
  expect(ids(shown).length).toBeLessThan(30)
  await late.open('ann')
  expect(await late.rows()).toEqual(shown)
  await limitQuota(tab)
  await tab.run(() => db.sync())
  for (const one of [tab, late]) {
    await one.synced()
    expect(await one.rows()).toEqual(await world.onServer(HOME))
  }
  expect(countIn(await tab.rows())).toBe(30)
})
