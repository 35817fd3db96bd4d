import type { Database, Write } from '@holdfast/client'
import { internalsOf } from '@holdfast/client/internal/internals'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import { isHoldfastError } from '@holdfast/shared/internal/errors'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { type Device, TabDied, type TabOptions } from '../device.ts'
import { type Watch, watchStatus } from '../world.ts'
import type { DiskCopy } from './disk.ts'
import { goodLine, type Line } from './line.ts'
import { keyOf, onChange, type Sight, watchTables } from './sight.ts'

export interface SimTab {
  readonly db: Database
  /** What was written through it. */
  readonly writes: Write<unknown>[]
  readonly watch: Watch
  sight: Sight
  isFrozen: boolean
  kill(): void
  freeze(): void
  thaw(): void
}

/** Somebody with a device and some tabs of the app on it. */
export interface Person {
  readonly name: string
  readonly user: string
  /** The device and the way to the server, which he may share with somebody who is not there now. */
  readonly seat: string
  readonly device: Device
  readonly line: Line
  readonly tabs: SimTab[]
  readonly watches: Watch[]
  /** Of all tabs that there were. */
  readonly sights: Sight[]
  /** What was shown in one of his tabs, for however short a time, and must never be. */
  readonly broken: string[]
  /** The writes that were acknowledged to him, `await write` having resolved. */
  readonly stored: Map<string, StoredWrite>
  /** The dead letters that he was shown. */
  readonly listed: Set<string>
  /** What was inserted here, by whom: records by their keys. */
  readonly inserted: Map<string, string>
  /** The transactions that were refused, or dropped by him. */
  readonly refused: Set<string>
  /** The spaces that were taken from him, once. */
  readonly lost: Set<string>
  /** The spaces that he let go of on this device, once. */
  readonly letGo: Set<string>
  /** What tabs that are no more had shown, and the disk has. */
  readonly shown: Set<string>
  /** The writes that were stored and that his disk lost: nobody can ask for them. */
  readonly lostWrites: Set<string>
  /** His disk lost a part of what it has of the server: that is away until it has come again. */
  hasLostSegments: boolean
  /** Copies of his disk, which it may go back to. */
  readonly diskCopies: DiskCopy[]
  /** His device was a copy of another one. */
  readonly isClone: boolean
  /** The tab that led when somebody last looked. */
  leader: SimTab | undefined
}

export interface StoredWrite {
  /** Whether it has to be in the log, if it is applied. */
  readonly leavesTrace: boolean
  /** Where it writes; of a command only the server knows. */
  readonly spaces: readonly string[] | undefined
}

/** What `openDatabase` is given but for the user: schema, rules, commands. And what is to be so in every tab at every moment. */
export type ClientOptions = Omit<TabOptions<Schema>, 'userId'> & {
  readonly insertOnly?: readonly string[]
  readonly invariant?: ((seen: { readonly read: Database; readonly user: string }) => void) | undefined
}

/** How often he tries: somebody who sees that it did not work does. */
const TRIES = 20

/** Opens a tab; nothing comes of it where the browser dies meanwhile. */
export async function openTab(person: Person, options: ClientOptions): Promise<SimTab | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await openOnce(person, options)
    } catch (error) {
      if (error instanceof TabDied) return undefined
      if (!isHoldfastError(error) || tries === TRIES) throw error
    }
  }
}

async function openOnce(person: Person, { insertOnly = [], invariant, ...options }: ClientOptions): Promise<SimTab> {
  const { line, user } = person
  const token = ({ refresh }: { readonly refresh: boolean }): string | null => {
    if (line.isSignedOut) return null
    if (refresh) line.isExpired = false
    return user
  }
  const { db, kill, freeze, thaw } = await person.device.mortalTab({ token, ...options, userId: user })
  const database = db as unknown as Database
  const hold = (): void => {
    try {
      invariant?.({ read: database, user })
    } catch (error) {
      person.broken.push((error instanceof Error && error.message) || `what is thrown has no message: ${typeof error}`)
    }
  }
  if (invariant) for (const table of Object.keys(options.schema.tables)) onChange(database, table, hold)
  const writes: Write<unknown>[] = []
  const tab: SimTab = {
    db: database,
    writes,
    watch: watchStatus(db, writes),
    sight: watchTables(database, insertOnly, person.shown),
    isFrozen: false,
    kill,
    freeze() {
      tab.isFrozen = true
      freeze()
    },
    thaw() {
      tab.isFrozen = false
      thaw()
    },
  }
  person.tabs.push(tab)
  person.watches.push(tab.watch)
  person.sights.push(tab.sight)
  return tab
}

/** Takes a tab away: what it has shown, and the disk has, whoever opens the app next is to see. */
export function leaveTab({ tabs, shown, inserted }: Person, tab: SimTab): void {
  tabs.splice(tabs.indexOf(tab), 1)
  const unstored = new Set(
    internalsOf(tab.db).replica.pending.flatMap(({ revision, transaction: { dot } }) => (revision === undefined ? dotName(dot) : [])),
  )
  for (const key of tab.sight.stop()) if (!unstored.has(inserted.get(key) ?? '')) shown.add(key)
}

export const newPerson = (
  name: string,
  user: string,
  { device, line = goodLine(), seat = name }: Pick<Person, 'device'> & Partial<Person>,
): Person => ({
  name,
  user,
  seat,
  device,
  line,
  tabs: [],
  watches: [],
  sights: [],
  broken: [],
  stored: new Map(),
  listed: new Set(),
  inserted: new Map(),
  refused: new Set(),
  lost: new Set(),
  letGo: new Set(),
  shown: new Set(),
  lostWrites: new Set(),
  hasLostSegments: false,
  diskCopies: [],
  isClone: false,
  leader: undefined,
})

export const isWrite = (given: unknown): given is Write<unknown> => typeof (given as Write<unknown> | undefined)?.confirmed === 'function'

/** Notes what is on disk by now, and what is listed: from here on a write has to be in effect in the end, or listed. */
export function noteStored({ tabs, stored, listed, inserted, refused, lostWrites }: Person): void {
  for (const { db } of tabs) {
    for (const { id } of db.deadLetters.read()) listed.add(id)
    const { pending, known } = internalsOf(db).replica
    for (const { transaction } of known.dead) refused.add(dotName(transaction.dot))
    for (const [session, from, to] of known.void) for (let n = from; n <= to; n++) refused.add(dotName([session, n]))
    for (const { revision, event, transaction, dropped } of pending) {
      const name = dotName(transaction.dot)
      if (dropped) refused.add(name)
      for (const [kind, space, table, id] of transaction.operations)
        if (kind === 'ins' || kind === 'put') inserted.set(keyOf(space, table, id), name)
      if (revision === undefined || event.healed || lostWrites.has(name)) continue
      const { operations, command } = transaction
      stored.set(name, {
        leavesTrace: operations.some(leavesTrace),
        spaces: command ? undefined : operations.map(([, space]) => space),
      })
    }
  }
}

/** Who deletes or restores may find that there is nothing to do; what is written is there, or with its author as a conflict. */
const leavesTrace = ([kind, , table, , values]: readonly unknown[]): boolean =>
  kind !== 'del' && kind !== 'res' && table !== CONFLICTS && !(kind === 'upd' && Object.keys(values as object).length === 0)
