import type { JsonValue } from '../json.ts'

/**
 * The form of what is on the wire, as plain data: one description gives the check, the type, and the text whose hash is locked. A
 * library would do the same; this is a tenth of its bytes in every page that uses Holdfast (docs/decisions).
 *
 * `count` is a safe integer from 0; a `text` may have a greatest length, a `list` a greatest number; `maybe` has the keys that can be
 * absent. Keys that are not named are let through and never read.
 */
export type Shape =
  | 'count'
  | 'number'
  | 'text'
  | 'flag'
  | 'any'
  | 'map'
  | { readonly text: number }
  | { readonly one: readonly (string | number | null)[] }
  | { readonly list: Shape; readonly max?: number }
  | { readonly tuple: readonly Shape[] }
  | { readonly or: readonly Shape[] }
  | { readonly object: { readonly [key: string]: Shape }; readonly maybe?: { readonly [key: string]: Shape } }

/** The type of what has a shape. */
export type Shaped<S> = S extends 'count' | 'number'
  ? number
  : S extends 'text' | { readonly text: number }
    ? string
    : S extends 'flag'
      ? boolean
      : S extends 'any'
        ? unknown
        : S extends 'map'
          ? { readonly [key: string]: JsonValue }
          : S extends { readonly one: readonly (infer V)[] }
            ? V
            : S extends { readonly list: infer I }
              ? readonly Shaped<I>[]
              : S extends { readonly tuple: infer T }
                ? { readonly [K in keyof T]: Shaped<T[K]> }
                : S extends { readonly or: readonly (infer A)[] }
                  ? Shaped<A>
                  : S extends { readonly object: infer R }
                    ? { readonly [K in keyof R]: Shaped<R[K]> } & (S extends { readonly maybe: infer M }
                        ? { readonly [K in keyof M]?: Shaped<M[K]> | undefined }
                        : unknown)
                    : never

/** Where a value has not this shape, as a path; undefined where it has. Shapes are not recursive, so neither is hostile depth. */
export function faultIn(shape: Shape, value: unknown, at = '$'): string | undefined {
  return holds(shape, value) ? within(shape, value, at) : at
}

function holds(shape: Shape, value: unknown): boolean {
  if (shape === 'any') return true
  if (shape === 'count') return Number.isSafeInteger(value) && (value as number) >= 0
  if (shape === 'number') return Number.isFinite(value)
  if (shape === 'text') return typeof value === 'string'
  if (shape === 'flag') return typeof value === 'boolean'
  if (shape === 'map') return isMap(value)
  if ('text' in shape) return typeof value === 'string' && value.length <= shape.text
  if ('one' in shape) return shape.one.includes(value as string)
  if ('list' in shape) return Array.isArray(value) && value.length <= (shape.max ?? value.length)
  if ('tuple' in shape) return Array.isArray(value) && value.length === shape.tuple.length
  if ('or' in shape) return shape.or.some((one) => faultIn(one, value) === undefined)
  return isMap(value)
}

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

function within(shape: Shape, value: unknown, at: string): string | undefined {
  if (typeof shape === 'string' || 'or' in shape) return undefined
  const parts: [Shape, unknown, string][] = []
  if ('list' in shape) for (const [i, one] of (value as unknown[]).entries()) parts.push([shape.list, one, `${i}`])
  if ('tuple' in shape) for (const [i, one] of shape.tuple.entries()) parts.push([one, (value as unknown[])[i], `${i}`])
  if ('object' in shape) {
    const of = value as Record<string, unknown>
    for (const [key, one] of Object.entries(shape.object)) parts.push([one, of[key], key])
    for (const [key, one] of Object.entries(shape.maybe ?? {})) if (of[key] !== undefined) parts.push([one, of[key], key])
  }
  for (const [one, inner, key] of parts) {
    const fault = faultIn(one, inner, `${at}.${key}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The value, typed, or a RangeError that says where it is not of this shape. */
export function shaped<const S extends Shape>(shape: S, value: unknown): Shaped<S> {
  const fault = faultIn(shape, value)
  if (fault !== undefined) throw new RangeError(`not of the right form at ${fault}`)
  return value as Shaped<S>
}
