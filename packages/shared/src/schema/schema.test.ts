import * as v from 'valibot'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../errors.ts'
import { boolean, counter, json, number, ref, set, string } from '../index.ts'
import type { Field, FieldDef } from './field.ts'
import { defineSchema } from './schema.ts'
import { type Tables, table } from './table.ts'

const define = (tables: Tables, version = 1) => defineSchema({ version, tables })
const at = { table: 'todos', field: 'title' }

function refused(run: () => unknown, code = 'invalid_schema'): string {
  try {
    run()
  } catch (error) {
    if (isHoldfastError(error) && error.code === code) return error.message
    throw error
  }
  throw new Error('was accepted')
}

test('a schema is frozen, and its names have no prototype', () => {
  const schema = define(
    {
      todos: table({ title: string(), votes: counter(), tags: set(string()) })
        .index('title', 'votes')
        .index('votes'),
    },
    3,
  )
  expect(schema.version).toBe(3)
  expect(Object.getPrototypeOf(schema.tables)).toBe(null)
  expect(Object.getPrototypeOf(schema.tables.todos?.fields)).toBe(null)
  expect(schema.tables.todos?.indexes).toEqual([['title', 'votes'], ['votes']])
  expect(schema.tables.todos?.fields.votes).toMatchObject({ kind: 'counter', nullable: false, fallback: 0 })
  for (const part of [schema, schema.tables, schema.tables.todos, schema.tables.todos?.fields, schema.tables.todos?.fields.title]) {
    expect(Object.isFrozen(part)).toBe(true)
  }
  expect(schema.rules({})).toEqual({})
})

test('H1: names that clash or could reach a prototype are refused', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '$a', '_a', '1a', 'a-b', 'a b', 'é', '']) {
    refused(() => define(Object.fromEntries([[name, table({ title: string() })]])))
    refused(() => define({ todos: table(Object.fromEntries([[name, string()]])) }))
  }
  for (const name of [
    'home',
    'space',
    'spaces',
    'write',
    'live',
    'status',
    'conflicts',
    'deadLetters',
    'sync',
    'close',
    'members',
    'then',
  ]) {
    refused(() => define({ [name]: table({ title: string() }) }))
  }
  expect(refused(() => define({ todos: table({ id: string() } as Record<string, Field>) }))).toContain('todos.id')
  define({ A_1: table({ status: string(), write: boolean() }) })
})

test('versions, refs, indexes and defaults are checked', () => {
  for (const version of [0, -1, 1.5, Number.NaN, Infinity]) refused(() => define({}, version))
  refused(() => define({ todos: table({ list: ref('lists') }) }))
  refused(() => define({ todos: table({ list: ref('toString') }) }))
  define({ todos: table({ parent: ref('todos').nullable() }) })
  for (const name of ['tags', 'meta', 'lost', 'toString']) {
    refused(() => define({ todos: table({ tags: set(string()), meta: json() } as Record<string, Field>).index(name) }))
  }
  expect(refused(() => define({ todos: table({ size: number().default(Number.NaN) }) }))).toContain('todos.size')
  refused(() => define({ todos: table({ title: string().default('').check(v.pipe(v.string(), v.nonEmpty())) }) }))
  expect(Object.is(define({ todos: table({ size: number().default(-0) }) }).tables.todos?.fields.size?.fallback, 0)).toBe(true)
})

test('modifiers combine in any order, and do not change what they modify', () => {
  const short = v.pipe(v.string(), v.maxLength(3))
  const plain = string()
  const fields = [
    plain.check(short).nullable().default('a'),
    plain.default('a').nullable().check(short),
    plain.nullable().default('a').check(short),
  ]
  for (const { def } of fields) {
    expect(def).toMatchObject({ kind: 'register', nullable: true, fallback: 'a', scalar: true })
    expect(def.check(null, at)).toBe(null)
    expect(def.check('abc', at)).toBe('abc')
    refused(() => def.check('abcd', at), 'invalid_value')
  }
  expect(plain.def).toMatchObject({ nullable: false, fallback: undefined })
  expect(plain.nullable().def.fallback).toBe(null)
  refused(() => plain.def.check(null, at), 'invalid_value')
})

test('a validator must be synchronous and answer an equal value', () => {
  const checked = (validate: (value: unknown) => unknown): FieldDef =>
    string().check({ '~standard': { version: 1, vendor: 'test', validate: validate as never } }).def
  expect(checked((value) => ({ value })).check('a', at)).toBe('a')
  const message = (validate: (value: unknown) => unknown) => refused(() => checked(validate).check('a', at), 'invalid_value')
  expect(message(async (value) => ({ value }))).toContain('asynchronous')
  expect(message(() => ({ value: 'b' }))).toContain('changes the value')
  expect(message(() => ({ issues: [{ message: 'Too short.' }] }))).toBe('todos.title: Too short.')
  expect(message(() => ({ issues: [] }))).toContain('refused')
  expect(message(() => JSON.parse('{'))).toContain('threw')
  const point = json(v.object({ x: v.number() })).def
  expect(point.check({ x: 1 }, at)).toEqual({ x: 1 })
  refused(() => point.check({ x: 1, more: 2 }, at), 'invalid_value')
  refused(() => json(v.object({ x: v.optional(v.number(), 0) })).def.check({}, at), 'invalid_value')
})
