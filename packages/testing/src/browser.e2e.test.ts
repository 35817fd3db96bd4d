import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html')
  response.end('<!doctype html><title>served</title>')
})
let url = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())

test('two contexts of one browser load a page and share no storage', async () => {
  const browser = await launchChromium()
  const [one, two] = await Promise.all([browser.newContext(), browser.newContext()])
  const [pageOne, pageTwo] = await Promise.all([one.newPage(), two.newPage()])
  await Promise.all([pageOne.goto(url), pageTwo.goto(url)])
  expect(await pageOne.title()).toBe('served')
  await pageOne.evaluate(() => localStorage.setItem('key', 'mine'))
  expect(await pageTwo.evaluate(() => localStorage.getItem('key'))).toBe(null)
  await browser.close()
})

test('a profile keeps its storage over a restart', async () => {
  const userDataDir = mkdtempSync(join(tmpdir(), 'holdfast-profile-'))
  const first = await launchChromium({ userDataDir })
  const page = await first.newPage()
  await page.goto(url)
  await page.evaluate(() => localStorage.setItem('key', 'kept'))
  await first.close()
  const second = await launchChromium({ userDataDir })
  const again = await second.newPage()
  await again.goto(url)
  expect(await again.evaluate(() => localStorage.getItem('key'))).toBe('kept')
  await second.close()
  rmSync(userDataDir, { recursive: true, force: true })
})
