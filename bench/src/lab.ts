import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { requireChromium } from '../../scripts/browser-path.mjs'
import { bundlePage } from './bundle.ts'
import type { Facts } from './contenders.ts'
import { type CpuProfile, keepProfile } from './profile.ts'
import type { Memory, ServerOptions } from './serve.ts'

/** A server that runs, with the page of its contender at `origin`. */
export interface Running {
  readonly port: number
  readonly origin: string
  memory(): Promise<Memory>
  stop(): Promise<void>
}

/** What a filled device needs to be opened again: storage belongs to an origin, so the port stays. */
interface Filled {
  readonly profile: string
  readonly server: string
  readonly port: number
}

/** How a server that many follow is to be started (docs/performance.md, m): V8 keeps a young generation that grew. For all contenders. */
const YOUNG = '--max-semi-space-size=16'

/** What rows are measured with: servers, browsers and profiles, of which nothing is left after the run. */
export class Lab {
  readonly quick: boolean
  /** How many records a row is about, unless it says otherwise. */
  records: number
  readonly #home = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  readonly #filled = new Map<string, Promise<Filled>>()
  readonly #seeded = new Map<string, string>()
  #closing: (() => unknown)[] = []
  readonly #profiles: string | undefined

  /** `profiles` is a folder for CPU profiles of every page and server; what is measured meanwhile is slower. */
  constructor(options: { readonly quick: boolean; readonly records: number; readonly profiles?: string | undefined }) {
    this.quick = options.quick
    this.records = options.records
    this.#profiles = options.profiles
  }

  newFolder(): string {
    return mkdtempSync(join(this.#home, 'at-'))
  }

  /** Starts a contender's server, on a copy of one that holds this many records. */
  async server(
    facts: Facts,
    records: number,
    at: { readonly folder?: string; readonly port?: number; readonly spaces?: number } = {},
  ): Promise<Running> {
    const folder = at.folder ?? this.newFolder()
    const { spaces = 0 } = at
    const key = `${facts.name} ${records} ${spaces}`
    const seeded = this.#seeded.get(key)
    if (seeded && !at.folder) cpSync(seeded, folder, { recursive: true })
    const port = at.port ?? (await freePort())
    const script = facts.page ? await bundlePage(facts.page, { folder: this.#home, minify: !this.#profiles }) : null
    const options: ServerOptions = { contender: facts.name, module: facts.server, script, folder, records, spaces, port }
    const fillsOnly = !seeded && facts.server !== null && records > 0 && !at.folder
    const profile = this.#profiles && !fillsOnly && join(this.#profiles, `server-${facts.name}-${Date.now()}.cpuprofile`)
    const child = fork(fileURLToPath(new URL('./serve.ts', import.meta.url)), [JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [YOUNG, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${dirname(profile)}`, `--cpu-prof-name=${basename(profile)}`] : [])],
    })
    this.#closing.push(async () => {
      if (!profile) {
        child.kill('SIGKILL')
        return
      }
      await stop(child)
      say(keepProfile(JSON.parse(readFileSync(profile, 'utf8')) as CpuProfile, profile))
    })
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`The server of ${facts.name} ended.`))),
    ])
    const running = { port, origin: `http://a.localhost:${port}`, memory: () => ask<Memory>(child, 'memory'), stop: () => stop(child) }
    if (fillsOnly) {
      // Filled once, copied from then on: stopped, so that the copy is of whole files.
      await running.stop()
      const keep = this.newFolder()
      cpSync(folder, keep, { recursive: true })
      this.#seeded.set(key, keep)
      return await this.server(facts, records, { folder, port, spaces })
    }
    return running
  }

  /** A browser of its own, with storage on disk: what a page outside of a profile stores is kept in memory only. */
  async browser(profile = this.newFolder()): Promise<BrowserContext> {
    const { path, args, env } = requireChromium()
    const rules = ['--host-resolver-rules=MAP *.localhost 127.0.0.1', '--js-flags=--expose-gc']
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: path,
      args: [...args, ...rules],
      env,
      handleSIGINT: false,
      handleSIGTERM: false,
    })
    this.#closing.push(() => context.close().catch(() => undefined))
    return context
  }

  /** A page of the contender; `device` is part of its origin, so that two of them share a browser but no storage. */
  async page(
    context: BrowserContext,
    { port }: Running,
    options: { readonly device?: string; readonly records?: number; readonly first?: boolean; readonly filling?: boolean } = {},
  ): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => process.stderr.write(`  page: ${error.message}\n`))
    page.setDefaultTimeout(0)
    const { device = 'a', records = this.records, first = false } = options
    const origin = `http://${device}.localhost:${port}`
    if (this.#profiles && !options.filling) await this.#profile(page, origin)
    await page.goto(`${origin}/?records=${records}${first ? '#first' : ''}`)
    await page.waitForFunction('globalThis.bench !== undefined')
    return page
  }

  /** A device that holds the records and its server, as after a first sync, or where there is no sync, after inserts; a copy each time. */
  async filled(facts: Facts): Promise<{ server: Running; context: BrowserContext }> {
    const { records } = this
    const key = `${facts.name} ${records}`
    const filling = this.#filled.get(key) ?? this.#fill(facts, records)
    this.#filled.set(key, filling)
    const filled = await filling
    const profile = this.newFolder()
    const folder = this.newFolder()
    cpSync(filled.profile, profile, { recursive: true })
    cpSync(filled.server, folder, { recursive: true })
    const server = await this.server(facts, records, { folder, port: filled.port })
    return { server, context: await this.browser(profile) }
  }

  /** A page on such a device. */
  async filledPage(facts: Facts, options: { readonly first?: boolean } = {}): Promise<Page> {
    const { server, context } = await this.filled(facts)
    return await this.page(context, server, options)
  }

  async #profile(page: Page, origin: string): Promise<void> {
    // At its origin already: another one gets another process, and the profiler does not go along.
    await page.goto(`${origin}/empty`)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Profiler.enable')
    await cdp.send('Profiler.setSamplingInterval', { interval: 500 })
    await cdp.send('Profiler.start')
    this.#closing.push(async () => {
      const { profile } = (await cdp.send('Profiler.stop')) as { profile: CpuProfile }
      say(keepProfile(profile, join(this.#profiles as string, `${Date.now()}.cpuprofile`)))
    })
  }

  async #fill(facts: Facts, records: number): Promise<Filled> {
    const seed = await this.server(facts, facts.fillsBy === 'sync' ? records : 0)
    await seed.stop()
    const folder = this.newFolder()
    const from = this.#seeded.get(`${facts.name} ${records} 0`)
    if (from) cpSync(from, folder, { recursive: true })
    const server = await this.server(facts, records, { folder, port: seed.port })
    const profile = this.newFolder()
    const context = await this.browser(profile)
    const page = await this.page(context, server, { records, filling: true })
    await page.evaluate(
      async ({ by, records }) => {
        const store = await bench.open()
        if (by === 'sync') await store.ready?.()
        else for (let i = 0; i < records; i += 1_000) await store.insert?.(bench.todos(i, Math.min(records, i + 1_000)))
      },
      { by: facts.fillsBy, records },
    )
    // Some tidy up when they have nothing else to do; that is no part of what is measured next.
    await new Promise((resolve) => setTimeout(resolve, 1_000 + records / 20))
    await page.evaluate(() => bench.store.close?.())
    await context.close()
    await server.stop()
    return { profile, server: folder, port: seed.port }
  }

  /** Ends what a run has started. */
  async tidy(): Promise<void> {
    const closing = this.#closing.reverse()
    this.#closing = []
    for (const close of closing) await close()
  }

  async close(): Promise<void> {
    await this.tidy()
    if (existsSync(this.#home)) rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 })
  }
}

const say = (text: string) => process.stdout.write(`\n${text}\n`)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function ask<T>(child: ChildProcess, order: string): Promise<T> {
  child.send(order)
  const [answer] = await once(child, 'message')
  return answer as T
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.send('stop')
  await once(child, 'exit')
}
