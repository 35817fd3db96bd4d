/** What can be stored, sent and hashed. `undefined`, `NaN`, dates and class instances are outside of it: see `schema/value.ts`. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/**
 * Orders strings by Unicode code point, which is the order of their UTF-8 bytes and so the order of SQLite and of PostgreSQL's
 * `COLLATE "C"`. JavaScript's `<` compares UTF-16 units and puts emoji before U+E000–U+FFFF.
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Lifts surrogates (code points above U+FFFF) over the rest of the basic plane. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)

/**
 * JSON Canonicalization Scheme: keys sorted by UTF-16 unit, no white space, numbers and strings as ECMAScript prints them.
 * Source: RFC 8785. The same text for the same value, on every side: this is what is hashed.
 */
export function canonical(value: JsonValue): string {
  // Each transaction is printed twice by the server: without lists in between this takes half the time.
  if (Number.isInteger(value)) return `${value}`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  let text = ''
  if (Array.isArray(value)) {
    for (const inner of value) text += text === '' ? canonical(inner) : `,${canonical(inner)}`
    return `[${text}]`
  }
  const object = value as { readonly [key: string]: JsonValue }
  for (const key of Object.keys(object).sort()) {
    const inner = object[key]
    if (inner !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(inner)}`
  }
  return `{${text}}`
}

/** Whether two values are the same value, whatever the order of their keys. */
export function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as { readonly [key: string]: JsonValue }
  const right = b as { readonly [key: string]: JsonValue }
  const keys = Object.keys(left)
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key], right[key]))
}
