import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { Database } from 'better-sqlite3'
import type { Changes, SegmentChanges } from '../../engine/changes.ts'

const bytes = (hash: string): Buffer => Buffer.from(hash, 'base64url')

/** Stores changes, inside a transaction that its caller has begun. */
export function sqliteWrites(db: Database): (changes: Changes) => void {
  const meta = db.prepare('UPDATE meta SET value = ? WHERE key = ?')
  const space = db.prepare(
    'INSERT INTO spaces (name, seq, hash, creator) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash',
  )
  const idOf = db.prepare('SELECT id FROM spaces WHERE name = ?').pluck()
  const record = db.prepare(
    `INSERT INTO records (space, tbl, id, seq, alive, dead, body) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (space, tbl, id) DO UPDATE SET seq = excluded.seq, alive = excluded.alive, dead = excluded.dead, body = excluded.body`,
  )
  const log = db.prepare('INSERT INTO log (space, seq, session, n, payload, at, entry) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const chain = db.prepare('INSERT INTO chain (space, seq, hash) VALUES (?, ?, ?)')
  const session = db.prepare('INSERT OR REPLACE INTO sessions (id, user, last, at) VALUES (?, ?, ?, ?)')
  const answer = db.prepare(
    'INSERT INTO answers (session, n, upto, code, message, payload, conflicts, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const known = db.prepare('DELETE FROM answers WHERE session = ? AND upto <= ? AND code IS NULL')
  const grant = db.prepare('INSERT OR REPLACE INTO grants (user, space, access, role) VALUES (?, ?, ?, ?)')
  const revoke = db.prepare('DELETE FROM grants WHERE user = ? AND space = ?')
  const segment = db.prepare('INSERT OR REPLACE INTO segments (id, secret, body, until) VALUES (?, ?, ?, ?)')
  const until = db.prepare('UPDATE segments SET until = ? WHERE id = ?')
  const segmentSet = db.prepare('INSERT OR REPLACE INTO segment_sets (space, body) VALUES ((SELECT id FROM spaces WHERE name = ?), ?)')
  const expired = db.prepare('DELETE FROM segments WHERE until <= ?')
  const storeSegments = ({ bodies = [], until: ends = [], sets = [], now }: SegmentChanges): void => {
    for (const row of bodies) segment.run(row.id, row.secret, row.body, row.until)
    for (const [id, end] of ends) until.run(end, id)
    for (const row of sets) segmentSet.run(row.space, row.body)
    expired.run(now)
  }
  return (changes) => {
    for (const [key, value] of Object.entries(changes.meta ?? {})) meta.run(String(value), key)
    for (const row of changes.spaces) space.run(row.space, row.seq, row.hash, row.creator)
    const ids = new Map<SpaceId, unknown>()
    const idFor = (name: SpaceId): unknown => {
      const id = ids.get(name) ?? idOf.get(name)
      ids.set(name, id)
      return id
    }
    for (const row of changes.records) record.run(idFor(row.space), row.table, row.id, row.seq, row.alive, row.dead ? 1 : 0, row.body)
    for (const row of changes.log) {
      log.run(idFor(row.space), row.seq, row.session, row.n, bytes(row.payload), row.at, row.entry)
      chain.run(idFor(row.space), row.seq, bytes(row.hash))
    }
    for (const row of changes.sessions) session.run(row.session, row.user, row.last, row.at)
    for (const { session: id, n, to, code, message, payload, conflicts, result } of changes.answers) {
      answer.run(id, n, to, code, message, payload === null ? null : bytes(payload), conflicts, result)
    }
    for (const [id, n] of changes.known) known.run(id, n)
    for (const { user, space: name, access, role } of changes.grants) {
      if (access === null) revoke.run(user, name)
      else grant.run(user, name, access, role)
    }
    if (changes.segments) storeSegments(changes.segments)
  }
}
