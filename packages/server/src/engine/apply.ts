import { HoldfastError } from '@holdfast/shared'
import { type Dot, sameDot } from '@holdfast/shared/internal/clock/dot'
import type { Head } from '@holdfast/shared/internal/clock/heads'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import { type Author, merge } from '@holdfast/shared/internal/merge/merge'
import { isAlive } from '@holdfast/shared/internal/merge/record'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { judgeRules } from '@holdfast/shared/internal/schema/judge-rules'
import { type Operation, type Reset, recordKey } from '@holdfast/shared/internal/transaction/operation'
import { checkFieldSizes } from '@holdfast/shared/internal/transaction/size'
import { accessTo } from './access.ts'
import type { Batch } from './batch.ts'
import { beginSpace } from './begin-space.ts'
import { checkUniques, settleReferences } from './check-constraints.ts'
import { checkNewId } from './check-new-id.ts'
import { ConflictLog, conflictHeads, conflictValue } from './conflicts.ts'
import { tableOf } from './engine.ts'
import { hookFailed } from './hook.ts'
import type { Overlay } from './overlay.ts'
import { Ranks } from './ranks.ts'
import type { Asking } from './reads.ts'
import { validate } from './validate.ts'
import type { Writer } from './writer.ts'

/** Merges operations, which were checked, into an overlay, or throws why the whole transaction is refused. Gives the number of conflicts. */
export function* apply(batch: Batch, overlay: Overlay, operations: readonly Operation[], writer: Writer): Asking<number> {
  if (writer.rights === 'own') yield* checkAccess(batch, overlay, operations, writer)
  const { dot, at, asker } = writer
  const conflicts = new ConflictLog(batch, overlay, { session: dot[0], user: asker.user })
  const ranks = new Ranks(batch, overlay)
  const heads = new Map<SpaceId, Head>()
  const authorIn = (space: SpaceId): Author => ({
    head: heads.get(space) as Head,
    base: writer.base(space),
    sees: (other) => writer.sees(space, other),
    counted: () => 0,
  })
  const spaces = new Set(operations.map(([, space]) => space))
  for (const operation of operations) {
    const space = operation[1]
    yield* checkNewId({ batch, overlay, spaces }, operation, writer)
    const head: Head = { by: dot, seq: 1 + ((yield* batch.space(space))?.seq ?? 0), at }
    heads.set(space, head)
    const counted = operation[0] === 'off' ? yield* countOwn(batch, operation[5].own, dot, asker.user) : 0
    const author: Author = { ...authorIn(space), counted: () => counted }
    if (operation[2] === CONFLICTS) yield* dismiss(overlay, operation, author, asker.user)
    else yield* mergeOne(batch, { overlay, conflicts }, yield* ranks.place(operation, head), author)
    yield* ranks.follow(operation)
  }
  const named = new Set(operations.map(([, space, table, id]) => recordKey(space, table, id)))
  if (writer.rights === 'own') yield* judge(batch, overlay, named, writer)
  // What a reference takes along that its author could not know is the doing of the schema: rules are not asked about it, hooks are.
  const leftOut = yield* settleReferences({ batch, overlay, conflicts, author: ({ space }) => authorIn(space) })
  if (writer.rights === 'own') yield* judge(batch, overlay, leftOut, writer)
  for (const touched of overlay.changed()) if (touched.table !== CONFLICTS) checkFieldSizes(tableOf(batch.engine, touched.table), touched)
  yield* checkUniques({ batch, overlay })
  yield* validate(batch, overlay, writer)
  return conflicts.count
}

/** Writing needs write access, or to be what a space begins with, if there is no such space yet; the conflicts addressed to him may be deleted by whoever may read. */
function* checkAccess(batch: Batch, overlay: Overlay, operations: readonly Operation[], { asker, begins }: Writer): Asking<void> {
  const mayBegin = new Set(begins)
  let began = false
  for (const [, space, table] of operations) {
    // Of one space the app cannot tell: what is written elsewhere shall not wait for that.
    if (asker.membership?.failed?.has(space)) throw hookFailed('access.check', asker.membership.failed.get(space))
    const held = yield* accessTo(asker, space, overlay.grants)
    if (!held && table !== CONFLICTS && mayBegin.has(space) && (yield* beginSpace(batch, overlay, space, asker))) {
      began = true
      continue
    }
    // One answer for spaces that are unknown, foreign, revoked, or only readable.
    if (!held || (held.access !== 'write' && table !== CONFLICTS)) throw new HoldfastError('forbidden', 'This user may not write there.')
  }
  // A device proves all of them, and its home, with each pull: one of more could not sync at all.
  if (began && (yield* overlay.grants.grants(asker.user)).length >= LIMITS.spaces)
    throw new HoldfastError('too_large', `A user has at most ${LIMITS.spaces} spaces.`)
}

function* mergeOne(batch: Batch, to: { overlay: Overlay; conflicts: ConflictLog }, operation: Operation, author: Author): Asking<void> {
  const [, space, table, id] = operation
  const place = { space, table, id }
  const before = yield* to.overlay.record(space, table, id)
  const merged = merge(tableOf(batch.engine, table), before, operation, author)
  if ('refused' in merged) throw new HoldfastError(merged.refused, merged.message, place)
  yield* to.overlay.set(place, merged.record)
  for (const loss of merged.losses) yield* to.conflicts.lost(place, loss, author.head)
  // A record that was not there has no conflicts either.
  if (!before) return
  const [session, n] = author.head.by
  // What its session wrote before and this had not seen, as the save of a draft, is lost although this won.
  const lost = merged.losses.filter(({ by }) => by.by[0] === session && by.by[1] !== n)
  for (const spot of merged.won)
    if (!lost.some(({ field, key }) => field === spot.field && key === spot.key)) yield* to.conflicts.won(place, spot, author.head)
}

function* dismiss(overlay: Overlay, operation: Operation, author: Author, user: string): Asking<void> {
  const [, space, table, id] = operation
  const record = yield* overlay.record(space, table, id)
  if (!record) throw new HoldfastError('unknown_record', `There is no conflict "${id}".`)
  if (!isAlive(record)) return
  if (conflictValue(record)?.to !== user) throw new HoldfastError('forbidden', 'A conflict is deleted by the user that it is addressed to.')
  // It has got a newer value since, which its user has not seen, or just now, since what he restored by this lost once more: that one stays.
  if (!conflictHeads(record).every((head) => author.sees(head) && !sameDot(head.by, author.head.by))) return
  yield* overlay.set({ space, table, id }, { ...record, died: [author.head] })
}

/** Asks the rules about those of these records that are changed: whoever moves one item has not written to those that get new keys for want of room. */
function* judge({ engine }: Batch, overlay: Overlay, keys: ReadonlySet<string>, { asker }: Writer): Asking<void> {
  const written = overlay.changed().filter(({ space, table, id }) => keys.has(recordKey(space, table, id)))
  for (const [space, records] of Map.groupBy(written, (touched) => touched.space)) {
    const role = (yield* accessTo(asker, space, overlay.grants))?.role ?? null
    judgeRules(engine.rules, (name) => tableOf(engine, name), { userId: asker.user, role }, records)
  }
}

/** The sum of the own increments that count: of this user's sessions, decided, and not refused. */
function* countOwn(batch: Batch, own: Reset['own'], dot: Dot, user: string): Asking<number> {
  let sum = 0
  for (const [session, n, delta] of own) {
    if (session === dot[0] && n === dot[1]) sum += delta
    else if (yield* isApplied(batch, session, n, user)) sum += delta
  }
  return sum
}

function* isApplied(batch: Batch, session: string, n: number, user: string): Asking<boolean> {
  const row = yield* batch.session(session)
  if (row?.user !== user || n < 1 || n > row.last) return false
  return ((yield* batch.answer(session, n))?.code ?? null) === null
}
