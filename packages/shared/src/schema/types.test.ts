import * as v from 'valibot'
import { expect, expectTypeOf, test } from 'vitest'
import type { Id, SpaceId } from '../ids.ts'
import { boolean, conflicting, counter, json, max, number, oneOf, ref, set, siblings, string, threeWay, timestamp } from '../index.ts'
import type { Insert, Patch, Row, Where } from './infer.ts'
import { defineSchema } from './schema.ts'
import type { Indexable } from './table.ts'
import { table } from './table.ts'

const todos = table({
  title: string().check(v.pipe(v.string(), v.nonEmpty())),
  done: boolean().default(false),
  due: timestamp().nullable(),
  size: number(),
  color: oneOf('sand', 'sea'),
  list: ref('lists'),
  meta: json<{ a: number }>().nullable(),
  shape: json(v.object({ x: v.number() })),
  votes: counter(),
  tags: set(string()),
}).index('done', 'title')
const schema = defineSchema({ version: 1, tables: { todos, lists: table({ name: string() }) } })
type S = typeof schema
type Todo = Row<S, 'todos'>

// Never called: what is inside must, or must not, compile.
const compiles = (_body: () => void) => expect(true).toBe(true)

test('rows are readonly and typed by field', () => {
  expectTypeOf<Todo>().toEqualTypeOf<{
    readonly id: Id<'todos'>
    readonly $space: SpaceId
    readonly title: string
    readonly done: boolean
    readonly due: number | null
    readonly size: number
    readonly color: 'sand' | 'sea'
    readonly list: Id<'lists'>
    readonly meta: { a: number } | null
    readonly shape: { x: number }
    readonly votes: number
    readonly tags: readonly string[]
  }>()
  compiles(() => {
    const row = {} as Todo
    // @ts-expect-error rows are readonly
    row.title = 'x'
    // @ts-expect-error sets in rows are readonly
    row.tags.push('x')
  })
})

test('ids remember their table', () => {
  compiles(() => {
    const todo = '' as Id<'todos'>
    const plain: string = todo
    const again: Id<'todos'> = plain
    // @ts-expect-error an id of another table
    const list: Id<'lists'> = todo
    void [again, list]
  })
})

test('inserts', () => {
  const required = { title: 'a', size: 1, color: 'sea', list: 'l', shape: { x: 1 } } as const
  expectTypeOf(required).toExtend<Insert<S, 'todos'>>()
  expectTypeOf<{ name: string; id: Id<'lists'> }>().toExtend<Insert<S, 'lists'>>()
  const insert = (_values: Insert<S, 'todos'>) => {}
  insert({ ...required, id: 'own', done: true, due: null, votes: 3, tags: ['a'] })
  insert({ ...required, tags: new Set(['a']), done: undefined })
  // @ts-expect-error a required field is missing
  insert({ done: true })
  // @ts-expect-error a string is no set of strings
  insert({ ...required, tags: 'shop' })
  // @ts-expect-error a wrong element
  insert({ ...required, tags: [1] })
  // @ts-expect-error null where the field is not nullable
  insert({ ...required, title: null })
  // @ts-expect-error no such option
  insert({ ...required, color: 'moss' })
  // @ts-expect-error no such field
  insert({ ...required, titel: 'a' })
  // @ts-expect-error an id of another table
  insert({ ...required, list: '' as Id<'todos'> })
  expect(required.title).toBe('a')
})

test('patches', () => {
  const patch = (_values: Patch<S, 'todos'>) => expect(true).toBe(true)
  patch({})
  patch({ title: 'a', done: undefined, due: null, meta: { a: 1 } })
  // @ts-expect-error a counter is incremented, not set
  patch({ votes: 3 })
  // @ts-expect-error a set is added to, not set
  patch({ tags: ['a'] })
  // @ts-expect-error ids do not change
  patch({ id: 'x' })
  // @ts-expect-error null where the field is not nullable
  patch({ title: null })
})

test('where', () => {
  const where = (_test: Where<S, 'todos'>) => expect(true).toBe(true)
  where({ title: 'a', done: true, due: null, $space: 's', id: 'i', color: 'sea', list: 'l', votes: 3 })
  where({ title: { startsWith: 'a', gte: 'a' }, due: { gt: 3, ne: null }, color: { in: ['sea'] }, votes: { gte: 2 }, done: { ne: true } })
  where({ tags: { has: 'a', hasAny: ['b'], hasAll: [] } })
  // @ts-expect-error typed by field
  where({ done: 'no' })
  // @ts-expect-error a json field is not asked
  where({ meta: { a: 1 } })
  // @ts-expect-error a set is asked for its elements
  where({ tags: 'a' })
  // @ts-expect-error a wrong element
  where({ tags: { has: 1 } })
  // @ts-expect-error booleans have no order
  where({ done: { gt: false } })
  // @ts-expect-error numbers have no prefix
  where({ size: { startsWith: '1' } })
  // @ts-expect-error no such option
  where({ color: 'moss' })
  // @ts-expect-error no such field
  where({ titel: 'a' })
  // @ts-expect-error undefined would match everything
  where({ list: undefined })
})

test('modifiers', () => {
  compiles(() => {
    // @ts-expect-error the default is of another type
    string().default(1)
    // @ts-expect-error the validator is for another type
    string().check(v.number())
    // @ts-expect-error input and output differ
    string().check(v.pipe(v.string(), v.transform(Number)))
    // @ts-expect-error a counter has no default
    counter().default(1)
    // @ts-expect-error elements are one string, number or boolean
    set(json<string>())
    // @ts-expect-error elements are not null
    set(string().nullable())
    // @ts-expect-error at least one option
    oneOf()
    string().nullable().check(v.string())
    string()
      .check(v.pipe(v.string(), v.maxLength(3)))
      .default('a')
      .nullable()
  })
})

test('indexes', () => {
  expectTypeOf<Indexable<{ title: ReturnType<typeof string>; votes: ReturnType<typeof counter> }>>().toEqualTypeOf<'title' | 'votes'>()
  compiles(() => {
    // @ts-expect-error a set has no order
    table({ tags: set(string()) }).index('tags')
    // @ts-expect-error a json has no order
    table({ meta: json() }).index('meta')
    // @ts-expect-error no such field
    table({ title: string() }).index('titel')
    // @ts-expect-error an index of nothing
    table({ title: string() }).index()
  })
})

test('schemas', () => {
  compiles(() => {
    // @ts-expect-error a table named as something on db
    defineSchema({ version: 1, tables: { status: table({ name: string() }) } })
    // @ts-expect-error a table named as something of every object
    defineSchema({ version: 1, tables: { constructor: table({ name: string() }) } })
    // @ts-expect-error a table with a reserved first character
    defineSchema({ version: 1, tables: { $things: table({ name: string() }) } })
    // @ts-expect-error a ref to no table
    defineSchema({ version: 1, tables: { todos: table({ list: ref('lists') }) } })
    // @ts-expect-error a field named id
    defineSchema({ version: 1, tables: { todos: table({ id: string() }) } })
    // @ts-expect-error a field with a reserved first character
    defineSchema({ version: 1, tables: { todos: table({ $space: string() }) } })
    // @ts-expect-error a field named as something of every object
    defineSchema({ version: 1, tables: { todos: table({ toString: string() }) } })
    defineSchema({ version: 1, tables: { todos: table({ parent: ref('todos').nullable() }) } })
  })
})

test('rules', () => {
  const admin = ({ role }: { role: string | null }) => role === 'admin'
  const rules = schema.rules({
    lists: { insert: admin, update: admin, delete: (c) => admin(c) && c.before.name !== '' },
    todos: {
      insert: ({ after, userId }) => after.title === userId,
      update: ({ before, changed }) => before.done && !changed.includes('title'),
    },
  })
  compiles(() => {
    // @ts-expect-error no such table
    schema.rules({ lost: {} })
    // @ts-expect-error no such field
    schema.rules({ todos: { update: ({ changed }) => changed.includes('titel') } })
  })
  expect(rules.lists?.delete?.({ before: { id: 'a', $space: 's', name: 'x' }, userId: 'ann', role: 'admin' })).toBe(true)
})

test('a merge fits the value of its field, and siblings are an array', () => {
  const fields = {
    a: string().merge(siblings),
    b: number().merge(max),
    c: string().merge(threeWay(({ theirs }) => conflicting(theirs.trim()))),
  }
  const merged = defineSchema({ version: 1, tables: { notes: table(fields) } })
  expectTypeOf<Row<typeof merged, 'notes'>>().toExtend<{ a: readonly [string, ...string[]]; b: number; c: string }>()
  expectTypeOf<Patch<typeof merged, 'notes'>>().toExtend<{ readonly a?: string | undefined; readonly b?: number | undefined }>()
  compiles(() => {
    // @ts-expect-error a boolean has no greatest value
    boolean().merge(max)
    // @ts-expect-error the function gives another value
    string().merge(threeWay(() => 7))
    // @ts-expect-error siblings have no order
    table(fields).index('a')
  })
})
