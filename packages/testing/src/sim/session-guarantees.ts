import type { Database } from '@holdfast/client'
import { Broken } from './broken.ts'
import type { Person } from './person.ts'

/** A record by its name, as an app can write it down. */
export const keyOf = (space: string, table: string, id: string): string => `${space}/${table}/${id}`

/** What a tab shows of tables from which nothing is deleted. */
export interface Sight {
  /** What was there and is not any more. */
  readonly vanished: ReadonlySet<string>
  /** What was there without what its author had seen: both by their keys. */
  readonly early: readonly (readonly [effect: string, cause: string])[]
  /** Ends it; gives what is shown. */
  stop(): ReadonlySet<string>
}

interface Row {
  readonly id: string
  readonly $space: string
  /** What its author saw when he wrote it, as its key. */
  readonly after?: string | null
}
type Table = { read(): readonly Row[]; subscribe(listener: () => void): () => void }

/**
 * Looks at every change of some tables: read-your-writes and monotonic reads (what is there stays there; across reloads, what `before`
 * says), writes-follow-reads and causal order (what comes after something is never there without it).
 */
export function watchTables(db: Database, tables: readonly string[], before: ReadonlySet<string>): Sight {
  const vanished = new Set<string>()
  const early = new Map<string, readonly [string, string]>()
  let shown: ReadonlySet<string> = before
  const stops: (() => void)[] = []

  function look(): void {
    const rows = tables.flatMap((name) =>
      tableOf(db, name)
        .read()
        .map((row) => [keyOf(row.$space, name, row.id), row] as const),
    )
    const now = new Set(rows.map(([key]) => key))
    for (const key of shown) if (!now.has(key)) vanished.add(key)
    for (const [key, { after }] of rows) if (after && !now.has(after)) early.set(key, [key, after])
    shown = now
  }

  for (const name of tables) stops.push(tableOf(db, name).subscribe(look))
  look()
  return {
    vanished,
    get early() {
      return [...early.values()]
    },
    stop() {
      for (const stop of stops) stop()
      return shown
    },
  }
}

const tableOf = (db: Database, name: string): Table => (db as unknown as Record<string, Table>)[name] as Table

interface Excuses {
  readonly people: readonly Person[]
  /** The server went back, or was another one: what was lost comes again later, with its author. */
  readonly wentBack: boolean
}

/** P5: nothing that a tab had shown went away, and nothing was there before its causes: but what was refused, purged, or never stored. */
export function sessionGuarantees({ people, wentBack }: Excuses): void {
  const authors = new Map(people.flatMap((person) => [...person.inserted].map(([key, dot]) => [key, { dot, person }] as const)))
  for (const viewer of people) {
    const isExcused = (key: string): boolean => {
      const [space = ''] = key.split('/')
      const author = authors.get(key)
      if (wentBack || viewer.lost.has(space) || !author) return true
      const { stored, refused } = author.person
      return refused.has(author.dot) || !stored.has(author.dot)
    }
    for (const { vanished, early } of viewer.sights) {
      for (const key of vanished) if (!isExcused(key)) throw new Broken('session guarantees', `${viewer.name} saw ${key}, and then did not`)
      for (const [key, cause] of early)
        if (!isExcused(cause)) throw new Broken('causal order', `${viewer.name} saw ${key} without ${cause}, which it comes after`)
    }
  }
}
