import type { Head, Heads } from '../clock/heads.ts'
import type { JsonValue } from '../json.ts'
import { compareStrings, equalJson } from '../json.ts'
import { HeadTable, type PackedHead, unpackHeads } from '../merge/pack.ts'
import { fieldState, type MergeField, type MergeTable, makeRow, type RecordState, type Row } from '../merge/record.ts'
import { type Column, type ColumnForm, ColumnWriter, padded, readColumn } from './column.ts'

// Many records of one table and one space as one run of bytes, column by column, that is sent, stored and asked as it is: a record costs
// no object until somebody looks at it. Source: Abadi, Boncz, Harizopoulos et al., "The Design and Implementation of Modern Column-Oriented
// Database Systems" (2013): codes for few values, late materialization.

/** How many records are one segment: big enough to be read fast (measured in Chromium: from 400 kB on), small enough to be written again. */
export const SEGMENT = 2_000

/** More are no segment: queries name a record of one by sixteen bits. */
export const MOST_RECORDS = 0x10000

/** What a segment says of itself before its columns. */
interface Header {
  readonly segment: 1
  readonly table: string
  readonly size: number
  readonly id: ColumnForm
  readonly alive: ColumnForm
  /** How records came about, of those of which that is kept. */
  readonly rest: ColumnForm
  /** `state` says that the column has packed states, which show a value only when unpacked. */
  readonly fields: { readonly [field: string]: readonly [form: ColumnForm, holds: 'value' | 'state'] }
}

/** How a record came about: heads by number in `by`, of each field in the order in which its policy packs them. */
interface Rest {
  readonly again?: 1
  readonly by?: readonly PackedHead[]
  readonly born?: readonly number[]
  readonly f?: { readonly [field: string]: readonly (readonly number[])[] }
}

/** Records of a table in one space, by id; immutable. */
export interface Segment {
  readonly table: string
  readonly size: number
  readonly bytes: ArrayBuffer
  id(i: number): string
  /** Where a record is; -1 if it is not in this segment. */
  find(id: string): number
  /** What rows show of one field; undefined of one that the schema does not know. */
  column(field: string): Column | undefined
  record(i: number): RecordState
  /** Whether everybody has seen all of a record who was at this seq. */
  isOld(i: number, seq: number): boolean
  row(i: number, space: string): Row
  /** The sessions whose changes are still told apart here. */
  sessions(): ReadonlySet<string>
}

/**
 * The bytes of a segment.
 *
 * @param all alive, by id in the order of `compareStrings`
 * @param keep which heads some clock that can still be sent may not have seen; of the others only their values stay
 */
export function encodeSegment(
  name: string,
  table: MergeTable,
  all: readonly (readonly [id: string, record: RecordState])[],
  keep: (head: Head) => boolean,
): ArrayBuffer {
  const writer = new ColumnWriter()
  const records = all.map(([id, record]) => [id, keeping(table, record, keep)] as const)
  const fields: Record<string, readonly [ColumnForm, 'value' | 'state']> = Object.create(null)
  for (const [field, def] of Object.entries(table.fields)) fields[field] = writeField(writer, table, { field, def, records, keep })
  const header: Header = {
    segment: 1,
    table: name,
    size: records.length,
    id: writer.add(records.map(([id]) => id)),
    alive: writer.add(records.map(([, { alive }]) => alive)),
    rest: writer.add(records.map(([, record]) => restOf(table, record, keep))),
    fields,
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const from = padded(4 + text.length)
  const bytes = new Uint8Array(from + writer.size)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 4)
  writer.write(bytes, from)
  return bytes.buffer
}

interface Field {
  readonly field: string
  readonly def: MergeField
  readonly records: readonly (readonly [id: string, record: RecordState])[]
  readonly keep: (head: Head) => boolean
}

const none: readonly JsonValue[] = []
const noHeads = (): JsonValue => none
/** Where heads are kept: not "none", since a policy may leave out what stands only by its heads, as a key that a map has no more. */
const headsApart = (): JsonValue => 0
const unread = (): Heads => []

/** A record of which, of each field, all heads are kept or none are. */
function keeping(table: MergeTable, record: RecordState, keep: (head: Head) => boolean): RecordState {
  let kept = record
  for (const [name, { policy }] of Object.entries(table.fields)) {
    const state = record.fields[name]
    const heads = state === undefined ? [] : policy.heads(state)
    if (!heads.some(keep) || heads.every(keep)) continue
    const packed = policy.pack(state, (of) => of.filter(keep).map((head) => heads.indexOf(head)))
    const fewer = policy.unpack(packed, (at) => ((at ?? []) as readonly number[]).map((i) => heads[i] as Head), undefined)
    kept = { ...kept, fields: { ...kept.fields, [name]: fewer } }
  }
  return kept
}

/** A state that is only its value, as most are once everyone has seen how it came about, needs nothing else. */
function writeField(writer: ColumnWriter, table: MergeTable, { field, def: { policy }, records, keep }: Field) {
  const states = records.map(([, record]) => fieldState(table, record, field))
  const values = states.map((state) => policy.read(state))
  const heads = states.map((state) => (policy.heads(state).some(keep) ? headsApart : noHeads))
  const packed = states.map((state, i) => policy.pack(state, heads[i] as typeof noHeads))
  const isPlain = packed.every((one, i) => alike(one, policy.pack(policy.empty(values[i] as JsonValue), heads[i] as typeof noHeads)))
  return isPlain ? ([writer.add(values), 'value'] as const) : ([writer.add(packed), 'state'] as const)
}

/** Whether two packed states are the same: nearly always their values are the very same objects. */
function alike(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true
  if (!Array.isArray(a) || !Array.isArray(b)) return equalJson(a, b)
  for (let i = 0; i < a.length; i++) if (!alike(a[i], b[i])) return false
  return a.length === b.length
}

function restOf(table: MergeTable, record: RecordState, keep: (head: Head) => boolean): JsonValue {
  const { by, pack } = new HeadTable(0)
  const numbers = (heads: Heads): number[] => pack(heads.filter(keep))
  const born = numbers(record.born)
  const f: Record<string, number[][]> = Object.create(null)
  for (const [name, { policy }] of Object.entries(table.fields)) {
    const state = record.fields[name]
    if (state === undefined || !policy.heads(state).some(keep)) continue
    const lists: number[][] = []
    policy.pack(state, (heads) => lists.push(numbers(heads)))
    f[name] = lists
  }
  const rest: Rest = {
    ...(record.again ? { again: 1 as const } : {}),
    ...(by.length > 0 ? { by } : {}),
    ...(born.length > 0 ? { born } : {}),
    ...(Object.keys(f).length > 0 ? { f } : {}),
  }
  return Object.keys(rest).length > 0 ? (rest as unknown as JsonValue) : null
}

/**
 * A segment from its bytes, which are kept and not copied. Raises `RangeError` or `SyntaxError` where they are none.
 *
 * @param tables of this schema: fields that it does not know are left out, others have their fallback
 */
export function openSegment(bytes: ArrayBuffer, tables: ReadonlyMap<string, MergeTable>): Segment {
  const length = new DataView(bytes).getUint32(0, true)
  const header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes, 4, length))) as Header
  if (header.segment !== 1 || !(header.size > 0 && header.size <= MOST_RECORDS)) throw new RangeError('This is no segment.')
  const { table: name, size } = header
  const table = tables.get(name) ?? { fields: {}, deletion: 'delete-wins' }
  const place = { buffer: bytes, from: padded(4 + length), size }
  const ids = readColumn(header.id, place)
  const alive = readColumn(header.alive, place)
  const rests = readColumn(header.rest, place)
  const columns = new Map<string, Column | undefined>()
  const written = new Map<string, Column>()
  for (const [field, [form]] of Object.entries(header.fields)) written.set(field, readColumn(form, place))
  let sessions: Set<string> | undefined
  let shown: [field: string, column: Column][] | undefined
  const isState = (field: string) => header.fields[field]?.[1] === 'state'

  const stateOf = (field: string, { policy, fallback }: MergeField, i: number): unknown => {
    const column = written.get(field)
    if (!column) return policy.empty(fallback ?? null)
    return isState(field) ? policy.unpack(column.at(i), unread, undefined) : policy.empty(column.at(i))
  }

  function column(field: string): Column | undefined {
    if (!columns.has(field)) {
      const def = table.fields[field]
      const plain = written.get(field)
      const read = def && { at: (i: number) => def.policy.read(stateOf(field, def, i)) }
      columns.set(field, field === 'id' ? ids : plain && !isState(field) && def ? plain : read)
    }
    return columns.get(field)
  }

  function record(i: number): RecordState {
    const { again, by = [], born = [], f = {} } = (rests.at(i) ?? {}) as Rest
    const headsOf = (numbers: JsonValue | undefined): Heads => unpackHeads(numbers, by)
    const fields: Record<string, unknown> = Object.create(null)
    for (const [field, def] of Object.entries(table.fields)) {
      const state = stateOf(field, def, i)
      const lists = Object.hasOwn(f, field) ? f[field] : undefined
      let next = 0
      fields[field] = lists
        ? def.policy.unpack(
            def.policy.pack(state, () => lists[next++] ?? []),
            headsOf,
            undefined,
          )
        : state
    }
    return { born: headsOf(born), ...(again ? { again: true as const } : {}), alive: alive.at(i) as number, died: [], fields }
  }

  return {
    table: name,
    size,
    bytes,
    id: (i) => ids.at(i) as string,
    find(id) {
      let low = 0
      let high = size
      while (low < high) {
        const middle = (low + high) >> 1
        if (compareStrings(ids.at(middle) as string, id) < 0) low = middle + 1
        else high = middle
      }
      return low < size && ids.at(low) === id ? low : -1
    },
    column,
    record,
    isOld: (i, seq) => rests.at(i) === null && (alive.at(i) as number) <= seq,
    row(i, space) {
      shown ??= Object.keys(table.fields).map((field) => [field, column(field) as Column])
      return makeRow(shown, [space, ids.at(i) as string], (of) => of.at(i))
    },
    sessions() {
      if (sessions) return sessions
      sessions = new Set()
      // Of few values each is looked at once.
      const all = rests.values ?? Array.from({ length: size }, (_, i) => rests.at(i))
      for (const rest of all) for (const [session] of (rest as Rest | null)?.by ?? []) sessions.add(session)
      return sessions
    },
  }
}
