import type { Database } from '@holdfast/client'
import { preview } from '@holdfast/client/review'
import {
  counter,
  defineSchema,
  first,
  isHoldfastError,
  map,
  max,
  min,
  number,
  set,
  siblings,
  strict,
  string,
  table,
  threeWay,
} from '@holdfast/shared'
import { expect, test } from 'vitest'
import { pick, type Random, seededRandom } from './random.ts'
import { createWorld } from './world.ts'

// What a device shows of writes that wait is what the server will say of them, once the device has all that the server has: both merge
// with the same function. Under a review the queue waits while changes come in, so both sides know the same.
//
// HOLDFAST_SEED=17 runs one of them, HOLDFAST_PREDICTIONS=1000 more.

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string().default(''),
      first: string().default('').merge(first),
      most: number().default(0).merge(max),
      least: number().default(0).merge(min),
      all: string().default('').merge(siblings),
      strict: string().default('').merge(strict),
      lines: string()
        .default('')
        .merge(threeWay(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : theirs))),
      votes: counter(),
      tags: set(string()),
      notes: map(string()),
    }),
    kept: table({ title: string().default('') }).deletes('edit-wins'),
  },
})
type Tab = Database<typeof schema>

function act(db: Tab, random: Random): boolean {
  const space = db.space('shared')
  const id = pick(random, ['a', 'b', 'c', 'd'])
  const text = `${db.userId}${Math.floor(random() * 100)}`
  const tag = pick(random, ['x', 'y', 'z'])
  const verbs: (() => unknown)[] = [
    () => space.todos.update(id, { title: text }),
    () => space.todos.update(id, { first: text, title: text }),
    () => space.todos.update(id, { most: Math.floor(random() * 9), least: Math.floor(random() * 9) }),
    () => space.todos.update(id, { all: text }),
    () => space.todos.update(id, { strict: text, title: text }),
    () => space.todos.update(id, { lines: `${db.todos.get(id)?.lines} ${text}` }),
    () => space.todos.update(id, { lines: text }),
    () => space.todos.increment(id, 'votes', 1 + Math.floor(random() * 3)),
    () => space.todos.reset(id, 'votes', 0),
    () => space.todos.add(id, 'tags', tag),
    () => space.todos.remove(id, 'tags', tag),
    () => space.todos.setKey(id, 'notes', tag, text),
    () => space.todos.deleteKey(id, 'notes', tag),
    () => space.todos.upsert(id, { title: text, votes: 2, tags: [tag], notes: { [tag]: text } }),
    () => space.todos.insert({ id, title: text, tags: [tag] }),
    () => random() < 0.5 && space.todos.delete(id),
    () => space.kept.upsert(id, { title: text }),
    () => space.kept.update(id, { title: text }),
    // What the dead were this device does not hold: that an edit wins over a delete that has arrived it cannot show.
    () => db.userId === 'ann' && space.kept.delete(id),
    () =>
      db.write(
        (tx) => {
          const { title = '' } = tx.space('shared').todos.get(id) ?? {}
          tx.space('shared').kept.upsert(id, {
            title: `${title} ${tx
              .space('shared')
              .todos.where({ tags: { has: tag } })
              .count()
              .read()}`,
          })
        },
        { isolation: 'serializable' },
      ),
  ]
  try {
    pick(random, verbs)()
    return true
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return false
  }
}

const shown = (db: Tab) => ({ todos: db.space('shared').todos.read(), kept: db.space('shared').kept.read() })

async function predict(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const world = createWorld({ server: { schema }, random })
  try {
    for (const user of ['ann', 'bob']) await world.server.grant('shared', user, 'write')
    const phone = world.device()
    const ann: Tab = await phone.tab({ schema, userId: 'ann', reviewAfter: '1h' })
    const bob: Tab = await world.device().tab({ schema, userId: 'bob' })
    const synced = (db: Tab) => world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
    await synced(ann)
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) act(pick(random, [ann, bob]), random)
      for (const db of [ann, bob, ann]) await synced(db)
      phone.offline()
      for (let i = 0; i < 16; i++) {
        await world.clock.advance(1 + Math.floor(random() * 60_000))
        act(random() < 0.6 ? ann : bob, random)
      }
      await synced(bob)
      if (ann.status.read().pending === 0) {
        phone.online()
        continue
      }
      await world.clock.sleep(2 * 3_600_000)
      phone.online()
      await world.until(() => expect(ann.status.read()).toMatchObject({ state: 'paused', problem: { code: 'review' } }))
      // What the server would say, in so many words: asked now, it has told everything it knows.
      let over: { approve(): Promise<string> } | undefined
      preview(ann).then((found) => {
        over = found
      })
      await world.until(() => expect(over).toBeDefined())
      const predicted = shown(ann)
      let answer = ''
      over?.approve().then((said) => {
        answer = said
      })
      await world.until(() => expect(answer).not.toBe(''))
      expect(answer, `seed ${seed}, round ${round}`).toBe('approved')
      await synced(ann)
      expect(shown(ann), `seed ${seed}, round ${round}`).toEqual(predicted)
      await synced(bob)
      await world.until(() => expect(shown(bob)).toEqual(shown(ann)))
    }
  } finally {
    await world.close()
  }
}

const only = process.env.HOLDFAST_SEED
const { HOLDFAST_PREDICTIONS: count = 60 } = process.env
const seeds = only ? [Number(only)] : Array.from({ length: Number(count) }, (_, i) => i + 1)

test.each(seeds)('what is shown is what the server then says: seed %i', { timeout: 60_000 }, predict)
