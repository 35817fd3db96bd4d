import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Appends changes to a table, each in a commit of its own that is on disk when it returns. */
export function openLog(folder: string): (change: string) => void {
  const db = new Database(join(folder, 'log.db'))
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, change TEXT NOT NULL) STRICT')
  // The driver sets its own when a file first goes into WAL mode.
  db.pragma('synchronous = FULL')
  const insert = db.prepare('INSERT INTO log (change) VALUES (?)')
  return (change) => void insert.run(change)
}
