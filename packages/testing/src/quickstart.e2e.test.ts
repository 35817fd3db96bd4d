import { type ChildProcess, spawn } from 'node:child_process'
import { createServer as createSocket } from 'node:net'
import { join } from 'node:path'
import { sqlite } from '@holdfast/server/sqlite'
import type { Browser, BrowserContext } from 'playwright'
import { rolldown } from 'rolldown'
import { createServer } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Fence, fencesOf, makeWorkshop, pathOf } from '../../../scripts/fences.ts'
import { launchChromium } from './chromium.ts'
import { dumpSpace } from './dump-space.ts'
import { testSchema } from './test-schema.ts'

const within = { timeout: 100_000 }
let browser: Browser
let context: BrowserContext
let workshop: ReturnType<typeof makeWorkshop>
let folder = ''
let port = 0
let server: ChildProcess | undefined
let complaints: string[] = []

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

beforeEach(async () => {
  workshop = makeWorkshop()
  folder = join(workshop.folder, 'quickstart')
  port = await freePort()
  complaints = []
  context = await browser.newContext()
  putQuickstart()
  server = spawn(process.execPath, ['server.ts'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  const health = () => fetch(`http://localhost:${port}/holdfast/health`).then(({ status }) => status)
  await expect.poll(() => health().catch(() => 0), within).toBe(200)
})

afterEach(async () => {
  await context.close()
  if (server && server.exitCode === null) {
    const ended = new Promise((resolve) => server?.once('exit', resolve))
    server.kill()
    await ended
  }
  workshop.remove()
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket().listen(0, '127.0.0.1', () => {
      const address = socket.address()
      socket.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Replaces what is there exactly once. */
function replaced(text: string, from: string, to: string): string {
  expect(text.split(from), from).toHaveLength(2)
  return text.replace(from, to)
}

/** Writes the quickstart as the README has it, word for word; only the port of its server is another. */
function putQuickstart(): void {
  const fences = fencesOf('README.md').filter(({ language }) => language === 'ts')
  expect(fences.map(pathOf)).toEqual(['quickstart/schema.ts', 'quickstart/server.ts', 'quickstart/main.ts'])
  for (const fence of fences) {
    const path = pathOf(fence)
    workshop.put(path, path.endsWith('server.ts') ? replaced(fence.text, 'port: 3000', `port: ${port}`) : fence.text)
  }
}

/** What the server has decided, read from its file. */
async function decided() {
  const storage = sqlite(join(folder, 'todo.db'))
  const { tables } = await storage.read(() => dumpSpace(testSchema, 'home:ann'))
  await storage.close()
  return tables.todos
}

/** Opens a window of Ann's. */
async function openWindow(address: string, files: Record<string, readonly [type: string, body: string]> = {}) {
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  for (const [path, [contentType, body]] of Object.entries(files)) {
    await page.route(new URL(path, address).href, (route) => route.fulfill({ contentType, body }))
  }
  await page.goto(address)
  return { shows: () => expect.poll(() => page.textContent('body').then((text) => text?.trim()), within) }
}

const todo = { title: 'Buy milk', done: false, votes: 1, tags: ['shop'] }

test('the quickstart of the README runs: what is written is on screen, confirmed by the server, and in the other window', async () => {
  const bundle = await rolldown({ input: join(folder, 'main.ts'), platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  // The page comes from the origin of the sync server, as if that served it too.
  const address = `http://localhost:${port}/`
  const html = '<!doctype html><title>Quickstart</title><script type="module" src="/main.js"></script><body></body>'
  const files = { '/': ['text/html', html], '/main.js': ['text/javascript', output[0].code] } as const
  const first = await openWindow(address, files)
  await first.shows().toBe('Buy milk')
  await expect.poll(decided, within).toMatchObject([todo])
  // Each opening of the page adds one more.
  const second = await openWindow(address, files)
  await second.shows().toBe('Buy milk, Buy milk')
  await first.shows().toBe('Buy milk, Buy milk')
  await expect.poll(decided, within).toMatchObject([todo, todo])
  expect(complaints).toEqual([])
})

test('it runs as docs/quickstart.md says, with Vite in front', async () => {
  const find = (test: (fence: Fence) => boolean) => fencesOf('docs/quickstart.md').find(test)?.text ?? ''
  const config = find((fence) => fence.language === 'ts' && pathOf(fence) === 'quickstart/vite.config.ts')
  workshop.put('quickstart/vite.config.ts', replaced(config, 'localhost:3000', `localhost:${port}`))
  workshop.put(
    'quickstart/index.html',
    find(({ language }) => language === 'html'),
  )
  const vite = await createServer({ root: folder, server: { port: 0 }, logLevel: 'error', cacheDir: join(folder, '.vite') })
  await vite.listen()
  try {
    const page = await openWindow(vite.resolvedUrls?.local[0] ?? '')
    await page.shows().toMatch(/^Buy milk/)
    await expect.poll(decided, within).toEqual(expect.arrayContaining([expect.objectContaining(todo)]))
  } finally {
    await vite.close()
  }
})
