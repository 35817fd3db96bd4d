import { HoldfastError } from '@holdfast/shared/internal/errors'
import { base64url } from '@holdfast/shared/internal/ids'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import { heldSince } from './core/hold.ts'
import { createJudge } from './core/judge.ts'
import { isOwed } from './core/known.ts'
import { createPredict } from './core/prediction.ts'
import { Replica } from './core/replica.ts'
import { type SyncReport, statusOf } from './core/status.ts'
import { viewGround, viewSource } from './core/view-ground.ts'
import { createDatabase } from './database.ts'
import { type EraseParts, erase, eraseAfter } from './erase.ts'
import { setInternals } from './internals.ts'
import type { OpenOptions } from './open-options.ts'
import { browserPlatform, type Platform } from './platform.ts'
import { createViews } from './query/live-query.ts'
import { scan } from './query/scan.ts'
import { openIndexedDbStore } from './store/indexeddb-store.ts'
import { createStorageProblem } from './store/storage-problem.ts'
import type { Database, Status } from './surface.ts'
import { askMembers } from './sync/http.ts'
import { createSyncLoop } from './sync/sync-loop.ts'
import { type Message, newsOf, openChannel } from './tabs/channel.ts'
import { awaitLeader, runForLeader } from './tabs/leader.ts'
import { createStandstill } from './tabs/standstill.ts'
import { Tab } from './tabs/tab.ts'
import { milliseconds } from './write.ts'

interface Opened {
  readonly database: object
  holders: number
}

/** The databases open in this tab, by platform and name: opening one twice gives one database with two holders. */
const opened = new WeakMap<object, Map<string, Promise<Opened>>>()

/**
 * Opens the database of one user on this device; resolves when the local data is in memory, network or not.
 *
 * @throws HoldfastError `storage_blocked`, `storage_unavailable`, `storage_failed`
 * @example
 * const db = await openDatabase({ schema, userId: 'ann', token: () => sessionToken })
 * await db.home.todos.insert({ title: 'Milk' })
 */
export async function openDatabase<const S extends Schema, const C extends Commands = Record<never, never>>(
  options: OpenOptions<S, C>,
): Promise<Database<S, C>> {
  const url = new URL(options.url ?? '/holdfast', globalThis.location?.href).href.replace(/\/$/, '')
  // Encoded, so that no user and name read like another's.
  const name = `holdfast ${url} ${encodeURIComponent(options.userId)} ${options.name ?? ''}`
  const world = options.platform ?? browserPlatform
  const here = opened.get(world) ?? new Map<string, Promise<Opened>>()
  opened.set(world, here)
  const opening = here.get(name) ?? open(options, { url, name, forget: () => here.delete(name) })
  here.set(name, opening)
  try {
    const found = await opening
    found.holders++
    return found.database as Database<S, C>
  } catch (error) {
    here.delete(name)
    throw error
  }
}

interface Place {
  readonly url: string
  readonly name: string
  readonly forget: () => void
}

/** Wires platform, store, core and loop. */
async function open<S extends Schema>(options: OpenOptions<S>, { url, name, forget }: Place): Promise<Opened> {
  const { schema, userId, token, durability = 'strict', healWindow = '14d', reviewAfter = Infinity, rules = {}, commands = {} } = options
  const platform: Platform = Object.create(browserPlatform, Object.getOwnPropertyDescriptors(options.platform ?? {}))
  const me = base64url(platform.randomBytes(8))
  const replica: Replica = new Replica(schema, { follow: options.spaces ?? 'all', predict: (call, as) => predict(call, as) })
  let sync: SyncReport | undefined
  /** Nobody, as long as what is on disk is being read. */
  let election: ReturnType<typeof runForLeader> | undefined
  const leads = () => election?.leading ?? false
  const problem = createStorageProblem(platform.now, () => views.notify())
  const trouble = problem.raise
  const store = await openIndexedDbStore({
    name,
    platform,
    durability,
    onLost: trouble,
    onDeleted(error) {
      problem.raiseForGood(error)
      // Another tab may have opened the new one, and needs somebody who leads.
      retire()
    },
  })
  const views = createViews({
    source: viewSource(replica),
    tables: schema.tables,
    report: platform.report,
    later: (work) => void platform.setTimer(0, work),
  })
  const judge = createJudge({ replica, tables: schema.tables, rules: rules as Rules, userId })
  const predict = createPredict({
    commands,
    tables: schema.tables,
    userId,
    ground: viewGround(replica),
    judge: judge.judge,
    during: scan(viewSource(replica), schema.tables),
  })
  // Word from other tabs that comes while the data is being read waits until it is.
  const early: Message[] = []
  let hear = (message: Message): void => void early.push(message)
  const channel = openChannel(platform, name, (message) => hear(message))
  const leader = awaitLeader(platform, channel.post)
  const tab = new Tab({
    platform,
    replica,
    store,
    announce(revision, event) {
      channel.post(newsOf(revision, event))
      wrote()
      // What others wrote may need less room than what this tab could not store; a connection that was lost is there again.
      if (event.e === 'write' || problem.found?.code === 'storage_failed') problem.over()
    },
    onChange(changes, error) {
      if (error) problem.set(error)
      changed(changes)
      refollow()
    },
  })
  const address = { platform, url, token }
  const after = milliseconds(reviewAfter)
  const held = (upTo?: number) => (after === Infinity ? undefined : heldSince(replica, platform.now() - after, upTo))
  const loop = createSyncLoop({
    address,
    tab,
    store,
    userId,
    healWindow: milliseconds(healWindow),
    held,
    onState(state) {
      // Who has lost the lead says nothing of how syncing goes.
      const report = { state, revision: replica.revision }
      if (leads()) channel.post({ is: 'sync', ...report })
      showSync(report)
    },
    onFenced: () => election?.yield(),
    onMembers(spaces) {
      membersChanged(spaces)
      channel.post({ is: 'members', spaces })
    },
  })
  const { database, changed, membersChanged, conflictCount, holdWriting, write, end } = createDatabase({
    userId,
    platform,
    tables: schema.tables,
    rules: rules as Rules,
    judge,
    commands,
    replica,
    tab,
    views,
    predict,
    askMembers: (space) => askMembers(address, { userId, space }),
    status: () =>
      statusOf({
        replica,
        sync,
        leader: leads(),
        network: platform.isOnline(),
        storage: store.persistence,
        storageProblem: problem.found,
        conflicts: conflictCount(),
        held: held(),
      }),
    progress: () => sync?.state.progress ?? 0,
    sync: syncNow,
    close: async () => (--result.holders <= 0 ? await close() : undefined),
    erase: (how) => erase(erasing, how),
  })
  const standstill = createStandstill({ platform, post: channel.post, holdWriting, settled: () => tab.settled() })
  const currentStatus = () => (database as { status: { read(): ReturnType<typeof statusOf> } }).status.read()
  const erasing: EraseParts = { platform, store, replica, tab, close, status: currentStatus, sync: syncNow, ...standstill }

  async function syncNow(): Promise<Status> {
    await (leads() ? loop.settle() : leader.settles())
    return currentStatus()
  }

  function showSync(report: SyncReport): void {
    sync = report
    views.notify()
  }

  let seen = { known: replica.known, following: '', owes: false }
  /** Whoever's word it was, or the server's, by which this device is to hold more or less. */
  function refollow(): void {
    const { known, followed } = replica
    if (known === seen.known) return
    const now = { known, following: JSON.stringify(followed), owes: isOwed(replica) }
    if (seen.following && leads()) {
      if (now.following !== seen.following) loop.refollow()
      // It left, and is wanted again, before anybody could hear that it had.
      else if (now.owes && !seen.owes) loop.owed()
    }
    seen = now
  }

  let asked = false
  function wrote(): void {
    if (replica.pending.length === 0) return
    if (leads() && !held()) loop.wrote()
    if (asked) return
    asked = true
    // The first unsent write is when losing the database would hurt.
    platform.requestPersistence().catch(() => undefined)
  }

  /** Of what other tabs stored: one may have found that what is on disk is broken, and has it fetched again by who leads. */
  function heard(): void {
    wrote()
    if (leads() && isOwed(replica)) loop.owed()
  }

  await tab.load()
  election = runForLeader({
    ...{ platform, name, me, post: channel.post, version: schema.version },
    isOutdated: () => sync?.state.problem?.code === 'upgrade',
    onLead: () =>
      void loop.start().then(views.notify, (error) => {
        trouble(error)
        // Who cannot take the fence cannot lead; another tab may, or this one a little later.
        election?.yield()
      }),
    onLose() {
      loop.stop()
      // Whoever leads now says how syncing goes.
      channel.post({ is: 'ping', from: me })
    },
    onBeat() {
      void tab.catchUp().then(heard, trouble)
      void problem.look(store.probe)
    },
  })
  const stopWaking = platform.onWake(() => {
    if (leads()) loop.wake()
    void tab.catchUp().catch(trouble)
    membersChanged()
    views.notify()
  })
  hear = (message) => {
    election?.hear(message)
    // Where another tab's write found room there is room.
    if (message.is === 'revision' && message.event && problem.found?.code === 'storage_full') problem.over()
    if (message.is === 'revision') void tab.hear(message.revision, message.event).then(heard, trouble)
    if (message.is === 'wake' && leads()) loop.wake()
    if (message.is === 'members') membersChanged(message.spaces)
    // How syncing goes is said when it changes: who comes later asks.
    if (message.is === 'ping' && leads() && sync) channel.post({ is: 'sync', ...sync })
    if (message.is === 'sync' && !leads()) {
      showSync(message)
      // What the other had stored is shown before anything is called synced on its word.
      const read = tab.hear(message.revision, undefined).catch(trouble)
      if (message.state.phase !== 'syncing') void read.then(leader.settled)
    }
    standstill.hear(message)
    if (message.is === 'erase') {
      // Told, so that what is on screen can go to where one signs in.
      problem.raiseForGood(new HoldfastError('closed', 'This database was deleted, in another tab.'))
      void close()
    }
  }
  early.forEach(hear)
  channel.post({ is: 'ping', from: me })
  const result: Opened = { database, holders: 0 }
  const internals = { userId, replica, tab, store, tables: schema.tables, write, judge, address, changed, held }
  setInternals(database, { ...internals, eraseAfter: (look) => eraseAfter(erasing, look) })

  /** This tab can store nothing any more: it does not lead, and does not hinder those who can. */
  function retire(): void {
    stopWaking()
    if (leads()) loop.stop()
    election?.close()
  }

  async function close(): Promise<void> {
    end()
    forget()
    retire()
    await tab.close()
    channel.close()
    store.close()
  }

  return result
}
