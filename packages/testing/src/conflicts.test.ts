import { readdirSync, readFileSync } from 'node:fs'
import { createSyncServer, memoryStorage } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { insert, testServer } from '@holdfast/server/internal/test-server.kit'
import { tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import { counter, defineSchema, type JsonValue, map, rank, siblings, string, table } from '@holdfast/shared'
import type { Head } from '@holdfast/shared/internal/clock/heads'
import { hlcOf, msOf } from '@holdfast/shared/internal/clock/hlc'
import { latestPolicy } from '@holdfast/shared/internal/policy/latest'
import { TableHandle } from '@holdfast/shared/internal/query/table-handle'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readDocument } from '../../../scripts/fences.ts'
import { createDevice, eventually } from './device.ts'
import { type Pair, type Person, readPairs, readTable, type Step } from './pairs/read-pairs.ts'
import { DELETIONS, FIELDS, type Result, runPairs } from './pairs/run-pairs.ts'
import { testSchema as schema } from './test-schema.ts'
import { createWorld } from './world.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})

/** Long enough that devices which know the time to within a round trip agree on what was later. */
const later = () => new Promise((resolve) => setTimeout(resolve, 60))

/** Two devices of Ann that both know the item `t`; the second one is offline. */
async function twoDevices() {
  const server = createSyncServer({ schema, storage: memoryStorage(), authenticate: unsafeTrustToken })
  const first = createDevice((request) => server.fetch(request))
  const second = createDevice((request) => server.fetch(request))
  closing.push(first, second, server)
  const one = await first.tab({ schema, userId: 'ann' })
  const two = await second.tab({ schema, userId: 'ann' })
  await one.home.todos.insert({ id: 't', title: 'Milk', tags: ['shop'] })
  await eventually(() => expect(two.todos.get('t')?.title).toBe('Milk'))
  second.offline()
  return { first, second, one, two }
}

test('a dropped value can be taken back: the conflict goes, the value stands on every device', async () => {
  const { second, one, two } = await twoDevices()
  await two.todos.update('t', { title: 'Rice milk' })
  await later()
  await one.todos.update('t', { title: 'Oat milk' })
  await eventually(() => expect(one.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
  second.online()
  await eventually(() => expect(two.conflicts.read()).toMatchObject([{ field: 'title', dropped: { value: 'Rice milk' } }]))
  expect(await two.conflicts.read()[0]?.restore().confirmed({ within: '5s' })).toMatchObject({ status: 'applied' })
  await eventually(() => {
    expect(one.todos.get('t')?.title).toBe('Rice milk')
    expect([one.conflicts.read(), two.conflicts.read()]).toEqual([[], []])
  })
})

test('an edit of an item that was deleted meanwhile is a conflict, from which the item comes back whole', async () => {
  const { second, one, two } = await twoDevices()
  await two.todos.update('t', { title: 'Rice milk' })
  await one.todos.delete('t')
  await eventually(() => expect(one.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
  second.online()
  await eventually(() => expect(two.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { title: 'Rice milk' } } }]))
  expect(two.todos.get('t')).toBeUndefined()
  await two.conflicts.read()[0]?.restore().confirmed({ within: '5s' })
  await eventually(() => {
    for (const db of [one, two]) expect(db.todos.get('t')).toMatchObject({ title: 'Rice milk', tags: ['shop'] })
    expect(two.conflicts.read()).toEqual([])
  })
})

test('a conflict that its user dismisses is gone on all his devices, and the value that stands stays', async () => {
  const { second, one, two } = await twoDevices()
  await two.todos.update('t', { title: 'Rice milk' })
  await later()
  await one.todos.update('t', { title: 'Oat milk' })
  second.online()
  await eventually(() => expect(one.conflicts.read()).toHaveLength(1))
  await one.conflicts.read()[0]?.dismiss()
  await eventually(() => {
    expect(two.conflicts.read()).toEqual([])
    expect(two.todos.get('t')?.title).toBe('Oat milk')
  })
})

describe('what is taken back is there again, whatever field it is of', () => {
  const fields = { text: string().merge(siblings), scores: map(string()), votes: counter() }
  const app = defineSchema({ version: 1, tables: { notes: table(fields) } })

  async function twoNotes() {
    const world = createWorld({ server: { schema: app } })
    closing.push(world)
    const [first, second] = [world.device(), world.device()]
    const [one, two] = [await first.tab({ schema: app, userId: 'ann' }), await second.tab({ schema: app, userId: 'ann' })]
    await one.home.notes.insert({ id: 'n', text: 'x', scores: { k: 'old', l: 'old' } })
    await world.until(() => expect(two.notes.get('n')).toBeDefined())
    second.offline()
    return { world, second, one, two }
  }

  test('the entry of a map that lost against another, or against its removal', async () => {
    const { world, second, one, two } = await twoNotes()
    two.notes.setKey('n', 'scores', 'k', 'mine')
    two.notes.setKey('n', 'scores', 'l', 'mine')
    await world.clock.advance(60_000)
    one.notes.setKey('n', 'scores', 'k', 'theirs')
    one.notes.deleteKey('n', 'scores', 'l')
    second.online()
    await world.until(() => expect(two.conflicts.read()).toHaveLength(2))
    expect(
      two.conflicts
        .read()
        .map(({ field, key, kept }) => [field, key, kept?.value])
        .sort(),
    ).toEqual([
      ['scores', 'k', 'theirs'],
      ['scores', 'l', null],
    ])
    for (const conflict of two.conflicts.read()) conflict.restore()
    await world.until(() => {
      expect(one.notes.get('n')?.scores).toEqual({ k: 'mine', l: 'mine' })
      expect([one.conflicts.read(), two.conflicts.read()]).toEqual([[], []])
    })
  })

  test('the entry of a map whose record is deleted by now', async () => {
    const { world, second, one, two } = await twoNotes()
    two.notes.setKey('n', 'scores', 'k', 'mine')
    await world.clock.advance(60_000)
    one.notes.setKey('n', 'scores', 'k', 'theirs')
    second.online()
    await world.until(() => expect(two.conflicts.read()).toHaveLength(1))
    one.notes.delete('n')
    await world.until(() => expect(two.notes.get('n')).toBeUndefined())
    two.conflicts
      .read()
      .find(({ kind }) => kind === 'value')
      ?.restore()
    await world.until(() => expect(one.notes.get('n')?.scores).toEqual({ k: 'mine', l: 'old' }))
  })

  test('one of several values that may stand side by side, of a record that was deleted over it', async () => {
    const { world, second, one, two } = await twoNotes()
    two.notes.delete('n')
    await one.notes.update('n', { text: 'mine' }).confirmed()
    second.online()
    await world.until(() => expect(one.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { text: 'mine' } } }]))
    one.conflicts.read()[0]?.restore()
    await world.until(() => expect(two.notes.get('n')?.text).toEqual(['mine']))
  })

  test('an increment that reached the server after the delete', async () => {
    const { world, second, one, two } = await twoNotes()
    two.notes.increment('n', 'votes', 2)
    await one.notes.delete('n').confirmed()
    second.online()
    await world.until(() => expect(two.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { votes: 2 } } }]))
    two.conflicts.read()[0]?.restore()
    await world.until(() => expect(one.notes.get('n')).toBeDefined())
    expect(one.notes.get('n')?.votes).toBe(2)
  })
})

const document = readDocument('docs/conflicts.md')
const pairs = readPairs(document)
const isOfRecords = ({ policy }: Pair) => (DELETIONS as readonly string[]).includes(policy)

describe.each(['Ann', 'Bob'] as const)('every pair of docs/conflicts.md, %s first', (order) => {
  let results: ReadonlyMap<Pair, Result>
  beforeAll(async () => {
    results = await runPairs(pairs, order)
  })

  test.each(pairs.map((pair) => [pair.line, pair.policy, pair] as const))('line %d: %s', (_, __, pair) => {
    const { predicted, shown, told } = results.get(pair) as Result
    const outcome = pair.outcomes[order]
    expect(outcome.shown).toContainEqual(shown.server)
    expect([shown.Ann, shown.Bob]).toEqual([shown.server, shown.server])
    expect(told).toEqual(outcome.told)
    expect(predicted).toEqual({ Ann: typed(pair, 'Ann'), Bob: typed(pair, 'Bob') })
  })
})

/** What somebody sees of a pair who is alone with it. */
function typed(pair: Pair, person: Person): JsonValue | undefined {
  const before = pair.before.is === 'there' ? pair.before.value : undefined
  const shown = pair.policy === 'siblings' && before !== undefined ? [before] : before
  return pair.steps[person].reduce((value, step) => typeOne(pair, value, step), shown)
}

function typeOne({ policy, before }: Pair, was: JsonValue | undefined, { verb, args }: Step): JsonValue | undefined {
  const [value = null, ...more] = args
  if (verb === 'delete') return undefined
  // What is known to the server alone shows when that has answered.
  if (verb === 'restore') return before.is === 'there' ? before.value : undefined
  if (policy === 'rank') return ordered((was ?? []) as string[], value as string, more as string[])
  if (policy === 'counter') return verb === 'reset' ? value : ((was ?? 0) as number) + (value as number)
  if (policy === 'set') {
    const elements = new Set((was ?? []) as string[])
    for (const element of Array.isArray(value) ? value : args) elements[verb === 'remove' ? 'delete' : 'add'](element as string)
    return [...elements].sort()
  }
  if (policy === 'map') {
    const entries = { ...(was as Record<string, JsonValue>), ...(verb === 'setKey' ? { [value as string]: more[0] ?? null } : {}) }
    if (verb === 'deleteKey') delete entries[value as string]
    return verb === 'insert' || verb === 'upsert' ? { ...entries, ...(value as object) } : entries
  }
  return policy === 'siblings' ? [value] : value
}

function ordered(items: readonly string[], item: string, [word, other = '']: readonly string[]): string[] {
  const rest = items.filter((one) => one !== item)
  if (word === 'first' || word === 'last') return word === 'first' ? [item, ...rest] : [...rest, item]
  return rest.toSpliced(rest.indexOf(other) + (word === 'after' ? 1 : 0), 0, item)
}

describe('docs/conflicts.md has them all', () => {
  const unordered = (some: readonly string[]) => some.flatMap((a, i) => some.slice(i).map((b) => [a, b].sort().join(' × ')))
  /** The last operation of somebody names what he did; what he had deleted before is inserted again. */
  const nameOf = (steps: readonly Step[]) => {
    const [last, ...earlier] = steps.map(({ verb }) => verb).reverse()
    return last === 'insert' && earlier.includes('delete') ? 'insert again' : (last ?? '')
  }
  const written = (policy: string) =>
    new Set(pairs.filter((pair) => pair.policy === policy).map(({ steps }) => [nameOf(steps.Ann), nameOf(steps.Bob)].sort().join(' × ')))

  test('every policy there is', () => {
    const folder = new URL('../../shared/src/policy/', import.meta.url)
    const files = readdirSync(folder).filter((file) => !file.includes('.test.'))
    const made = files.flatMap((file) => [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ +name: '([\w-]+)'|= extreme\('(\w+)'/gm),
    ])
    expect(Object.keys(FIELDS).sort()).toEqual(made.map(([, name, extreme]) => name ?? extreme).sort())
    for (const [name, field] of Object.entries(FIELDS)) expect(field().def.policy.name).toBe(name)
    expect([...new Set(pairs.map(({ policy }) => policy))].sort()).toEqual([...Object.keys(FIELDS), ...DELETIONS].sort())
  })

  test.each(Object.entries(FIELDS))('every pair of operations on a field: %s', (policy, field) => {
    const verbs = Object.keys(field().def.verbs ?? { set: true })
    const missing = [...unordered([...verbs, 'upsert']), 'insert × insert'].filter((pair) => !written(policy).has(pair))
    expect(missing).toEqual([])
  })

  test.each(DELETIONS)('every pair of operations on a record: %s', (policy) => {
    const reads = ['constructor', 'get', 'record']
    const verbs = Object.getOwnPropertyNames(TableHandle.prototype).filter((name) => !reads.includes(name))
    expect(verbs).toContain('restore')
    expect(unordered([...verbs, 'insert again']).filter((pair) => !written(policy).has(pair))).toEqual([])
  })

  test('where the order of arrival does not matter there is one column, else two', () => {
    const ordered = pairs.filter(({ outcomes }) => outcomes.Ann !== outcomes.Bob).map(({ policy }) => policy)
    expect([...new Set(ordered)].sort()).toEqual(['counter', 'delete-wins', 'edit-wins', 'first', 'rank', 'strict'])
    expect(pairs.filter(isOfRecords).length).toBeGreaterThan(2 * 21)
  })
})

describe('time and ties', () => {
  const at = (cell: string) => (cell === 'right' ? undefined : Date.parse(cell))
  const RIGHT = Date.UTC(2026, 4, 1, 12)

  test.each(readTable(document, 'Ann writes'))('%s against %s: %s', (ann, bob, stands) => {
    const write = (cell: string): Head => {
      const [dot, time] = [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => JSON.parse(text) as JsonValue)
      return { by: dot as unknown as Head['by'], seq: 1, at: time as number }
    }
    const apply = (state: ReturnType<typeof latestPolicy.empty>, value: string, head: Head) => {
      const merged = latestPolicy.apply(state, { do: 'set', value }, { head, base: 0, sees: () => false })
      return 'state' in merged ? merged.state : state
    }
    const [hers, his] = [write(ann), write(bob)]
    expect(latestPolicy.read(apply(apply(latestPolicy.empty(null), 'Ann', hers), 'Bob', his))).toBe(stands)
    expect(latestPolicy.read(apply(apply(latestPolicy.empty(null), 'Bob', his), 'Ann', hers))).toBe(stands)
  })

  test.each(readTable(document, 'the clock of the server'))('the server at %s decides %s: %s', async (server, says, decided) => {
    const [now, said, expected] = [server, says, decided].map((cell) => at(cell.replaceAll('`', ''))) as [number, number, number]
    const answer = await testServer({ now })
      .client('ann')
      .sync({ tx: [tx('A', 1, [insert('home:ann', 't')], { at: hlcOf(said) })] })
    expect(new Date(msOf(answer.deltas[0]?.by[0]?.[3] ?? -1)).toISOString()).toBe(new Date(expected).toISOString())
  })

  test.each(readTable(document, 'the clock of Ann'))('Ann in %s, Bob in %s, %s wrote last: %s', async (ann, bob, last, stands) => {
    for (const order of ['Ann', 'Bob'] as const) {
      const world = createWorld()
      closing.push(world)
      const devices = { Ann: world.device(), Bob: world.device() }
      devices.Ann.skewClock((at(ann.replaceAll('`', '')) ?? RIGHT) - RIGHT)
      devices.Bob.skewClock((at(bob.replaceAll('`', '')) ?? RIGHT) - RIGHT)
      const dbs = { Ann: await devices.Ann.tab({ schema, userId: 'ann' }), Bob: await devices.Bob.tab({ schema, userId: 'ann' }) }
      await dbs.Ann.home.todos.insert({ id: 't', title: 'Milk' })
      await world.until(() => expect(dbs.Bob.todos.get('t')?.title).toBe('Milk'))
      devices.Ann.offline()
      devices.Bob.offline()
      for (const person of last === 'Bob' ? (['Ann', 'Bob'] as const) : (['Bob', 'Ann'] as const)) {
        await world.clock.advance(120_000)
        dbs[person].todos.update('t', { title: person })
      }
      for (const person of order === 'Ann' ? (['Ann', 'Bob'] as const) : (['Bob', 'Ann'] as const)) {
        devices[person].online()
        await world.until(() => expect(dbs[person].status.read()).toMatchObject({ state: 'synced', pending: 0 }))
      }
      await world.until(() => expect([dbs.Ann.todos.get('t')?.title, dbs.Bob.todos.get('t')?.title]).toEqual([stands, stands]))
    }
  })

  test.each(readTable(document, 'ids and keys'))('places %s: %s', async (cell, order) => {
    const app = defineSchema({ version: 1, tables: { items: table({ position: rank() }).index('position') } })
    const world = createWorld({ server: { schema: app } })
    closing.push(world)
    const keys = Object.entries(JSON.parse(cell.replaceAll('`', '')) as Record<string, string>)
    const operations = keys.map(([id, key]) => ['ins', 'home:ann', 'items', id, { position: key === 'V' ? key : [key, null, null] }])
    await wireClient(world.serve, 'ann').sync({ tx: [tx('A', 1, operations)] })
    const db = await world.device().tab({ schema: app, userId: 'ann' })
    await world.until(() => expect([...db.items.orderBy('position')].map(({ id }) => id)).toEqual(JSON.parse(order.replaceAll('`', ''))))
  })
})
