import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright'
import { rolldown } from 'rolldown'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { PageOptions } from './browser-page-script.ts'
import { launchChromium } from './chromium.ts'
import type { Dump } from './dump-space.ts'
import { type ServerOptions, type ServerProcess, startServer } from './server-process.ts'

/** Waits until something is so, looking often. */
export const eventually = <T>(look: () => T | Promise<T>, timeout = 100_000) => expect.poll(look, { timeout, interval: 15 })

/** Numbers in [0, 1) that are the same each time for a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Another seed each time, unless HOLDFAST_SEED names the one of a run to repeat. */
export const newSeed = (): number => Number(process.env.HOLDFAST_SEED ?? Date.now() % 1_000_000)

/**
 * For the tests of one file: a browser, and for each test a server process with an empty SQLite file, which also serves the page, so that
 * page and sync share an origin.
 */
export function useBrowser({ app }: Pick<ServerOptions, 'app'> = {}) {
  let browser: Browser
  let files = ''
  let folder = ''
  const devices: Device[] = []
  const world = {
    server: undefined as unknown as ServerProcess,
    /** What pages complained of: errors that nobody caught, and what the console got as an error or a warning. */
    complaints: [] as string[],
    /** A device: a browser context of its own, or, given a profile folder, a browser of its own that can be killed. */
    async device(options: { readonly userDataDir?: string } = {}): Promise<Device> {
      const { userDataDir } = options
      const context = userDataDir === undefined ? await browser.newContext() : await launchChromium({ userDataDir })
      const device = new Device(context, world)
      devices.push(device)
      return device
    },
    /** A folder for a browser's profile. */
    newProfile: () => mkdtempSync(join(folder, 'profile-')),
    /** What the server serves at `/`. */
    get files(): string {
      return files
    },
    /** The server's file. */
    get file(): string {
      return join(folder, 'server.db')
    },
    /** Starts the server again where it was. */
    async restart(): Promise<void> {
      const { port } = world.server
      world.server = await startServer({ file: world.file, port, files, app })
    },
    /** The rows of the table that the tests use, as the server has them. */
    async onServer(space: string): Promise<Dump['tables'][string]> {
      return (await world.server.dump(space)).tables.todos ?? []
    },
  }
  beforeAll(async () => {
    files = mkdtempSync(join(tmpdir(), 'holdfast-page-'))
    ;[browser] = await Promise.all([launchChromium(), bundlePage(files)])
  })
  afterAll(async () => {
    await browser.close()
    rmSync(files, { recursive: true, force: true })
  })
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'))
    world.server = await startServer({ file: world.file, files, app })
    world.complaints = []
  })
  afterEach(async () => {
    await Promise.all(devices.splice(0).map((device) => device.close()))
    await world.server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return world
}

export type World = ReturnType<typeof useBrowser>

async function bundlePage(folder: string): Promise<void> {
  const input = fileURLToPath(new URL('./browser-page-script.ts', import.meta.url))
  const bundle = await rolldown({ input, platform: 'browser', transform: { target: 'es2022' } })
  mkdirSync(folder, { recursive: true })
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'page.js', sourcemap: 'inline' })
  await bundle.close()
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>holdfast</title><script type="module" src="/page.js"></script>')
}

/** One IndexedDB, one network, any number of tabs. */
export class Device {
  readonly context: BrowserContext
  readonly #world: World
  #gone = false

  constructor(context: BrowserContext, world: World) {
    this.context = context
    this.#world = world
    context.setDefaultTimeout(60_000)
  }

  /** Opens a tab, and in it the database of a user. */
  async tab(userId: string, options: PageOptions = {}): Promise<Tab> {
    const tab = await this.emptyTab(userId)
    await tab.open(userId, options)
    return tab
  }

  /** Opens a tab with the page, without a database. */
  async emptyTab(label = 'tab'): Promise<Tab> {
    const page = await this.context.newPage()
    page.on('pageerror', (error) => this.#world.complaints.push(`${label}: ${error.message}`))
    page.on('console', (message) => {
      // The browser itself says when a request fails, and many are meant to.
      if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource'))
        this.#world.complaints.push(`${label}: ${message.text()}`)
    })
    await page.goto(`${this.#world.server.url}/`)
    return new Tab(page)
  }

  /** Cuts the network: new requests fail as the browser makes them fail, and those under way, streams too, lose their connection. */
  async offline(): Promise<void> {
    await this.context.setOffline(true)
    await this.#world.server.dropConnections()
  }

  async online(): Promise<void> {
    await this.context.setOffline(false)
  }

  /** SIGKILL for the whole browser, as its process group. */
  async kill9(): Promise<void> {
    const browser = this.context.browser()
    if (!browser) throw new Error('Only a device with a profile of its own is a browser of its own.')
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const pid = processInfo.find(({ type }) => type === 'browser')?.id
    if (!pid) throw new Error('The browser does not say which process it is.')
    const ended = new Promise<void>((resolve) => browser.once('disconnected', () => resolve()))
    const group = processInfo.map(({ id }) => id)
    process.kill(-pid, 'SIGKILL')
    this.#gone = true
    await ended
    // One that keeps the profile for a moment longer would meet the next browser in it, which then finds it damaged and begins anew.
    await eventually(() => group.filter(isRunning)).toEqual([])
  }

  async close(): Promise<void> {
    if (!this.#gone) await this.context.close()
  }
}

/** Whether a process is there, and not only its exit code. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** One page. Functions given to `run` are evaluated in it, with `db` and what else `browser-page-script.ts` declares. */
export class Tab {
  readonly page: Page
  readonly run: Page['evaluate']
  #cdp: Promise<CDPSession> | undefined

  constructor(page: Page) {
    this.page = page
    this.run = page.evaluate.bind(page)
  }

  open(userId: string, options: PageOptions = {}): Promise<void> {
    return this.run(([user, more]) => openFor(user, more), [userId, options] as const)
  }

  status = () => this.run(() => db.status.read())
  /** All rows of the table that the tests use, ordered by id. */
  rows = () => this.run(() => db.todos.read())
  rowsOf = (space: string) => this.run((id) => db.space(id).todos.read(), space)
  titles = async () => (await this.rows()).map(({ title }) => title).sort()
  conflicts = () => this.run(() => db.conflicts.read())

  /** Waits until the tab says that all is synced. */
  async synced(): Promise<void> {
    await eventually(async () => {
      const { state, pending, problem } = await this.status()
      return { state, pending, problem }
    }).toEqual({ state: 'synced', pending: 0, problem: null })
  }

  cdp(): Promise<CDPSession> {
    this.#cdp ??= this.page.context().newCDPSession(this.page)
    return this.#cdp
  }

  /** The renderer is gone at once: no unload, no event, nothing. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash')
    const session = await this.cdp()
    session.send('Page.crash').catch(() => undefined)
    await crashed
    // The process is dead; this takes away what Playwright still has of it.
    await this.page.close()
  }

  /**
   * Stops the main thread where it is; gives the way to let it go on. A headless Chromium takes `Page.setWebLifecycleState` and does not
   * freeze (its pages are never hidden), so the debugger holds it: no script, no timer, no event, while locks stay held.
   */
  async freeze(): Promise<() => Promise<void>> {
    const session = await this.cdp()
    await session.send('Debugger.enable')
    const paused = new Promise<void>((resolve) => session.once('Debugger.paused', () => resolve()))
    await session.send('Debugger.pause')
    // Something has to run for the debugger to stop it.
    session.send('Runtime.evaluate', { expression: '0' }).catch(() => undefined)
    await paused
    return async () => {
      await session.send('Debugger.disable')
    }
  }
}
