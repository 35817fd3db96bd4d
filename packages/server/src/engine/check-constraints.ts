import { sameDot } from '@holdfast/shared/internal/clock/dot'
import type { Head } from '@holdfast/shared/internal/clock/heads'
import { type Author, removed } from '@holdfast/shared/internal/merge/merge'
import { fieldState, isAlive, type RecordState, type Row } from '@holdfast/shared/internal/merge/record'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import type { FieldDef, Reference } from '@holdfast/shared/internal/schema/field'
import { type Referrer, referrersTo } from '@holdfast/shared/internal/schema/referrers'
import { missingRef, notUnique, restricted } from '@holdfast/shared/internal/transaction/constraints'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Batch } from './batch.ts'
import type { ConflictLog, Place } from './conflicts.ts'
import { tableOf } from './engine.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'

export interface Deciding {
  readonly batch: Batch
  readonly overlay: Overlay
  readonly conflicts: ConflictLog
  author(place: Place): Author
}

/**
 * Makes references hold after a transaction was merged, and throws where it has to be refused for them. Its author has deleted with a record
 * what he knew to name it; here it meets what he had not seen. The outcome is the same whichever of the two came first (`schedules.md` 23).
 *
 * @returns the keys of records that went or lost a name with what he deleted, although he had seen them: he should have named them
 */
export function settleReferences(deciding: Deciding): Asking<ReadonlySet<string>> {
  return new Settling(deciding).settle()
}

class Settling {
  readonly #deciding: Deciding
  /** What has changed, and is still to be looked at. */
  readonly #queue: Touched[]
  /** What was deleted because of what it names: that does not come back for who names it. */
  readonly #condemned = new Set<string>()
  /** What was brought back for who names it. */
  readonly #revived = new Set<string>()
  /** What its author left out. */
  readonly #leftOut = new Set<string>()
  /** For each field that was asked for, by space and table: the ids of what names a record there, or did when this was made. */
  readonly #naming = new Map<string, Map<unknown, Set<string>>>()

  constructor(deciding: Deciding) {
    this.#deciding = deciding
    this.#queue = [...deciding.overlay.changed()]
  }

  *settle(): Asking<ReadonlySet<string>> {
    const left: Touched[] = []
    for (;;) {
      // All that is brought back comes first: whatever else names it finds it there, in whatever order that was written.
      const next = this.#queue.shift()
      if (next) {
        left.push(next)
        yield* this.#look(next, true)
        continue
      }
      const touched = left.shift()
      if (!touched) return this.#leftOut
      yield* this.#look(touched, false)
    }
  }

  *#look({ space, table, id, before }: Touched, isRevival: boolean): Asking<void> {
    const { batch, overlay } = this.#deciding
    const { tables } = batch.engine.schema
    const place = { space, table, id }
    const now = yield* overlay.record(space, table, id)
    if (!now) return
    const isWanted = ({ onMissing }: Reference) => !isRevival || onMissing === 'revive'
    if (!isAlive(now)) {
      if (!before || !isAlive(before)) return
      for (const referrer of referrersTo(tables, table)) if (isWanted(referrer.reference)) yield* this.#deleted(place, referrer, isRevival)
      return
    }
    for (const [field, { to, reference }] of Object.entries(tables[table]?.fields ?? {}))
      if (reference && to !== undefined && isWanted(reference))
        yield* this.#named({ ...place, before }, now, { table: to, field, reference }, isRevival)
  }

  /** A record that this transaction leaves alive has to name one that is: of `table`, in its own `field`. */
  *#named(
    { space, table, id, before }: Omit<Touched, 'after'>,
    now: RecordState,
    { table: to, field, reference }: Referrer,
    isRevival: boolean,
  ): Asking<void> {
    const target = this.#value(table, now, field)
    if (typeof target !== 'string' || (before && isAlive(before) && this.#value(table, before, field) === target)) return
    const place = { space, table, id }
    const parent = { space, table: to, id: target }
    const found = yield* this.#deciding.overlay.record(space, to, target)
    if (found && isAlive(found)) return
    const { sees } = this.#deciding.author(place)
    const isRevived = this.#revived.has(keyOf(place))
    // Who knew that it is gone, or never was, did not mean it. What is brought back was named before all that.
    const isNews = found !== undefined && !this.#condemned.has(keyOf(parent)) && (isRevived || !found.died.some((head) => sees(head)))
    if (reference.onMissing === 'revive' && isNews) yield* this.#revive(parent, found)
    else if (isRevival) return
    else if (reference.onMissing === 'set-null' && found !== undefined) yield* this.#clear(place, now, field)
    else if (isRevived) yield* this.#remove(place, now)
    else throw missingRef(place, field)
  }

  /** What names a record that this transaction deleted. */
  *#deleted(parent: Place, { table, field, reference }: Referrer, isRevival: boolean): Asking<void> {
    const { overlay, author } = this.#deciding
    const isCondemned = this.#condemned.has(keyOf(parent))
    if (isRevival && isCondemned) return
    for (const id of yield* this.#namersOf(parent, table, field)) {
      const child = yield* overlay.record(parent.space, table, id)
      if (!child || !isAlive(child) || this.#value(table, child, field) !== parent.id) continue
      const place = { space: parent.space, table, id }
      const { sees, head } = author(place)
      const names =
        tableOf(this.#deciding.batch.engine, table).fields[field]?.policy.heads(fieldState(this.#table(table), child, field)) ?? []
      const isSeen = [...child.born, ...names].every((head) => sees(head))
      if (isRevival && isSeen) continue
      // It cannot stay, and its author is the one who asks.
      if (names.some(({ by }) => sameDot(by, head.by))) throw missingRef(place, field)
      if (isSeen && reference.onDelete === 'restrict') throw restricted(parent, table, id)
      // What hangs on something that went without his knowledge he could not name.
      if (isSeen && (!isCondemned || this.#leftOut.has(keyOf(parent)))) this.#leftOut.add(keyOf(place))
      const how = isSeen ? (reference.onDelete === 'cascade' ? 'reject' : 'set-null') : reference.onMissing
      if (how === 'set-null') yield* this.#clear(place, child, field)
      else if (how === 'reject') yield* this.#remove(place, child)
      else if (!isCondemned) {
        const dead = yield* overlay.record(parent.space, parent.table, parent.id)
        if (dead) yield* this.#revive(parent, dead)
        return
      } else yield* this.#remove(place, child)
    }
  }

  /** The ids of what may name it. The table is gone through once: a transaction may delete thousands. */
  *#namersOf({ space, id }: Place, table: string, field: string): Asking<Iterable<string>> {
    const key = recordKey(space, table, field)
    let naming = this.#naming.get(key)
    if (!naming) {
      naming = new Map()
      for (const [child, record] of yield* this.#deciding.overlay.rows(space, table)) add(naming, this.#value(table, record, field), child)
      this.#naming.set(key, naming)
    }
    return naming.get(id) ?? []
  }

  #table(name: string) {
    return tableOf(this.#deciding.batch.engine, name)
  }

  #value(table: string, record: RecordState, field: string): unknown {
    return this.#table(table).fields[field]?.policy.read(fieldState(this.#table(table), record, field))
  }

  /** The delete is dropped: it lives on, or again. */
  *#revive(place: Place, dead: RecordState): Asking<void> {
    this.#revived.add(keyOf(place))
    const alive = { ...dead, died: [], alive: this.#head(place).seq }
    yield* this.#deciding.overlay.set(place, alive)
    for (const field of Object.keys(this.#table(place.table).fields)) {
      const naming = this.#naming.get(recordKey(place.space, place.table, field))
      if (naming) add(naming, this.#value(place.table, alive, field), place.id)
    }
    this.#queue.push({ ...place, before: dead, after: alive })
  }

  /** It goes with what it names; edits that the deleter had not seen are conflicts of their authors. */
  *#remove(place: Place, child: RecordState): Asking<void> {
    const { overlay, conflicts, author } = this.#deciding
    this.#condemned.add(keyOf(place))
    const { record, losses } = removed(this.#table(place.table), child, author(place))
    yield* overlay.set(place, record)
    for (const loss of losses) yield* conflicts.lost(place, loss, this.#head(place))
    this.#queue.push({ ...place, before: child, after: record })
  }

  /** Whatever its author's clock says: there is nothing to name. */
  *#clear(place: Place, record: RecordState, field: string): Asking<void> {
    const { policy } = this.#table(place.table).fields[field] as FieldDef
    const engine = { head: this.#head(place), base: Number.MAX_SAFE_INTEGER, sees: () => true }
    const cleared = policy.apply(fieldState(this.#table(place.table), record, field), { do: 'set', value: null }, engine)
    if ('state' in cleared) yield* this.#deciding.overlay.set(place, { ...record, fields: { ...record.fields, [field]: cleared.state } })
  }

  #head(place: Place): Head {
    return this.#deciding.author(place).head
  }
}

const keyOf = ({ space, table, id }: Place): string => recordKey(space, table, id)

/** Refuses a transaction that leaves two records with values that only one may have: who came first keeps them. */
export function* checkUniques({ batch, overlay }: Pick<Deciding, 'batch' | 'overlay'>): Asking<void> {
  // How many have the same values, for each unique that is asked for: a table is gone through once, whatever a transaction inserts there.
  const counts = new Map<string, Map<string | undefined, number>>()
  for (const { space, table, id, before, after } of overlay.changed()) {
    const { uniques } = tableOf(batch.engine, table)
    if (uniques.length === 0 || !isAlive(after)) continue
    const row = batch.row(space, table, id, after)
    const was = before && isAlive(before) ? batch.row(space, table, id, before) : undefined
    for (const names of uniques) {
      if (names.every((name) => row[name] === was?.[name])) continue
      const key = recordKey(space, table, names.join())
      let count = counts.get(key)
      if (!count) {
        count = new Map()
        for (const [other, record] of yield* overlay.rows(space, table)) {
          const values = valuesOf(names, batch.row(space, table, other, record))
          count.set(values, 1 + (count.get(values) ?? 0))
        }
        counts.set(key, count)
      }
      const values = valuesOf(names, row)
      if (values !== undefined && (count.get(values) ?? 0) > 1) throw notUnique({ table, id }, names)
    }
  }
}

/** What no other record may have, as text; nothing where one is `null`, which is like nothing else. */
const valuesOf = (names: readonly string[], row: Row): string | undefined => {
  const values = names.map((name) => row[name])
  return values.includes(null) ? undefined : JSON.stringify(values)
}

function add(naming: Map<unknown, Set<string>>, target: unknown, id: string): void {
  const ids = naming.get(target)
  if (ids) ids.add(id)
  else naming.set(target, new Set([id]))
}
