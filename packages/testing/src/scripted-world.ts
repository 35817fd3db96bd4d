import type { Database } from '@holdfast/client'
import { internalsOf } from '@holdfast/client/internal/internals'
import { milliseconds } from '@holdfast/client/internal/write'
import type { SyncServer, User } from '@holdfast/server'
import { homeSpace } from '@holdfast/shared/internal/ids'
import { canonical, compareStrings, type JsonValue } from '@holdfast/shared/internal/json'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Device, TabOptions } from './device.ts'
import { seededRandom } from './random.ts'
import { trustAs } from './trust-as.ts'
import { createWorld as createBareWorld, type WorldOptions } from './world.ts'

/** `500`, `'10s'`, `'-3d'`: milliseconds, or an amount with its unit. */
export type Span = number | string

export interface ScriptOptions<S extends Schema, C extends Commands> {
  /** The app, as `createSyncServer` takes it: schema, rules, commands, hooks. */
  readonly server: { readonly schema: S; readonly commands?: C | undefined; readonly rules?: object | undefined }
  /** Stands in for `authenticate`: who somebody is to hooks and commands. Only his id, unless stated. */
  readonly user?: (id: string) => User
  /** Of all that is random: 1 unless stated. */
  readonly seed?: number
}

/** Somebody with a device of his own, and the app open on it. */
export interface Client<S extends Schema, C extends Commands> {
  readonly user: string
  /** The app in the first tab; after a reload the new one. */
  readonly db: Database<S, C>
  readonly device: Device
  offline(): void
  online(): void
  /** Sets the clock of the device before or behind the world's: `'-3d'`. */
  skewClock(by: Span): void
  /** Opens another tab on this device. */
  tab(): Promise<Database<S, C>>
  /** Closes all tabs, and opens one. */
  reload(): Promise<void>
  /** All tabs are gone in this moment, whatever they were doing; then one is opened. */
  crash(): Promise<void>
}

export interface ScriptedWorld<S extends Schema, C extends Commands> {
  /** For grants, and the server's own writes. */
  readonly server: SyncServer
  /** Brings somebody who is online and has what there is; each call another device. */
  client(user: string): Promise<Client<S, C>>
  /** Lets time pass until all who are online have sent what they wrote and have what there is; throws if that does not come about. */
  settle(): Promise<void>
  /** Lets so much time pass. */
  advance(by: Span): Promise<void>
  /** Throws unless everybody who is online shows in each of his spaces exactly what the server has. */
  expectConverged(): Promise<void>
  /** A copy of the server's file, to be given to `restore`. */
  backup(): Promise<string>
  /** The server goes on with an older copy: what it did since is gone there. */
  restore(copy: string): Promise<void>
  /** Closes everything, and removes the server's file. */
  close(): Promise<void>
}

/**
 * A server on a SQLite file and any number of people with devices, in this process, under one clock that stands still until it is moved:
 * for tests that say step by step what happens. Client and server are the shipping ones.
 *
 * @example
 * const world = createWorld({ server: config })
 * const ann = await world.client('ann')
 * ann.offline()
 * ann.db.home.todos.insert({ title: 'Milk' })
 * ann.online()
 * await world.settle()
 * await world.expectConverged()
 */
export function createWorld<const S extends Schema, const C extends Commands = Record<never, never>>({
  server,
  user,
  seed = 1,
}: ScriptOptions<S, C>): ScriptedWorld<S, C> {
  const app = { ...server, authenticate: trustAs(user) } as NonNullable<WorldOptions['server']>
  const world = createBareWorld({ server: app, random: seededRandom(seed) })
  const { schema, commands, rules } = server
  const options = { schema, ...(commands ? { commands } : {}), ...(rules ? { rules } : {}) }
  const clients: ScriptedClient[] = []

  class ScriptedClient implements Client<S, C> {
    readonly user: string
    readonly device = world.device()
    readonly tabs: { readonly db: Database<S, C>; kill(): void }[] = []
    isOnline = true

    constructor(id: string) {
      this.user = id
    }

    get db(): Database<S, C> {
      const [first] = this.tabs
      if (!first) throw new Error(`${this.user} has no tab open.`)
      return first.db
    }

    offline(): void {
      this.isOnline = false
      this.device.offline()
    }

    online(): void {
      this.isOnline = true
      this.device.online()
    }

    skewClock(by: Span): void {
      this.device.skewClock(millisecondsOf(by))
    }

    async tab(): Promise<Database<S, C>> {
      const opened = await this.device.mortalTab<S, C>({ ...options, userId: this.user } as TabOptions<S, C>)
      this.tabs.push(opened)
      return opened.db
    }

    async reload(): Promise<void> {
      for (const { db } of this.tabs.splice(0)) await db.close()
      await this.tab()
    }

    async crash(): Promise<void> {
      for (const { kill } of this.tabs.splice(0)) kill()
      await this.tab()
    }
  }

  const online = () => clients.filter(({ isOnline }) => isOnline)

  const openTabs = () => online().flatMap(({ user: who, tabs }) => tabs.map(({ db }) => ({ who, db, replica: internalsOf(db).replica })))
  /** Whose they are by the server: a device may not have heard of one yet. */
  const spacesOf = async (who: string) => [homeSpace(who), ...(await world.spacesOf(who))]

  async function settle(): Promise<void> {
    await world.until(async () => {
      const places = new Map<string, readonly (readonly [space: string, seq: number])[]>()
      for (const { user: who } of online())
        places.set(who, await Promise.all((await spacesOf(who)).map(async (space) => [space, await world.seqOf(space)] as const)))
      // All at one moment: who was well may have to hear of what another had still to send.
      for (const { who, db, replica } of openTabs()) {
        const { state, pending, problem } = db.status.read()
        if (state !== 'synced' || pending > 0 || problem)
          throw new Error(`${who} does not settle: ${JSON.stringify({ state, pending, problem })}`)
        for (const [space, there] of places.get(who) ?? []) {
          const here = replica.known.cut[space]?.seq
          if (replica.follows(space) && here !== there)
            throw new Error(`${who} does not settle: he is at ${here} of ${space}, and the server at ${there}`)
        }
      }
    })
  }

  return {
    get server() {
      return world.server
    },
    async client(id) {
      const client = new ScriptedClient(id)
      clients.push(client)
      await client.tab()
      await world.synced(client.db)
      return client
    },
    settle,
    advance: (by) => world.clock.advance(millisecondsOf(by)),
    async expectConverged() {
      for (const { who, db, replica } of openTabs()) {
        for (const space of await spacesOf(who)) {
          if (!replica.follows(space)) continue
          const { tables } = await world.dump(space)
          for (const name of Object.keys(schema.tables)) differ({ who, space, name }, rowsOf(db, space, name), tables[name] ?? [])
        }
      }
    },
    backup: () => world.backup(),
    restore: (copy) => world.restore(copy),
    close: () => world.close(),
  }
}

type Rows = readonly { readonly id: string }[]

const rowsOf = (db: object, space: string, table: string): Rows =>
  (db as { space(id: string): Record<string, { read(): Rows }> }).space(space)[table]?.read() ?? []

const text = (row: object | undefined) => (row ? canonical(row as JsonValue) : 'nothing')

function differ({ who, space, name }: { readonly who: string; readonly space: string; readonly name: string }, here: Rows, there: Rows) {
  const [ours, theirs] = [here, there].map((rows) => new Map(rows.map((row) => [row.id, text(row)])))
  for (const id of [...new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])].sort(compareStrings)) {
    const [mine = 'nothing', its = 'nothing'] = [ours?.get(id), theirs?.get(id)]
    if (mine !== its) throw new Error(`${name} "${id}" of ${space} is ${mine} with ${who}, and ${its} on the server.`)
  }
}

function millisecondsOf(span: Span): number {
  if (typeof span === 'number') return span
  return span.startsWith('-') ? -milliseconds(span.slice(1) as `${number}d`) : milliseconds(span as `${number}d`)
}
