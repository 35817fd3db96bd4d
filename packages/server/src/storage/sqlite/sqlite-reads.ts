import type { Member, SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { Database } from 'better-sqlite3'
import type { AnswerRow, LoggedAt, Page, Reads, SegmentRow, SessionRow, SpaceRow, StoredRecord } from '../../engine/reads.ts'

const SPACE = '(SELECT id FROM spaces WHERE name = ?)'

/** A hash as it is spoken of. */
const spoken = (bytes: Buffer): string => bytes.toString('base64url')

/** The questions of the engine as statements. Nothing is remembered between two of them. */
export function sqliteReads(db: Database): Reads {
  const meta = db.prepare('SELECT key, value FROM meta').raw()
  const epochs = db.prepare('SELECT id, heal FROM epochs ORDER BY n').raw()
  const session = db.prepare('SELECT user, last, at FROM sessions WHERE id = ?')
  const answer = db.prepare(
    'SELECT n, upto AS "to", code, message, payload, conflicts, result FROM answers WHERE session = ? AND n <= ? ORDER BY n DESC LIMIT 1',
  )
  const refusals = db.prepare('SELECT n, upto AS "to" FROM answers WHERE session = ? AND code IS NOT NULL ORDER BY n DESC LIMIT ?')
  const logged = db.prepare(
    'SELECT spaces.name AS space, log.seq, log.payload FROM log JOIN spaces ON spaces.id = log.space WHERE session = ? AND n = ?',
  )
  const space = db.prepare('SELECT seq, hash FROM spaces WHERE name = ?')
  const hashAt = db.prepare(`SELECT hash FROM chain WHERE space = ${SPACE} AND seq = ?`).pluck()
  const entryAt = db.prepare(`SELECT entry FROM log WHERE space = ${SPACE} AND seq = ?`).pluck()
  const record = db.prepare(`SELECT body FROM records WHERE space = ${SPACE} AND tbl = ? AND id = ?`).pluck()
  const since = db.prepare(`SELECT tbl AS "table", id, body FROM records WHERE space = ${SPACE} AND seq > ? ORDER BY seq`)
  const countSince = db.prepare(`SELECT count(*) FROM (SELECT 1 FROM records WHERE space = ${SPACE} AND seq > ? LIMIT ?)`).pluck()
  const page = db.prepare(
    `SELECT tbl AS "table", id, seq, CASE dead WHEN 0 THEN body END AS body FROM records
     WHERE space = ${SPACE} AND (tbl, id) > (?, ?) ORDER BY tbl, id LIMIT ?`,
  )
  const segmentSet = db.prepare(`SELECT body FROM segment_sets WHERE space = ${SPACE}`).pluck()
  const segment = db.prepare('SELECT secret, body FROM segments WHERE id = ?')
  const rows = db.prepare(`SELECT id, body FROM records WHERE space = ${SPACE} AND tbl = ? AND dead = 0`)
  const grant = db.prepare('SELECT space, access, role FROM grants WHERE user = ? AND space = ?')
  const grants = db.prepare('SELECT space, access, role FROM grants WHERE user = ?')
  const members = db.prepare('SELECT user AS userId, access, role FROM grants WHERE space = ?')
  return {
    meta() {
      const { hlc, commits } = Object.fromEntries(meta.all() as [string, string][])
      const all = epochs.all() as [string, number][]
      return {
        epoch: all.at(-1)?.[0] ?? '',
        epochs: new Map(all.map(([id, heal]) => [id, heal === 1])),
        hlc: Number(hlc),
        commits: Number(commits),
      }
    },
    session: (id) => session.get(id) as SessionRow | undefined,
    answer(id, n) {
      const row = answer.get(id, n) as (Omit<AnswerRow, 'payload'> & { payload: Buffer | null }) | undefined
      return row && row.to >= n ? { ...row, payload: row.payload && spoken(row.payload) } : undefined
    },
    refusals: (id, most) => refusals.all(id, most) as Pick<AnswerRow, 'n' | 'to'>[],
    logged: (id, n) =>
      (logged.all(id, n) as (Omit<LoggedAt, 'payload'> & { payload: Buffer })[]).map((row) => ({ ...row, payload: spoken(row.payload) })),
    space: (name) => space.get(name) as SpaceRow | undefined,
    hashAt(name, seq) {
      const bytes = hashAt.get(name, seq) as Buffer | undefined
      return bytes && spoken(bytes)
    },
    entryAt: (name, seq) => entryAt.get(name, seq) as string | undefined,
    record: (name, table, id) => record.get(name, table, id) as string | undefined,
    changedSince: (name, seq) => since.all(name, seq) as StoredRecord[],
    countSince: (name, seq, most) => countSince.get(name, seq, most) as number,
    page: (name, [table, id] = ['', ''], most) => page.all(name, table, id, most) as unknown as Page,
    segmentSet: (name) => segmentSet.get(name) as string | undefined,
    segment: (id) => segment.get(id) as SegmentRow | undefined,
    rows: (name, table) => rows.all(name, table) as StoredRecord[],
    grant: (user, name) => grant.get(user, name) as SpaceAccess | undefined,
    grants: (user) => grants.all(user) as SpaceAccess[],
    members: (name) => members.all(name) as Member[],
  }
}
