import { dotName } from '@holdfast/shared/internal/clock/dot'
import { HoldfastError } from '@holdfast/shared/internal/errors'
import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import type { JsonValue } from '@holdfast/shared/internal/json'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Read } from '@holdfast/shared/internal/transaction/read'
import type { WriteEvent } from './core/event.ts'
import { type Internals, internalsOf } from './internals.ts'

/** A database, whatever its schema. */
interface AnyDatabase {
  readonly userId: string
}

type Values = Readonly<Record<string, JsonValue>>
type Mapping = (table: string, values: Values) => Values

export interface AdoptOptions {
  readonly into: AnyDatabase
  /** What an insert or update of a table sets, as the new user would have: the fields that are to differ, and all others as they are. */
  readonly map?: Mapping
}

/**
 * Gives what somebody wrote before he signed in to the user he is now: everything in the `home` and in the new spaces of a database that
 * never synced becomes writes of the other one, in the order and at the times in which they were made; then the first is erased. It is
 * all or nothing, and to call it again after a crash adopts nothing twice. Gives how many writes were adopted.
 *
 * Adopted records merge like any that were made offline: one whose id is there already merges with it by field. Rules are asked about
 * them as of writes of the new user: where a field holds the id of its author, `map` gives it the new one.
 *
 * @throws HoldfastError `invalid_value` if the database has synced, as its data then belongs to a user of the server; storage codes
 * @example
 * const anonymous = await openDatabase({ schema, userId: 'anonymous', token: () => null })
 * // …later, after the sign-in
 * await adopt(anonymous, { into: await openDatabase({ schema, userId: 'ann', token }) })
 */
export async function adopt(from: AnyDatabase, { into, map = (_, values) => values }: AdoptOptions): Promise<number> {
  const source = internalsOf(from)
  const target = internalsOf(into)
  if (source.replica.known.now !== null) {
    throw new HoldfastError('invalid_value', 'Only what never reached a server can be adopted.', { userId: source.userId })
  }
  // Said first, and stored: after a crash in between nobody else can be given the same, whose names the server then knows as this user's.
  if (source.replica.known.adoptedBy !== target.userId) await source.tab.note({ e: 'note', adoptedBy: target.userId })
  const { adoptedBy } = source.replica.known
  if (adoptedBy !== target.userId)
    throw new HoldfastError('invalid_value', `This is already being adopted by "${adoptedBy}".`, { adoptedBy })
  let count = 0
  await source.eraseAfter(async () => {
    // Another tab of the user may have adopted some of it.
    await target.tab.catchUp()
    const events = adoptable(source, target, map)
    await target.tab.adopt(events)
    count += events.length
  })
  return count
}

/** What is to be adopted of it, as writes of the other one. */
function adoptable(source: Internals, target: Internals, map: Mapping): WriteEvent[] {
  const rename = (space: SpaceId) => (space === homeSpace(source.userId) ? homeSpace(target.userId) : space)
  const known = new Set(target.replica.pending.map(({ transaction: { dot } }) => dotName(dot)))
  // Nobody else ever heard of these sessions, so their names go on: that is what makes a second time find them.
  return source.replica.pending.flatMap(({ event, dropped }): WriteEvent[] => {
    const { dot } = event.transaction
    if (dropped || known.has(dotName(dot)) || dot[1] <= target.replica.decided(dot[0])) return []
    return [adopted(event, { rename, map, generation: target.replica.known.generation })]
  })
}

function adopted(
  event: WriteEvent,
  { rename, map, generation }: { readonly rename: (space: SpaceId) => SpaceId; readonly map: Mapping; readonly generation: number },
): WriteEvent {
  const { transaction } = event
  const operations = transaction.operations.map((operation): Operation => {
    const [kind, space, table, id, ...rest] = operation
    const values = kind === 'ins' || kind === 'put' || kind === 'upd' ? [map(table, operation[4]), ...rest.slice(1)] : rest
    return [kind, rename(space), table, id, ...values] as unknown as Operation
  })
  const reads = transaction.reads?.map(([kind, space, ...rest]) => [kind, rename(space), ...rest] as unknown as Read)
  const base = Object.fromEntries([...operations, ...(reads ?? [])].map(([, space]) => [space, 0]))
  return { ...event, generation, lo: 0, transaction: { ...transaction, operations, ...(reads ? { reads } : {}), base } }
}
