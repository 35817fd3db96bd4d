import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../errors.ts'
import { checkId, checkValue, MAX_NODES, MAX_TEXT_BYTES, utf8Length } from './value.ts'

const at = { table: 'todos', id: 'a', field: 'meta' }
const accept = (value: unknown) => checkValue(value, at)

function refusal(run: () => unknown): { message: string; details: Record<string, unknown> } {
  try {
    run()
  } catch (error) {
    if (isHoldfastError(error, 'invalid_value')) return error
    throw error
  }
  throw new Error('was accepted')
}
const refuse = (value: unknown) => refusal(() => accept(value))

test('plain values come back equal, as a frozen copy', () => {
  const value = { a: [1, 'x', null, true, { b: [] }], c: {} }
  const copy = accept(value) as typeof value
  expect(copy).toEqual(value)
  expect(copy).not.toBe(value)
  for (const part of [copy, copy.a, copy.a[4], copy.c]) expect(Object.isFrozen(part)).toBe(true)
  expect(accept(Object.assign(Object.create(null), { x: 1 }))).toEqual({ x: 1 })
  expect(accept(runInNewContext('({ x: [1] })'))).toEqual({ x: [1] })
})

test('H1: keys that reach a prototype are refused, and no prototype changes', () => {
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    expect(refuse(JSON.parse(`{"a":{"${key}":{"polluted":1}}}`)).message).toContain(key)
  }
  expect('polluted' in {}).toBe(false)
  expect(accept({ toString: 'fine', hasOwnProperty: 1 })).toEqual({ toString: 'fine', hasOwnProperty: 1 })
})

test('H2: half a surrogate pair and NUL are refused, in keys too', () => {
  for (const text of ['\ud800', 'a\udc00', '\ude00\ud83d', 'a\0']) {
    refuse(text)
    refuse([text])
    refuse({ [text]: 1 })
  }
  expect(accept('😀 \u{10ffff} \uffff')).toBe('😀 \u{10ffff} \uffff')
})

test('H3: ids and strings are never normalised', () => {
  const [composed, decomposed] = ['é'.normalize('NFC'), 'é'.normalize('NFD')]
  expect(checkId(composed, 'id')).toBe(composed)
  expect(checkId(decomposed, 'id')).toBe(decomposed)
  expect(composed).not.toBe(decomposed)
})

test('H4: numbers are finite, -0 is 0, and what JSON would drop or change is refused', () => {
  expect(Object.is(accept(-0), 0)).toBe(true)
  expect(Object.is((accept([-0]) as number[])[0], 0)).toBe(true)
  for (const value of [Number.NaN, Infinity, -Infinity, 1n, undefined, () => 1, Symbol('x')]) {
    refuse(value)
    refuse([value])
  }
  for (const value of [new Date(0), new Map(), new Set(), new (class A {})(), /x/, new Uint8Array(2), Object.create({ a: 1 })])
    refuse(value)
  refuse(new Array(3))
  expect(accept({ a: undefined, b: 1 })).toEqual({ b: 1 })
  expect(Object.keys(accept({ a: undefined }) as object)).toEqual([])
  for (const number of [Number.MAX_VALUE, 5e-324, 2 ** 53 + 2, -1.5]) expect(JSON.parse(JSON.stringify(accept(number)))).toBe(number)
})

test('H5: depth, size and cycles are bounded, with a refusal and no overflow', () => {
  let deep: unknown = 1
  for (let i = 0; i < 32; i++) deep = [deep]
  expect(accept(deep)).toEqual(deep)
  refuse([deep])
  for (let i = 0; i < 200_000; i++) deep = i % 2 ? [deep] : { a: deep }
  expect(refuse(deep).message).toContain('levels')

  const cycle: Record<string, unknown> = {}
  cycle.a = cycle
  cycle.b = [cycle, cycle, cycle]
  refuse(cycle)
  const wide: unknown[] = []
  for (let i = 0; i < 9; i++) wide.push(wide)
  refuse(wide)

  expect(accept(new Array(MAX_NODES - 1).fill(0))).toHaveLength(MAX_NODES - 1)
  refuse(new Array(MAX_NODES).fill(0))
  refuse(new Array(4_000_000_000))
  refuse(Object.fromEntries(Array.from({ length: MAX_NODES }, (_, i) => [`k${i}`, 0])))

  expect(accept('é'.repeat(MAX_TEXT_BYTES / 2))).toHaveLength(MAX_TEXT_BYTES / 2)
  refuse('é'.repeat(MAX_TEXT_BYTES / 2 + 1))
  refuse(['x'.repeat(MAX_TEXT_BYTES), 'x'])
  refuse({ ['k'.repeat(MAX_TEXT_BYTES)]: 'x' })
})

test('bytes are tagged base64url', () => {
  expect(accept({ $bytes: 'AQI-_w' })).toEqual({ $bytes: 'AQI-_w' })
  expect(accept({ $other: 1 })).toEqual({ $other: 1 })
  for (const value of [{ $bytes: 'a+b=' }, { $bytes: 1 }, { $bytes: 'AA', more: 1 }]) refuse(value)
})

test('a refusal names table, id, field and path', () => {
  const { message, details } = refuse({ a: [0, { b: Number.NaN }] })
  expect(message).toBe('todos.meta.a.1.b of "a": a number that is not finite')
  expect(details).toEqual({ ...at, path: ['a', 1, 'b'] })
})

test('H1 H2: any well-formed name is an id, up to 256 bytes', () => {
  for (const id of ['__proto__', 'constructor', 'a b', '😀', 'x'.repeat(256), 'é'.repeat(128), '😀'.repeat(64)])
    expect(checkId(id, 'id')).toBe(id)
  for (const id of ['', 'x'.repeat(257), 'é'.repeat(129), '😀'.repeat(65), 'a\0', '\ud800', 1, null, undefined, {}, 'x'.repeat(1e6)]) {
    refusal(() => checkId(id, 'id of todos'))
  }
  expect(refusal(() => checkId('', 'id of todos')).message).toContain('id of todos')
})

test('the length in bytes is that of UTF-8', () => {
  for (const text of ['', 'abc', 'é', '€', '😀', 'a\u{7ff}\u{800}\u{ffff}\u{10000}', 'aé€😀'.repeat(3)]) {
    expect(utf8Length(text)).toBe(Buffer.byteLength(text))
  }
})
