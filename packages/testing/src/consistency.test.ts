import { readFileSync } from 'node:fs'
import type { Database, Tx } from '@holdfast/client'
import { defineSchema, number, string, table } from '@holdfast/shared'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { createWorld, type World } from './world.ts'

// Every cell of the table in docs/consistency.md: the scenario of its row, written in the way of its column, by two clients that have not
// seen each other, which then come online in a stated order.

const LEVELS = ['plain', 'serializable', 'command'] as const
type Level = (typeof LEVELS)[number]

const document = readFileSync(new URL('../../../docs/consistency.md', import.meta.url), 'utf8')
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))

const BAD = 13
const schema = defineSchema({ version: 1, tables: { items: table({ value: number(), name: string().default('') }).index('name') } })
type ItemsTx = Tx<typeof schema>

/** What is written, by name, so that it can be a command as well. */
const bodies: Record<string, (tx: ItemsTx) => void> = {
  ...Object.fromEntries(
    [1, 2, BAD].map((n) => [
      `both ${n}`,
      (tx: ItemsTx) => {
        tx.items.update('x', { value: n })
        tx.items.update('y', { value: n })
      },
    ]),
  ),
  'x is bad': (tx) => tx.items.update('x', { value: BAD }),
  'y after x': (tx) => tx.items.update('y', { value: 100 + (tx.items.get('x')?.value ?? 0) }),
  'x twice': (tx) => {
    tx.items.update('x', { value: 1 })
    tx.items.update('x', { value: 2 })
  },
  'x, having seen y': (tx) => tx.items.update('x', { value: 1, name: `saw ${tx.items.get('y')?.value}` }),
  'y, having seen x': (tx) => tx.items.update('y', { value: 1, name: `saw ${tx.items.get('x')?.value}` }),
  'count twice': (tx) => {
    const [before, after] = [tx.items.where({ name: 'new' }).count().read(), tx.items.where({ name: 'new' }).count().read()]
    tx.items.update('x', { name: before === after ? 'same' : 'more' })
  },
  'insert new': (tx) => void tx.home.items.insert({ id: 'n', value: 0, name: 'new' }),
  'one more': (tx) => tx.items.update('x', { value: 1 + (tx.items.get('x')?.value ?? 0) }),
  'two more': (tx) => tx.items.update('x', { value: 2 + (tx.items.get('x')?.value ?? 0) }),
  'x leaves': (tx) => tx.items.get('y')?.value === 0 && tx.items.update('x', { value: 1 }),
  'y leaves': (tx) => tx.items.get('x')?.value === 0 && tx.items.update('y', { value: 1 }),
  'first takes the name': (tx) =>
    tx.items.where({ name: 'taken' }).count().read() === 0 && tx.home.items.insert({ id: 'a', value: 0, name: 'taken' }),
  'second takes the name': (tx) =>
    tx.items.where({ name: 'taken' }).count().read() === 0 && tx.home.items.insert({ id: 'b', value: 0, name: 'taken' }),
  'in two spaces': (tx) => {
    tx.home.items.update('x', { value: 5 })
    tx.space('list_a').items.update('z', { value: 5 })
  },
}
const commands = { act: schema.command({ args: v.object({ what: v.string() }), run: (tx, { what }) => void bodies[what]?.(tx) }) }
const app = {
  schema,
  commands,
  validate({ changes }: { changes: readonly { after?: object | undefined }[] }) {
    if (changes.some(({ after }) => (after as { value?: number } | undefined)?.value === BAD)) throw new Error('refused by the server')
  },
}
type Tab = Database<typeof schema, typeof commands>

let world: World

const tabOf = (device: Device) => device.tab({ schema, commands, userId: 'ann' }) as Promise<Tab>
const values = (db: Tab) => Object.fromEntries(db.home.items.read().map(({ id, value }) => [id, value]))

function write(db: Tab, level: Level, what: keyof typeof bodies & string) {
  const body = (tx: object) => void bodies[what]?.(tx as ItemsTx)
  return level === 'command' ? db.run.act({ what }) : db.write(body, level === 'serializable' ? { isolation: 'serializable' } : {})
}

async function scene() {
  world = createWorld({ server: app })
  await world.server.grant('list_a', 'ann', 'write')
  const [first, second] = [world.device(), world.device()]
  const [a, b] = [await tabOf(first), await tabOf(second)]
  await world.until(() => expect(a.spaces.read()).toContain('list_a'))
  a.home.items.insert({ id: 'x', value: 0 })
  a.home.items.insert({ id: 'y', value: 0 })
  a.space('list_a').items.insert({ id: 'z', value: 0 })
  await world.synced(a)
  await world.until(() => expect(b.items.read()).toHaveLength(3))
  return { first, second, a, b }
}
type Scene = Awaited<ReturnType<typeof scene>>

/** Both write without having seen each other; then the one comes online, then the other. */
async function apart({ first, second, a, b }: Scene, level: Level, [hers, his]: readonly [string, string]) {
  first.offline()
  second.offline()
  const writes = [write(a, level, hers), write(b, level, his)]
  first.online()
  await world.synced(a)
  second.online()
  await world.synced(a, b)
  await world.until(() => expect(values(a)).toEqual(values(b)))
  return Promise.all(writes.map((one) => one.confirmed()))
}

/** All that a device ever showed, from now on. */
function watch(db: Tab): (readonly [x: number | undefined, y: number | undefined, z: number | undefined])[] {
  const seen: (readonly [number | undefined, number | undefined, number | undefined])[] = []
  db.live((read) => ['x', 'y', 'z'].map((id) => read.items.get(id)?.value)).subscribe(([x, y, z]) => seen.push([x, y, z]))
  return seen
}

/** Plays each anomaly, and says whether it happened. */
const scenarios: Record<string, (scene: Scene, level: Level) => Promise<boolean>> = {
  async 'G0 dirty write'(at, level) {
    await apart(at, level, ['both 1', 'both 2'])
    const { x, y } = values(at.a)
    return x !== y
  },
  async 'G1a aborted read, by others'(at, level) {
    const seen = watch(at.b)
    const verdict = await write(at.a, level, 'both 13').confirmed()
    expect(verdict.status).toBe('refused')
    await write(at.a, level, 'both 1').confirmed()
    await world.until(() => expect(values(at.b)).toEqual({ x: 1, y: 1 }))
    return seen.flat().includes(BAD)
  },
  async 'G1a aborted read, by its own device'({ first, a, b }, level) {
    first.offline()
    const bad = write(a, level, 'x is bad')
    const next = write(a, level, 'y after x')
    expect(values(a)).toEqual({ x: BAD, y: 100 + BAD })
    first.online()
    expect(await bad.confirmed()).toMatchObject({ status: 'refused' })
    await next.confirmed()
    await world.synced(a, b)
    return values(b).y === 100 + BAD
  },
  async 'G1b intermediate read'(at, level) {
    const seen = watch(at.b)
    await write(at.a, level, 'x twice').confirmed()
    await world.until(() => expect(values(at.b).x).toBe(2))
    return seen.some(([x]) => x === 1)
  },
  async 'G1c circular information flow'(at, level) {
    await apart(at, level, ['x, having seen y', 'y, having seen x'])
    const names = at.a.home.items.read().map(({ name }) => name)
    return names.every((name) => name === 'saw 1')
  },
  async 'OTV observed transaction vanishes'(at, level) {
    const seen = watch(at.b)
    await write(at.a, level, 'both 1').confirmed()
    await write(at.a, level, 'both 2').confirmed()
    await world.until(() => expect(values(at.b)).toEqual({ x: 2, y: 2 }))
    return seen.some(([x, y], i) => x !== y || (x ?? 0) < (seen[i - 1]?.[0] ?? 0))
  },
  async 'PMP predicate-many-preceders'(at, level) {
    await apart(at, level, ['insert new', 'count twice'])
    return at.a.items.get('x')?.name === 'more'
  },
  async 'P4 lost update'(at, level) {
    const verdicts = await apart(at, level, ['one more', 'two more'])
    const added = verdicts.reduce((sum, { status }, i) => sum + (status === 'applied' ? i + 1 : 0), 0)
    const lost = values(at.a).x !== added
    // Not without a word, though that may come a moment later.
    await world.until(() => expect(at.a.conflicts.read()).toHaveLength(lost ? 1 : 0))
    return lost
  },
  async 'G-single read skew'(at, level) {
    const seen = watch(at.b)
    await write(at.a, level, 'in two spaces').confirmed()
    await world.until(() => expect(values(at.b).x).toBe(5))
    return seen.some(([x, , z]) => x !== z)
  },
  async 'G2-item write skew on items'(at, level) {
    await apart(at, level, ['x leaves', 'y leaves'])
    const { x, y } = values(at.a)
    return x === 1 && y === 1
  },
  async 'G2 write skew on predicates'(at, level) {
    await apart(at, level, ['first takes the name', 'second takes the name'])
    return at.a.items.where({ name: 'taken' }).count().read() > 1
  },
}

test('the table has every anomaly, and each has its scenario', () => {
  expect(rows.map(([, name]) => name)).toEqual(Object.keys(scenarios))
})

for (const [, anomaly = '', ...cells] of rows) {
  describe(anomaly, () => {
    afterEach(() => world.close())
    for (const [i, level] of LEVELS.entries()) {
      test(`${level}: ${cells[i]}`, async () => {
        const happened = await scenarios[anomaly]?.(await scene(), level)
        expect(happened ? 'possible' : 'prevented').toBe(cells[i])
      })
    }
  })
}
