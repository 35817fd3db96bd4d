import { bounded, type Head, MAX_CONCURRENT } from '../clock/heads.ts'
import type { Code } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import type { Action, Actor } from '../policy/policy.ts'
import type { Operation, Reset } from '../transaction/operation.ts'
import { field, fieldState, isAlive, type MergeTable, type RecordState } from './record.ts'

/** A value that left with a merge: of one field, or (`field` null) all that an edit brought to a record that is deleted. */
export interface Loss {
  readonly field: string | null
  /** Of a map. */
  readonly key?: string
  readonly value: JsonValue
  readonly by: Head
  readonly kept: JsonValue
  readonly keptBy: Head | null
}

export interface Merge {
  readonly record: RecordState | undefined
  readonly losses: readonly Loss[]
  /** The registers, and keys of maps, in which this change is now in effect. */
  readonly won: readonly Spot[]
}

export interface Spot {
  readonly field: string
  readonly key?: string
}

export type MergeResult = Merge | { readonly refused: Code; readonly message: string }

export interface Author extends Actor {
  /** The increments of a reset's author that count: the server leaves out those that it refused. */
  counted(own: Reset['own']): number
}

const refuse = (refused: Code, message: string) => ({ refused, message })

/**
 * The one merge function: a record, an operation on it and its author → the record after. Run by the server to decide and by the client
 * to predict. Pure; the operation's values have been checked. Refuses `exists`, `unknown_record`, `out_of_range` and
 * `too_large`.
 */
export function merge(table: MergeTable, record: RecordState | undefined, operation: Operation, author: Author): MergeResult {
  switch (operation[0]) {
    case 'ins':
      return insert(table, record, operation, author)
    case 'put':
      if (!record || !isAlive(record)) return born(table, operation, author, record)
      return change(table, record, writes(table, operation, 'set'), author)
    case 'del':
      return remove(table, record, author, operation[3])
    case 'res':
      return restore(record, author, operation[3])
    default:
      return update(table, record, operation, author)
  }
}

type Insertion = Operation & { readonly 0: 'ins' | 'put' | 'upd' }

function insert(table: MergeTable, record: RecordState | undefined, operation: Insertion, author: Author): MergeResult {
  const id = operation[3]
  if (record?.died.some((head) => author.sees(head))) return born(table, operation, author, record)
  // A record whose insert is forgotten (`born` empty) is older than every clock that can still be sent.
  if (record?.born.every((head) => author.sees(head))) return refuse('exists', `A record "${id}" exists already.`)
  if (!record || !isAlive(record)) return born(table, operation, author, record)
  const joined = { ...record, born: bounded([...record.born, author.head]) }
  return change(table, joined, writes(table, operation, 'init'), author)
}

function born(table: MergeTable, operation: Insertion, author: Author, before: RecordState | undefined): MergeResult {
  const values = operation[4]
  const fields: Record<string, unknown> = Object.create(null)
  const fresh = { born: [author.head], ...(before ? { again: true as const } : {}), alive: author.head.seq, died: [], fields }
  const all = Object.keys(table.fields).map((name): [string, Action] => {
    const fallback = field(table, name).fallback ?? null
    return [name, { do: 'init', value: Object.hasOwn(values, name) ? written(table, name, values[name]) : fallback }]
  })
  return change(table, fresh, all, author)
}

function writes(table: MergeTable, operation: Insertion, verb: 'init' | 'set'): [string, Action][] {
  const [kind, , , , values, options] = operation
  return Object.keys(values).flatMap((name): [string, Action][] => {
    const known = table.fields[name]
    if (!known?.policy) return []
    const { policy, fallback = null } = known
    // Who made the record, as far as he knew, saw there what a new one has.
    const from = options?.from || kind === 'upd' ? options?.from?.[name] : fallback
    // An upsert of a record that is there can only add to its counters and sets, as a concurrent insert does.
    const base = options?.base?.[name]
    return [[name, { do: policy.kind === 'register' ? verb : 'init', value: written(table, name, values[name]), from, base }]]
  })
}

/** Of a place only the key counts here: whoever merges has found out where that is. */
const written = (table: MergeTable, name: string, value: JsonValue | undefined): JsonValue =>
  field(table, name).policy.kind === 'rank' && Array.isArray(value) ? (value[0] ?? null) : (value ?? null)

function update(table: MergeTable, record: RecordState | undefined, operation: Operation, author: Author): MergeResult {
  const id = operation[3]
  if (!record) return refuse('unknown_record', `There is no record "${id}".`)
  if (record.died.some((head) => author.sees(head))) return refuse('unknown_record', `The record "${id}" is deleted.`)
  const actions = actionsOf(table, operation, author)
  if (!isAlive(record) && table.deletion === 'edit-wins')
    return change(table, { ...record, died: [], alive: author.head.seq }, actions, author)
  if (!isAlive(record) || isEarlier(record, author)) {
    const keptBy = (isAlive(record) ? record.born[0] : record.died[0]) ?? null
    // The dead keep what was written to them, whichever came first: should they be restored, it is there.
    const merged = isEarlier(record, author) ? undefined : change(table, record, actions, author)
    const kept = merged && 'record' in merged ? merged.record : record
    return { record: kept, won: [], losses: [{ field: null, value: intent(operation), by: author.head, kept: null, keptBy }] }
  }
  return change(table, record, actions, author)
}

/**
 * Whether its author meant an earlier incarnation. Where there was none he cannot have: a clock that came down after a reset only says
 * less than its author knew.
 */
const isEarlier = ({ again, born: heads }: RecordState, author: Author): boolean =>
  again === true && heads.length > 0 && !heads.some((head) => author.sees(head))

function actionsOf(table: MergeTable, operation: Operation, author: Author): [string, Action][] {
  switch (operation[0]) {
    case 'upd':
      return writes(table, operation, 'set')
    case 'inc':
      return [[operation[4], { do: 'inc', delta: operation[5] }]]
    case 'off':
      return [[operation[4], { do: 'reset', to: operation[5].to, sum: operation[5].sum + author.counted(operation[5].own) }]]
    case 'add':
      return [[operation[4], { do: 'add', elements: operation[5] }]]
    case 'rem':
      return [[operation[4], { do: 'remove', elements: operation[5] }]]
    case 'key':
      return [[operation[4], { do: 'keys', values: operation[5] }]]
    case 'unk':
      return [[operation[4], { do: 'unkey', keys: operation[5] }]]
    case 'mov':
      return [[operation[4], { do: 'move', key: operation[5][0] }]]
    default:
      return []
  }
}

/** What an edit of a deleted record wanted, in the words of the operation. */
function intent(operation: Operation): JsonValue {
  switch (operation[0]) {
    case 'upd':
      return operation[4]
    case 'off':
      return { [operation[4]]: operation[5].to }
    case 'inc':
    case 'add':
    case 'rem':
    case 'key':
    case 'unk':
      return { [operation[4]]: operation[5] }
    default:
      return {}
  }
}

function change(table: MergeTable, record: RecordState, actions: readonly [string, Action][], author: Author): MergeResult {
  const fields: Record<string, unknown> = Object.assign(Object.create(null), record.fields)
  const losses: Loss[] = []
  const won: Spot[] = []
  for (const [name, action] of actions) {
    // The server takes no operation of what it does not know. A device may have one of another version of its app, and shows the rest.
    const policy = table.fields[name]?.policy
    if (!policy) continue
    const merged = policy.apply(fieldState(table, { ...record, fields }, name), action, author)
    if ('refused' in merged) return merged
    if (policy.wrote && policy.heads(merged.state).length > MAX_CONCURRENT)
      return refuse('too_large', `A field holds at most ${MAX_CONCURRENT} concurrent values.`)
    fields[name] = merged.state
    const { dropped = [] } = merged
    losses.push(...dropped.map((one) => ({ field: name, ...one })))
    if (merged.won) won.push(...merged.won.map((key) => ({ field: name, key })))
    else if (policy.kind === 'register' && !dropped.some(({ by }) => by.by === author.head.by)) won.push({ field: name })
  }
  return { record: { ...record, fields }, losses, won }
}

/** Edits that the deleter had not seen: with `delete-wins` they go to their authors' conflicts, from which the record can be restored. */
function remove(table: MergeTable, record: RecordState | undefined, author: Author, id: string): MergeResult {
  if (!record || record.died.some((head) => author.sees(head))) return refuse('unknown_record', `There is no record "${id}".`)
  // Meant for an incarnation that is gone already: the newer one stays, and nothing of anybody's is lost.
  if (isAlive(record) && isEarlier(record, author)) return { record, losses: [], won: [] }
  const merged = removed(table, record, author)
  return merged.losses.length > 0 && table.deletion === 'edit-wins' ? { record, losses: [], won: [] } : merged
}

/** A record that goes, whatever anybody wrote to it: what its deleter had not seen of that is lost by its authors. */
export const removed = (table: MergeTable, record: RecordState, author: Author): Merge & { readonly record: RecordState } => ({
  record: { ...record, died: bounded([...record.died, author.head]) },
  losses: isAlive(record) ? unseenEdits(table, record, author) : [],
  won: [],
})

function unseenEdits(table: MergeTable, record: RecordState, author: Author): Loss[] {
  const edits = new Map<string, { by: Head; value: Record<string, JsonValue> }>()
  for (const [name, state] of Object.entries(record.fields)) {
    // One that the schema does not know is carried along, and nobody can say what of it is lost.
    const policy = table.fields[name]?.policy
    if (!policy) continue
    for (const head of policy.edits?.(state) ?? policy.heads(state)) {
      if (author.sees(head)) continue
      const edit = edits.get(head.by[0]) ?? { by: head, value: Object.create(null) as Record<string, JsonValue> }
      edit.value[name] = policy.wrote ? policy.wrote(state, head) : policy.read(state)
      edits.set(head.by[0], edit)
    }
  }
  return [...edits.values()].map(({ by, value }) => ({ field: null, value, by, kept: null, keptBy: author.head }))
}

function restore(record: RecordState | undefined, author: Author, id: string): MergeResult {
  if (!record) return refuse('unknown_record', `There is no record "${id}" to restore.`)
  if (isAlive(record)) return { record, losses: [], won: [] }
  return { record: { ...record, died: [], alive: author.head.seq }, losses: [], won: [] }
}
