import { boolean, counter, defineSchema, isHoldfastError, json, number, set, string, table } from '@holdfast/shared'
import { TableQuery } from '@holdfast/shared/internal/query/query'
import { type AnyRow, everything, type RowChange } from '@holdfast/shared/internal/query/question'
import { expect, test } from 'vitest'
import { createViews } from './live-query.ts'
import type { PackedSource } from './packed-rows.ts'

const fields = {
  title: string(),
  done: boolean(),
  size: number().nullable(),
  votes: counter(),
  tags: set(string()),
  meta: json().nullable(),
}
const plain = defineSchema({ version: 1, tables: { todos: table(fields), notes: table({ text: string() }) } })
const indexed = defineSchema({
  version: 1,
  tables: { todos: table(fields).index('done', 'title').index('size').index('title', 'size'), notes: table({ text: string() }) },
})

function random(seed: number): { (): number; int(n: number): number; pick<T>(from: readonly T[]): T } {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (n: number) => Math.floor(next() * n)
  return Object.assign(next, { int, pick: <T>(from: readonly T[]) => from[int(from.length)] as T })
}
type Random = ReturnType<typeof random>

/** Rows in memory, and how often they were given and looked at. */
function createWorld(tables = plain.tables as typeof indexed.tables) {
  const rows = new Map<string, AnyRow>()
  const errors: unknown[] = []
  const seen = { given: 0, looks: 0 }
  function* given(_table: string, space: string | undefined) {
    for (const row of rows.values()) {
      if (space !== undefined && row.$space !== space) continue
      seen.given++
      yield row
    }
  }
  const source: PackedSource = {
    rows: given,
    packed: () => [],
    loose: given,
    layout: 0,
    renewals: 0,
    get: (_table, space, id) => [...rows.values()].find((row) => row.id === id && (space === undefined || row.$space === space)),
  }
  const views = createViews({ source, tables, report: (error) => errors.push(error) })
  const put = (space: string, id: string, after: AnyRow | undefined): RowChange => {
    const key = JSON.stringify([space, id])
    const before = rows.get(key)
    if (after) rows.set(key, after)
    else rows.delete(key)
    return { table: 'todos', space, id, before, after }
  }
  const row = (space: string, id: string, values: Record<string, unknown> = {}): AnyRow => {
    const row: Record<string, unknown> = {
      id,
      $space: space,
      title: 'a',
      done: false,
      size: null,
      votes: 0,
      tags: [],
      meta: null,
      ...values,
    }
    const done = row.done
    Object.defineProperty(row, 'done', {
      enumerable: true,
      get() {
        seen.looks++
        return done
      },
    })
    return Object.freeze(row) as AnyRow
  }
  const set = (space: string, id: string, values?: Record<string, unknown>) => put(space, id, values && row(space, id, values))
  const change = (...changes: RowChange[]) => {
    views.apply(changes)
    views.notify()
  }
  return { rows, errors, seen, views, set, change, todos: new TableQuery(views, tables.todos, everything('todos')) }
}

const TITLES = ['', 'a', 'ab', 'b', 'B', 'é', '\uffff', '😀', 'milk']
const TAGS = ['x', 'y', 'z']
const SPACES = ['s1', 's2']

const randomValues = (r: Random) => ({
  title: r.pick(TITLES),
  done: r() < 0.5,
  size: r() < 0.3 ? null : r.int(6),
  votes: r.int(4),
  tags: TAGS.filter(() => r() < 0.4),
})

/** The same in the plainest way: code points by `Array.from`, a whole sort, no cleverness shared with the engine. */
interface Case {
  query: (todos: TableQuery) => TableQuery
  test: (row: AnyRow) => boolean
  order?: (row: AnyRow) => readonly unknown[]
  desc?: boolean
  limit?: number
}
const known = new Map<unknown, readonly number[]>()
function points(value: unknown): readonly number[] {
  const found = known.get(value)
  if (found) return found
  const level = value === null ? 0 : ['boolean', 'number', 'string'].indexOf(typeof value) + 1
  const made = typeof value === 'string' ? [level, ...Array.from(value, (c) => c.codePointAt(0)! + 1)] : [level, Number(value)]
  known.set(value, made)
  return made
}
const comparePoints = (a: readonly number[], b: readonly number[]) => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? -1) - (b[i] ?? -1)
  return 0
}
function expected(rows: Iterable<AnyRow>, { test, order = () => [], desc, limit = Infinity }: Case): AnyRow[] {
  const compare = (a: AnyRow, b: AnyRow) => {
    const [left, right] = [order(a), order(b)]
    for (let i = 0; i < left.length; i++) {
      const sign = comparePoints(points(left[i]), points(right[i]))
      if (sign) return desc ? -sign : sign
    }
    return comparePoints(points(a.id), points(b.id)) || comparePoints(points(a.$space), points(b.$space))
  }
  return [...rows].filter(test).sort(compare).slice(0, limit)
}

const has = (row: AnyRow, tag: string) => (row.tags as string[]).includes(tag)
const size = (row: AnyRow) => row.size as number | null
const CASES: readonly Case[] = [
  { query: (q) => q, test: () => true },
  { query: (q) => q.limit(3), test: () => true, limit: 3 },
  { query: (q) => q.limit(0), test: () => true, limit: 0 },
  { query: (q) => q.where({ done: true }), test: (r) => r.done === true },
  { query: (q) => q.where({ done: true }).orderBy('title'), test: (r) => r.done === true, order: (r) => [r.title] },
  { query: (q) => q.where({ done: false }).orderBy('title').limit(5), test: (r) => r.done === false, order: (r) => [r.title], limit: 5 },
  {
    query: (q) => q.where({ done: false }).orderBy('title', 'desc').limit(5),
    test: (r) => r.done === false,
    order: (r) => [r.title],
    desc: true,
    limit: 5,
  },
  {
    query: (q) => q.where({ done: true, title: { gte: 'a', lt: 'milk' } }),
    test: (r) => r.done === true && ['a', 'ab', 'b'].includes(r.title as string),
  },
  { query: (q) => q.where({ done: false, title: { startsWith: 'a' } }), test: (r) => r.done === false && String(r.title).startsWith('a') },
  { query: (q) => q.where({ title: { gt: '\uffff' } }), test: (r) => r.title === '😀' },
  {
    query: (q) => q.where({ title: { in: ['a', 'B'] }, votes: { ne: 2 } }),
    test: (r) => ['a', 'B'].includes(r.title as string) && r.votes !== 2,
  },
  {
    query: (q) => q.where({ size: { gt: 1, lte: 4 } }).orderBy('size'),
    test: (r) => size(r) !== null && size(r)! > 1 && size(r)! <= 4,
    order: (r) => [r.size],
  },
  { query: (q) => q.where({ size: { lt: 2 } }), test: (r) => size(r) !== null && size(r)! < 2 },
  {
    query: (q) => q.where({ size: null }).orderBy('votes').orderBy('title'),
    test: (r) => size(r) === null,
    order: (r) => [r.votes, r.title],
  },
  { query: (q) => q.where({ size: { gt: 4, lt: 1 } }), test: () => false },
  { query: (q) => q.orderBy('size').limit(7), test: () => true, order: (r) => [r.size], limit: 7 },
  { query: (q) => q.where({ title: 'ab' }).orderBy('size').limit(2), test: (r) => r.title === 'ab', order: (r) => [r.size], limit: 2 },
  {
    query: (q) => q.where({ title: 'ab', done: true }).orderBy('title').orderBy('votes', 'asc'),
    test: (r) => r.title === 'ab' && r.done === true,
    order: (r) => [r.votes],
  },
  { query: (q) => q.where({ $space: 's1', size: 3 }), test: (r) => r.$space === 's1' && r.size === 3 },
  { query: (q) => q.where({ $space: 's1' }).where({ $space: 's2' }), test: () => false },
  {
    query: (q) => q.where({ $space: { in: ['s2'] } }).orderBy('id', 'desc'),
    test: (r) => r.$space === 's2',
    order: (r) => [r.id],
    desc: true,
  },
  { query: (q) => q.where({ tags: { has: 'x' } }), test: (r) => has(r, 'x') },
  { query: (q) => q.where({ tags: { hasAny: ['x', 'y'] } }), test: (r) => has(r, 'x') || has(r, 'y') },
  { query: (q) => q.where({ tags: { hasAll: ['x', 'y'] }, done: true }), test: (r) => has(r, 'x') && has(r, 'y') && r.done === true },
  { query: (q) => q.whereAny({ done: true, size: 1 }, { title: 'b' }), test: (r) => (r.done === true && r.size === 1) || r.title === 'b' },
  {
    query: (q) => q.where({ done: true }).whereAny({ size: 1 }, { size: 2 }),
    test: (r) => r.done === true && (r.size === 1 || r.size === 2),
  },
  { query: (q) => q.whereAny(), test: () => false },
  { query: (q) => q.where({ id: { startsWith: 't1' } }), test: (r) => r.id.startsWith('t1') },
]

for (const [name, schema] of Object.entries({ plain, indexed })) {
  test.each([1, 2, 3])(`incremental answers equal full ones over thousands of random changes: ${name}, seed %i`, (seed) => {
    const r = random(seed)
    const world = createWorld(schema.tables as typeof indexed.tables)
    const { todos, rows } = world
    const ids = Array.from({ length: 60 }, (_, i) => `t${i}`)
    const someChange = () => {
      const [space, id] = [r.pick(SPACES), r.pick(ids)]
      if (r() < 0.2) return world.set(space, id)
      const old = rows.get(JSON.stringify([space, id]))
      const fresh = randomValues(r)
      return world.set(space, id, old && r() < 0.5 ? { ...old, title: r() < 0.5 ? old.title : fresh.title } : fresh)
    }
    world.change(...Array.from({ length: 40 }, someChange))

    // Each case is watched in some of three ways, or in none: then it is found afresh.
    const watched = CASES.map((one) => {
      const query = one.query(todos)
      const watch = { calls: 0, rows: undefined as readonly AnyRow[] | undefined, count: -1, first: undefined as unknown }
      const [rows, first, count] = r() < 0.3 ? [] : [r() < 0.5, r() < 0.3, r() < 0.5]
      if (rows) {
        query.subscribe((value) => {
          watch.calls++
          watch.rows = value
        })
      }
      if (first) {
        world.views.first(query.question).subscribe((row) => {
          watch.first = row
        })
      }
      if (count) {
        world.views.count(query.question).subscribe((n) => {
          watch.count = n
        })
      }
      return { one, query, watch, isFirst: first }
    })

    let changed = 0
    for (let step = 0; step < 200; step++) {
      const before = watched.map(({ watch }) => ({ ...watch }))
      const batch = Array.from({ length: r() < 0.1 ? 20 + r.int(80) : 1 + r.int(3) }, someChange)
      changed += batch.length
      world.change(...batch)
      for (const [i, { one, query, watch, isFirst }] of watched.entries()) {
        const want = expected(rows.values(), one)
        const equal = (given: readonly AnyRow[]) => given.length === want.length && want.every((row, n) => row === given[n])
        const former = before[i]!
        if (watch.rows) {
          expect(equal(watch.rows)).toBe(true)
          const same = equal(former.rows!)
          expect(watch.calls - former.calls).toBe(same ? 0 : 1)
          expect(watch.rows === former.rows).toBe(same)
          expect(query.read()).toBe(watch.rows)
        }
        if (isFirst) expect(watch.first).toBe(want[0])
        if (watch.count >= 0) expect(watch.count).toBe(want.length)
        expect(equal(query.read())).toBe(true)
        expect(query.first().read()).toBe(want[0])
        expect(query.count().read()).toBe(want.length)
      }
    }
    expect(changed).toBeGreaterThan(1000)
    expect(world.errors).toEqual([])
  })
}

test.each([1, 2, 3])('a transaction sees its own changes on top, seed %i', (seed) => {
  const r = random(seed)
  for (let round = 0; round < 30; round++) {
    const world = createWorld(indexed.tables)
    const before = Array.from({ length: 30 }, (_, i) => world.set(r.pick(SPACES), `t${i}`, randomValues(r)))
    world.change(...before)
    const rows = new Map(world.rows)
    const changes = Array.from({ length: r.int(30) }, () => {
      const [space, id] = [r.pick(SPACES), `t${r.int(40)}`]
      return world.set(space, id, r() < 0.3 ? undefined : randomValues(r))
    })
    const wanted = CASES.map((one) => expected(world.rows.values(), one))
    const after = new Map(world.rows)
    world.rows.clear()
    for (const [key, row] of rows) world.rows.set(key, row)
    const inside = world.views.during(() => changes)
    for (const [i, one] of CASES.entries()) {
      const query = one.query(new TableQuery(inside, indexed.tables.todos, everything('todos')))
      expect(query.read()).toEqual(wanted[i])
      expect(query.count().read()).toBe(wanted[i]!.length)
      expect(query.first().read()).toBe(wanted[i]![0])
    }
    for (const space of SPACES) {
      for (let i = 0; i < 40; i++) expect(inside.record('todos', space, `t${i}`).read()).toBe(after.get(JSON.stringify([space, `t${i}`])))
    }
  }
})

test('a question through an index visits only what it must', () => {
  const world = createWorld(indexed.tables)
  const changes = Array.from({ length: 10_000 }, (_, i) =>
    world.set('s', `t${i}`, { done: i % 100 === 0, title: `n${String(i).padStart(5, '0')}` }),
  )
  world.change(...changes)
  const query = world.todos.where({ done: true }).orderBy('title')
  const visits = (run: () => unknown) => {
    world.seen.given = world.seen.looks = 0
    run()
    return { ...world.seen }
  }
  expect(visits(() => query.limit(1).read()).given).toBe(10_000)
  // 100 of 10,000: two binary searches of 14 steps, with at most two looks each, and the rows themselves.
  const all = visits(() => expect(query.read()).toHaveLength(100))
  expect(all.given).toBe(0)
  expect(all.looks).toBeLessThan(100 + 60)
  const few = visits(() => expect(query.limit(3).read()).toHaveLength(3))
  expect(few.looks).toBeLessThan(3 + 60)
  const range = visits(() => expect(world.todos.where({ done: false, title: { startsWith: 'n0001' } }).read()).toHaveLength(10))
  expect(range.looks).toBeLessThan(10 + 60)
  // Maintained, not built again; and a change costs a search in what is kept.
  const change = visits(() => world.change(world.set('s', 't77', { done: true, title: 'n00077' })))
  expect(change.given).toBe(0)
  expect(change.looks).toBeLessThan(80)
  expect(visits(() => expect(query.read()).toHaveLength(101)).given).toBe(0)
})

test('a live query looks at what changed, and shares one result', () => {
  const world = createWorld()
  world.change(...Array.from({ length: 1000 }, (_, i) => world.set('s', `t${i}`, { done: i % 2 === 0 })))
  world.seen.given = 0
  const listen = () =>
    world.todos
      .where({ done: true })
      .where({ title: 'a' })
      .subscribe(() => {})
  const stops = [
    listen(),
    listen(),
    world.todos
      .where({ title: 'a', done: true })
      .limit(2)
      .subscribe(() => {}),
  ]
  expect(world.seen.given).toBe(2000 - 1000)
  world.seen.looks = 0
  world.change(world.set('s', 't1', { done: true }))
  expect(world.seen.given).toBe(1000)
  expect(world.seen.looks).toBeLessThan(10)
  for (const stop of stops) stop()
  world.seen.looks = 0
  world.change(world.set('s', 't3', { done: true }))
  expect(world.seen.looks).toBe(0)
})

test('equal questions have equal keys, others do not', () => {
  const { todos } = createWorld()
  const key = todos.where({ done: true, size: { gt: 1, lt: 3 } }).key
  expect(todos.where({ size: { lt: 3, gt: 1 } }).where({ done: true }).key).toBe(key)
  expect(
    todos
      .where({ done: true })
      .where({ size: { gt: 1 } })
      .where({ size: { lt: 3 } }).key,
  ).toBe(key)
  expect(todos.whereAny({ size: 1, done: true }, { title: 'a' }).key).toBe(todos.whereAny({ title: 'a' }, { done: true, size: 1 }).key)
  expect(todos.where({ size: 0 }).key).toBe(todos.where({ size: -0 }).key)
  const keys = [
    todos,
    todos.where({ done: true }),
    todos.where({ title: 'true' }),
    todos.where({ size: null }),
    todos.where({ size: { ne: null } }),
    todos.orderBy('title'),
    todos.orderBy('title', 'desc'),
    todos.limit(1),
    todos.where({ $space: 's' }),
    todos.whereAny(),
  ].flatMap((query) => [query.key, query.first().key, query.orderBy('size').count().key])
  // The three counts that differ in order only, and the two first rows, are one each.
  expect(new Set(keys).size).toBe(keys.length - 3)
})

test('records, outside values and computations are live', () => {
  const world = createWorld()
  const { views } = world
  const outside = { status: 'synced' }
  const heard: unknown[] = []
  views.record('todos', 's', 'a').subscribe((row) => heard.push(row?.title))
  views.value('status', () => outside.status).subscribe((status) => heard.push(status))
  let runs = 0
  const open = views.computed((asker) => {
    runs++
    const todos = new TableQuery(asker, plain.tables.todos, everything('todos'))
    return { open: todos.where({ done: false }).count().read(), first: asker.record('todos', 's', 'a').read()?.title }
  })
  expect(open.read()).toBe(open.read())
  open.subscribe((value) => heard.push(value))
  expect(heard.splice(0)).toEqual([undefined, 'synced', { open: 0, first: undefined }])
  world.change(world.set('s', 'a', { title: 'x' }))
  expect(heard.splice(0)).toEqual(['x', { open: 1, first: 'x' }])
  runs = 0
  world.change(world.set('s', 'b', { done: true }))
  expect([runs, ...heard]).toEqual([0])
  outside.status = 'offline'
  expect(views.value('status', () => outside.status).read()).toBe('offline')
  views.notify()
  expect(heard.splice(0)).toEqual(['offline'])
  world.change(world.set('s', 'a'))
  expect(heard.splice(0)).toEqual([undefined, { open: 0, first: undefined }])
})

test('H1 H3: hostile ids and values are as good as any others', () => {
  const world = createWorld(indexed.tables)
  const ids = ['__proto__', 'constructor', 'toString', 'é'.normalize('NFC'), 'é'.normalize('NFD')]
  world.todos.subscribe(() => {})
  world.change(...ids.map((id) => world.set('__proto__', id, { title: id })))
  expect(world.todos.read().map((row) => row.id)).toEqual(['__proto__', 'constructor', 'e\u0301', 'toString', '\u00e9'])
  for (const id of ids) {
    expect(world.todos.where({ title: id, $space: '__proto__' }).read()).toHaveLength(1)
    expect(world.views.record('todos', '__proto__', id).read()?.id).toBe(id)
  }
  world.change(...ids.map((id) => world.set('__proto__', id)))
  expect(world.todos.read()).toEqual([])
})

test('what was read keeps its identity until something changes, subscribed or not', () => {
  const world = createWorld()
  world.change(world.set('s', 'a', {}), world.set('s', 'b', { done: true }))
  const query = () => world.todos.where({ done: true })
  const rows = query().read()
  expect(query().read()).toBe(rows)
  const stop = query().subscribe((value) => expect(value).toBe(rows))
  stop()
  expect(query().read()).toBe(rows)
  expect(Object.isFrozen(rows)).toBe(true)
})

test('a mistake in a question is refused', () => {
  const { todos } = createWorld()
  const code = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      return isHoldfastError(error) ? error.code : error
    }
    return 'accepted'
  }
  for (const wrong of [
    { done: undefined },
    { size: { gt: undefined } },
    { meta: null },
    { tags: 'a' },
    { tags: ['a'] },
    { size: { has: 1 } },
    { size: { in: 1 } },
  ]) {
    expect(code(() => todos.where(wrong))).toBe('invalid_value')
  }
  for (const wrong of [{ size: Number.NaN }, { title: '\ud800' }, { title: { like: 'a' } }, { title: { toString: 1 } }]) {
    expect(code(() => todos.where(wrong))).toBe('invalid_value')
  }
  for (const wrong of [{ titel: 1 }, { toString: 1 }, JSON.parse('{"__proto__":1}')])
    expect(code(() => todos.where(wrong))).toBe('unknown_field')
  for (const field of ['tags', 'meta', 'titel']) expect(code(() => todos.orderBy(field))).toBe('invalid_value')
  for (const n of [-1, 1.5, Number.NaN]) expect(code(() => todos.limit(n))).toBe('invalid_value')
})
