import type { JsonValue } from '@holdfast/shared/internal/json'
import { HeadTable, type PackedHead, unpackHeads } from '@holdfast/shared/internal/merge/pack'
import type { MergeTable, RecordState } from '@holdfast/shared/internal/merge/record'

/** A record's state as text: heads are numbers into `by`. `old` has the fields that this schema does not know, each with its own heads. */
interface Body {
  readonly by: readonly PackedHead[]
  readonly born: readonly number[]
  readonly again?: 1
  readonly alive: number
  readonly died: readonly number[]
  readonly f: { readonly [field: string]: JsonValue }
  readonly old?: { readonly [field: string]: readonly [packed: JsonValue, by: readonly PackedHead[]] }
}

/** The state of a field that only another version of the schema knows: carried along as it is. */
class UnknownField {
  readonly packed: JsonValue
  readonly by: readonly PackedHead[]

  constructor(packed: JsonValue, by: readonly PackedHead[]) {
    this.packed = packed
    this.by = by
  }
}

/** The text that is stored of a record. */
export function encodeRecord(table: MergeTable, record: RecordState): string {
  const heads = new HeadTable(0)
  const f: Record<string, JsonValue> = Object.create(null)
  const old: Record<string, readonly [JsonValue, readonly PackedHead[]]> = Object.create(null)
  for (const [name, state] of Object.entries(record.fields)) {
    if (state instanceof UnknownField) old[name] = [state.packed, state.by]
    else f[name] = table.fields[name]?.policy.pack(state, heads.pack) ?? null
  }
  const born = { born: heads.pack(record.born), ...(record.again ? { again: 1 as const } : {}) }
  const body: Body = { by: heads.by, ...born, alive: record.alive, died: heads.pack(record.died), f }
  return JSON.stringify(Object.keys(old).length > 0 ? { ...body, old } : body)
}

/** The other way; the text is our own. */
export function decodeRecord(table: MergeTable, text: string): RecordState {
  const body = JSON.parse(text) as Body
  const fields: Record<string, unknown> = Object.create(null)
  const take = (name: string, packed: JsonValue, by: readonly PackedHead[]): void => {
    const policy = table.fields[name]?.policy
    fields[name] = policy ? policy.unpack(packed, (numbers) => unpackHeads(numbers, by), undefined) : new UnknownField(packed, by)
  }
  for (const [name, packed] of Object.entries(body.f)) take(name, packed, body.by)
  for (const [name, [packed, by]] of Object.entries(body.old ?? {})) take(name, packed, by)
  const again = body.again ? { again: true as const } : {}
  return { born: unpackHeads(body.born, body.by), ...again, alive: body.alive, died: unpackHeads(body.died, body.by), fields }
}
