import { DatabaseSync } from 'node:sqlite'
import { Broken } from './broken.ts'

export interface Spent {
  /** Transactions that reached the server, by their dots. */
  readonly sent: number
  /** Of each session, up to which number the server was told that its answers are known, with something that was stored. */
  readonly known: ReadonlyMap<string, number>
}

/**
 * P12, the law by which metadata grows: a session row for each opening that wrote (and one for each dead letter that was tried again, and
 * each fork), an answer for each transaction that has no entry in the log or was refused, of which only refusals outlive their being
 * known; a record, dead or alive, for each that ever was in the log; an entry and a hash for each transaction in each of its spaces.
 */
export function boundedMetadata(file: string, { sent, known }: Spent): void {
  const db = new DatabaseSync(file, { readOnly: true })
  const count = (sql: string): number => db.prepare(sql).get()?.count as number
  try {
    const law = (what: string, is: number, most: number) => {
      if (is > most) throw new Broken('bounded metadata', `${is} ${what}, and at most ${most} have a reason to be`)
    }
    law('answers', count('SELECT count(*) AS count FROM answers'), sent)
    const applied = db.prepare('SELECT session, upto FROM answers WHERE code IS NULL').all() as { session: string; upto: number }[]
    law('answers that their readers know', applied.filter(({ session, upto }) => upto <= (known.get(session) ?? 0)).length, 0)
    law(
      'answers of one transaction',
      count('SELECT coalesce(max(c), 0) AS count FROM (SELECT count(*) AS c FROM answers GROUP BY session, n)'),
      1,
    )
    law(
      'sessions',
      count('SELECT count(*) AS count FROM sessions'),
      count('SELECT count(DISTINCT session) AS count FROM (SELECT session FROM log UNION ALL SELECT session FROM answers)') + sent,
    )
    law('hashes', count('SELECT count(*) AS count FROM chain'), count('SELECT count(*) AS count FROM log'))
    law(
      'records',
      count('SELECT count(*) AS count FROM records'),
      count(
        "SELECT count(*) AS count FROM (SELECT DISTINCT log.space, json_extract(e.value, '$[0]') AS t, json_extract(e.value, '$[1]') AS id FROM log, json_each(log.entry, '$[5]') AS e)",
      ),
    )
  } finally {
    db.close()
  }
}
