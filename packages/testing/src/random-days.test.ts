import type { Database, Write } from '@holdfast/client'
import { isHoldfastError, refuse } from '@holdfast/shared'
import { compareStrings } from '@holdfast/shared/internal/json'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { Device, Fault } from './device.ts'
import { quiet, turns } from './manual-clock.ts'
import { pick, type Random, seededRandom } from './random.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type Watch, type World, watchStatus } from './world.ts'

// A day of several people with several devices and tabs, all of it at random: every verb, networks that come and go and lose, double,
// cut and delay what they carry, tabs that are closed, opened and killed, clocks that are wrong, a server that is restarted or goes back
// to the copy of last night. In the evening everything is well again, and P1 to P7, P10 and P11 have to hold.
//
// HOLDFAST_SEED=17 runs one day; HOLDFAST_DAYS=5000 more of them, HOLDFAST_FROM=201 others.

type Tab = Database<typeof testSchema, typeof commands>

interface Person {
  readonly user: string
  readonly device: Device
  readonly tabs: { db: Tab; kill(): void; writes: Write<unknown>[]; watch: Watch }[]
  readonly counted: Counted[]
  /** What was tried again: the names of the writes that had been refused. */
  readonly retried: Set<string>
  readonly watches: Watch[]
  last: number
}

/** An increment of a counter that nobody deletes or resets: in the end each counts once, or was refused. */
interface Counted {
  readonly write: Write<unknown>
  readonly space: string
  readonly by: number
  stored: boolean
}

const rules = testSchema.rules({
  todos: { insert: ({ after }) => !after.title.startsWith('bad'), update: ({ after }) => !after.title.startsWith('bad') },
})

const commands = {
  // Reads what it writes, and all titles: so it runs again whenever anything moves.
  add: testSchema.command({
    args: v.object({ space: v.string(), by: v.number() }),
    run(tx, { space, by }) {
      const { todos } = tx.space(space)
      const counter = todos.get('counter')
      if (!counter) throw refuse('no_counter', 'There is nothing to count with.')
      todos.increment('counter', 'votes', by)
      const marked = todos.where({ title: { startsWith: 't1' } }).read()
      for (const { id } of marked.slice(0, 2)) todos.add(id, 'tags', `by ${counter.votes}`)
      return marked.length
    },
  }),
}

const server = { schema: testSchema, rules, commands }

const chance = (random: Random, p: number) => random() < p

async function openTab(person: Person): Promise<void> {
  const { db, kill } = await person.device.mortalTab({ schema: testSchema, commands, userId: person.user })
  const writes: Write<unknown>[] = []
  const watch = watchStatus(db, writes)
  person.watches.push(watch)
  person.tabs.push({ db, kill, writes, watch })
}

/** What a bad network does. */
function badNetwork(random: Random, late: (() => Promise<unknown>)[]): Fault {
  return async (request, pass) => {
    const dice = random()
    if (dice < 0.1) throw new TypeError('fetch failed')
    if (dice < 0.25) {
      await pass(request)
      throw new TypeError('fetch failed')
    }
    if (dice < 0.35 && request.url.endsWith('/sync')) await pass(request.clone())
    if (dice < 0.45 && request.url.endsWith('/sync')) {
      const copy = request.clone()
      late.push(async () => pass(copy))
    }
    if (dice < 0.5) return new Response('<html>', { status: pick(random, [200, 403, 500, 502, 503]) })
    const response = await pass(request)
    if (dice > 0.9 && request.url.endsWith('/sync')) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      return new Response(bytes.subarray(0, Math.floor(random() * bytes.length)), { status: response.status, headers: response.headers })
    }
    return response
  }
}

function writeSomething(person: Person, random: Random): void {
  const { db, writes } = pick(random, person.tabs)
  const spaces = person.user === 'ann' ? ['home:ann', 'shared'] : ['shared']
  const space = pick(random, spaces)
  const id = `r${Math.floor(random() * 4)}`
  const todos = db.space(space).todos
  const here = todos.get(id)
  const title = chance(random, 0.06) ? 'bad' : `t${Math.floor(random() * 1000)}`
  const count = (of: string, by: number, write: Write<unknown>) => {
    const counted: Counted = { write, space: of, by, stored: false }
    person.counted.push(counted)
    void write.then(
      () => {
        counted.stored = true
      },
      () => undefined,
    )
    return write
  }
  const by = 1 + Math.floor(random() * 9)
  const dice = random()
  const add = (write: Write<unknown>) => {
    writes.push(write)
    // Who does not wait for it hears of it by the status.
    void write.then(undefined, () => undefined)
  }
  if (dice < 0.22) add(count(space, by, todos.increment('counter', 'votes', by)))
  else if (dice < 0.3) add(count(space, by, db.run.add({ space, by }) as Write<unknown>))
  else if (dice < 0.4)
    add(
      count(
        space,
        by,
        db.write((tx) => {
          tx.space(space).todos.increment('counter', 'votes', by)
          const other = pick(random, spaces)
          tx.space(other).todos.upsert(id, { title })
          if (other === space) tx.space(other).todos.update(id, { done: true })
        }),
      ),
    )
  else if (!here) add(chance(random, 0.8) ? todos.insert({ id, title, tags: [pick(random, ['a', 'b'])] }) : todos.upsert(id, { title }))
  else if (dice < 0.55) add(todos.update(id, { title }))
  else if (dice < 0.62) add(todos.update(id, { done: chance(random, 0.5) }))
  else if (dice < 0.72) add(todos.add(id, 'tags', pick(random, ['a', 'b', 'c'])))
  else if (dice < 0.8) add(todos.remove(id, 'tags', pick(random, ['a', 'b', 'c'])))
  else if (dice < 0.86) add(todos.increment(id, 'votes', by))
  else if (dice < 0.9) add(todos.reset(id, 'votes', by))
  else if (dice < 0.95) add(todos.delete(id))
  else if (db.conflicts.read().length > 0) {
    const conflict = pick(random, db.conflicts.read())
    try {
      add(chance(random, 0.5) ? conflict.restore() : conflict.dismiss())
    } catch {
      // It may speak of what is no more.
    }
  } else add(todos.upsert(id, { title }))
}

/** A dead letter, in one tab or two, once or twice. */
function tryAgain({ tabs, counted, retried }: Person, random: Random): void {
  const { db } = pick(random, tabs)
  if (db.deadLetters.read().length === 0) return
  const { id } = pick(random, db.deadLetters.read())
  for (const tab of [db, db, pick(random, tabs).db]) {
    const write = tab.deadLetters
      .read()
      .find((letter) => letter.id === id)
      ?.retry()
    void write?.then(undefined, () => undefined)
    const before = counted.find((one) => one.write.id === id)
    // What was never sent goes on under its own name.
    if (!write || !before || write.id === id || retried.has(id)) continue
    retried.add(id)
    counted.push({ ...before, write, stored: false })
  }
}

/** Base, pending and predictions are a function of what is stored: every tab shows what one shows that was opened just now. */
async function compareTabs({ device, user, tabs }: Person): Promise<void> {
  await quiet()
  // Whose messages were lost reads what it missed.
  device.wake()
  await quiet()
  const { db, kill } = await device.mortalTab({ schema: testSchema, commands, userId: user })
  await quiet()
  const shown = db.todos.read()
  for (const tab of tabs) expect(tab.db.todos.read()).toEqual(shown)
  kill()
}

async function someAction(world: World, people: readonly Person[], random: Random, late: (() => Promise<unknown>)[]): Promise<void> {
  const person = pick(random, people)
  const { device, tabs } = person
  const dice = random()
  if (dice < 0.45) {
    try {
      for (let i = 1 + Math.floor(random() * 4); i > 0; i--) writeSomething(person, random)
    } catch (error) {
      // He was let go of, and his device knows.
      if (!isHoldfastError(error) || !['forbidden', 'unknown_record', 'no_counter'].includes(error.code)) throw error
    }
    if (chance(random, 0.5)) await turns(Math.floor(random() * 6))
  } else if (dice < 0.52) device.offline()
  else if (dice < 0.62) device.online()
  else if (dice < 0.66) device.cutLines()
  else if (dice < 0.7) device.through(chance(random, 0.5) ? badNetwork(random, late) : undefined)
  else if (dice < 0.73) device.skewClock(chance(random, 0.5) ? 0 : Math.floor((random() - 0.5) * 4 * 3_600_000))
  else if (dice < 0.76 && tabs.length < 3) await openTab(person)
  else if (dice < 0.8) {
    // A reload.
    const tab = pick(random, tabs)
    tabs.splice(tabs.indexOf(tab), 1)
    await tab.db.close()
    if (tabs.length === 0) await openTab(person)
  } else if (dice < 0.82) {
    const tab = pick(random, tabs)
    tabs.splice(tabs.indexOf(tab), 1)
    tab.kill()
    if (tabs.length === 0) await openTab(person)
  } else if (dice < 0.85) {
    const lossy = chance(random, 0.5)
    device.between(
      lossy
        ? (_, deliver) => (chance(random, 0.2) ? undefined : setImmediate(() => (chance(random, 0.5) ? deliver() : setImmediate(deliver))))
        : undefined,
    )
  } else if (dice < 0.87) {
    const old = late.splice(Math.floor(random() * late.length), 1)[0]
    await old?.().catch(() => undefined)
  } else if (dice < 0.95) await world.clock.advance(Math.floor(random() ** 3 * 30_000))
  else if (dice < 0.96) {
    await pick(random, tabs)
      .db.space('shared')
      .unfollow()
      .catch((error) => expect(error).toMatchObject({ code: 'unsent_writes' }))
  } else if (dice < 0.97) pick(random, tabs).db.space('shared').follow()
  else if (dice < 0.985) tryAgain(person, random)
  else await compareTabs(person)
}

async function day(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const world = createWorld({ server, random: seededRandom(seed) })
  try {
    for (const user of ['ann', 'bob']) await world.server.grant('shared', user, 'write')
    const people: Person[] = ['ann', 'ann', 'bob'].map((user) => ({
      user,
      device: world.device(),
      tabs: [],
      counted: [],
      retried: new Set(),
      watches: [],
      last: 0,
    }))
    for (const person of people) await openTab(person)
    const [first] = people as [Person]
    for (const space of ['home:ann', 'shared']) await first.tabs[0]!.db.space(space).todos.insert({ id: 'counter', title: 'counter' })
    for (const { tabs } of people) await world.until(() => expect(tabs[0]!.db.space('shared').todos.get('counter')).toBeDefined())

    const late: (() => Promise<unknown>)[] = []
    const copies: string[] = []
    const goesBack = chance(random, 0.3)
    for (let i = 0; i < 45; i++) {
      await someAction(world, people, random, late)
      // Not on a day on which the server forgets: what he had confirmed leaves his device with the space, and could not be told again.
      if (!goesBack && chance(random, 0.03)) await world.server.revoke('shared', 'bob')
      else if (chance(random, 0.06)) await world.server.grant('shared', 'bob', 'write')
      if (chance(random, 0.02)) {
        await world.stop()
        await turns(3)
        world.start()
      }
      if (goesBack && chance(random, 0.04)) copies.push(await world.backup())
      if (copies.length > 0 && chance(random, 0.03)) {
        // Never to the copy of a history that was left: what was refused after that would be in effect again, and nobody could know.
        copies.length = 1 + Math.floor(random() * copies.length)
        await world.restore(copies.at(-1) as string)
      }
    }

    await evening(world, people)
  } finally {
    await world.close()
  }
}

async function evening(world: World, people: readonly Person[]): Promise<void> {
  await world.server.grant('shared', 'bob', 'write')
  for (const { device, tabs } of people) {
    for (const { db } of tabs) db.space('shared').follow()
    device.through(undefined)
    device.between(undefined)
    device.skewClock(0)
    device.online()
  }
  const all = people.flatMap(({ tabs }) => tabs.map(({ db }) => db))
  // P11: it drains by itself, in bounded time. What one heals another may have to fetch: so all of them, until none moves any more.
  for (let round = 0; round < 3; round++) {
    for (const db of all) await world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0, problem: null }))
    await world.clock.advance(5_000)
  }

  // P4: the server, everybody, and who has never been here, agree on every value.
  for (const user of ['ann', 'bob']) {
    const fresh = await world.device().tab({ schema: testSchema, commands, userId: user })
    await world.until(() => expect(fresh.status.read().state).toBe('synced'))
    const mine = people.filter((person) => person.user === user).flatMap(({ tabs }) => tabs.map(({ db }) => db))
    for (const space of user === 'ann' ? ['home:ann', 'shared'] : ['shared']) {
      const { todos, $conflicts } = (await world.dump(space)).tables
      for (const db of [fresh, ...mine]) {
        expect([...db.space(space).todos.read()].sort((a, b) => compareStrings(a.id, b.id))).toEqual(todos)
        const conflicts = db.conflicts.read().filter((conflict) => conflict.space === space)
        const theirs = $conflicts?.filter((row) => (row.v as { to: string }).to === user)
        expect(conflicts.map(({ id }) => id).sort()).toEqual(theirs?.map(({ id }) => id).sort())
      }
    }
  }

  // P1, P2, P7: each increment that was stored counts once, or is a dead letter.
  const totals: Record<string, number> = { 'home:ann': 0, shared: 0 }
  for (const { tabs, counted, retried } of people) {
    const { db } = tabs[0]!
    const letters = new Set(db.deadLetters.read().map(({ id }) => id))
    for (const { write, space, by, stored } of counted) {
      const verdict = await db.verdict(write.id)
      if (verdict?.status === 'applied') totals[space] = (totals[space] ?? 0) + by
      else if (verdict?.status === 'refused' && !retried.has(write.id))
        expect(letters, `${write.id} ${JSON.stringify(verdict)}`).toContain(verdict.deadLetter)
      else if (verdict?.status !== 'refused') expect(stored ? 'stored, and nowhere' : verdict).toBeUndefined()
    }
  }
  for (const [space, total] of Object.entries(totals)) {
    const row = (await world.dump(space)).tables.todos?.find(({ id }) => id === 'counter')
    expect({ space, votes: row?.votes }).toEqual({ space, votes: total })
  }
  for (const { watches } of people) for (const { lies } of watches) expect(lies).toEqual([])
}

const only = process.env.HOLDFAST_SEED
const { HOLDFAST_DAYS: days = 200, HOLDFAST_FROM: from = 1 } = process.env
const seeds = only ? [Number(only)] : Array.from({ length: Number(days) }, (_, i) => Number(from) + i)

test(`${seeds.length} random days end well`, async () => {
  for (const seed of seeds) {
    try {
      await day(seed)
    } catch (error) {
      throw new Error(`The day of HOLDFAST_SEED=${seed} ended badly: ${(error as Error).message}`, { cause: error })
    }
  }
}, 600_000)
