import { bounded, type Heads, winner } from '../clock/heads.ts'
import { compareStrings, type JsonValue } from '../json.ts'
import { type RegisterState, writeLatest } from './latest.ts'
import { packedArray } from './packed.ts'
import { advance, cannot, type Dropped, full, headsPerEntry, MAX_ENTRIES, type Policy } from './policy.ts'

/** A key with its register; removed, it stays without a value, so that what had not seen the removal is still concurrent with it. */
interface Slot extends RegisterState {
  readonly gone: boolean
}

/** Slots by key; the field's own heads tell of the last changes. */
export interface MapState {
  readonly slots: ReadonlyMap<string, Slot>
  readonly heads: Heads
}

/** Each key is a register by itself: the later write of it stands, be that a value or a removal; a value that is dropped is recorded. */
export const mapPolicy: Policy<MapState> = {
  name: 'map',
  kind: 'map',
  empty: (fallback) => ({ slots: slotsOf(fallback), heads: [] }),
  apply(state, action, actor) {
    const changes = changesOf(action)
    if (!changes) return cannot('map', action)
    const slots = new Map(state.slots)
    const most = headsPerEntry(slots.size)
    const dropped: Dropped[] = []
    const won: string[] = []
    for (const [key, value] of changes) {
      const slot = slots.get(key) ?? { value: null, heads: [], gone: true }
      // As registers of what may be nothing: a removal is a write, too.
      const merged = writeLatest({ value: wrap(slot), heads: slot.heads }, value === undefined ? [] : [value], actor)
      if ('refused' in merged) return merged
      const [now] = merged.state.value as readonly JsonValue[]
      slots.set(key, { value: now ?? null, heads: bounded(merged.state.heads, most), gone: now === undefined })
      const [lost] = merged.dropped ?? []
      if (lost?.by.by !== actor.head.by) won.push(key)
      const [was] = (lost?.value ?? []) as readonly JsonValue[]
      // Of a removal that did not stand nobody has lost a value.
      if (lost && was !== undefined) dropped.push({ ...lost, key, value: was, kept: (lost.kept as readonly JsonValue[])[0] ?? null })
    }
    if (slots.size > MAX_ENTRIES) forgetRemovals(slots)
    if (slots.size > MAX_ENTRIES) return full('map')
    return { state: { slots, heads: advance(state.heads, actor).next }, dropped, won }
  },
  read: (state) => Object.fromEntries(sorted(state).flatMap(([key, { value, gone }]) => (gone ? [] : [[key, value]]))),
  heads: (state) => [...state.heads, ...[...state.slots.values()].flatMap(({ heads }) => heads)],
  pack: (state, heads) => [
    sorted(state).flatMap(([key, { value, gone, heads: of }]) => {
      const numbers = heads(of)
      if (!gone) return [[key, numbers, value]]
      return Array.isArray(numbers) && numbers.length === 0 ? [] : [[key, numbers]]
    }),
    heads(state.heads),
  ],
  unpack(packed, heads, held) {
    const [slots, of] = packedArray(packed, 2)
    const read = packedArray(slots).map((slot): [string, Slot] => {
      const [key, numbers, ...value] = packedArray(slot)
      const had = held?.slots.get(String(key))?.heads ?? []
      return [String(key), { value: value[0] ?? null, heads: heads(numbers, had), gone: value.length === 0 }]
    })
    const all = new Map(read)
    // A removal that is older than this delta is left out of it; who holds it, and may still need it, keeps it.
    for (const [key, slot] of held?.slots ?? []) {
      const kept = slot.gone && !all.has(key) ? heads(undefined, slot.heads) : []
      if (kept.length > 0) all.set(key, { ...slot, heads: kept })
    }
    return { slots: all, heads: heads(of, held?.heads ?? []) }
  },
}

/** The oldest removals make room: who had not seen one and sets its key then brings that back, whatever his clock says. */
function forgetRemovals(slots: Map<string, Slot>): void {
  const removals = [...slots].flatMap(([key, { gone, heads }]) => (gone ? [{ key, at: winner(heads)?.at ?? 0 }] : []))
  removals.sort((a, b) => a.at - b.at || compareStrings(a.key, b.key))
  for (const { key } of removals.slice(0, slots.size - MAX_ENTRIES)) slots.delete(key)
}

const wrap = ({ value, gone }: Slot): JsonValue => (gone ? [] : [value])

const sorted = ({ slots }: MapState) => [...slots].sort(([a], [b]) => compareStrings(a, b))

const slotsOf = (value: JsonValue): MapState['slots'] =>
  new Map(Object.entries(value ?? {}).map(([key, of]) => [key, { value: of as JsonValue, heads: [], gone: false }]))

/** The keys that an action writes; `undefined` removes one. */
function changesOf(action: Parameters<Policy['apply']>[1]): readonly (readonly [string, JsonValue | undefined])[] | undefined {
  if (action.do === 'keys') return Object.entries(action.values)
  if (action.do === 'init') return Object.entries(action.value ?? {})
  if (action.do === 'unkey') return action.keys.map((key) => [key, undefined])
  return undefined
}
