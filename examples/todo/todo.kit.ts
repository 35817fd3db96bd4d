import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchChromium } from '../../packages/testing/src/chromium.ts'

/** The example as a user starts it. */
interface Server {
  readonly url: string
  stop(): Promise<void>
}

/** For the tests of one file: a browser, and for each test a server with an empty database. */
export function useTodo() {
  let browser: Browser
  let folder = ''
  const contexts: BrowserContext[] = []
  const todo = {
    server: undefined as unknown as Server,
    /** What the browser complained of. */
    complaints: [] as string[],
    /** A browser of its own, that is: another device. Gives the way to open windows there. */
    async device(options: BrowserContextOptions = {}): Promise<(address: string, settings?: string) => Promise<Window>> {
      const context = await browser.newContext({ baseURL: todo.server.url, ...options })
      context.setDefaultTimeout(60_000)
      contexts.push(context)
      return (address, settings = '') => openWindow(context, `${settings}#${address}`, todo.complaints)
    },
    /** Starts the server anew, where it was, maybe with other settings. */
    async restart(env: NodeJS.ProcessEnv = {}): Promise<void> {
      await todo.server.stop()
      todo.server = await startServer({ file: join(folder, 'todo.db'), port: Number(new URL(todo.server.url).port), env })
    },
  }
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-todo-'))
    todo.server = await startServer({ file: join(folder, 'todo.db') })
    todo.complaints = []
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    await todo.server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return todo
}

export const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 100_000, interval: 20 })
export const synced = ({ status }: Window) => eventually(() => status.textContent()).toBe('Everything is synced.')
/** The lists of a user, each with its badge. */
export const listsOf = ({ lists }: Window) => eventually(async () => (await lists.allTextContents()).map((text) => text.trim()))
export const titlesOf = ({ titles }: Window) => eventually(() => titles.allInnerTexts())

/** What wants a decision about a todo, in its row. */
export const noticesOn = ({ row }: Window, title: string) => eventually(() => row(title).locator('.item-notices .notice').allInnerTexts())

interface Start {
  readonly file: string
  readonly port?: number
  readonly env?: NodeJS.ProcessEnv
}

async function startServer({ file, port = 0, env }: Start): Promise<Server> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url))], {
    env: { ...process.env, ...env, PORT: String(port), HOLDFAST_TODO_DB: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    url: await addressOf(child),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (data) => {
      said += data
      const found = /^Holdfast todo: (http:\S+)$/m.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it listened.`)))
  })
}

/** All that is on the disk of a device, as text, by name of the database; runs in the page. */
async function readDisk(): Promise<Record<string, string>> {
  const asked = <T>({ promise, resolve }: PromiseWithResolvers<T>, request: IDBRequest<T>) => {
    request.onsuccess = () => resolve(request.result)
    return promise
  }
  const disk: Record<string, string> = {}
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await asked(Promise.withResolvers<IDBDatabase>(), indexedDB.open(name))
    const stores = [...database.objectStoreNames].map((store) =>
      asked(Promise.withResolvers<unknown[]>(), database.transaction(store).objectStore(store).getAll()),
    )
    disk[name] = JSON.stringify(await Promise.all(stores))
    database.close()
  }
  return disk
}

export const diskOf = async ({ page }: Window): Promise<string> => JSON.stringify(await page.evaluate(readDisk))

/** Runs in the page. */
function faultsOfPage(): string[] {
  const faults: string[] = []
  const shown = (element: Element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true })
  for (const control of document.querySelectorAll<HTMLElement>('a, button, input')) {
    if (!shown(control)) continue
    const what = control.outerHTML.slice(0, 100)
    const labels = 'labels' in control ? [...((control as HTMLInputElement).labels ?? [])] : []
    const name =
      control.ariaLabel || labels.map((label) => label.textContent).join('') || (control.matches('input') ? '' : control.textContent)
    if (!name?.trim()) faults.push(`no name: ${what}`)
    const target = labels.find((label) => label.contains(control)) ?? control
    const { width, height } = target.getBoundingClientRect()
    if (width < 44 || height < 44) faults.push(`${width} x ${height}: ${what}`)
  }
  if ([...document.querySelectorAll('h1')].filter(shown).length !== 1) faults.push('not one h1')
  if ([...document.querySelectorAll('main')].filter(shown).length !== 1) faults.push('not one main')
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  if (new Set(ids).size !== ids.length) faults.push('an id is there twice')
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} pixels wide`)
  return faults
}

/** What keeps somebody out: controls without a name or too small for a thumb, a page too wide for the window. */
export const faultsOf = ({ page }: Window) => page.evaluate(faultsOfPage)

/** What a person does in one window, in their words. */
function createWindow(page: Page) {
  const row = (title: string) => page.locator('.todo', { has: page.getByRole('button', { name: title, exact: true }) })
  return {
    page,
    row,
    titles: page.locator('.todo .title'),
    newTitle: page.getByLabel('New todo'),
    status: page.locator('#status-text'),
    offline: page.getByLabel('Offline'),
    conflicts: page.getByRole('list', { name: 'Conflicts' }).getByRole('listitem'),
    deadLetters: page.locator('#dead-letters > li'),
    async add(text: string): Promise<void> {
      await page.getByLabel('New todo').fill(text)
      await page.keyboard.press('Enter')
    },
    async rename(from: string, to: string): Promise<void> {
      await page.getByRole('button', { name: from, exact: true }).click()
      await page.getByLabel(`Title of ${from}`).fill(to)
      await page.keyboard.press('Enter')
    },
    heading: page.getByRole('heading', { level: 1 }),
    notice: page.locator('#notice-text'),
    /** What was refused in the list that is shown. */
    refused: page.locator('#refused > li'),
    members: page.locator('#members > li'),
    lists: page.locator('#lists > a'),
    button: (name: string | RegExp) => page.getByRole('button', { name, exact: true }),
    dialog: page.getByRole('dialog'),
    async newList(name: string): Promise<void> {
      await page.getByRole('button', { name: 'New list' }).click()
      await page.getByLabel('Name of the list').fill(name)
      await page.keyboard.press('Enter')
    },
    /** Makes a link, and gives where it leads: `join=…`. */
    async share(access: 'can edit' | 'can only read'): Promise<string> {
      await page.getByLabel(access, { exact: true }).check()
      const link = page.getByLabel('Link to this list')
      const before = (await link.inputValue()) || 'none'
      await page.getByRole('button', { name: 'Create a link' }).click()
      await eventually(async () => (await link.isVisible()) && (await link.inputValue()) !== before).toBe(true)
      return new URL(await link.inputValue()).hash.slice(1)
    },
    grip: (title: string) => page.getByRole('button', { name: `Move ${title}`, exact: true }),
    /** What a screen reader says of moves. */
    moves: page.locator('#moves'),
    vote: (title: string) => page.getByRole('button', { name: `Vote for ${title}` }).click(),
    done: (title: string) => page.getByLabel(`Done: ${title}`),
  }
}

export type Window = ReturnType<typeof createWindow>

/** Opens a window as the address says, such as `#bob/shared`, and collects what the browser complains of. */
async function openWindow(context: BrowserContext, address: string, complaints: string[]): Promise<Window> {
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(`${address}: ${error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${address}: ${message.text()}`)
  })
  await page.goto(`/${address}`)
  return createWindow(page)
}
