import { dotName } from '@holdfast/shared/internal/clock/dot'
import { type Head, PENDING } from '@holdfast/shared/internal/clock/heads'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import type { Id, SpaceId } from '@holdfast/shared/internal/ids'
import { fieldState, isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { FieldDef } from '@holdfast/shared/internal/schema/field'
import type { FieldsOf, FieldValue, TableName } from '@holdfast/shared/internal/schema/infer'
import type { Schema, TableDef } from '@holdfast/shared/internal/schema/table'
import { ambiguous } from '@holdfast/shared/internal/transaction/ground'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import { decidingHead, type Origin, originOf } from './core/origin.ts'
import { keyOf, type Pending } from './core/pending.ts'
import { type Internals, internalsOf } from './internals.ts'
import type { Database } from './surface.ts'

/** Why a record shows what it shows, as far as this device knows. */
export interface Explanation<S extends Schema, T extends TableName<S>> {
  readonly space: SpaceId
  readonly id: Id<T>
  /** It is on its way out: a delete of this device waits. What the fields say is what they were. */
  readonly deleted: boolean
  readonly fields: { readonly [K in keyof FieldsOf<S, T> & string]: ExplainedField<FieldValue<S, T, K>> }
}

/** `userId` and `at` are those of the change that gave the field its value; of a value that was merged from several, of the latest. */
export interface ExplainedField<V> extends Origin {
  readonly value: V
  /** How concurrent changes merge here: `latest`, `first`, `three-way`, `counter`… */
  readonly policy: string
  /** `predicted` while a change of this device is in it that the server has not told the outcome of. */
  readonly is: 'confirmed' | 'predicted'
  /** Every change that no later one had seen: of a register, more than one means that they were concurrent and nobody has written since. */
  readonly heads: readonly ExplainedHead[]
  /** What waits on this device to change it, the oldest first. */
  readonly pending: readonly PendingChange[]
}

export interface ExplainedHead extends Origin {
  /** The `id` of the write that made it. */
  readonly write: string
  readonly is: 'confirmed' | 'predicted'
  /** What it wrote, where fields keep that: those of `max`, `min`, `siblings` and three-way merges do. */
  readonly value?: unknown
}

export interface PendingChange {
  /** The `id` of its write, as `db.verdict` takes it. */
  readonly write: string
  /** What its author called it, or the name of the command. */
  readonly label: string | null
  readonly at: number
  /** Not decided yet; accepted, and its effect has not arrived; or about to be refused, by all that is known here, and so not shown. */
  readonly is: 'waiting' | 'accepted' | 'failing'
}

/**
 * Where each value of a record comes from. It asks nobody: of changes that every write of this device had long seen only the value is left.
 *
 * @param space if the id may be in several
 * @returns undefined if the record is not on this device
 * @throws HoldfastError `ambiguous_id`
 * @example
 * const { title } = explain(db, 'todos', id)?.fields ?? {}
 * if (title) console.info(`"${title.value}" by ${title.userId ?? 'somebody'}, ${title.is}`)
 */
export function explain<S extends Schema, C extends Commands, T extends TableName<S>>(
  db: Database<S, C>,
  table: T,
  id: Id<T>,
  { space }: { readonly space?: SpaceId } = {},
): Explanation<S, T> | undefined {
  const internals = internalsOf(db)
  const { replica, tables } = internals
  const home = space ?? spaceOf(internals, table, id)
  const state = home === undefined ? undefined : replica.view.state(home, table, id)
  const def = tables[table]
  if (home === undefined || !state || !def) return undefined
  const at = { space: home, table, id: id as string }
  const fields = Object.entries(def.fields).map(([name, field]) => [
    name,
    explained(internals, { ...at, field: name }, { def, field, state }),
  ])
  return { space: home, id, deleted: !isAlive(state), fields: Object.fromEntries(fields) }
}

/** Where it is, or where a change of this device has just taken it away. */
function spaceOf({ replica }: Internals, table: string, id: string): string | undefined {
  const found = new Set([...replica.view.find(table, id)].map(({ $space }) => $space))
  if (found.size === 0)
    for (const { operations } of replica.pending)
      for (const [, space, of, record] of operations) if (of === table && record === id) found.add(space)
  const [only, ...others] = found
  if (others.length > 0) throw ambiguous(table, id)
  return only
}

interface Spot {
  readonly space: string
  readonly table: string
  readonly id: string
  readonly field: string
}

interface Shown {
  readonly def: TableDef
  readonly field: FieldDef
  readonly state: RecordState
}

function explained(internals: Internals, spot: Spot, { def, field: { policy }, state }: Shown): ExplainedField<unknown> {
  const { replica } = internals
  const own = fieldState(def, state, spot.field)
  const base = replica.view.base(spot.space, spot.table, spot.id)
  const isConfirmed = base !== undefined && base.fields[spot.field] === state.fields[spot.field]
  const headOf = (head: Head): ExplainedHead => ({
    write: dotName(head.by),
    ...originOf(internals, head),
    is: head.seq === PENDING ? 'predicted' : 'confirmed',
    ...(policy.wrote ? { value: policy.wrote(own, head) } : {}),
  })
  return {
    value: policy.read(own),
    policy: policy.name,
    ...originOf(internals, decidingHead(policy, own)),
    is: isConfirmed ? 'confirmed' : 'predicted',
    heads: [...new Map(policy.heads(own).map((head) => [dotName(head.by), headOf(head)])).values()],
    pending: replica.pending.filter((one) => waitsOn(one, spot)).map(changeOf),
  }
}

const waitsOn = ({ dropped, hidden, operations }: Pending, { space, table, id, field }: Spot): boolean =>
  dropped === undefined &&
  !hidden &&
  operations.some((operation) => keyOf(operation) === recordKey(space, table, id) && touches(operation, field))

/** Whether it is about this field; what makes or ends a record is about all. */
function touches([kind, , , , what]: Operation, field: string): boolean {
  if (kind === 'upd') return Object.hasOwn(what, field)
  return typeof what !== 'string' || what === field
}

const changeOf = ({ transaction: { dot, at, command }, event, accepted, doomed, stale }: Pending): PendingChange => ({
  write: dotName(dot),
  label: event.label ?? command?.name ?? null,
  at: msOf(at),
  is: accepted ? 'accepted' : doomed || stale ? 'failing' : 'waiting',
})
