import { expect, test } from 'vitest'
import { listsOf, synced, titlesOf, useTodo } from './todo.kit.ts'

const todo = useTodo()

test('it can be installed: what the manifest promises is there', async () => {
  const { page } = await (await todo.device())('sign-in')
  const href = await page.locator('link[rel=manifest]').getAttribute('href')
  const response = await fetch(new URL(href ?? '', todo.server.url))
  expect(response.headers.get('content-type')).toMatch(/^application\/manifest\+json/)
  const manifest = await response.json()
  expect(manifest).toMatchObject({ name: 'Holdfast todo', start_url: '/', display: 'standalone', scope: '/' })
  const sizes: string[] = []
  for (const { src, sizes: promised, type } of manifest.icons) {
    const icon = await fetch(new URL(src, todo.server.url))
    expect([icon.status, icon.headers.get('content-type')?.split(';')[0]], src).toEqual([200, type])
    if (type !== 'image/png') continue
    // The header of a PNG: width and height follow the name of its first chunk.
    const bytes = new DataView(await icon.arrayBuffer())
    sizes.push(`${bytes.getUint32(16)}x${bytes.getUint32(20)}`)
    expect(sizes.at(-1), src).toBe(promised)
  }
  expect(sizes).toEqual(expect.arrayContaining(['192x192', '512x512']))
  // Chromium's own opinion.
  const devtools = await page.context().newCDPSession(page)
  const { errors } = await devtools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(todo.complaints).toEqual([])
})

test('with no network at all it opens, in a new window too, makes lists, and sends them later', async () => {
  const open = await todo.device()
  const ann = await open('ann')
  await ann.add('Milk')
  await synced(ann)
  await ann.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await ann.page.context().setOffline(true)
  await ann.page.reload()
  await titlesOf(ann).toEqual(['Milk'])
  const second = await open('ann')
  await titlesOf(second).toEqual(['Milk'])
  await second.newList('Cellar')
  await second.add('Wine')
  await listsOf(ann).toEqual(['My list 1 open', 'Shared list 0 open', 'Cellar 1 open'])
  await ann.page.context().setOffline(false)
  await synced(second)
  const elsewhere = await (await todo.device())('ann')
  await listsOf(elsewhere).toContain('Cellar 1 open')
})
