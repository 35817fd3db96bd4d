import type { Database, Write } from '@holdfast/client'
import { preview } from '@holdfast/client/review'
import {
  boolean,
  counter,
  defineSchema,
  first,
  isHoldfastError,
  map,
  max,
  number,
  rank,
  refuse,
  set,
  strict,
  string,
  table,
} from '@holdfast/shared'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { pick, type Random, seededRandom } from './random.ts'
import { createWorld } from './world.ts'

// Random queues against what others did meanwhile: what a preview says is what approval then does, write by write and conflict by
// conflict; or it says that things moved, and then nothing was done.
//
// HOLDFAST_SEED=17 runs one of them, HOLDFAST_REVIEWS=1000 more.

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      done: boolean().default(false),
      first: string().default('').merge(first),
      most: number().default(0).merge(max),
      strict: string().default('').merge(strict),
      votes: counter(),
      tags: set(string()),
      notes: map(string()),
      place: rank(),
    }),
    kept: table({ title: string() }).deletes('edit-wins'),
  },
})
const commands = {
  mark: schema.command({
    args: v.object({ title: v.string() }),
    run(tx, { title }) {
      const todos = tx.space('shared').todos
      const found = todos.where({ title: { startsWith: 't' } }).read()
      if (found.length === 0) throw refuse('nothing_there', 'There is nothing to mark.')
      for (const { id } of found) todos.update(id, { title })
    },
  }),
}
const rules = schema.rules({ todos: { insert: ({ after }) => after.title !== 'bad', update: ({ after }) => after.title !== 'bad' } })

type Tab = Database<typeof schema, typeof commands>

function writeSomething(db: Tab, random: Random): Write<unknown> | undefined {
  const space = db.space(random() < 0.8 ? 'shared' : `home:${db.userId}`)
  const id = `r${Math.floor(random() * 3)}`
  const title = random() < 0.07 ? 'bad' : `t${Math.floor(random() * 50)}`
  const verbs: (() => Write<unknown>)[] = [
    () => space.todos.upsert(id, { title, first: title, tags: [pick(random, ['a', 'b'])] }),
    () => space.todos.update(id, { title }),
    () => space.todos.update(id, { title, done: random() < 0.5, most: Math.floor(random() * 9) }),
    () => space.todos.update(id, random() < 0.5 ? { first: title } : { strict: title }),
    () => space.todos.insert({ id: `${id}${Math.floor(random() * 3)}`, title, place: 'first' }),
    () => space.todos.increment(id, 'votes', 3),
    () => space.todos.reset(id, 'votes', 1),
    () => space.todos.add(id, 'tags', pick(random, ['a', 'b', 'c'])),
    () => space.todos.remove(id, 'tags', pick(random, ['a', 'b', 'c'])),
    () => space.todos.setKey(id, 'notes', pick(random, ['x', 'y']), title),
    () => space.todos.move(id, 'place', pick(random, ['first', 'last'])),
    () => space.todos.delete(id),
    () => space.todos.restore(id),
    () => space.kept.upsert(id, { title }),
    () => (random() < 0.5 ? space.kept.delete(id) : space.kept.update(id, { title })),
    () => db.run.mark({ title }),
    () =>
      db.write(
        (tx) => {
          const read = tx.space('shared').todos.get(id)
          tx.home.todos.upsert(id, { title: read?.title ?? title })
        },
        { isolation: 'serializable' },
      ),
    () =>
      db.write((tx) => {
        tx.space('shared').todos.update(id, { title })
        tx.home.todos.upsert(id, { title })
      }),
    () => {
      const conflict = pick(random, db.conflicts.read())
      return random() < 0.5 ? conflict.restore() : conflict.dismiss()
    },
  ]
  try {
    const write = pick(random, verbs)()
    write.then(undefined, () => undefined)
    return write.id ? write : undefined
  } catch (error) {
    // What a device knows to be wrong is wrong at the call.
    if (!isHoldfastError(error) && !(error instanceof TypeError)) throw error
    return undefined
  }
}

interface Shown {
  readonly id: string
  readonly to: string
}

/** What both a preview and the log of its user say of a conflict. */
const textOf = ({ id, space, table: of, record, field, kind, kept, dropped }: Record<string, unknown>) =>
  JSON.stringify([id, space, of, record, field, kind, kept, dropped])
const conflictsOf = (db: Tab) => db.conflicts.read().map((one) => textOf(one as unknown as Record<string, unknown>))

async function review(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const world = createWorld({ server: { schema, commands, rules } as never, random })
  try {
    for (const user of ['ann', 'bob']) await world.server.grant('shared', user, 'write')
    const phone = world.device()
    const ann: Tab = await phone.tab({ schema, commands, rules, userId: 'ann', reviewAfter: '1h' })
    const bob: Tab = await world.device().tab({ schema, commands, rules, userId: 'bob' })
    const synced = (db: Tab) => world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
    const soon = async <T>(work: Promise<T>): Promise<T> => {
      let over = false
      const end = () => {
        over = true
      }
      work.then(end, end)
      await world.until(() => expect(over).toBe(true))
      return await work
    }
    await synced(ann)
    await synced(bob)
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) writeSomething(pick(random, [ann, bob]), random)
      await synced(ann)
      await synced(bob)
      phone.offline()
      const writes: Write<unknown>[] = []
      // Before, between and after what the other writes.
      for (let i = 0; i < 12; i++) {
        await world.clock.advance(1 + Math.floor(random() * 60_000))
        const db = random() < 0.6 ? ann : bob
        const write = writeSomething(db, random)
        if (write && db === ann) writes.push(write)
      }
      if (writes.length === 0) {
        phone.online()
        continue
      }
      await Promise.all(writes)
      phone.skewClock(pick(random, [0, 0, -5 * 60_000, 20 * 60_000]))
      await world.clock.sleep(2 * 3_600_000)
      await synced(bob)
      phone.online()
      await world.until(() => expect(ann.status.read()).toMatchObject({ state: 'paused', problem: { code: 'review' } }))
      if (random() < 0.3) await pick(random, (await soon(preview(ann))).writes).drop()
      const found = await soon(preview(ann))
      const before = new Map([ann, bob].map((db) => [db.userId, conflictsOf(db)]))
      const about = `seed ${seed}, round ${round}`
      if (random() < 0.3 && found.writes.length > 0) {
        await bob.space('shared').todos.upsert('moved', { title: `t${round}` })
        await synced(bob)
        const touchesShared = Object.hasOwn(found.cut, 'shared')
        const answer = await soon(found.approve())
        expect(answer, about).toBe(touchesShared ? 'changed' : 'approved')
        if (answer === 'changed') {
          expect(ann.status.read().pending, about).toBe(writes.length)
          for (const write of (await soon(preview(ann))).writes) await write.drop()
        }
        await synced(ann)
        continue
      }
      expect(await soon(found.approve()), about).toBe('approved')
      await synced(ann)
      await synced(bob)
      for (const { id, is, code, summary } of found.writes) {
        const verdict = await ann.verdict(id)
        expect([verdict?.status, verdict?.status === 'refused' ? verdict.code : undefined], `${about}: ${summary}`).toEqual([is, code])
      }
      const said = found.writes.flatMap(({ conflicts }) => conflicts as readonly unknown[] as readonly (Shown & Record<string, unknown>)[])
      for (const db of [ann, bob]) {
        await world.until(() => {
          const news = conflictsOf(db).filter((one) => !before.get(db.userId)?.includes(one))
          expect(news.sort(), about).toEqual(
            said
              .filter(({ to }) => to === db.userId)
              .map(textOf)
              .sort(),
          )
        })
      }
    }
  } finally {
    await world.close()
  }
}

const one = process.env.HOLDFAST_SEED
const seeds = one ? [Number(one)] : Array.from({ length: Number(process.env.HOLDFAST_REVIEWS ?? 40) }, (_, i) => i + 1)

test.each(seeds)('what a preview says is what approval does: seed %i', { timeout: 30_000 }, review)
