import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Head } from '../clock/heads.ts'
import { compareStrings, type JsonValue } from '../json.ts'
import { type MergeTable, type RecordState, toRow } from '../merge/record.ts'
import { counterPolicy } from '../policy/counter.ts'
import { firstPolicy } from '../policy/first.ts'
import { latestPolicy } from '../policy/latest.ts'
import { mapPolicy } from '../policy/map.ts'
import type { Action, Policy } from '../policy/policy.ts'
import { rankPolicy } from '../policy/rank.ts'
import { setPolicy } from '../policy/set.ts'
import { siblingsPolicy } from '../policy/siblings.ts'
import { threeWayPolicy } from '../policy/three-way.ts'
import { holds } from '../query/predicate.ts'
import { testOf } from './column.ts'
import { encodeSegment, MOST_RECORDS, openSegment, type Segment } from './segment.ts'

const word = fc.oneof(
  fc.constantFrom('', 'a', 'é', '\ud800', '😀', '\uffff', '\ufeff', '\ufeffa', 'x'.repeat(70)),
  fc.string({ maxLength: 30 }),
)
const scalar = fc.oneof(word, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map(plain), fc.boolean(), fc.constant(null))
const json = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(word, scalar, { maxKeys: 3 }).map((one) => ({ ...one })),
)
const set = (of: fc.Arbitrary<JsonValue>) => of.map((value): Action => ({ do: 'set', value }))

/** JSON has one zero. */
function plain(value: number): number {
  return value === 0 ? 0 : value
}

const FIELDS: Readonly<Record<string, readonly [policy: Policy, action: fc.Arbitrary<Action>]>> = {
  title: [latestPolicy as Policy, set(word)],
  size: [latestPolicy as Policy, set(fc.double({ noNaN: true, noDefaultInfinity: true }).map(plain))],
  done: [latestPolicy as Policy, set(fc.boolean())],
  list: [latestPolicy as Policy, set(fc.constantFrom('l1', 'l2', 'l3'))],
  any: [latestPolicy as Policy, set(json)],
  owner: [firstPolicy as Policy, set(word)],
  both: [siblingsPolicy as Policy, set(word)],
  votes: [
    counterPolicy as Policy,
    fc.oneof(
      fc.integer({ min: -5, max: 5 }).map((delta): Action => ({ do: 'inc', delta })),
      fc.constant<Action>({ do: 'reset', to: 3, sum: 1 }),
    ),
  ],
  tags: [setPolicy as Policy, fc.array(word, { minLength: 1, maxLength: 3 }).map((elements): Action => ({ do: 'add', elements }))],
  notes: [
    mapPolicy as Policy,
    fc.oneof(
      fc
        .dictionary(fc.oneof(fc.constantFrom('a', 'b', 'c'), word), json, { minKeys: 1, maxKeys: 2 })
        .map((values): Action => ({ do: 'keys', values: { ...values } })),
      fc.constantFrom('a', 'b').map((key): Action => ({ do: 'unkey', keys: [key] })),
    ),
  ],
  merged: [threeWayPolicy(({ theirs, mine }) => ({ value: `${theirs}${mine}`, conflict: false })) as Policy, set(word)],
  place: [rankPolicy as Policy, fc.constantFrom('K', 'KK').map((key): Action => ({ do: 'move', key }))],
}

const table: MergeTable = {
  deletion: 'delete-wins',
  fields: Object.fromEntries(Object.entries(FIELDS).map(([name, [policy]]) => [name, { policy, fallback: name === 'tags' ? [] : null }])),
}
const tables = new Map([['todos', table]])

const head = (seq: number): Head => ({ by: [`s${seq % 3}`, seq], seq, at: 1000 + seq })

const record = fc
  .record({
    alive: fc.integer({ min: 1, max: 9 }),
    again: fc.boolean(),
    acts: fc.array(
      fc
        .constantFrom(...Object.keys(FIELDS))
        .chain((name) => fc.tuple(fc.constant(name), (FIELDS[name] as (typeof FIELDS)[string])[1], fc.integer({ min: 0, max: 2 }))),
      { maxLength: 6 },
    ),
  })
  .map(({ alive, again, acts }): RecordState => {
    const fields: Record<string, unknown> = Object.create(null)
    for (const [i, [name, action, lag]] of acts.entries()) {
      const { policy, fallback } = table.fields[name] as MergeTable['fields'][string]
      const base = Math.max(0, alive + i - 1 - lag)
      const merged = policy.apply(fields[name] ?? policy.empty(fallback ?? null), action, {
        head: head(alive + i),
        base,
        sees: ({ seq }) => seq <= base,
      })
      if ('state' in merged) fields[name] = merged.state
    }
    return { born: [head(alive)], ...(again ? { again: true as const } : {}), alive, died: [], fields }
  })

const records = fc
  .uniqueArray(fc.tuple(fc.oneof(word, fc.constantFrom('__proto__', 'constructor')), record), {
    selector: ([id]) => id,
    minLength: 1,
    maxLength: 60,
  })
  .map((all) => all.sort(([a], [b]) => compareStrings(a, b)))

/** A state as it is written, with the heads that are kept. */
function packedOf(state: RecordState, keep: (head: Head) => boolean): JsonValue {
  const heads = (all: readonly Head[]): JsonValue => all.filter(keep).map(({ by, seq, at }) => [...by, seq, at])
  const fields = Object.entries(table.fields).map(([name, { policy, fallback }]) => [
    name,
    policy.pack(state.fields[name] ?? policy.empty(fallback ?? null), heads),
  ])
  return { born: heads(state.born), again: state.again ?? false, alive: state.alive, f: Object.fromEntries(fields) } as JsonValue
}

test('a segment shows and is what it was made of, but for heads that nobody needs', () => {
  const rowsOf = (all: readonly (readonly [string, RecordState])[], segment: Segment, floor: number) => {
    for (const [i, [id, state]] of all.entries()) {
      expect(segment.id(i)).toBe(id)
      expect(segment.find(id)).toBe(i)
      const row = segment.row(i, 's')
      expect(row).toEqual(toRow(table, 's', id, state))
      expect(Object.isFrozen(row) && Object.isFrozen(row.tags)).toBe(true)
      expect(packedOf(segment.record(i), () => true)).toEqual(packedOf(state, ({ seq }) => seq > floor))
      for (const name of Object.keys(table.fields)) expect(segment.column(name)?.at(i)).toEqual(row[name])
    }
    expect(segment.find('\u0001 nobody')).toBe(-1)
    const held = all.flatMap(([, { born, fields }]) => [
      ...born,
      ...Object.entries(table.fields).flatMap(([name, { policy }]) => (fields[name] ? policy.heads(fields[name]) : [])),
    ])
    expect(segment.sessions()).toEqual(new Set(held.filter(({ seq }) => seq > floor).map(({ by: [session] }) => session)))
  }
  fc.assert(
    fc.property(records, fc.integer({ min: 0, max: 16 }), (all, floor) => {
      const bytes = encodeSegment('todos', table, all, ({ seq }) => seq > floor)
      rowsOf(all, openSegment(bytes, tables), floor)
      // The same records give the same bytes, also from a segment.
      const again = openSegment(bytes, tables)
      const copied = all.map(([id], i) => [id, again.record(i)] as const)
      expect(new Uint8Array(encodeSegment('todos', table, copied, () => true))).toEqual(new Uint8Array(bytes))
    }),
    { numRuns: 300 },
  )
})

test('a column tells of a comparison what a row would', () => {
  const comparisons: readonly (readonly [string, string, JsonValue])[] = [
    ['done', 'eq', true],
    ['list', 'in', ['l1', 'l3']],
    ['list', 'ne', 'l2'],
    ['size', 'gt', 0],
    ['title', 'startsWith', 'a'],
    ['tags', 'has', 'a'],
    ['votes', 'lte', 2],
    ['id', 'gte', 'a'],
  ]
  fc.assert(
    fc.property(records, (all) => {
      const segment = openSegment(
        encodeSegment('todos', table, all, () => false),
        tables,
      )
      for (const [name, op, operand] of comparisons) {
        const column = segment.column(name)
        if (!column) throw new Error(`no column ${name}`)
        const test = testOf(column, op, operand)
        for (let i = 0; i < all.length; i++) expect(test(i)).toBe(holds(segment.row(i, 's')[name], op, operand))
      }
    }),
  )
})

test('a field that is new to the schema has its fallback, and one that it lost is not shown', () => {
  const state = { born: [], alive: 1, died: [], fields: { title: { value: 'a', heads: [] } } }
  const bytes = encodeSegment('todos', { ...table, fields: { title: table.fields.title as never } }, [['x', state]], () => false)
  const later = { ...table, fields: { size: { policy: latestPolicy as Policy, fallback: 7 } } }
  const segment = openSegment(bytes, new Map([['todos', later]]))
  expect(segment.row(0, 's')).toEqual({ id: 'x', $space: 's', size: 7 })
  expect(segment.record(0).fields).toEqual({ size: { value: 7, heads: [] } })
  expect(segment.column('title')).toBeUndefined()
})

test('what is no segment, or part of one, is never taken for one', () => {
  const state = { born: [], alive: 1, died: [], fields: { title: { value: 'a'.repeat(100), heads: [] } } }
  const bytes = encodeSegment('todos', table, [['x', state]], () => false)
  for (let end = 0; end < bytes.byteLength - 8; end += 7) expect(() => openSegment(bytes.slice(0, end), tables)).toThrow()
  expect(() => openSegment(new TextEncoder().encode('    <html>').buffer, tables)).toThrow()
  const many = Array.from({ length: MOST_RECORDS + 1 }, (_, i) => [`${i + 100_000}`, state] as const)
  expect(() =>
    openSegment(
      encodeSegment('todos', { ...table, fields: {} }, many, () => false),
      tables,
    ),
  ).toThrow(RangeError)
  expect(() =>
    openSegment(
      encodeSegment('todos', table, [], () => false),
      tables,
    ),
  ).toThrow()
})

test('few values cost a byte each, and numbers eight', () => {
  const fields = { done: table.fields.done, list: table.fields.list, size: table.fields.size } as MergeTable['fields']
  const register = (value: JsonValue) => ({ value, heads: [head(1)] })
  const all = Array.from({ length: 1000 }, (_, i): readonly [string, RecordState] => {
    const state = { done: register(i % 2 === 0), list: register(`list ${i % 100}`), size: register(i * 1.5) }
    return [`id${String(i).padStart(6, '0')}`, { born: [head(1)], alive: 1, died: [], fields: state }]
  })
  const { byteLength } = encodeSegment('todos', { ...table, fields }, all, () => false)
  // id: 8 and 4 for where it ends; done, list, alive and rest: 1 each; size: 8.
  expect(byteLength).toBeLessThan(1000 * (12 + 4 + 8) + 2_500)
})

test('a text that begins with a byte order mark keeps it, and is found by it', () => {
  const ids = Array.from({ length: 40 }, (_, i) => `\ufeff${String(i).padStart(2, '0')}`)
  const all = ids.map((id): readonly [string, RecordState] => [
    id,
    { born: [], alive: 1, died: [], fields: { title: { value: `\ufefftitle ${id}`, heads: [] } } },
  ])
  const segment = openSegment(
    encodeSegment('todos', table, all, () => false),
    tables,
  )
  expect(ids.map((id) => segment.find(id))).toEqual(ids.map((_, i) => i))
  expect(segment.row(7, 's').title).toBe(`\ufefftitle ${ids[7]}`)
})

test('a map knows by whom a key was removed, and each other key by whom it was written', () => {
  const slot = (seq: number, gone: boolean) => ({ value: gone ? null : 'v', heads: [head(seq)], gone })
  const notes = {
    slots: new Map([
      ['a', slot(1, true)],
      ['b', slot(2, false)],
    ]),
    heads: [head(3)],
  }
  const segment = openSegment(
    encodeSegment('todos', table, [['x', { born: [], alive: 1, died: [], fields: { notes } }]], () => true),
    tables,
  )
  expect(segment.record(0).fields.notes).toEqual(notes)
})
