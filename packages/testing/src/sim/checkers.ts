import { DatabaseSync } from 'node:sqlite'
import { isOfRetries } from '@holdfast/client/internal/core/retry'
import { internalsOf } from '@holdfast/client/internal/internals'
import { RETRIES } from '@holdfast/shared/internal/ids'
import { canonical, compareStrings, type JsonValue } from '@holdfast/shared/internal/json'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { World } from '../world.ts'
import { Broken } from './broken.ts'
import type { Person, SimTab } from './person.ts'

export interface Scene {
  readonly world: World
  readonly schema: Schema
  readonly people: readonly Person[]
  /** The server went back to an older copy, or was another one for a while. */
  readonly wentBack: boolean
  /** A tab on a device that has never been there, if one is wanted of this user. */
  readonly fresh: (user: string) => Promise<SimTab | undefined>
}

type Rows = Readonly<Record<string, { read(): readonly { readonly id: string }[] }>>
const text = (value: unknown) => canonical(value as JsonValue)

/** P4: the server, everybody, and who has never been here agree on every value of every space. */
export async function convergence({ world, schema, people, fresh }: Scene): Promise<void> {
  for (const user of new Set(people.map((person) => person.user))) {
    const newcomer = await fresh(user)
    const tabs = [
      ...people
        .filter((person) => person.user === user)
        .flatMap((person) => person.tabs.filter(({ isFrozen }) => !isFrozen).map(({ db }) => ({ who: person.name, db }))),
      ...(newcomer ? [{ who: `a new device of ${user}`, db: newcomer.db }] : []),
    ]
    const last = tabs.at(-1)
    if (!last) continue
    for (const space of last.db.spaces.read()) {
      const { tables } = await world.dump(space)
      for (const name of Object.keys(schema.tables)) {
        const there = text(tables[name])
        for (const { who, db } of tabs) {
          const table = (db.space(space) as unknown as Rows)[name]
          const here = text([...(table?.read() ?? [])].sort((a, b) => compareStrings(a.id, b.id)))
          if (here !== there) throw new Broken('convergence', `${name} of ${space} is ${here} with ${who}, and ${there} on the server`)
        }
      }
      const theirs = (tables[CONFLICTS] ?? []).filter(({ v }) => (v as { to: string }).to === user)
      const shown = last.db.conflicts.read().filter((one) => one.space === space)
      const [here, there] = [shown, theirs].map((all) => text(all.map(({ id }) => id).sort(compareStrings)))
      if (here !== there) throw new Broken('convergence', `the conflicts of ${user} in ${space} are ${here}, and ${there} on the server`)
    }
    // The same in another space has the same id.
    const told = (db: SimTab['db']) =>
      db.conflicts
        .read()
        .map(({ id, space, dropped }) => text([space, id, dropped.value]))
        .sort(compareStrings)
        .join()
    for (const { who, db } of tabs)
      if (told(db) !== told(last.db))
        throw new Broken('convergence', `the conflicts of ${who} are ${told(db)}, and ${told(last.db)} with ${last.who}`)
  }
}

/** P1, P7: what was acknowledged is in effect, or listed with its reason. Gives what is said to be in effect. */
export async function acknowledged({ people, world, wentBack }: Scene): Promise<ReadonlySet<string>> {
  const applied = new Set<string>()
  const isLogged = (write: string) => logged.has(write)
  const logged = readLog(world)
  for (const { name, tabs, stored, listed, lost } of people) {
    const [tab] = tabs
    if (!tab) continue
    // By a revocation, or because the app let him leave.
    const taken = new Set([...lost, ...internalsOf(tab.db).replica.known.lost])
    for (const [write, { leavesTrace, spaces }] of stored) {
      const verdict = await tab.db.verdict(write)
      // What he had confirmed left his device with the space: where the server lost it too, nobody has it.
      const hasLeft = taken.size > 0 && (spaces?.some((space) => taken.has(space)) ?? true)
      if (wentBack && hasLeft && verdict?.status !== 'pending') continue
      // What was tried again, or its letter discarded, was listed once; and so counts what he took back himself.
      const isListed = verdict?.status !== 'refused' || listed.has(verdict.deadLetter || write) || (await wasTriedAgain(tab, write, listed))
      if (!verdict || verdict.status === 'pending' || !isListed)
        throw new Broken('acknowledged', `${write} of ${name} was stored, and is ${JSON.stringify(verdict)} now`)
      if (verdict.status === 'applied' && leavesTrace && !isLogged(write))
        throw new Broken('acknowledged', `${write} of ${name} is said to be applied, and is not in the log`)
      // An old body may have reached a server that does not know any more that it was refused.
      if (verdict.status === 'refused' && isLogged(write) && !wentBack)
        throw new Broken('acknowledged', `${write} of ${name} is said to be refused, and is in the log`)
      if (verdict.status === 'applied') applied.add(write)
    }
  }
  return applied
}

/** What a restored server lost is proposed again at once, by itself: its letter may have been gone before anybody looked. */
async function wasTriedAgain({ db }: Pick<SimTab, 'db'>, write: string, listed: ReadonlySet<string>): Promise<boolean> {
  const [session = '', n = ''] = write.split('.')
  const next = isOfRetries([session, Number(n)]) ? `${session}.${Number(n) + 1}` : `${session}${RETRIES}${n}.1`
  const verdict = await db.verdict(next)
  if (!verdict || verdict.status === 'pending') return false
  return verdict.status === 'applied' || listed.has(verdict.deadLetter || next) || (await wasTriedAgain({ db }, next, listed))
}

function readLog({ file }: World): ReadonlySet<string> {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return new Set(
      db
        .prepare('SELECT session, n FROM log')
        .all()
        .map(({ session, n }) => `${session}.${n}`),
    )
  } finally {
    db.close()
  }
}

/** P2, gap-free history: each transaction is in a space once, and every entry follows from the one before. */
export function exactlyOnce({ world }: Scene): void {
  const db = new DatabaseSync(world.file, { readOnly: true })
  try {
    const twice = db.prepare('SELECT space, session, n, count(*) AS times FROM log GROUP BY space, session, n HAVING times > 1').all()
    if (twice.length > 0) throw new Broken('exactly-once', `in the log more than once: ${JSON.stringify(twice)}`)
    const gaps = db
      .prepare(
        'SELECT s.name, s.seq, count(l.seq) AS entries FROM spaces s LEFT JOIN log l ON l.space = s.id GROUP BY s.id HAVING entries <> s.seq',
      )
      .all()
    if (gaps.length > 0) throw new Broken('gap-free prefix', `entries are missing: ${JSON.stringify(gaps)}`)
  } finally {
    db.close()
  }
}

/** Every device is in the history that the server has, by hash. */
export async function samePrefix({ world, people }: Scene): Promise<void> {
  const db = new DatabaseSync(world.file, { readOnly: true })
  try {
    const hashes = new Map(
      db
        .prepare('SELECT s.name, c.seq, c.hash FROM chain c JOIN spaces s ON s.id = c.space')
        .all()
        .map(({ name, seq, hash }) => [`${name} ${seq}`, Buffer.from(hash as Uint8Array).toString('base64url')]),
    )
    for (const { name, tabs } of people) {
      for (const { db: tab, isFrozen } of tabs) {
        // It hears of a server that went back when it thaws.
        if (isFrozen) continue
        for (const [space, { seq, hash }] of Object.entries(internalsOf(tab).replica.known.cut)) {
          if (seq > 0 && hashes.get(`${space} ${seq}`) !== hash)
            throw new Broken('gap-free prefix', `${name} is at ${seq} of ${space} in another history`)
        }
      }
    }
  } finally {
    db.close()
  }
}

/** P12: no status said what was not so. */
export function honestStatus({ people }: Scene): void {
  for (const { name, watches } of people)
    for (const { lies } of watches) if (lies[0]) throw new Broken('honest status', `${name}: ${lies[0]}`)
}

/** Base, pending and predictions are a function of what is stored: all tabs of a device show the same. */
export function sameTabs({ people, schema }: Pick<Scene, 'people' | 'schema'>): void {
  for (const { name, tabs } of people) {
    const shown = tabs
      .filter(({ isFrozen }) => !isFrozen)
      .map(({ db }) => text(Object.keys(schema.tables).map((table) => (db as unknown as Rows)[table]?.read())))
    if (new Set(shown).size > 1) throw new Broken('same tabs', `two tabs of ${name} show ${shown.join(' and ')}`)
  }
}
