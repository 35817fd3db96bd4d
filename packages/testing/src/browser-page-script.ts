// What runs inside the browser in the e2e tests: the shipping client, and ways to look at its disk and to hold up what IndexedDB reports.
import { type Database, type Duration, openDatabase } from '@holdfast/client'
import { openDraft } from '@holdfast/client/draft'
import { exportUnsent } from '@holdfast/client/export'
import { preview } from '@holdfast/client/review'
import { schema as articleSchema } from './article/schema.ts'
import { app } from './sharing/app.ts'
import { createList, type Db, openLink, shareLink } from './sharing/lists.ts'
import { testSchema } from './test-schema.ts'

/** Options of `openDatabase` that can be sent to a page. */
export interface PageOptions {
  readonly name?: string
  readonly spaces?: readonly string[]
  /** What `token` gives, one after the other, and then the last one again; otherwise the user's id. */
  readonly tokens?: readonly string[]
}

export type PageDatabase = Database<typeof testSchema>

declare global {
  /** The database of this page, once `openFor` has resolved. */
  var db: PageDatabase
  /** Opens the database of a user; the token of a user is his id. */
  var openFor: (userId: string, options?: PageOptions) => Promise<void>
  /** The app of docs/sharing.md, once `openSharing` has resolved. */
  var lists: Db
  var openSharing: (userId: string) => Promise<void>
  /** What that document has its users write. */
  var sharing: { createList: typeof createList; shareLink: typeof shareLink; openLink: typeof openLink }
  /** The articles of a user, once `openArticles` has resolved; `db` is the same database. */
  var articles: Database<typeof articleSchema>
  /** Its clock is `ahead` of this machine's, in milliseconds. */
  var ahead: number
  var openArticles: (userId: string, options?: { readonly reviewAfter?: Duration; readonly ahead?: number }) => Promise<void>
  /** What the subpaths of the client give. */
  var ways: { openDraft: typeof openDraft; exportUnsent: typeof exportUnsent; preview: typeof preview }
  /** From now on no `complete` of a writing IndexedDB transaction is heard, until the function it gives is called. */
  var holdCompletes: () => () => void
  /** From now on each IndexedDB transaction that may touch a store stays open, until the function it gives is called. */
  var holdOpen: (store: string) => () => void
  /** Whether a transaction is held open over this store. */
  var isHeldOpen: (store: string) => boolean
  /** Everything in every IndexedDB database of this origin, by name of the database and of the store. */
  var readDisk: () => Promise<Record<string, Record<string, [IDBValidKey, unknown][]>>>
}

globalThis.openFor = async (userId, { tokens = [userId], ...options } = {}) => {
  let asked = 0
  const token = () => tokens[Math.min(asked++, tokens.length - 1)] ?? ''
  globalThis.db = (await openDatabase({ schema: testSchema, userId, token, ...options })) as PageDatabase
}

globalThis.openSharing = async (userId) => {
  globalThis.lists = await openDatabase({ ...app, userId, token: () => userId })
}
globalThis.sharing = { createList, shareLink, openLink }

globalThis.openArticles = async (userId, { ahead = 0, ...options } = {}) => {
  globalThis.ahead = ahead
  const platform = { now: () => Date.now() + globalThis.ahead }
  globalThis.articles = await openDatabase({ schema: articleSchema, userId, token: () => userId, platform, ...options })
  globalThis.db = articles as unknown as PageDatabase
}
globalThis.ways = { openDraft, exportUnsent, preview }

let held: Promise<void> | undefined

globalThis.holdCompletes = () => {
  let release = () => {}
  held = new Promise((resolve) => {
    release = () => {
      held = undefined
      resolve()
    }
  })
  return release
}

const addListener = IDBTransaction.prototype.addEventListener
IDBTransaction.prototype.addEventListener = function (this: IDBTransaction, type: string, listener: unknown, options?: unknown) {
  const call = listener as (event: Event) => void
  const late = (event: Event) => (held && this.mode === 'readwrite' ? void held.then(() => call(event)) : call(event))
  addListener.call(this, type, type === 'complete' ? late : call, options as AddEventListenerOptions)
} as typeof addListener

let heldOpen: string | undefined
let holding = false

globalThis.holdOpen = (store) => {
  heldOpen = store
  return () => {
    heldOpen = undefined
    holding = false
  }
}
globalThis.isHeldOpen = (store) => heldOpen === store && holding

const begin = IDBDatabase.prototype.transaction
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof begin>) {
  const tx = begin.apply(this, args)
  const [store] = [...tx.objectStoreNames].filter((name) => name === heldOpen)
  const ask = () => {
    if (store === undefined || heldOpen !== store) return
    holding = true
    tx.objectStore(store).getKey(0).onsuccess = ask
  }
  ask()
  return tx
}

globalThis.readDisk = async () => {
  const disk: Awaited<ReturnType<typeof globalThis.readDisk>> = {}
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await resultOf(indexedDB.open(name))
    const stores = [...database.objectStoreNames]
    disk[name] = {}
    for (const store of stores) {
      const at = database.transaction(store).objectStore(store)
      const [keys, values] = await Promise.all([resultOf(at.getAllKeys()), resultOf(at.getAll())])
      disk[name][store] = keys.map((key, i) => [key, values[i]])
    }
    database.close()
  }
  return disk
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
