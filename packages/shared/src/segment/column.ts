import type { JsonValue } from '../json.ts'
import { holds } from '../query/predicate.ts'

/**
 * One field of all records of a segment, decoded a value at a time. What is asked most is numbers all along: equal values share a code,
 * and numbers are themselves.
 */
export interface Column {
  at(i: number): JsonValue
  /** Of a column of few values: which of `values` stands at each place. */
  readonly codes?: Uint8Array | Uint16Array
  readonly values?: readonly JsonValue[]
  /** Of a column of numbers. */
  readonly numbers?: Float64Array
}

/** How a column is written, in the header of its segment; what is not there stands at an offset from the end of the header. */
export type ColumnForm =
  | { readonly k: 'codes'; readonly values: readonly JsonValue[]; readonly wide: 0 | 1; readonly at: number }
  | { readonly k: 'numbers'; readonly at: number }
  | { readonly k: 'text' | 'json'; readonly at: number; readonly ends: number; readonly length: number }

/** Collects the bytes of columns, each where a typed array may begin. */
export class ColumnWriter {
  readonly #parts: Uint8Array[] = []
  size = 0

  add(values: readonly JsonValue[]): ColumnForm {
    const codes = codesOf(values)
    if (codes) return { k: 'codes', values: codes.values, wide: codes.wide, at: this.#put(codes.codes) }
    if (values.every(isPlainNumber)) return { k: 'numbers', at: this.#put(Float64Array.from(values)) }
    const isText = values.every((value): value is string => typeof value === 'string' && value.isWellFormed())
    const texts = isText ? values : values.map((value) => JSON.stringify(value))
    const ends = new Uint32Array(values.length)
    const bytes = utf8.encode(texts.join(''))
    let end = 0
    for (const [i, text] of texts.entries()) {
      end += text.length
      ends[i] = end
    }
    // Ends count bytes: where each character is one, they are those of the text.
    if (end !== bytes.length) {
      end = 0
      for (const [i, text] of texts.entries()) {
        end += utf8.encode(text).length
        ends[i] = end
      }
    }
    return { k: isText ? 'text' : 'json', ends: this.#put(ends), at: this.#put(bytes), length: bytes.length }
  }

  /** Everything that was added, after the header. */
  write(into: Uint8Array, from: number): void {
    let at = from
    for (const part of this.#parts) {
      into.set(part, at)
      at += padded(part.length)
    }
  }

  #put({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Uint32Array | Float64Array): number {
    const at = this.size
    this.#parts.push(new Uint8Array(buffer, byteOffset, byteLength))
    this.size += padded(byteLength)
    return at
  }
}

/** The next place where any typed array may begin. */
export const padded = (length: number): number => Math.ceil(length / 8) * 8

const utf8 = /* @__PURE__ */ new TextEncoder()
// What a decoder takes for a mark of its own at the beginning is part of a value.
const text = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

// JSON has no other zero.
const isPlainNumber = (value: JsonValue): value is number => typeof value === 'number' && !Object.is(value, -0)

/** More distinct values than this, or half as many as there are records, and codes no longer pay. */
const MOST = 0xffff

function codesOf(all: readonly JsonValue[]): { values: JsonValue[]; codes: Uint8Array | Uint16Array; wide: 0 | 1 } | undefined {
  const most = Math.min(MOST, Math.max(16, all.length / 2))
  const known = new Map<JsonValue, number>()
  const codes = new Uint16Array(all.length)
  for (const [i, value] of all.entries()) {
    if ((typeof value === 'object' && value !== null) || (typeof value === 'string' && value.length > 64)) return undefined
    let code = known.get(value)
    if (code === undefined) {
      if (known.size >= most) return undefined
      code = known.size
      known.set(value, code)
    }
    codes[i] = code
  }
  const wide = known.size > 256 ? 1 : 0
  return { values: [...known.keys()], codes: wide ? codes : Uint8Array.from(codes), wide }
}

/** A column as it was written; `from` is the end of the header. Raises `RangeError` where it reaches out of its bytes. */
export function readColumn(form: ColumnForm, { buffer, from, size }: { buffer: ArrayBuffer; from: number; size: number }): Column {
  if (form.k === 'codes') {
    const { values } = form
    const codes = form.wide ? new Uint16Array(buffer, from + form.at, size) : new Uint8Array(buffer, from + form.at, size)
    return { codes, values, at: (i) => values[codes[i] as number] as JsonValue }
  }
  if (form.k === 'numbers') {
    const numbers = new Float64Array(buffer, from + form.at, size)
    return { numbers, at: (i) => numbers[i] as number }
  }
  const ends = new Uint32Array(buffer, from + form.ends, size)
  const bytes = new Uint8Array(buffer, from + form.at, form.length)
  const read = (i: number) => decodeText(bytes, i === 0 ? 0 : (ends[i - 1] as number), ends[i] as number)
  return { at: form.k === 'text' ? read : (i) => JSON.parse(read(i)) }
}

/** Below this a loop is faster than a call of the decoder. */
const SHORT = 12

function decodeText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= SHORT) {
    let short = ''
    let i = from
    for (; i < to; i++) {
      const byte = bytes[i] as number
      if (byte > 127) break
      short += String.fromCharCode(byte)
    }
    if (i === to) return short
  }
  return text.decode(bytes.subarray(from, to))
}

/** Whether a comparison holds at a place of a column: of few values each is compared once. */
export function testOf(column: Column, op: string, operand: JsonValue): (i: number) => boolean {
  const { codes, values } = column
  if (!codes || !values) return (i) => holds(column.at(i), op, operand)
  const truth = values.map((value) => holds(value, op, operand))
  return (i) => truth[codes[i] as number] as boolean
}
