import { HoldfastError } from '@holdfast/shared/internal/errors'
import { base64url } from '@holdfast/shared/internal/ids'
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames, unwrap, wrap } from 'idb'
import type { KeptTransaction, Revision, StoreEvent } from '../core/event.ts'
import type { Known } from '../core/known.ts'
import type { Platform } from '../platform.ts'
import type { NamedSegment } from './store.ts'
import { isLostConnection, storageTrouble } from './trouble.ts'

/** Bumped only if the four stores themselves change: the app's schema is data. */
const FORMAT = 1
const OPEN_DEADLINE = 10_000

/** What the fold left behind. */
export interface Manifest {
  readonly folded: Revision
  readonly segments: readonly NamedSegment[]
  readonly known: Known
}

/** What every commit checks, in its own transaction: later leaders have a greater fence, and cursors only move on. */
export interface Guard {
  readonly fence: number
  readonly generation: number
  readonly cut: Readonly<Record<string, number>>
}

interface Layout extends DBSchema {
  events: { key: number; value: StoreEvent }
  segments: { key: string; value: ArrayBuffer }
  kept: { key: number; value: readonly KeptTransaction[] }
  meta: { key: 'manifest' | 'guard' | 'birth' | 'probe' | 'sealed'; value: Manifest | Guard | string | number }
}

export type Database = IDBPDatabase<Layout>

export interface ConnectionOptions {
  readonly name: string
  readonly platform: Platform
  readonly durability: 'strict' | 'relaxed'
  /** The connection is closed: by the browser, or for another tab that wants a newer format. */
  readonly onLost: (error: HoldfastError) => void
  /** The database was deleted, and what this tab knows of it is of no use any more. */
  readonly onDeleted: (error: HoldfastError) => void
}

/** A connection to the database, which is replaced when it dies. */
export interface Connection {
  /**
   * Runs against a live connection: a dead one is replaced once, and what failed with it is tried again only where that is harmless.
   *
   * @throws HoldfastError `storage_full`, `storage_blocked`, `storage_unavailable`, `storage_failed`, `closed`
   */
  run<T>(work: (db: Database) => Promise<T>, again: boolean): Promise<T>
  close(): void
}

/** Opens the database. Raises `storage_blocked`, `storage_unavailable`, `storage_failed`. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  let db = await connect(options)
  let closed = false
  let replacing: Promise<void> | undefined
  let deleted: HoldfastError | undefined
  const birth = await birthOf(db).catch((error) => {
    db.close()
    throw storageTrouble(error)
  })

  async function replace(): Promise<void> {
    db.close()
    const next = await connect(options)
    try {
      if ((await birthOf(next)) !== birth) {
        deleted = new HoldfastError('storage_failed', 'The browser deleted the database: reload this tab.')
        options.onDeleted(deleted)
        throw deleted
      }
    } catch (error) {
      next.close()
      throw error
    }
    db = next
    if (closed) db.close()
  }

  return {
    async run(work, again) {
      if (closed) throw new HoldfastError('closed', 'This database is closed.')
      if (deleted) throw deleted
      const at = db
      try {
        return await work(at)
      } catch (error) {
        if (!isLostConnection(error) || closed) throw storageTrouble(error)
        try {
          // Several may find it dead at once: one of them replaces it for all.
          if (at === db) {
            replacing ??= replace().finally(() => {
              replacing = undefined
            })
            await replacing
          }
          if (again) return await work(db)
        } catch (second) {
          throw storageTrouble(second)
        }
        throw storageTrouble(error)
      }
    },
    close() {
      closed = true
      db.close()
    },
  }
}

/** A transaction whose end nobody has to wait for: what fails in it is told by its requests. */
export function begin<Names extends StoreNames<Layout>[], Mode extends 'readonly' | 'readwrite' = 'readonly'>(
  db: Database,
  stores: [...Names],
  mode = 'readonly' as Mode,
  durability: 'strict' | 'relaxed' = 'strict',
): IDBPTransaction<Layout, Names, Mode> {
  const tx = db.transaction(stores as Names, mode, { durability })
  tx.done.catch(() => undefined)
  return tx
}

/** Names this database: one that was deleted and made anew has another. */
const birthOf = (db: Database) => begin(db, ['meta']).objectStore('meta').get('birth')

/** Opens with a deadline: some browsers let the first open hang for ever (faults.md A7), and an old tab may block it (A5). */
async function connect({ name, platform, onLost }: ConnectionOptions): Promise<Database> {
  let late = false
  let stop = () => {}
  const deadline = new Promise<never>((_, reject) => {
    stop = platform.setTimer(OPEN_DEADLINE, () => {
      late = true
      reject(new HoldfastError('storage_blocked', 'The database did not open. Another tab may be holding it.'))
    })
  })
  const opening = new Promise<Database>((resolve, reject) => {
    const request = platform.indexedDB.open(name, FORMAT)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('events', { autoIncrement: true })
      for (const store of ['segments', 'kept']) request.result.createObjectStore(store)
      request.result.createObjectStore('meta').put(base64url(platform.randomBytes(16)), 'birth')
    }
    request.onsuccess = () => resolve(wrap(request.result) as unknown as Database)
    request.onerror = () => reject(request.error)
  })
  opening.then(
    (db) => late && db.close(),
    () => undefined,
  )
  try {
    const db = await Promise.race([opening, deadline])
    const raw = unwrap(db)
    raw.onversionchange = () => {
      raw.close()
      onLost(new HoldfastError('storage_blocked', 'Another tab needs the database: reload this one.'))
    }
    raw.onclose = () => onLost(new HoldfastError('storage_failed', 'The browser closed the database.'))
    return db
  } catch (error) {
    throw storageTrouble(error)
  } finally {
    stop()
  }
}
