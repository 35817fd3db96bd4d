// What a browser does to an app on its own account: storage that it takes away, versions of the app side by side, a service worker in
// the way (faults.md A2, A5, C9).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, type Tab, useBrowser } from './browser-page.ts'

const world = useBrowser()
const HOME = 'home:ann'

/** What a browser under pressure, or a user who clears his data, does: all that this origin has stored is gone. */
async function evict(tab: Tab): Promise<void> {
  const session = await tab.cdp()
  await session.send('Storage.clearDataForOrigin', { origin: world.server.url, storageTypes: 'indexeddb' })
}

const insert = (tab: Tab, title: string) =>
  tab.run(async (text) => {
    try {
      await db.home.todos.insert({ id: text, title: text })
      return 'stored'
    } catch (error) {
      return (error as { code: string }).code
    }
  }, title)

const titlesOnServer = async () => (await world.onServer(HOME))?.map(({ title }) => title).sort()

test('faults A2: storage that is taken away while the app is closed: it begins anew and has all that was sent', async () => {
  const device = await world.device()
  const tab = await device.tab('ann')
  await insert(tab, 'sent')
  await tab.synced()
  expect((await tab.status()).storage).toBe('best-effort')
  await tab.run(() => db.close())
  await evict(tab)
  await tab.page.reload()
  await tab.open('ann')
  await tab.synced()
  expect(await tab.titles()).toEqual(['sent'])
  expect(await insert(tab, 'next')).toBe('stored')
  await tab.synced()
  expect(await titlesOnServer()).toEqual(['next', 'sent'])
})

test('faults A2, A4: storage that is taken away while two tabs are open: no write resolves that is not kept, and status says so', async () => {
  const device = await world.device()
  const tabs = [await device.tab('ann'), await device.tab('ann')]
  const [first] = tabs as [Tab]
  await insert(first, 'sent')
  for (const tab of tabs) await tab.synced()
  await device.offline()
  expect(await insert(first, 'unsent')).toBe('stored')
  await evict(first)
  // The browser closes the connections under them: that is said, not passed over.
  for (const tab of tabs) await eventually(async () => (await tab.status()).problem?.code).toMatch(/^storage_/)
  const kept = ['sent', 'unsent']
  for (const [i, tab] of tabs.entries()) {
    for (const n of [1, 2]) if ((await insert(tab, `after ${i}.${n}`)) === 'stored') kept.push(`after ${i}.${n}`)
  }
  await device.online()
  for (const tab of tabs) await tab.page.reload()
  for (const tab of tabs) await tab.open('ann')
  for (const tab of tabs) await tab.synced()
  const there = await titlesOnServer()
  // What was unsent is gone with the disk, unless a tab still had it in memory; what resolved after that is not.
  expect(kept.filter((title) => title !== 'unsent' && !there?.includes(title))).toEqual([])
  expect(there?.filter((title) => !kept.includes(String(title)))).toEqual([])
  for (const tab of tabs) expect(await tab.titles()).toEqual(there)
})

test('faults A5: a newer version of the app gets the database at once; the tab of the old one says reload, and loses nothing', async () => {
  const device = await world.device()
  const [old, newer] = [await device.tab('ann'), await device.emptyTab('ann')]
  await device.offline()
  await insert(old, 'unsent')
  const opened = await newer.run(async () => {
    const [found] = await indexedDB.databases()
    return await new Promise<string>((resolve) => {
      const opening = indexedDB.open(found?.name ?? '', (found?.version ?? 0) + 1)
      opening.onsuccess = () => {
        const events = opening.result.transaction('events').objectStore('events').count()
        events.onsuccess = () => resolve(`opened, ${events.result > 0}`)
      }
      opening.onerror = () => resolve('failed')
    })
  })
  expect(opened).toBe('opened, true')
  await eventually(() => old.status()).toMatchObject({ state: 'stuck', problem: { code: 'storage_blocked', fix: 'reload' } })
  expect(await insert(old, 'not any more')).toBe('storage_blocked')
  expect(await old.titles()).toEqual(['unsent'])
})

test('faults A5: a tab of an old version that will not let go is waited for no longer than ten seconds, and then opening can be tried again', async () => {
  const device = await world.device()
  const [old, fresh] = [await device.tab('ann'), await device.emptyTab('ann')]
  await insert(old, 'kept')
  await old.synced()
  await old.run(async () => {
    await db.close()
    const [found] = await indexedDB.databases()
    const name = found?.name ?? ''
    // It hears that somebody wants the database deleted, and does nothing about it.
    await new Promise((resolve) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = resolve
    })
    indexedDB.deleteDatabase(name)
  })
  const opened = fresh.run(() => openFor('ann').catch((error: { code: string }) => error.code))
  expect(await opened).toBe('storage_blocked')
  await old.page.close()
  await fresh.open('ann')
  await fresh.synced()
  expect(await fresh.titles()).toEqual(['kept'])
})

test('faults C9: a service worker that answers for the network: streams that it breaks are not missed, pages of its own are no answers', async () => {
  const device = await world.device()
  const ann = await device.emptyTab('ann')
  writeFileSync(
    join(world.files, 'worker.js'),
    `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
let mode = 'stream'
addEventListener('message', (event) => { mode = event.data; event.ports[0].postMessage(mode) })
addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url)
  if (!pathname.startsWith('/holdfast/')) return
  if (pathname.endsWith('/live')) event.respondWith(new Response('offline', { status: 503 }))
  else if (mode === 'page') event.respondWith(new Response('<!doctype html><title>You are offline</title>', { headers: { 'content-type': 'text/html' } }))
})`,
  )
  await ann.run(async () => {
    await navigator.serviceWorker.register('/worker.js')
    await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve))
  })
  const tell = (mode: string) =>
    ann.run(
      (say) =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = resolve
          navigator.serviceWorker.controller?.postMessage(say, [port2])
        }).then(() => undefined),
      mode,
    )
  await ann.open('ann')
  await ann.synced()
  expect((await world.server.health()).streams).toBe(0)
  const other = await (await world.device()).tab('ann')
  await other.synced()
  await insert(other, 'by another device')
  await eventually(() => ann.titles()).toEqual(['by another device'])
  await tell('page')
  expect(await insert(ann, 'kept')).toBe('stored')
  await eventually(() => ann.status()).toMatchObject({ state: 'offline', pending: 1, problem: { code: 'bad_response' } })
  await tell('stream')
  await ann.run(() => db.sync())
  await ann.synced()
  expect(await titlesOnServer()).toEqual(['by another device', 'kept'])
})
