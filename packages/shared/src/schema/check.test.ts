import { expect, test } from 'vitest'
import { isHoldfastError } from '../errors.ts'
import { boolean, counter, json, number, oneOf, ref, set, string, timestamp } from '../index.ts'
import type { JsonValue } from '../json.ts'
import { checkDelta, checkElements, checkField, checkInsert, checkPatch } from './check.ts'
import { defineSchema } from './schema.ts'
import { type TableDef, table } from './table.ts'

const { tables } = defineSchema({
  version: 1,
  tables: {
    todos: table({
      title: string(),
      done: boolean().default(false),
      due: timestamp().nullable(),
      color: oneOf('sand', 'sea').default('sea'),
      meta: json<JsonValue>().nullable(),
      list: ref('lists').nullable(),
      votes: counter(),
      tags: set(string()),
      sizes: set(number()),
    }),
    lists: table({ name: string() }),
  },
})
const todos: TableDef = tables.todos
const at = { table: 'todos', id: 'a' }

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isHoldfastError(error)) return error.code
    throw error
  }
  throw new Error('was accepted')
}

test('an insert gets the defaults of its registers, and only those', () => {
  const values = checkInsert(todos, { title: 'a', done: undefined }, at)
  expect({ ...values }).toEqual({ title: 'a', done: false, due: null, color: 'sea', meta: null, list: null })
  expect(Object.getPrototypeOf(values)).toBe(null)
})

test('an insert checks every field', () => {
  const tags = new Set(['b', 'a', 'b'])
  const values = checkInsert(todos, { title: 'x', due: 1.5, meta: { a: -0 }, list: 'l', votes: -0, tags, sizes: [10, 9, 10] }, at)
  expect({ ...values }).toEqual({
    title: 'x',
    done: false,
    due: 1.5,
    color: 'sea',
    meta: { a: 0 },
    list: 'l',
    votes: 0,
    tags: ['a', 'b'],
    sizes: [10, 9],
  })
  expect(Object.isFrozen(values.tags)).toBe(true)
  for (const wrong of [
    {},
    { title: 1 },
    { title: null },
    { title: 'a', done: null },
    { title: 'a', due: new Date() },
    { title: 'a', color: 'moss' },
    { title: 'a', list: '' },
    { title: 'a', list: 'x'.repeat(257) },
    { title: 'a', votes: 1.5 },
    { title: 'a', votes: 2 ** 53 },
    { title: 'a', tags: 'shop' },
    { title: 'a', tags: [1] },
    { title: 'a', tags: [null] },
    { title: 'a', tags: { length: 1 } },
  ]) {
    expect(codeOf(() => checkInsert(todos, wrong, at))).toBe('invalid_value')
  }
  for (const wrong of [null, undefined, 1, 'a', [], ['title']]) expect(codeOf(() => checkInsert(todos, wrong, at))).toBe('invalid_value')
})

test('a refusal names table, id and field', () => {
  expect(() => checkInsert(todos, { title: 1 }, at)).toThrow('todos.title of "a": expected a string')
  expect(() => checkInsert(todos, { done: true }, at)).toThrow('todos.title of "a": required, but missing')
  expect(() => checkInsert(todos, {}, { table: 'todos' })).toThrow('todos.title: required, but missing')
})

test('H1: hostile field names are unknown fields, and nothing is polluted', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'id', '$space', 'titel']) {
    const hostile: unknown = JSON.parse(`{"title":"a","${name}":{"polluted":true}}`)
    expect(codeOf(() => checkInsert(todos, hostile, at))).toBe('unknown_field')
    expect(codeOf(() => checkPatch(todos, hostile, at))).toBe('unknown_field')
    expect(codeOf(() => checkField(todos, 'counter', { ...at, field: name }))).toBe('unknown_field')
  }
  expect('polluted' in {}).toBe(false)
})

test('H2 H4 H5: the value domain holds in every kind of field', () => {
  let deep: unknown = 'x'
  for (let i = 0; i < 200_000; i++) deep = [deep]
  for (const value of ['\ud800', 'a\0', Number.NaN, deep, 1n, new Date(0)]) {
    for (const field of ['title', 'meta', 'list', 'votes'])
      expect(codeOf(() => checkInsert(todos, { title: 'a', [field]: value }, at))).toBe('invalid_value')
    expect(codeOf(() => checkInsert(todos, { title: 'a', tags: [value] }, at))).toBe('invalid_value')
  }
  function* endless() {
    for (;;) yield 'a'
  }
  expect(codeOf(() => checkInsert(todos, { title: 'a', tags: endless() }, at))).toBe('invalid_value')
})

test('a patch sets registers; undefined means not mentioned', () => {
  expect({ ...checkPatch(todos, { title: 'b', done: undefined, due: null }, at) }).toEqual({ title: 'b', due: null })
  expect({ ...checkPatch(todos, {}, at) }).toEqual({})
  expect(() => checkPatch(todos, { votes: 1 }, at)).toThrow('increment()')
  expect(() => checkPatch(todos, { tags: [] }, at)).toThrow('add()')
  expect(codeOf(() => checkPatch(todos, { title: null }, at))).toBe('invalid_value')
})

test('elements and deltas', () => {
  const tags = checkField(todos, 'set', { ...at, field: 'tags' })
  expect(checkElements(tags, ['b', 'a', 'a', '\uffff', '😀'], at)).toEqual(['a', 'b', '\uffff', '😀'])
  expect(codeOf(() => checkElements(tags, 'ab', at))).toBe('invalid_value')
  expect(codeOf(() => checkElements(checkField(todos, 'counter', { ...at, field: 'votes' }), ['a'], at))).toBe('invalid_value')
  expect(codeOf(() => checkField(todos, 'counter', { ...at, field: 'title' }))).toBe('invalid_value')
  expect(Object.is(checkDelta(-0, at), 0)).toBe(true)
  for (const delta of [1.5, 2 ** 53, '1', null, Number.NaN]) expect(codeOf(() => checkDelta(delta, at))).toBe('invalid_value')
})
