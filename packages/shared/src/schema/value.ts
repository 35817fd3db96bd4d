import { type Code, HoldfastError } from '../errors.ts'
import { MAX_ID_BYTES } from '../ids.ts'
import type { JsonValue } from '../json.ts'

/** What a value is for, so that a refusal can name it. */
export interface Place {
  readonly table: string
  readonly id?: string | undefined
  readonly field?: string | undefined
}

/** How deep arrays and objects may nest. */
export const MAX_DEPTH = 32
/** How many values one field may hold, counting every array, object, and what is in them. */
export const MAX_NODES = 10_000
/** How many bytes of UTF-8 the strings and keys of one field may take together. */
export const MAX_TEXT_BYTES = 256 * 1024

interface Culprit {
  /** Where in the field it is. */
  readonly path?: readonly (string | number)[]
  readonly code?: Code
  readonly cause?: unknown
}

/** The refusal of a value: `invalid_value` unless stated; `details` are `{ table, id, field, path }`. */
export function invalid(
  { table, id, field }: Place,
  what: string,
  { path = [], code = 'invalid_value', cause }: Culprit = {},
): HoldfastError {
  const name = [table, ...(field === undefined ? [] : [field]), ...path].join('.')
  const of = id === undefined ? '' : ` of ${JSON.stringify(id)}`
  return new HoldfastError(code, `${name}${of}: ${what}`, { table, id, field, path: [...path] }, cause)
}

/** Bytes of a well-formed string as UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair stands for two of the four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

const textProblem = (text: string): string | undefined =>
  text.includes('\0') ? 'a string with a NUL character' : text.isWellFormed() ? undefined : 'a string with half a surrogate pair'

/** Why `id` is no id, or `undefined` if it is one. */
export function idProblem(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'expected an id: a string that is not empty'
  // The first comparison spares walking through megabytes.
  if (id.length > MAX_ID_BYTES || utf8Length(id) > MAX_ID_BYTES) return `an id of more than ${MAX_ID_BYTES} bytes`
  return textProblem(id)
}

/**
 * Accepts an id as it is: compared byte by byte, never normalised, and `__proto__` is as good as any other.
 *
 * @param what names it in the message, such as `id of todos`
 * @throws HoldfastError `invalid_value`
 */
export function checkId(id: unknown, what: string): string {
  const problem = idProblem(id)
  if (problem) throw new HoldfastError('invalid_value', `${what}: ${problem}`, { what })
  return id as string
}

/**
 * The value domain, in the one place that decides it, for client, server and every storage: null, booleans, finite numbers, well-formed
 * strings without NUL, arrays, plain objects. Bytes are the object `{ $bytes: base64url }`; a `Uint8Array` itself is refused. Returns a
 * frozen copy in which -0 is 0 and keys that are `undefined` (or symbols) are gone. The walk is bounded in depth and in steps, so a
 * cycle or 200,000 levels are refused like any other value.
 *
 * @throws HoldfastError `invalid_value`, naming the path inside the field
 */
export function checkValue(value: unknown, at: Place): JsonValue {
  const path: (string | number)[] = []
  let nodes = 0
  let bytes = 0
  const fail = (what: string): never => {
    throw invalid(at, what, { path })
  }
  const text = (part: string): string => {
    // A string has at least as many bytes as UTF-16 units: refuse the huge ones unread.
    bytes += part.length > MAX_TEXT_BYTES ? part.length : utf8Length(part)
    if (bytes > MAX_TEXT_BYTES) fail(`more than ${MAX_TEXT_BYTES} bytes of text`)
    const problem = textProblem(part)
    return problem ? fail(problem) : part
  }
  const inside = (key: string | number, part: unknown): JsonValue => {
    path.push(key)
    const copy = walk(part)
    path.pop()
    return copy
  }
  const walk = (part: unknown): JsonValue => {
    if (++nodes > MAX_NODES) fail(`more than ${MAX_NODES} values`)
    if (part === null || typeof part === 'boolean') return part
    if (typeof part === 'string') return text(part)
    if (typeof part === 'number') return Number.isFinite(part) ? part + 0 : fail('a number that is not finite')
    if (typeof part !== 'object') return fail(part === undefined ? 'undefined' : `a ${typeof part}`)
    if (path.length >= MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels`)
    if (Array.isArray(part)) {
      if (part.length > MAX_NODES) fail(`more than ${MAX_NODES} values`)
      return Object.freeze(Array.from(part, (item, i) => inside(i, item)))
    }
    const prototype: unknown = Object.getPrototypeOf(part)
    // The root of another realm (a frame, a test environment) is as plain as our own.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) fail('an object that is neither plain nor an array')
    const copy: Record<string, JsonValue> = {}
    for (const key of Object.keys(part)) {
      const item = (part as Record<string, unknown>)[key]
      if (item === undefined) continue
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') fail(`the key ${key}`)
      copy[text(key)] = inside(key, item)
    }
    if ('$bytes' in copy && !(Object.keys(copy).length === 1 && typeof copy.$bytes === 'string' && /^[\w-]*$/.test(copy.$bytes))) {
      fail('$bytes that are not base64url, or not alone')
    }
    return Object.freeze(copy)
  }
  return walk(value)
}

/** A safe integer; -0 becomes 0. */
export function checkInteger(value: unknown, at: Place): number {
  if (!Number.isSafeInteger(value)) throw invalid(at, 'expected a safe integer')
  return (value as number) + 0
}
