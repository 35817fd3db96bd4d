import type { Head, Heads } from '../clock/heads.ts'
import type { JsonValue } from '../json.ts'
import { fieldState, isAlive, lastSeq, type MergeTable, type RecordState } from './record.ts'

/**
 * A record on its way to a reader, as results, never operations: `new` replaces what he had, `died` ends it, `f` has the fields that
 * changed. Heads are numbers into the `by` of the delta that carries it.
 */
export interface PackedRecord {
  readonly r: readonly [table: string, id: string]
  readonly new?: 1 | undefined
  readonly again?: 1 | undefined
  readonly alive?: number | undefined
  readonly born?: readonly number[] | undefined
  readonly died?: readonly number[] | undefined
  readonly f?: { readonly [field: string]: JsonValue } | undefined
}

/** An entry of a delta's `by`. */
export type PackedHead = readonly [session: string, n: number, seq: number, at: number]

/**
 * A segment that can be fetched: its name, how many bytes it has uncompressed, and their `crc32`. The name is a capability: who has it may
 * fetch the segment until it expires.
 */
export type SegmentRef = readonly [name: string, bytes: number, crc: string]

/** Everything that changed in one space between two seqs: the form on disk; on the wire spaces and sessions are numbers. */
export interface Delta {
  readonly space: string
  readonly from: number
  readonly to: number
  /** This is the whole space: drop what you had. */
  readonly whole: boolean
  /** Of a whole one: what the space was at `from`, of which this is what changed since. Without it a whole one begins with nothing. */
  readonly segments?: readonly SegmentRef[] | undefined
  readonly by: readonly PackedHead[]
  readonly records: readonly PackedRecord[]
}

export const packHead = (head: Head): PackedHead => [head.by[0], head.by[1], head.seq, head.at]

/** Collects the heads that the records of one delta speak of. Those at or before `from` are seen by every clock and are left out. */
export class HeadTable {
  readonly by: PackedHead[] = []
  readonly #from: number
  readonly #index = new Map<string, number>()

  constructor(from: number) {
    this.#from = from
  }

  readonly pack = (heads: Heads): number[] => heads.filter((head) => head.seq > this.#from).map((head) => this.#number(head))

  #number(head: Head): number {
    const key = `${head.by[0]} ${head.by[1]} ${head.at}`
    let index = this.#index.get(key)
    if (index === undefined) {
      index = this.by.push(packHead(head)) - 1
      this.#index.set(key, index)
    }
    return index
  }
}

/** What a reader at `from` needs of a record, or nothing. With `from` 0 the whole space is new to him, so only what lives is told. */
export function packRecord(
  table: MergeTable,
  key: readonly [table: string, id: string],
  record: RecordState,
  { from, heads }: { readonly from: number; readonly heads: HeadTable },
): PackedRecord | undefined {
  if (!isAlive(record)) return from > 0 && lastSeq(record.died) > from ? { r: key, died: heads.pack(record.died) } : undefined
  const fresh = record.alive > from
  const f: Record<string, JsonValue> = Object.create(null)
  let changed = fresh
  for (const [name, { policy }] of Object.entries(table.fields)) {
    const state = fieldState(table, record, name)
    if (!fresh && lastSeq(policy.heads(state)) <= from) continue
    f[name] = policy.pack(state, heads.pack)
    changed = true
  }
  const born = heads.pack(record.born)
  if (!changed && born.length === 0) return undefined
  return {
    r: key,
    ...(fresh && from > 0 ? { new: 1 as const } : {}),
    ...(fresh && record.again ? { again: 1 as const } : {}),
    ...(fresh ? { alive: record.alive } : {}),
    ...(born.length > 0 ? { born } : {}),
    f,
  }
}

/**
 * The record after a packed change. A delta leaves out heads at or before its `from`; of those that the reader holds `keep` says which
 * some clock may still not have seen. A field of an unknown name is left to the newer schema that knows it.
 */
export function unpackRecord(
  table: MergeTable,
  packed: PackedRecord,
  { by, held, keep }: { by: readonly PackedHead[]; held: RecordState | undefined; keep: (head: Head) => boolean },
): RecordState | undefined {
  if (packed.died) return undefined
  const before = packed.new ? undefined : held
  const read = (numbers: JsonValue | undefined, had: Heads): Heads => {
    const heads = unpackHeads(numbers, by)
    const kept = had.filter((head) => keep(head) && !heads.some((other) => other.by[0] === head.by[0] && other.by[1] === head.by[1]))
    return kept.length > 0 ? [...kept, ...heads] : heads
  }
  const fields: Record<string, unknown> = Object.assign(Object.create(null), before?.fields)
  for (const [name, state] of Object.entries(packed.f ?? {})) {
    const known = table.fields[name]
    if (known) fields[name] = known.policy.unpack(state, read, before?.fields[name])
  }
  const again = packed.again === 1 || before?.again ? { again: true as const } : {}
  return { born: read(packed.born, before?.born ?? []), ...again, alive: packed.alive ?? before?.alive ?? 0, died: [], fields }
}

/** Heads that are written as numbers into `by`. Raises `RangeError` where one is not there. */
export const unpackHeads = (numbers: JsonValue | undefined, by: readonly PackedHead[]): Head[] =>
  Array.isArray(numbers) ? (numbers as readonly number[]).map((i) => unpackHead(by[i])) : []

function unpackHead(packed: PackedHead | undefined): Head {
  if (!packed) throw new RangeError('Something packed speaks of a head that it does not list.')
  return { by: [packed[0], packed[1]], seq: packed[2], at: packed[3] }
}

/** What a transaction did to a record, for the history: as on the wire, with the heads themselves in place of numbers. */
export function packEffect(table: MergeTable, before: RecordState | undefined, after: RecordState, seq: number): JsonValue {
  const all = (heads: Heads): JsonValue =>
    [...heads]
      .sort((a, b) => a.seq - b.seq || (a.by[0] < b.by[0] ? -1 : a.by[0] > b.by[0] ? 1 : a.by[1] - b.by[1]))
      .map((head) => packHead(head))
  const change: Record<string, JsonValue> = {}
  if (!isAlive(after)) change.died = all(after.died)
  else if (before && !isAlive(before) && after.born === before.born) change.died = []
  if (after.born !== before?.born) change.born = all(after.born)
  if (after.again && after.born !== before?.born) change.again = 1
  if (after.alive !== before?.alive && after.alive !== seq) change.alive = after.alive
  const f: Record<string, JsonValue> = Object.create(null)
  for (const name of Object.keys(after.fields)) {
    if (after.fields[name] !== before?.fields[name]) f[name] = table.fields[name]?.policy.pack(after.fields[name], all) ?? null
  }
  if (Object.keys(f).length > 0) change.f = f
  return change
}
