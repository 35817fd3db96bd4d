import { randomBytes } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { HoldfastError } from '@holdfast/shared'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import { base64url } from '@holdfast/shared/internal/ids'
import Database from 'better-sqlite3'
import { formatOf, prepareFile } from './sqlite-layout.ts'

export interface EpochOptions {
  /** Whether devices send again what this copy lacks. */
  readonly heal: boolean
  /** The log beside the file (`-wal`) came with the backup. */
  readonly withWal?: boolean
  /** Its name; random. */
  readonly epoch?: string
}

/** The new epoch, and what there is in the copy that it begins on. */
export interface BegunEpoch {
  readonly epoch: string
  readonly spaces: number
  /** Entries of all histories. */
  readonly transactions: number
  /** When the last of them was decided, in milliseconds since 1970; null if there is none. */
  readonly last: number | null
}

/** Why an epoch could not be begun: `details.reason` of the error. */
export type EpochTrouble = 'missing' | 'foreign' | 'leftover_wal' | 'in_use' | 'damaged'

/**
 * Begins an epoch on a copy that was put back: from its next entry on a history of its own, which says whether devices heal what came
 * after the copy was made. Nobody else may have the file open.
 *
 * @throws HoldfastError `storage_failed`, with {@link EpochTrouble} as `details.reason`; the file is then as it was
 * @example beginEpoch('todo.db', { heal: true })
 */
export function beginEpoch(path: string, { heal, withWal = false, epoch = base64url(randomBytes(12)) }: EpochOptions): BegunEpoch {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw trouble('missing', `There is no file ${path}.`)
  // Of a link the log lies beside the file itself.
  const wal = statSync(`${realpathSync(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (wal > 0 && !withWal)
    throw trouble('leftover_wal', `${path}-wal is there: the log of the database that was replaced would be played into the copy.`)
  const db = open(path)
  try {
    // A server of before, which goes on writing, would be a second history under this name.
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE; COMMIT')
    const found = db.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok') throw trouble('damaged', `This file is damaged: ${found}`)
    prepareFile(db, epoch)
    return db
      .transaction((): BegunEpoch => {
        db.prepare('INSERT INTO epochs (id, heal) VALUES (?, ?)').run(epoch, heal ? 1 : 0)
        const { spaces, transactions, last } = db
          .prepare('SELECT (SELECT count(*) FROM spaces) AS spaces, count(*) AS transactions, max(at) AS last FROM log')
          .get() as { spaces: number; transactions: number; last: number | null }
        return { epoch, spaces, transactions, last: last === null ? null : msOf(last) }
      })
      .immediate()
  } catch (error) {
    throw named(error)
  } finally {
    db.close()
  }
}

function open(path: string): Database.Database {
  const db = new Database(path, { fileMustExist: true, timeout: 0 })
  try {
    // Empty is what a file is of which nothing was put back.
    if (formatOf(db) > 0) return db
    throw trouble('foreign', `${path} is empty.`)
  } catch (error) {
    db.close()
    throw named(error)
  }
}

const trouble = (reason: EpochTrouble, message: string) => new HoldfastError('storage_failed', message, { reason })

const REASONS: Readonly<Record<string, EpochTrouble>> = {
  SQLITE_BUSY: 'in_use',
  SQLITE_LOCKED: 'in_use',
  SQLITE_NOTADB: 'foreign',
  SQLITE_CORRUPT: 'damaged',
}

function named(error: unknown): unknown {
  if (error instanceof HoldfastError) return error.details.reason ? error : trouble('foreign', error.message)
  const [, reason] = Object.entries(REASONS).find(([code]) => String((error as { code?: unknown }).code).startsWith(code)) ?? []
  const words = { in_use: 'A process has this file open: stop the server first.' } as Partial<Record<EpochTrouble, string>>
  return reason ? trouble(reason, words[reason] ?? (error as Error).message) : error
}
