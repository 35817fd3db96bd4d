import type { Database } from '@holdfast/client'

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
  /** What its author saw when he wrote it, as its key; an app may have a field of this name that is something else. */
  readonly after?: unknown
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
    for (const [key, { after }] of rows) if (typeof after === 'string' && after && !now.has(after)) early.set(key, [key, after])
    shown = now
  }

  for (const name of tables) stops.push(onChange(db, name, look))
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

export const onChange = (db: Database, table: string, call: () => void): (() => void) => tableOf(db, table).subscribe(call)

const tableOf = (db: Database, name: string): Table => (db as unknown as Record<string, Table>)[name] as Table
