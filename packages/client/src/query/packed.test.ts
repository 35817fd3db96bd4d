import { boolean, defineSchema, number, string, table, timestamp } from '@holdfast/shared'
import type { MergeTable, RecordState } from '@holdfast/shared/internal/merge/record'
import { TableQuery } from '@holdfast/shared/internal/query/query'
import { type AnyRow, everything } from '@holdfast/shared/internal/query/question'
import type { Live } from '@holdfast/shared/internal/query/reading'
import { encodeSegment, openSegment } from '@holdfast/shared/internal/segment/segment'
import { expect, test } from 'vitest'
import { HeldSegment } from '../core/held-segment.ts'
import { Records } from '../core/records.ts'
import { createViews } from './live-query.ts'
import type { PackedSource } from './packed-rows.ts'

const fields = { title: string(), done: boolean(), list: string(), size: number().nullable(), at: timestamp() }
const { tables } = defineSchema({
  version: 1,
  tables: { todos: table(fields).index('list', 'done', 'at').index('at').index('size', 'title').index('title') },
})
const merge = new Map<string, MergeTable>(Object.entries(tables))

function random(seed: number) {
  let state = seed
  return (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) | 0
    return ((state >>> 8) % n) as number
  }
}

type Values = Readonly<Record<string, string | number | boolean | null>>

const stateOf = (values: Values): RecordState => ({
  born: [],
  alive: 1,
  died: [],
  fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, heads: [] }])),
})

/** Records of two spaces in segments, some of them touched since; and the same rows in the plainest form. */
function createWorld(seed: number) {
  const r = random(seed)
  const records = new Records(merge)
  const source: PackedSource = {
    rows: (name, space) => records.rows(name, space),
    packed: (name, space) => records.packed(name, space),
    loose: (name, space) => records.loose(name, space),
    get: (name, space, id) => records.of(space ?? 's', name)?.row(id),
    get layout() {
      return records.layout
    },
    get renewals() {
      return records.renewals
    },
  }
  const valuesOf = (): Values => ({
    title: ['', 'a', 'ab', 'b', 'é', '😀'][r(6)] as string,
    done: r(2) === 0,
    list: `list ${r(4)}`,
    size: r(3) === 0 ? null : r(5),
    at: 1_000 + r(40),
  })
  const values = new Map<string, Values>()
  const held: HeldSegment[] = []
  for (const space of ['s', 't']) {
    const all = Array.from({ length: 120 }, (_, i) => [`id${String(i).padStart(3, '0')}`, valuesOf()] as const)
    for (const [id, one] of all) values.set(`${space} ${id}`, one)
    for (let i = 0; i < all.length; i += 50) {
      const part = all.slice(i, i + 50).map(([id, one]) => [id, stateOf(one)] as const)
      const segment = openSegment(
        encodeSegment('todos', merge.get('todos') as MergeTable, part, () => false),
        merge,
      )
      held.push(new HeldSegment({ space, name: `${space}${i}`, segment, stored: true }))
    }
  }
  for (const space of ['s', 't'])
    records.renew(
      space,
      held.filter((one) => one.space === space),
    )
  const views = createViews({ source, tables, report: (error) => expect.unreachable(String(error)) })
  const todos = new TableQuery(views, tables.todos, everything('todos'))

  function change(space: string, id: string, next: Values | undefined): void {
    const before = records.of(space, 'todos')?.row(id)
    const [entry] = records.touch(space, 'todos', id)
    entry.base = entry.view = next && stateOf(next)
    entry.isNew = true
    entry.row = next && (Object.freeze({ id, $space: space, ...next }) as never)
    if (next) values.set(`${space} ${id}`, next)
    else {
      values.delete(`${space} ${id}`)
      records.of(space, 'todos')?.drop(id)
    }
    views.apply([{ table: 'todos', space, id, before, after: entry.row }])
    views.notify()
  }
  const plain = (): AnyRow[] => [...values].map(([key, one]) => ({ id: key.slice(2), $space: key.slice(0, 1), ...one }))
  return { r, records, views, todos, change, valuesOf, plain }
}

interface Case {
  readonly ask: (todos: TableQuery) => TableQuery
  readonly test: (row: AnyRow) => boolean
  readonly by: readonly (readonly [string, 1 | -1])[]
  readonly limit?: number
}

const CASES: readonly Case[] = [
  {
    ask: (q) => q.where({ list: 'list 1', done: false }).orderBy('at', 'desc').limit(7),
    test: (r) => r.list === 'list 1' && !r.done,
    by: [['at', -1]],
    limit: 7,
  },
  {
    ask: (q) => q.where({ list: 'list 1', done: false }).orderBy('at').limit(7),
    test: (r) => r.list === 'list 1' && !r.done,
    by: [['at', 1]],
    limit: 7,
  },
  {
    ask: (q) => q.where({ list: 'list 2' }).orderBy('done', 'desc').orderBy('at', 'desc'),
    test: (r) => r.list === 'list 2',
    by: [
      ['done', -1],
      ['at', -1],
    ],
  },
  {
    ask: (q) => q.where({ list: 'list 2' }).orderBy('done').orderBy('at', 'desc'),
    test: (r) => r.list === 'list 2',
    by: [
      ['done', 1],
      ['at', -1],
    ],
  },
  { ask: (q) => q.orderBy('at', 'desc').limit(9), test: () => true, by: [['at', -1]], limit: 9 },
  {
    ask: (q) => q.where({ at: { gte: 1_010, lt: 1_020 } }).orderBy('at'),
    test: (r) => (r.at as number) >= 1_010 && (r.at as number) < 1_020,
    by: [['at', 1]],
  },
  { ask: (q) => q.where({ size: { gt: 1 } }).orderBy('title'), test: (r) => r.size !== null && (r.size as number) > 1, by: [['title', 1]] },
  { ask: (q) => q.where({ size: null }), test: (r) => r.size === null, by: [] },
  {
    ask: (q) => q.where({ title: { startsWith: 'a' }, done: true }),
    test: (r) => String(r.title).startsWith('a') && r.done === true,
    by: [],
  },
  {
    ask: (q) => q.where({ $space: 't', list: { gt: 'list 1' } }).orderBy('list', 'desc'),
    test: (r) => r.$space === 't' && String(r.list) > 'list 1',
    by: [['list', -1]],
  },
  {
    ask: (q) => q.whereAny({ done: true, size: 1 }, { list: 'list 3' }),
    test: (r) => (r.done === true && r.size === 1) || r.list === 'list 3',
    by: [],
  },
  {
    ask: (q) => q.where({ $space: 's', list: 'list 1', done: false }).orderBy('at', 'desc').limit(7),
    test: (r) => r.$space === 's' && r.list === 'list 1' && !r.done,
    by: [['at', -1]],
    limit: 7,
  },
  { ask: (q) => q.where({ $space: 't' }).orderBy('at'), test: (r) => r.$space === 't', by: [['at', 1]] },
  {
    ask: (q) =>
      q
        .where({ $space: 't', size: { gte: 0 } })
        .orderBy('size')
        .orderBy('title'),
    test: (r) => r.$space === 't' && r.size !== null,
    by: [
      ['size', 1],
      ['title', 1],
    ],
  },
  {
    ask: (q) => q.where({ done: true }).orderBy('done').orderBy('title', 'desc').limit(6),
    test: (r) => r.done === true,
    by: [['title', -1]],
    limit: 6,
  },
  {
    ask: (q) => q.orderBy('size', 'desc').orderBy('list').limit(1),
    test: () => true,
    by: [
      ['size', -1],
      ['list', 1],
    ],
    limit: 1,
  },
  { ask: (q) => q.limit(300), test: () => true, by: [], limit: 300 },
  { ask: (q) => q.where({ done: true }).limit(0), test: () => false, by: [], limit: 0 },
  { ask: (q) => q.where({ id: { startsWith: 'id01' } }), test: (r) => r.id.startsWith('id01'), by: [] },
]

/** By code point, null first: written apart from what is tested. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  if (typeof a !== 'string') return Number(a) - Number(b)
  const [x, y] = [a, String(b)].map((text) => Array.from(text, (c) => c.codePointAt(0) as number))
  for (let i = 0; i < Math.max(x?.length ?? 0, y?.length ?? 0); i++) if (x?.[i] !== y?.[i]) return (x?.[i] ?? -1) - (y?.[i] ?? -1)
  return 0
}

function expected(rows: readonly AnyRow[], { test, by, limit }: Case): AnyRow[] {
  const order = [...by, ['id', 1] as const, ['$space', 1] as const]
  const sorted = rows.filter(test).sort((a, b) => order.reduce((sign, [field, way]) => sign || way * compare(a[field], b[field]), 0))
  return sorted.slice(0, limit)
}

test.each([1, 2, 3, 4])('answers over segments and what was touched since are those over plain rows, seed %i', (seed) => {
  const { r, records, todos, change, valuesOf, plain } = createWorld(seed)
  const live = CASES.filter((_, i) => i % 2 === seed % 2).map((one) => {
    const held = { one, rows: [] as readonly AnyRow[], count: -1 }
    one.ask(todos).subscribe((rows) => {
      held.rows = rows
    })
    const count = one.ask(todos).count() as Live<number>
    count.subscribe((n) => {
      held.count = n
    })
    return held
  })
  for (let step = 0; step < 85; step++) {
    const known = new Map([...records.rows('todos')].map((row) => [`${row.$space} ${row.id}`, row]))
    const [space, id] = [r(2) ? 's' : 't', `id${String(r(140)).padStart(3, '0')}`]
    change(space, id, r(4) === 0 ? undefined : valuesOf())
    // A fold puts everything elsewhere and shows nothing else, nor other objects.
    if (step % 40 === 39) {
      const layout = records.layout
      records.pack(() => `packed ${step} ${records.layout}`)
      expect(records.layout).toBeGreaterThan(layout)
      expect([...records.loose('todos')]).toEqual([])
    }
    for (const row of records.rows('todos')) {
      const before = known.get(`${row.$space} ${row.id}`)
      if (before && (row.id !== id || row.$space !== space)) expect(row).toBe(before)
    }
    const rows = plain()
    for (const one of CASES) {
      const want = expected(rows, one)
      expect(one.ask(todos).read()).toEqual(want)
      expect(one.ask(todos).count().read()).toBe(want.length)
    }
    for (const { one, rows: shown, count } of live) {
      expect(shown).toEqual(expected(rows, one))
      expect(count).toBe(expected(rows, one).length)
    }
  }
})

test('an answer through an index makes objects of no other rows than its own', () => {
  const { records, todos } = createWorld(5)
  const objects = () => [...records.packed('todos')].reduce((sum, held) => sum + [...held.looked()].length, 0)
  expect(objects()).toBe(0)
  expect(todos.where({ list: 'list 1', done: true }).orderBy('at', 'desc').limit(5).read()).toHaveLength(5)
  expect(objects()).toBe(5)
  const found = todos.where({ title: 'ab', size: 2 }).read()
  expect(objects()).toBeLessThanOrEqual(5 + found.length)
  expect(todos.where({ title: 'ab', size: 2 }).read()[0]).toBe(found[0])
})

test('to count makes no objects, and the first few of many no others, index or not', () => {
  const { records, todos, plain } = createWorld(6)
  const objects = () => [...records.packed('todos')].reduce((sum, held) => sum + [...held.looked()].length, 0)
  expect(todos.count().read()).toBe(plain().length)
  expect(todos.where({ done: true }).count().read()).toBeGreaterThan(0)
  expect(todos.where({ list: 'list 1', done: true }).count().read()).toBeGreaterThan(0)
  expect(objects()).toBe(0)
  expect(todos.where({ done: true }).orderBy('size', 'desc').first().read()).toBeDefined()
  expect(objects()).toBe(1)
  expect(todos.orderBy('size').orderBy('list').limit(3).read()).toHaveLength(3)
  expect(objects()).toBeLessThanOrEqual(4)
})
