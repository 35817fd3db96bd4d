import type { Database } from '@holdfast/client'
import { defineSchema, number, ref, string, table } from '@holdfast/shared'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { seededRandom } from './random.ts'
import { createWorld, type World } from './world.ts'

// schedules.md 23: references hold inside a space, decided by the server, the same whichever of two concurrent writes comes first.

const schema = defineSchema({
  version: 1,
  tables: {
    lists: table({ name: string() }).unique('name'),
    folders: table({ list: ref('lists', { onDelete: 'cascade', onMissing: 'revive' }) }),
    todos: table({ title: string().default(''), list: ref('lists', { onDelete: 'cascade', onMissing: 'reject' }) }),
    kept: table({ title: string().default(''), list: ref('lists', { onDelete: 'cascade', onMissing: 'reject' }) }).deletes('edit-wins'),
    notes: table({ list: ref('lists', { onDelete: 'set-null', onMissing: 'set-null' }).nullable() }),
    bills: table({ list: ref('lists', { onDelete: 'restrict' }) }),
    parts: table({ of: ref('todos', { onDelete: 'cascade' }), place: number().nullable() }).unique('of', 'place'),
    leaves: table({ of: ref('twigs', { onDelete: 'cascade', onMissing: 'revive' }) }),
    twigs: table({ list: ref('lists', { onDelete: 'cascade', onMissing: 'reject' }) }),
    nodes: table({ up: ref('nodes', { onDelete: 'cascade', onMissing: 'revive' }).nullable() }),
    words: table({ list: ref('lists') }),
  },
})
type Tab = Database<typeof schema>
const tables = ['lists', 'folders', 'todos', 'kept', 'notes', 'bills', 'parts', 'leaves', 'twigs', 'nodes', 'words'] as const

let world: World
afterEach(() => world.close())

const tabOf = (device: Device, userId = 'ann') => device.tab({ schema, userId })
const all = (db: Tab) =>
  Object.fromEntries(tables.map((name) => [name, db[name].read().map(({ id }) => id)]).filter(([, ids]) => ids?.length))

/** Ann and Bob in one list, with what `setup` wrote; offline. */
async function apart(setup: (tx: ReturnType<Tab['space']>) => void) {
  world = createWorld({ server: { schema } })
  for (const user of ['ann', 'bob']) await world.server.grant('s', user, 'write')
  const [first, second] = [world.device(), world.device()]
  const [a, b] = [await tabOf(first), await tabOf(second, 'bob')]
  await world.synced(a, b)
  setup(a.space('s'))
  await world.synced(a)
  await world.until(() => expect(all(b)).toEqual(all(a)))
  first.offline()
  second.offline()
  return { first, second, a, b, ann: a.space('s'), bob: b.space('s') }
}
type Apart = Awaited<ReturnType<typeof apart>>

const ORDERS = ['the delete first', 'the write first'] as const

/** Ann's comes first, or Bob's; then all agree, a fresh client included. */
async function settle({ first, second, a, b }: Apart, order: (typeof ORDERS)[number]) {
  const devices = [
    [first, a],
    [second, b],
  ] as const
  for (const [device, db] of order === 'the delete first' ? devices : devices.toReversed()) {
    device.online()
    await world.synced(db)
  }
  await world.synced(a, b)
  const fresh = await tabOf(world.device(), 'bob')
  await world.synced(fresh)
  await world.until(() => expect(all(a)).toEqual(all(fresh)))
  await world.until(() => expect(all(b)).toEqual(all(fresh)))
  return all(fresh)
}
const letters = (db: Tab) => db.deadLetters.read().map(({ code }) => code)
const told = (db: Tab) => db.conflicts.read().map(({ kind, table: name, record }) => `${kind} ${name} ${record}`)

describe('at the call, as far as this device knows', () => {
  test('a delete takes along what names it, clears it, or is refused; what names nothing is refused', async () => {
    const { ann, a } = await apart((space) => {
      for (const id of ['l', 'm']) space.lists.insert({ id, name: id })
      space.todos.insert({ id: 't', list: 'l' })
      space.parts.insert({ id: 'p', of: 't', place: 1 })
      space.notes.insert({ id: 'n', list: 'l' })
      space.bills.insert({ id: 'b', list: 'm' })
      space.words.insert({ id: 'w', list: 'nowhere' })
    })
    expect(() => ann.lists.delete('m')).toThrow(
      expect.objectContaining({ code: 'restricted', details: expect.objectContaining({ child: 'b' }) }),
    )
    expect(() => ann.todos.insert({ list: 'nowhere' })).toThrow(expect.objectContaining({ code: 'missing_ref' }))
    expect(() => ann.todos.update('t', { list: 'nowhere' })).toThrow(expect.objectContaining({ code: 'missing_ref' }))
    ann.lists.delete('l')
    expect(all(a)).toEqual({ lists: ['m'], notes: ['n'], bills: ['b'], words: ['w'] })
    expect(a.notes.get('n')?.list).toBeNull()
    // In one transaction, in whatever order.
    ann.write((tx) => {
      tx.todos.insert({ id: 'u', list: 'new' })
      tx.lists.insert({ id: 'new', name: 'new' })
    })
    ann.write((tx) => {
      tx.bills.delete('b')
      tx.lists.delete('m')
    })
    expect(all(a)).toEqual({ lists: ['new'], todos: ['u'], notes: ['n'], words: ['w'] })
  })

  test('what is unique in a space is so: null excepted, and in another space it may be again', async () => {
    const { ann, a } = await apart((space) => {
      space.lists.insert({ id: 'l', name: 'Party' })
      space.lists.insert({ id: 'm', name: 'Work' })
      space.todos.insert({ id: 't', list: 'l' })
    })
    const twice = expect.objectContaining({ code: 'not_unique' })
    expect(() => ann.lists.insert({ name: 'Party' })).toThrow(twice)
    expect(() => ann.lists.update('m', { name: 'Party' })).toThrow(twice)
    ann.write((tx) => {
      tx.lists.update('l', { name: 'Work' })
      tx.lists.update('m', { name: 'Party' })
    })
    ann.parts.insert({ of: 't', place: 1 })
    expect(() => ann.parts.insert({ of: 't', place: 1 })).toThrow(twice)
    ann.parts.insert({ of: 't', place: null })
    ann.parts.insert({ of: 't', place: null })
    a.home.lists.insert({ name: 'Party' })
    expect(a.parts.read()).toHaveLength(3)
  })
})

describe.each(ORDERS)('what neither had seen: %s', (order) => {
  const list = (space: ReturnType<Tab['space']>) => void space.lists.insert({ id: 'l', name: 'l' })

  test('reject: the child goes, and its author has it', async () => {
    const at = await apart(list)
    at.ann.lists.delete('l')
    at.bob.todos.insert({ id: 't', title: 'Milk', list: 'l' })
    expect(await settle(at, order)).toEqual({})
    if (order === 'the delete first') expect([letters(at.b), told(at.b)]).toEqual([['missing_ref'], []])
    else expect([letters(at.b), told(at.b)]).toEqual([[], ['deleted todos t']])
    expect([letters(at.a), told(at.a)]).toEqual([[], []])
  })

  test('revive: the delete is dropped', async () => {
    const at = await apart(list)
    at.ann.lists.delete('l')
    at.bob.folders.insert({ id: 'f', list: 'l' })
    expect(await settle(at, order)).toEqual({ lists: ['l'], folders: ['f'] })
    expect([letters(at.a), letters(at.b)]).toEqual([[], []])
  })

  test('set-null: it names nothing', async () => {
    const at = await apart(list)
    at.ann.lists.delete('l')
    at.bob.notes.insert({ id: 'n', list: 'l' })
    expect(await settle(at, order)).toEqual({ notes: ['n'] })
    expect(at.b.notes.get('n')?.list).toBeNull()
  })

  test('restrict: what the deleter could not know follows the other rule', async () => {
    const at = await apart(list)
    at.ann.lists.delete('l')
    at.bob.bills.insert({ id: 'b', list: 'l' })
    expect(await settle(at, order)).toEqual({})
  })

  test('a child that was moved in counts as one that came', async () => {
    const at = await apart((space) => {
      list(space)
      space.lists.insert({ id: 'm', name: 'm' })
      space.folders.insert({ id: 'f', list: 'm' })
      space.todos.insert({ id: 't', list: 'm' })
    })
    at.ann.lists.delete('l')
    at.bob.folders.update('f', { list: 'l' })
    at.bob.todos.update('t', { list: 'l' })
    const end = await settle(at, order)
    expect(end.lists).toEqual(['l', 'm'])
    expect(end.folders).toEqual(['f'])
  })

  test('a seen child goes with it, an edit that the deleter had not seen is a conflict', async () => {
    const at = await apart((space) => {
      list(space)
      space.todos.insert({ id: 't', list: 'l' })
    })
    at.ann.lists.delete('l')
    at.bob.todos.update('t', { title: 'Oat milk' })
    expect(await settle(at, order)).toEqual({})
    expect(told(at.b)).toEqual(['deleted todos t'])
  })

  test('where edits win over deletes, what they would win for is gone all the same', async () => {
    const at = await apart((space) => {
      list(space)
      space.kept.insert({ id: 'k', list: 'l' })
    })
    at.ann.lists.delete('l')
    at.bob.kept.update('k', { title: 'edited' })
    expect(await settle(at, order)).toEqual({})
    if (order === 'the delete first') expect(letters(at.b)).toEqual(['missing_ref'])
    else expect(told(at.b)).toEqual(['deleted kept k'])
  })

  test('a tree: a leaf that comes brings back the branch that it hangs on, up to the root', async () => {
    const at = await apart((space) => {
      space.nodes.insert({ id: 'root', up: null })
      space.nodes.insert({ id: 'branch', up: 'root' })
      space.nodes.insert({ id: 'other', up: 'root' })
    })
    at.ann.nodes.delete('root')
    at.bob.nodes.insert({ id: 'leaf', up: 'branch' })
    expect(await settle(at, order)).toEqual({ nodes: ['branch', 'leaf', 'root'] })
  })

  test('a leaf whose branch cannot come back goes, and its author has it', async () => {
    const at = await apart((space) => {
      list(space)
      space.twigs.insert({ id: 'twig', list: 'l' })
    })
    at.ann.lists.delete('l')
    at.bob.leaves.insert({ id: 'leaf', of: 'twig' })
    expect(await settle(at, order)).toEqual({})
    if (order === 'the delete first') expect(letters(at.b)).toEqual(['missing_ref'])
    else expect(told(at.b)).toEqual(['deleted leaves leaf'])
  })

  test.each([
    ['the revival last', ['todos', 'notes', 'folders']],
    ['the revival first', ['folders', 'notes', 'todos']],
  ] as const)('what is brought back by one record is there for all others of its transaction: %s', async (_, names) => {
    const at = await apart(list)
    at.ann.lists.delete('l')
    at.bob.write((tx) => {
      for (const name of names) tx[name].insert({ id: name, list: 'l' })
    })
    expect(await settle(at, order)).toEqual({ lists: ['l'], todos: ['todos'], notes: ['notes'], folders: ['folders'] })
    await world.until(() => expect([at.a, at.b].map((db) => db.notes.get('notes')?.list)).toEqual(['l', 'l']))
    expect([...letters(at.b), ...told(at.b)]).toEqual([])
  })

  test('unique: who comes first has it', async () => {
    const at = await apart(() => undefined)
    at.ann.lists.insert({ id: 'a', name: 'Party' })
    at.bob.lists.insert({ id: 'b', name: 'Party' })
    expect(await settle(at, order)).toEqual({ lists: [order === 'the delete first' ? 'a' : 'b'] })
    expect(letters(order === 'the delete first' ? at.b : at.a)).toEqual(['not_unique'])
  })
})

test('a hostile client that deletes without what goes along: the server does it', async () => {
  const at = await apart((space) => {
    space.lists.insert({ id: 'l', name: 'l' })
    space.todos.insert({ id: 't', list: 'l' })
    space.parts.insert({ id: 'p', of: 't', place: 1 })
    space.notes.insert({ id: 'n', list: 'l' })
  })
  const bare = defineSchema({ version: 1, tables: { lists: table({ name: string() }) } })
  const hostile = await world.device().tab({ schema: bare, userId: 'ann' })
  await world.until(() => expect(hostile.lists.get('l')).toBeDefined())
  expect(await hostile.lists.delete('l').confirmed()).toMatchObject({ status: 'applied' })
  expect(await settle(at, 'the delete first')).toEqual({ notes: ['n'] })
  expect(at.a.notes.get('n')?.list).toBeNull()
})

test.each(Array.from({ length: 12 }, (_, i) => [i + 1]))(
  'whatever three people do: every reference holds, nothing is there twice, all agree: seed %i',
  async (seed) => {
    const random = seededRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    world = createWorld({ server: { schema } })
    const users = ['ann', 'bob', 'cleo']
    for (const user of users) await world.server.grant('s', user, 'write')
    const devices = users.map(() => world.device())
    const tabs = await Promise.all(devices.map((device, i) => tabOf(device, users[i])))
    await world.synced(...tabs)
    let made = 0
    const children = ['folders', 'todos', 'kept', 'notes', 'bills', 'twigs'] as const
    const act = (db: Tab) => {
      const space = db.space('s')
      const lists = space.lists.read()
      const one = <T extends { id: string }>(rows: readonly T[]): T | undefined => (rows.length > 0 ? pick(rows) : undefined)
      const id = `r${++made}`
      const list = one(lists)?.id ?? 'none'
      const child = space[pick(children)] as unknown as typeof space.todos
      const row = one(child.read())
      const acts: (() => unknown)[] = [
        () => space.lists.insert({ id, name: pick(['a', 'b', 'c', 'd', 'e']) }),
        () => space.lists.insert({ id, name: id }),
        () => space.lists.delete(list),
        () => child.insert({ id, list }),
        () => row && child.update(row.id, { list }),
        () => row && child.delete(row.id),
        () => row && child.restore(row.id),
        () => space.kept.update(one(space.kept.read())?.id ?? 'none', { title: id }),
        () => space.parts.insert({ id, of: one(space.todos.read())?.id ?? 'none', place: pick([1, 2, null]) }),
        () => space.nodes.insert({ id, up: one(space.nodes.read())?.id ?? null }),
        () => space.nodes.delete(one(space.nodes.read())?.id ?? 'none'),
        () => space.leaves.insert({ id, of: one(space.twigs.read())?.id ?? 'none' }),
      ]
      try {
        pick(acts)()
      } catch (error) {
        expect(['missing_ref', 'restricted', 'not_unique', 'unknown_record']).toContain((error as { code?: string }).code)
      }
    }
    for (let round = 0; round < 8; round++) {
      for (const device of devices) if (random() < 0.7) device.offline()
      for (let i = 0; i < 15; i++) act(pick(tabs))
      for (const device of devices.toSorted(() => random() - 0.5)) device.online()
      await world.synced(...tabs)
      const [first, ...others] = tabs as [Tab, ...Tab[]]
      for (const other of others) await world.until(() => expect(all(other)).toEqual(all(first)))
      const { lists, todos, twigs, nodes } = Object.fromEntries(
        (['lists', 'todos', 'twigs', 'nodes'] as const).map((name) => [name, new Set(first[name].read().map((row): string => row.id))]),
      ) as Record<'lists' | 'todos' | 'twigs' | 'nodes', Set<string>>
      for (const name of children)
        for (const row of first[name].read())
          if (row.list !== null) expect([name, row.id, lists.has(row.list)]).toEqual([name, row.id, true])
      for (const row of first.parts.read()) expect(todos).toContain(row.of)
      for (const row of first.leaves.read()) expect(twigs).toContain(row.of)
      for (const row of first.nodes.read()) if (row.up !== null) expect(nodes).toContain(row.up)
      const names = first.lists.read().map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      const places = first.parts.read().flatMap(({ of, place }) => (place === null ? [] : [`${of} ${place}`]))
      expect(new Set(places).size).toBe(places.length)
    }
  },
)
