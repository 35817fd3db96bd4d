import type { Head, Heads } from '@holdfast/shared/internal/clock/heads'
import { base64url, type SessionId, type SpaceId } from '@holdfast/shared/internal/ids'
import type { JsonValue } from '@holdfast/shared/internal/json'
import { CONFLICTS, type ConflictValue, conflictName, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import { type Author, type Loss, merge, type Spot } from '@holdfast/shared/internal/merge/merge'
import { fieldState, isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import type { Batch } from './batch.ts'
import type { Overlay } from './overlay.ts'
import type { Asking } from './reads.ts'

/** The record that a merge was about, and the head of the transaction that merged. */
export interface Place {
  readonly space: SpaceId
  readonly table: string
  readonly id: string
}

const utf8 = new TextEncoder()

/** Keeps the conflicts of one transaction: at most one a field and session, in the seq of the merge itself. */
export class ConflictLog {
  readonly #batch: Batch
  readonly #overlay: Overlay
  readonly #author: { readonly session: SessionId; readonly user: string }
  readonly #kept = new Set<string>()

  constructor(batch: Batch, overlay: Overlay, author: { readonly session: SessionId; readonly user: string }) {
    this.#batch = batch
    this.#overlay = overlay
    this.#author = author
  }

  /** How many conflicts this transaction caused. */
  get count(): number {
    return this.#kept.size
  }

  /** A value was dropped: it goes to the user whose it was. */
  *lost(place: Place, loss: Loss, head: Head): Asking<void> {
    const to = yield* this.#userOf(loss.by)
    // The server itself has nobody who would look at it.
    if (to === undefined || to === '') return
    const id = this.#idOf(place, loss, loss.by.by[0])
    const held = yield* this.#overlay.record(place.space, CONFLICTS, id)
    const value = loss.field === null ? withEarlier(held, yield* this.#ownOf(place, loss, head)) : loss.value
    const keeper = loss.keptBy && (yield* this.#userOf(loss.keptBy))
    const v: ConflictValue = {
      to,
      kind: loss.field === null ? 'deleted' : 'value',
      table: place.table,
      record: place.id,
      field: loss.field,
      ...(loss.key === undefined ? {} : { key: loss.key }),
      kept: loss.field !== null && loss.keptBy ? { value: loss.kept, user: keeper ?? '', at: loss.keptBy.at } : null,
      dropped: { value, user: to, at: loss.by.at, d: loss.by.by },
    }
    yield* this.#write(place.space, ['put', place.space, CONFLICTS, id, { v }], head)
    this.#kept.add(`${place.space}\0${id}`)
  }

  /** A later write of the session won: what it lost there before is no loss any more. */
  *won(place: Place, spot: Spot, head: Head): Asking<void> {
    const id = this.#idOf(place, spot, head.by[0])
    const held = yield* this.#overlay.record(place.space, CONFLICTS, id)
    if (held && isAlive(held)) yield* this.#write(place.space, ['del', place.space, CONFLICTS, id], head)
  }

  /** Of values that a delete found: where those of this session had lost already, its own, and not what stood in their place. */
  *#ownOf(place: Place, { value, by }: Loss, head: Head): Asking<JsonValue> {
    if (by.by[0] === head.by[0]) return value
    const own: Record<string, JsonValue> = { ...(value as object) }
    for (const field of Object.keys(own)) {
      const lost = conflictValue(yield* this.#overlay.record(place.space, CONFLICTS, this.#idOf(place, { field }, by.by[0])))
      if (lost) own[field] = lost.dropped.value
    }
    return own
  }

  #idOf({ table, id }: Place, { field, key }: Pick<Loss, 'field' | 'key'>, session: string): string {
    return base64url(
      this.#batch.engine.sha256(utf8.encode(conflictName(table, id, key === undefined ? { field } : { field, key }, session))),
    ).slice(0, 22)
  }

  *#userOf(head: Head): Asking<string | undefined> {
    const [session] = head.by
    // The session that writes for the first time has no row yet.
    return session === this.#author.session ? this.#author.user : (yield* this.#batch.session(session))?.user
  }

  *#write(space: SpaceId, operation: Parameters<typeof merge>[2], head: Head): Asking<void> {
    const id = operation[3]
    // The engine has seen everything, so nothing it writes is concurrent with anything.
    const engine: Author = { head, base: head.seq, sees: () => true, counted: () => 0 }
    const merged = merge(conflictsTable, yield* this.#overlay.record(space, CONFLICTS, id), operation, engine)
    if ('record' in merged) yield* this.#overlay.set({ space, table: CONFLICTS, id }, merged.record)
  }
}

/** What a conflict says; `undefined` of one that is dead. */
export function conflictValue(record: RecordState | undefined): ConflictValue | undefined {
  if (!record || !isAlive(record)) return undefined
  return conflictsTable.fields.v?.policy.read(fieldState(conflictsTable, record, 'v')) as ConflictValue
}

/** The changes that gave a conflict its value. */
export const conflictHeads = (record: RecordState): Heads =>
  conflictsTable.fields.v?.policy.heads(fieldState(conflictsTable, record, 'v')) ?? []

/** Several lost edits of one session to a record that is deleted are one conflict, which has them all. */
function withEarlier(held: RecordState | undefined, value: JsonValue): JsonValue {
  const earlier = conflictValue(held)?.dropped.value
  return { ...(earlier as object), ...(value as object) }
}
