import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb'
import { copyDatabases } from '../copy-databases.ts'

/** A copy of a disk, and the writes that were stored on it, by whom. */
export interface DiskCopy {
  readonly indexedDB: IDBFactory
  readonly stored: ReadonlySet<string>
}

/** How IndexedDB says that something went wrong. */
export type DiskFailure = 'AbortError' | 'UnknownError' | 'QuotaExceededError'

type Undo = () => void

interface Target {
  listeners: { readonly callback: unknown }[]
}
/** What of fake-indexeddb has to be reached for what no page can do to its own storage. */
interface Transaction extends Target {
  _state: 'active' | 'inactive' | 'committing' | 'finished'
  readonly db: { readonly _rawDatabase: { readonly processTransactions: unknown } }
  readonly _rollbackLog: Undo[]
  readonly _requests: readonly { readonly request: Target }[]
  _start(): void
  _abort(name: string): void
  _execRequestAsync(ask: { readonly source: IDBObjectStore; readonly operation: () => never }): IDBRequest
}
interface RawRecord {
  readonly key: IDBValidKey
  value: unknown
}
interface RawDatabase {
  readonly rawObjectStores: ReadonlyMap<
    string,
    { readonly records: { values(): Iterable<RawRecord>; delete(key: IDBKeyRange): readonly RawRecord[] } }
  >
}
interface Insides {
  readonly _databases: Map<string, RawDatabase>
}

const insidesOf = (transaction: IDBTransaction) => transaction as unknown as Transaction

/** What listens to a transaction that is not of the page. */
const own = new WeakMap<IDBTransaction, ReadonlySet<unknown>>()

const VERBS = ['get', 'getAll', 'getAllKeys', 'add', 'put', 'delete'] as const

/** Commits that a power cut may take back. */
const UNSURE = 20

/**
 * Where a device keeps its databases: an IndexedDB that fails as real ones do (faults.md A1 to A5). Each tab has it mounted for as long
 * as it lives: what a tab had under way when it died is not stored.
 */
export function createDisk(indexedDB: IDBFactory) {
  let inner = indexedDB
  const connections = new Map<IDBDatabase, Set<IDBTransaction>>()
  /** How each of the last commits is taken back, and what it added. */
  const commits: { readonly undo: readonly Undo[]; readonly added: readonly unknown[] }[] = []
  let changes = 0
  let isFull = false
  let request: { left: number; readonly failure: DiskFailure } | undefined
  let transaction: { left: number; readonly failure: DiskFailure } | undefined

  /** Whether this is the one that was to fail. */
  function counted(planned: { left: number; readonly failure: DiskFailure } | undefined): DiskFailure | undefined {
    return planned && --planned.left === 0 ? planned.failure : undefined
  }

  function mount(life: AbortSignal, onCall: () => void): IDBFactory {
    const open = (name: string, version?: number) => {
      onCall()
      // Nobody is there to hear of it.
      if (life.aborted) return unanswered(IDBOpenDBRequest)
      const opening = inner.open(name, version)
      opening.addEventListener('success', () => connect(opening.result, life, onCall))
      return opening
    }
    return Object.assign(Object.create(IDBFactory.prototype) as IDBFactory, {
      open,
      deleteDatabase: (name: string) => inner.deleteDatabase(name),
      databases: () => inner.databases(),
    })
  }

  function connect(db: IDBDatabase, life: AbortSignal, onCall: () => void): void {
    const under = new Set<IDBTransaction>()
    connections.set(db, under)
    const end = () => {
      connections.delete(db)
      for (const tx of under) {
        silence(tx)
        breakOff(tx)
      }
      db.close()
    }
    life.addEventListener('abort', end)
    if (life.aborted) end()
    const close = db.close.bind(db)
    db.close = () => {
      connections.delete(db)
      close()
    }
    const begin = db.transaction.bind(db)
    db.transaction = (...args) => {
      onCall()
      // One that never starts.
      if (life.aborted) return unanswered(IDBTransaction, [args[0]].flat(), args[1], 'strict', db)
      const tx = begin(...args)
      under.add(tx)
      const over = () => under.delete(tx)
      tx.addEventListener('complete', over)
      tx.addEventListener('abort', over)
      watch(tx, life, onCall)
      own.set(tx, new Set(insidesOf(tx).listeners.map(({ callback }) => callback)))
      return tx
    }
  }

  function watch(tx: IDBTransaction, life: AbortSignal, onCall: () => void): void {
    const insides = insidesOf(tx)
    const isWriting = tx.mode === 'readwrite'
    if (isWriting) changes++
    const failure = isWriting ? counted(transaction) : undefined
    const added: unknown[] = []
    const storeOf = tx.objectStore.bind(tx)
    const stores = new Map<string, IDBObjectStore>()
    tx.objectStore = (name) => {
      const store = stores.get(name) ?? storeOf(name)
      if (stores.has(name)) return store
      stores.set(name, store)
      for (const verb of VERBS) {
        const ask = (store[verb] as (...args: unknown[]) => IDBRequest).bind(store)
        store[verb] = (...args: unknown[]) => {
          onCall()
          if (life.aborted) return unanswered(IDBRequest)
          const failing = counted(request)
          if (failing) return insides._execRequestAsync({ source: store, operation: () => fail(failing) })
          if (verb === 'add' || verb === 'put') added.push(args[0])
          return ask(...args)
        }
      }
      return store
    }
    if (!isWriting) return
    const start = insides._start.bind(insides)
    insides._start = () => {
      // All that was asked for is done: now it would be committed. That there is no room only the transaction says (faults.md A3).
      const isEnding = insides._requests.length === 0 && insides._state !== 'finished'
      const refused = failure ?? (isFull && added.length > 0 ? 'QuotaExceededError' : undefined)
      if (isEnding && refused) insides._abort(refused)
      else start()
    }
    tx.addEventListener('complete', () => {
      commits.push({ undo: insides._rollbackLog, added })
      if (commits.length > UNSURE) commits.shift()
    })
  }

  return {
    mount,
    /** As it is, for who looks from outside. */
    get indexedDB() {
      return inner
    },
    /** How many connections there are. */
    get open() {
      return connections.size
    },
    /** How many transactions that write there were. */
    get changes() {
      return changes
    },
    /** The n-th request from now fails. */
    failRequest(n: number, failure: DiskFailure) {
      request = { left: n, failure }
    },
    /** The n-th transaction from now that writes aborts when it would commit. */
    failTransaction(n: number, failure: DiskFailure) {
      transaction = { left: n, failure }
    },
    /** There is no room for anything more; or there is again. */
    full(now: boolean) {
      isFull = now
    },
    /** Nothing is planned any more, and there is room. */
    calm() {
      request = undefined
      transaction = undefined
      isFull = false
    },
    /** All connections are dead: the handles fail, and nobody is told (faults.md A4). With `told` they hear of it by `close`. */
    sever(told: boolean) {
      for (const [db, under] of connections) {
        for (const tx of under) breakOff(tx)
        connections.delete(db)
        if (told) forceCloseDatabase(db as never)
        else db.close()
      }
    },
    /** The last commits are gone, as if they had never been. Gives what they added. */
    forget(count: number): unknown[] {
      const lost = commits.splice(Math.max(0, commits.length - count))
      for (const { undo } of [...lost].reverse()) for (const step of [...undo].reverse()) step()
      return lost.flatMap(({ added }) => added)
    },
    /** The browser needs the room, or somebody cleared this site's data. */
    evict() {
      commits.length = 0
      ;(inner as unknown as Insides)._databases.clear()
    },
    /** Of all segments one is gone, or is not all there; which, these say, from 0 to 1. Says if there was one. */
    damage(which: number, left: number): boolean {
      const all = [...(inner as unknown as Insides)._databases.values()].flatMap(({ rawObjectStores }) => {
        const records = rawObjectStores.get('segments')?.records
        return records ? [...records.values()].map((record) => ({ records, record })) : []
      })
      const found = all[Math.floor(which * all.length)]
      if (!found) return false
      const { records, record } = found
      if (left < 0.5) records.delete(IDBKeyRange.only(record.key))
      else record.value = (record.value as ArrayBuffer).slice(0, Math.floor((left - 0.5) * 2 * (record.value as ArrayBuffer).byteLength))
      return true
    },
    /** Another version of the app wants to change the layout, and does not come to it. */
    async upgrade(): Promise<void> {
      for (const { name = '', version = 1 } of await inner.databases()) {
        const opening = inner.open(name, version + 1)
        await new Promise<void>((resolve) => {
          opening.onupgradeneeded = () => opening.transaction?.abort()
          opening.onerror = () => resolve()
        })
      }
    },
    copy: () => copyDatabases(inner),
    /** An older copy takes its place. */
    restore(copy: IDBFactory) {
      commits.length = 0
      inner = copy
    },
    /** All values of a store, in all databases. */
    values: (store: string): unknown[] =>
      [...(inner as unknown as Insides)._databases.values()].flatMap(({ rawObjectStores }) =>
        [...(rawObjectStores.get(store)?.records.values() ?? [])].map(({ value }) => value),
      ),
  }
}

export type Disk = ReturnType<typeof createDisk>

/** A page that is no more hears of nothing: what it listened with is taken away, and what the database itself needs is left. */
function silence(tx: IDBTransaction): void {
  const insides = insidesOf(tx)
  for (const { request } of insides._requests) request.listeners = []
  insides.listeners = insides.listeners.filter(
    ({ callback }) => callback === insides.db._rawDatabase.processTransactions || own.get(tx)?.has(callback),
  )
}

/** What a page that is no more is given: nothing ever comes of it. */
function unanswered<T>(kind: { readonly prototype: T }, ...args: unknown[]): T {
  return new (kind as unknown as new (...args: unknown[]) => T)(...args)
}

function breakOff(tx: IDBTransaction): void {
  const insides = insidesOf(tx)
  // What was told to commit may be stored all the same, and nobody hears of it.
  if (insides._state === 'active' || insides._state === 'inactive') insides._abort('AbortError')
}

function fail(failure: DiskFailure): never {
  throw new DOMException('planned', failure)
}
