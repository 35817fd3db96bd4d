import { DatabaseSync } from 'node:sqlite'
import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'

/** What happened to a record, as an entry says it: of each field that changed its packed state, with the heads. */
export type Effect = readonly [
  table: Operation[2],
  id: string,
  change: { readonly born?: unknown; readonly died?: readonly unknown[]; readonly f?: Readonly<Record<string, unknown>> },
]

/** One transaction in the history of a space. */
export interface Entry {
  readonly seq: number
  readonly hash: string
  readonly dot: Dot
  readonly user: string
  /** The time that the server decided. */
  readonly at: number
  /** The hash of what it was sent with. */
  readonly payload: string
  readonly effects: readonly Effect[]
}

/** The entries of every space, in order. */
export type History = ReadonlyMap<string, readonly Entry[]>

/** Reads all that the server of this file has decided. */
export function readHistory(file: string): History {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const entries = db
      .prepare(
        'SELECT s.name AS space, l.seq, l.session, l.n, l.payload, l.entry, c.hash FROM log l JOIN spaces s ON s.id = l.space JOIN chain c ON c.space = l.space AND c.seq = l.seq ORDER BY l.space, l.seq',
      )
      .all()
      .map(({ space, seq, session, n, payload, entry, hash }) => {
        const [, , , user, at, effects] = JSON.parse(entry as string) as [number, string, Dot, string, number, readonly Effect[]]
        const dot: Dot = [session as string, n as number]
        return [space as string, { seq: seq as number, hash: spoken(hash), dot, user, at, payload: spoken(payload), effects }] as const
      })
    return new Map([...Map.groupBy(entries, ([space]) => space)].map(([space, all]) => [space, all.map(([, entry]) => entry)]))
  } finally {
    db.close()
  }
}

const spoken = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('base64url')
