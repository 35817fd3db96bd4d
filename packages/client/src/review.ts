import { type Dot, dotName } from '@holdfast/shared/internal/clock/dot'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import type { Cursor, Cut } from '@holdfast/shared/internal/history/history-hash'
import { newNonce, type SpaceId } from '@holdfast/shared/internal/ids'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { encodeRequest } from '@holdfast/shared/internal/protocol/request'
import type { Drop, SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { onCondition, type Reviewed, readReviewed } from '@holdfast/shared/internal/protocol/review'
import type { Schema } from '@holdfast/shared/internal/schema/table'
import type { Write } from '@holdfast/shared/internal/transaction/write'
import { side } from './core/conflict.ts'
import { summaryOf } from './core/dead-letter.ts'
import type { Revision } from './core/event.ts'
import { findPending, type Pending } from './core/pending.ts'
import { nextRequest } from './core/queue.ts'
import type { Replica } from './core/replica.ts'
import { type Internals, internalsOf } from './internals.ts'
import type { Conflict, Database, DeadLetter } from './surface.ts'
import { post } from './sync/http.ts'
import { EmptyWrite } from './write.ts'

/** What the server would do with what waits here, as of a cut. */
export interface Preview<S extends Schema = Schema> {
  /** Where the spaces are that it was decided by, as far as this user may read them. */
  readonly cut: Readonly<Record<SpaceId, Cursor>>
  /** What waits to be sent, in its order. */
  readonly writes: readonly PreviewedWrite<S>[]
  /**
   * Sends it, if it still is what was previewed: `changed`, and nothing is decided, if one of the spaces has moved since, or what this user
   * may do, or if some of it was dropped, replaced or sent meanwhile. Then preview again. `approved` once the server has decided the first
   * request, 500 writes at most, as it was previewed; the rest of a longer queue follows without a condition, and without another review.
   * What was written since the preview goes with it. In any tab.
   *
   * @throws HoldfastError `offline` and the other codes of an exchange that failed: it is as if it had not been asked; storage codes
   */
  approve(): Promise<'approved' | 'changed'>
}

export interface PreviewedWrite<S extends Schema = Schema> {
  /** As `write.id`. */
  readonly id: string
  /** What its author called it. */
  readonly label: string | null
  /** What it does, a line for each operation; for developers more than for people. */
  readonly summary: readonly string[]
  /** When it was made, in milliseconds since 1970. */
  readonly at: number
  /** What would become of it; `pending` if that is not known: it stands behind what one request holds. */
  readonly is: 'applied' | 'refused' | 'pending'
  /** Why it would be refused, and in words for people. */
  readonly code?: string | undefined
  readonly message?: string | undefined
  /** The values that it would drop, or have dropped, as they stand when the last of these writes is decided. */
  readonly conflicts: readonly PreviewedConflict<S>[]
  /** Does not send it. What rests on it is refused then, or does less: the next preview shows what. Too late for what was sent meanwhile. */
  drop(): Promise<void>
  /**
   * Writes something else in its place, as if it had never been, and by today's clock: at the end of the queue, and in the commit that
   * drops it. If the body writes nothing, it stays. What rests on it comes before that now, and ends as if it had been dropped.
   *
   * @throws HoldfastError `invalid_value` if it does not wait any more; and what any write throws
   */
  readonly replace: DeadLetter<S>['replace']
}

/** A conflict that would be, and the user whose value it would drop; `key` where the field is a map. */
export type PreviewedConflict<S extends Schema = Schema> = Unsettled<Conflict<S>>
type Unsettled<C> = C extends unknown ? Omit<C, 'restore' | 'dismiss'> & { readonly to: string; readonly key: string | null } : never

/** How often a server that turns out to be elsewhere is asked again. */
const TRIES = 3

/**
 * Asks the server what it would do with what waits here, without doing it. While the queue is held (`openDatabase({ reviewAfter })`) it
 * waits until it is approved; otherwise it goes out by itself as soon as it can, and this only looks ahead.
 *
 * @throws HoldfastError `offline` and the other codes of an exchange that failed
 * @example
 * const { writes, approve } = await preview(db)
 * for (const { summary, is, conflicts } of writes) console.info(is, summary, conflicts)
 * if ((await approve()) === 'changed') console.info('Things moved: look again.')
 */
export async function preview<S extends Schema>(db: Database<S>): Promise<Preview<S>> {
  const internals = internalsOf(db)
  const { tab, replica, held } = internals
  await tab.settled()
  // Held, it sends nothing: it finds out what time it is, what was decided already, and whether the server has another history.
  for (let tries = 1; ; tries++) {
    if (held() !== undefined) await db.sync()
    await tab.catchUp()
    const asked = queueOf(replica)
    if (asked.waiting.length === 0) return { cut: {}, writes: [], approve: async () => 'approved' }
    const found = await ask(internals, 'preview', {})
    const isElsewhere = found.answer.differs ?? found.answer.lost
    if (!isElsewhere && (found.answer.spacesTag === undefined || held() === undefined || tries === TRIES)) return show(db, asked, found)
    if (tries === TRIES || held() === undefined) throw new HoldfastError('bad_response', 'The server has another history than this device.')
  }
}

interface Queue {
  readonly waiting: readonly Pending[]
  readonly upTo: Revision
  /** What it is, word for word. */
  readonly text: string
}

/** What waits to be sent, written up to some revision. */
function queueOf({ pending }: Replica, upTo = Number.POSITIVE_INFINITY): Queue {
  const queued = pending.filter(({ accepted, revision }) => !accepted && revision !== undefined && revision <= upTo)
  return {
    waiting: queued.filter(({ dropped }) => !dropped),
    upTo: Math.max(...queued.map(({ revision = 0 }) => revision)),
    text: JSON.stringify(queued.map(({ transaction, dropped }) => [transaction, dropped])),
  }
}

interface Found extends Reviewed {
  readonly answer: SyncResponse
  /** How many transactions went, at most. */
  readonly batch: number
}

interface Asked {
  /** On condition that the spaces are still there. */
  readonly cut?: Cut
  readonly batch?: number
  readonly refresh?: boolean
}

/** Sends the head of the queue, to be decided or to be looked at; less of it, if that is too much for the server. */
async function ask(internals: Internals, path: 'sync' | 'preview', asked: Asked): Promise<Found> {
  const { address, userId, replica } = internals
  const { cut, batch = LIMITS.transactions, refresh = false } = asked
  const nonce = newNonce(address.platform)
  const request = encodeRequest(nextRequest(replica, { user: userId, nonce, pull: false, batch }))
  const { signal } = new AbortController()
  try {
    const { answer, bytes } = await post(address, path, cut ? onCondition(request, cut) : request, { refresh, signal })
    if (answer.user !== userId) throw new HoldfastError('wrong_user', 'The server knows this token as another user.')
    return { ...readReviewed(bytes), answer, batch }
  } catch (error) {
    if (isHoldfastError(error, 'unauthenticated') && !refresh) return await ask(internals, path, { ...asked, refresh: true })
    if (isHoldfastError(error, 'too_large') && batch > 1) return await ask(internals, path, { ...asked, batch: Math.ceil(batch / 2) })
    throw error
  }
}

function show<S extends Schema>(db: Database<S>, asked: Queue, { answer, drops, batch }: Found): Preview<S> {
  const internals = internalsOf(db)
  const verdicts = new Map(answer.verdicts.map((one) => [dotName(one.dot), one]))

  function previewed(pending: Pending): PreviewedWrite<S> {
    const { transaction, event } = pending
    const { dot, at } = transaction
    const id = dotName(dot)
    const verdict = verdicts.get(id)
    return {
      id,
      label: event.label ?? null,
      summary: summaryOf({ transaction }),
      at: msOf(at),
      is: verdict?.is === 'applied' || verdict?.is === 'refused' ? verdict.is : 'pending',
      ...(verdict?.is === 'refused' ? { code: verdict.code, message: verdict.message } : {}),
      conflicts: (drops.get(id) ?? []).map(toConflict) as readonly unknown[] as readonly PreviewedConflict<S>[],
      drop: () => internals.tab.note({ e: 'note', drop: dot, reason: 'discarded' }),
      replace: (body, options = event.label === undefined ? {} : { label: event.label }) =>
        replace(internals, dot, () => db.write(body, options)),
    }
  }

  return {
    cut: Object.fromEntries(answer.cut),
    writes: asked.waiting.map(previewed),
    async approve() {
      const { tab, replica, held } = internals
      await tab.catchUp()
      // Something of it is another now, or more has grown old.
      if (queueOf(replica, asked.upTo).text !== asked.text || held(asked.upTo) !== undefined) return 'changed'
      const { answer: said, changed } = await ask(internals, 'sync', { cut: answer.cut, batch })
      if (changed ?? said.differs ?? said.lost) return 'changed'
      // Whoever leads asks once more, and gets the same answer: only then is anything of it over.
      await tab.note({ e: 'note', approved: asked.upTo })
      await db.sync()
      return 'approved'
    },
  }
}

const toConflict = ({ space, id, value: { to, kind, table, record, field, key, kept, dropped } }: Drop) =>
  ({ id, space, kind, table, record, field, key: key ?? null, to, kept: kept && side(kept), dropped: side(dropped) }) as const

/** Writes in place of a transaction: composed as if that had never been, and stored in the commit that drops it. */
function replace<R>({ replica, tab, changed }: Internals, dot: Dot, compose: () => Write<R>): Write<R> {
  const old = findPending(replica, dot)
  if (!old || old.accepted || old.dropped) throw new HoldfastError('invalid_value', 'This write does not wait any more.')
  const back = () => changed(replica.show(old, undefined))
  changed(replica.show(old, 'discarded'))
  try {
    const write = compose()
    if (write instanceof EmptyWrite) back()
    else void tab.note({ e: 'note', drop: dot, reason: 'discarded' })
    write.then(undefined, back)
    return write
  } catch (error) {
    back()
    throw error
  }
}
