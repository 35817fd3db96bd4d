import { randomBytes } from 'node:crypto'
import { HoldfastError } from '@holdfast/shared'
import { base64url } from '@holdfast/shared/internal/ids'
import Database from 'better-sqlite3'
import { answerAll } from '../../engine/reads.ts'
import type { Storage } from '../storage.ts'
import { prepareFile } from './sqlite-layout.ts'
import { sqliteReads } from './sqlite-reads.ts'
import { sqliteWrites } from './sqlite-writes.ts'

export interface SqliteOptions {
  /** How long to wait for the lock of another process, in milliseconds; 5,000. The process stands still meanwhile. */
  readonly busyTimeout?: number
  /** The first epoch of a new file; random. */
  readonly epoch?: string
}

/**
 * Keeps everything in one SQLite file, which is created if it is missing. A commit is on disk before anyone is answered. Several
 * processes on one machine may share the file; never put it on a network file system.
 *
 * @throws HoldfastError `storage_failed` if the file belongs to something else or to a newer version
 * @example createSyncServer({ schema, storage: sqlite('todo.db'), authenticate })
 */
export function sqlite(path: string, { busyTimeout = 5_000, epoch = base64url(randomBytes(12)) }: SqliteOptions = {}): Storage {
  const db = new Database(path, { timeout: busyTimeout })
  try {
    prepareFile(db, epoch)
  } catch (error) {
    db.close()
    throw error
  }
  const reads = sqliteReads(db)
  const store = sqliteWrites(db)
  const rollback = db.prepare('ROLLBACK')
  const commit = db.prepare('COMMIT')
  // IMMEDIATE takes the writer's lock at once: one that reads first and upgrades later gets SQLITE_BUSY without any waiting.
  const begin = { write: db.prepare('BEGIN IMMEDIATE'), read: db.prepare('BEGIN') }
  let durable = false

  const within = <T>(kind: 'write' | 'read', body: () => T): T => {
    if (!db.open) throw new HoldfastError('closed', 'The storage is closed.')
    begin[kind].run()
    try {
      const result = body()
      commit.run()
      return result
    } catch (error) {
      if (db.inTransaction) rollback.run()
      throw error
    }
  }

  return {
    async write(job) {
      return within('write', () => {
        // Before anything is written: what is refused here must not be stored, or it would be written again.
        if (!durable) durable = assertDurable(db)
        const done = answerAll(job(), reads)
        store(done.changes)
        return done.result
      })
    },
    read: async (job) => within('read', () => answerAll(job(), reads)),
    isUnavailable: (error) => UNAVAILABLE.test(`${(error as { readonly code?: unknown } | undefined)?.code}`),
    async close() {
      db.close()
    },
  }
}

/** A damaged page, or one that a full disk has no room for, may be of one request alone: those fail at once, and the others go on. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED)/

/** Asked in the first write, because the driver sets its own default when a connection first opens a file in WAL mode. */
function assertDurable(db: Database.Database): true {
  const mode = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (synchronous === 2 && (mode === 'wal' || mode === 'memory')) return true
  throw new HoldfastError('storage_failed', `SQLite does not commit durably: journal_mode ${mode}, synchronous ${synchronous}.`)
}
