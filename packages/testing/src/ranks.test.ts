import type { Database } from '@holdfast/client'
import { defineSchema, rank, string, table } from '@holdfast/shared'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { seededRandom } from './random.ts'
import { createWorld, type World } from './world.ts'

const schema = defineSchema({ version: 1, tables: { items: table({ name: string(), position: rank() }).index('position') } })
type Tab = Database<typeof schema>

let world: World
afterEach(() => world.close())

const tabOf = (device: Device) => device.tab({ schema, userId: 'ann' })
const shown = (db: Tab) => [...db.items.orderBy('position')].map(({ name }) => name)
const insert = (db: Tab, name: string, position?: Parameters<Tab['items']['move']>[2]) =>
  db.home.items.insert({ id: name, name, ...(position ? { position } : {}) })
/** What the server has, in its order: what a client that has never been here shows. */
const onServer = async () => {
  const fresh = await tabOf(world.device())
  await world.synced(fresh)
  return shown(fresh)
}

async function twoDevices(...names: readonly string[]) {
  world = createWorld({ server: { schema } })
  const [first, second] = [world.device(), world.device()]
  const [ann, bob] = [await tabOf(first), await tabOf(second)]
  for (const name of names) await insert(ann, name)
  await world.synced(ann)
  await world.until(() => expect(shown(bob)).toEqual(names))
  return { ann, bob, first, second }
}

describe('places', () => {
  test('at either end, before and after another one, at once and offline; a new one goes last', async () => {
    const { ann, first } = await twoDevices('a', 'b')
    first.offline()
    insert(ann, 'c')
    insert(ann, 'z', 'first')
    insert(ann, 'y', { after: 'a' })
    insert(ann, 'x', { before: 'b' })
    expect(shown(ann)).toEqual(['z', 'a', 'y', 'x', 'b', 'c'])
    ann.items.move('c', 'position', { before: 'y' })
    ann.items.move('z', 'position', 'last')
    ann.write((tx) => {
      tx.items.move('a', 'position', { after: 'b' })
      tx.items.move('y', 'position', { after: 'a' })
    })
    expect(shown(ann)).toEqual(['c', 'x', 'b', 'a', 'y', 'z'])
    // An upsert of what is there leaves it where it is.
    ann.home.items.upsert('c', { name: 'c' })
    expect(shown(ann)).toEqual(['c', 'x', 'b', 'a', 'y', 'z'])
    first.online()
    await world.synced(ann)
    expect(await onServer()).toEqual(['c', 'x', 'b', 'a', 'y', 'z'])
  })

  test('what is no place is refused at the call', async () => {
    const { ann } = await twoDevices('a')
    for (const position of ['middle', { after: 'gone' }, { before: 'a' }, 7, null]) {
      expect(() => ann.items.move('a', 'position', position as 'first')).toThrow(expect.objectContaining({ code: 'invalid_value' }))
    }
    expect(() => ann.items.update('a', { position: 'V' } as object)).toThrow(expect.objectContaining({ code: 'invalid_value' }))
  })
})

describe('at the same time', () => {
  test.each(['ann first', 'bob first'])(
    'one item moved by both is in one place; and items moved by each are where each put them: %s',
    async (order) => {
      const { ann, bob, first, second } = await twoDevices('a', 'b', 'c', 'd')
      first.offline()
      second.offline()
      ann.items.move('a', 'position', 'last')
      ann.items.move('b', 'position', 'first')
      bob.items.move('a', 'position', { after: 'b' })
      bob.items.move('d', 'position', { before: 'c' })
      for (const device of order === 'ann first' ? [first, second] : [second, first]) {
        device.online()
        await world.synced(device === first ? ann : bob)
      }
      await world.until(() => expect(shown(ann)).toEqual(shown(bob)))
      expect(shown(ann).toSorted()).toEqual(['a', 'b', 'c', 'd'])
      expect(shown(ann).filter((name) => name !== 'a')).toEqual(['b', 'd', 'c'])
      expect(await onServer()).toEqual(shown(ann))
      expect([ann.conflicts.read(), bob.conflicts.read()]).toEqual([[], []])
    },
  )

  test('runs that two people type at one place stay together', async () => {
    const { ann, bob, first, second } = await twoDevices('a', 'z')
    first.offline()
    second.offline()
    for (const [db, who] of [
      [ann, 'A'],
      [bob, 'B'],
    ] as const) {
      let last = 'a'
      for (let i = 0; i < 5; i++) {
        const name = `${who}${i}`
        insert(db, name, { after: last })
        last = name
      }
    }
    first.online()
    second.online()
    await world.synced(ann, bob)
    const runs = [...'AB'].map((who) => [0, 1, 2, 3, 4].map((i) => `${who}${i}`))
    expect([
      ['a', ...runs.flat(), 'z'],
      ['a', ...runs.reverse().flat(), 'z'],
    ]).toContainEqual(await onServer())
  })

  test('a move made long ago lands between the items that it named, wherever those are by now, or beside the one that is left', async () => {
    const { ann, bob, first } = await twoDevices('a', 'b', 'c', 'd', 'e')
    first.offline()
    ann.items.move('e', 'position', { after: 'a' })
    insert(ann, 'new', { after: 'c' })
    bob.write((tx) => {
      tx.items.move('a', 'position', 'last')
      tx.items.move('b', 'position', 'last')
    })
    bob.items.delete('d')
    await world.synced(bob)
    first.online()
    await world.synced(ann, bob)
    expect(await onServer()).toEqual(['c', 'new', 'a', 'e', 'b'])
  })

  test('a record that was deleted still says where it was', async () => {
    const { ann, bob, first } = await twoDevices('a', 'b', 'c')
    first.offline()
    insert(ann, 'new', { after: 'b' })
    bob.items.delete('b')
    bob.items.delete('c')
    insert(bob, 'last')
    await world.synced(bob)
    first.online()
    await world.synced(ann)
    expect((await onServer()).indexOf('new')).toBeGreaterThan(0)
  })
})

test('10,000 insertions at one place by two people at once: keys stay short, and all agree', async () => {
  const { ann, bob } = await twoDevices('a', 'z')
  const random = seededRandom(7)
  const each = 5_000
  // Always between the two that came last: what makes fractions longest.
  const at = new Map<Tab, [string, string]>([
    [ann, ['a', 'z']],
    [bob, ['a', 'z']],
  ])
  let longest = 0
  for (let i = 0; i < each; i += 50) {
    for (const [db, pair] of at) {
      db.write((tx) => {
        for (let k = i; k < i + 50; k++) {
          const name = `${db === ann ? 'A' : 'B'}${k}`
          tx.home.items.insert({ id: name, name, position: { after: pair[0] } })
          pair[random() < 0.5 ? 0 : 1] = name
        }
      })
    }
    if (i % 500 === 0) await world.synced(ann, bob)
    for (const row of ann.items.read()) longest = Math.max(longest, row.position.length)
  }
  await world.synced(ann, bob)
  await world.until(() => expect(ann.items.count().read()).toBe(2 * each + 2))
  await world.until(() => expect(shown(ann)).toEqual(shown(bob)))
  const keys = bob.items.read().map(({ position }) => position.length)
  process.stdout.write(
    `10,000 insertions at one place: keys of at most ${Math.max(...keys)} digits on the server, ${longest} in the queue\n`,
  )
  expect(Math.max(...keys)).toBeLessThanOrEqual(64)
  expect(await onServer()).toEqual(shown(ann))
})
