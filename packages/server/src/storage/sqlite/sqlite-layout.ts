import { HoldfastError } from '@holdfast/shared'
import type { Database } from 'better-sqlite3'

/** "HOLD", so that a file says whose it is. */
const APPLICATION = 0x484f4c44
/** The version of the layout below, stored in the file. A file of a newer one is refused, an older one brought up to date by {@link STEPS}. */
const FORMAT = 3

const SEGMENTS = `
CREATE TABLE segments (id TEXT PRIMARY KEY, secret TEXT NOT NULL, body BLOB NOT NULL, until INTEGER) STRICT;
CREATE INDEX segments_by_until ON segments (until) WHERE until IS NOT NULL;
CREATE TABLE segment_sets (space INTEGER PRIMARY KEY REFERENCES spaces, body TEXT NOT NULL) STRICT;
`

// `records`, `log` and `spaces` keep their rowid, since their rows can be long; the others are short and live in their key.
const LAYOUT = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE epochs (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, heal INTEGER NOT NULL) STRICT;
CREATE TABLE spaces (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, hash BLOB NOT NULL,
  horizon INTEGER NOT NULL DEFAULT 0, creator TEXT NOT NULL
) STRICT;
CREATE TABLE records (
  space INTEGER NOT NULL REFERENCES spaces, tbl TEXT NOT NULL, id TEXT NOT NULL,
  seq INTEGER NOT NULL, alive INTEGER NOT NULL, dead INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (space, tbl, id)
) STRICT;
CREATE INDEX records_by_seq ON records (space, seq);
CREATE TABLE log (
  space INTEGER NOT NULL REFERENCES spaces, seq INTEGER NOT NULL, session TEXT NOT NULL, n INTEGER NOT NULL,
  payload BLOB NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL,
  PRIMARY KEY (space, seq)
) STRICT;
CREATE INDEX log_by_dot ON log (session, n);
CREATE TABLE chain (
  space INTEGER NOT NULL REFERENCES spaces, seq INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (space, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (id TEXT PRIMARY KEY, user TEXT NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE answers (
  session TEXT NOT NULL, n INTEGER NOT NULL, upto INTEGER NOT NULL,
  code TEXT, message TEXT NOT NULL, payload BLOB, conflicts INTEGER NOT NULL, result TEXT,
  PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE grants (
  user TEXT NOT NULL, space TEXT NOT NULL, access TEXT NOT NULL, role TEXT,
  PRIMARY KEY (user, space)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_space ON grants (space);
INSERT INTO meta VALUES ('hlc', '0'), ('commits', '0');
${SEGMENTS}`

/** What makes a file of each format one of the next. A step that was released is never edited. */
const STEPS: Readonly<Record<number, string>> = {
  1: `
ALTER TABLE answers ADD COLUMN result TEXT;
CREATE INDEX grants_by_space ON grants (space);
`,
  2: SEGMENTS,
}

/**
 * Sets a connection up, and the file if it is new. WAL with FULL: a commit is on disk when it returns. The driver's own default in WAL
 * mode is NORMAL, which loses acknowledged commits with the power.
 *
 * @throws HoldfastError `storage_failed` for a file that is not Holdfast's, or of a newer format
 */
export function prepareFile(db: Database, epoch: string): void {
  walMode(db)
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  if (formatOf(db) === FORMAT) return
  db.exec('BEGIN IMMEDIATE')
  try {
    // Asked again, since another process may have been quicker.
    const format = formatOf(db)
    if (format === 0) {
      db.exec(LAYOUT)
      db.prepare('INSERT INTO epochs (id, heal) VALUES (?, 1)').run(epoch)
      db.pragma(`application_id = ${APPLICATION}`)
    } else for (let from = format; from < FORMAT; from++) db.exec(STEPS[from] as string)
    db.pragma(`user_version = ${FORMAT}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** The format of the file; 0 if it is empty. @throws HoldfastError `storage_failed` for a file that is not Holdfast's, or of a newer format */
export function formatOf(db: Database): number {
  const application = db.pragma('application_id', { simple: true })
  const format = db.pragma('user_version', { simple: true }) as number
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (application === 0 && format === 0 && tables === 0) return 0
  if (application !== APPLICATION) throw new HoldfastError('storage_failed', 'This file is a database of something other than Holdfast.')
  if (format > FORMAT)
    throw new HoldfastError('storage_failed', `This database has format ${format}; this version of Holdfast knows ${FORMAT}.`)
  return format
}

/** Milliseconds, and how often, to wait for another process that is setting up the same file. */
const WAL_WAIT = { ms: 20, times: 250 }

/** SQLite does not wait for the lock by which a file first goes into WAL mode, whatever its timeout says. */
function walMode(db: Database): void {
  for (let tries = 1; ; tries++) {
    try {
      db.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || tries === WAL_WAIT.times) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_WAIT.ms)
    }
  }
}
