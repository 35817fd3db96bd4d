import { compareHeads, type Head, type Heads } from '../clock/heads.ts'
import { canonical, compareStrings, equalJson, type JsonValue } from '../json.ts'
import { packedArray } from './packed.ts'
import type { Policy, ReadHeads } from './policy.ts'

/** A value that no later change had seen, with the change that made it: none where every clock that can still be sent sees it. */
export interface Version {
  readonly value: JsonValue
  readonly heads: Heads
}

/** Values that stand side by side, in order. */
export type Versions = readonly Version[]

/** By time, ties by dot; what is so old that nobody knows who made it comes first. */
export function inOrder<V extends Version>(versions: readonly V[]): V[] {
  return [...versions].sort((a, b) => {
    const [x, y] = [a.heads[0], b.heads[0]]
    if (x && y) return compareHeads(x, y)
    return x ? 1 : y ? -1 : compareStrings(canonical(a.value), canonical(b.value))
  })
}

/** The value that a change made. */
export const writtenBy = (versions: Versions, head: Head): JsonValue => versions.find(({ heads }) => heads.includes(head))?.value ?? null

/** What an old version that came without its head is to this reader: that of the same value which he holds. */
export function readVersion(value: JsonValue, packed: JsonValue | undefined, { heads, held }: { heads: ReadHeads; held: Versions }): Heads {
  return heads(packed, held.find((one) => equalJson(one.value, value))?.heads ?? [])
}

/** The parts that registers share which keep a value with each head. */
export const manyValues = {
  kind: 'register',
  empty: (fallback) => [{ value: fallback, heads: [] }],
  heads: (state) => state.flatMap((version) => version.heads),
  wrote: writtenBy,
  pack: (state, heads) => state.map(({ value, heads: of }) => [value, heads(of)]),
  unpack: (packed, heads, held = []) =>
    packedArray(packed).map((version) => {
      const [value, of] = packedArray(version, 2)
      return { value: value as JsonValue, heads: readVersion(value as JsonValue, of, { heads, held }) }
    }),
} satisfies Omit<Policy<Versions>, 'name' | 'apply' | 'read'>
