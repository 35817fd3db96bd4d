import { HoldfastError } from '@holdfast/shared/internal/errors'
import { base64url, homeSpace } from '@holdfast/shared/internal/ids'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import type { Asker } from '@holdfast/shared/internal/query/question'
import { type Scope, tableHandles, withTables } from '@holdfast/shared/internal/query/table-handle'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { Composition } from '@holdfast/shared/internal/transaction/composition'
import type { Verdict, Write } from '@holdfast/shared/internal/transaction/write'
import { type AnyConflict, conflictOf } from './core/conflict.ts'
import { causeOf, summaryOf } from './core/dead-letter.ts'
import { renamed } from './core/pending.ts'
import { findPending } from './core/queue.ts'
import type { Replica } from './core/replica.ts'
import type { RowChange } from './core/view.ts'
import { viewGround } from './core/view-ground.ts'
import type { Platform } from './platform.ts'
import type { Views } from './query/live-query.ts'
import type { DeadLetter, SpaceState, Status, WriteOptions } from './surface.ts'
import type { Tab } from './tabs/tab.ts'
import { EmptyWrite, LocalWrite, Waiting } from './write.ts'

export interface Parts {
  readonly userId: string
  readonly platform: Platform
  readonly tables: Readonly<Record<string, TableDef>>
  readonly replica: Replica
  readonly tab: Tab
  readonly views: Views
  readonly status: () => Status
  readonly storageTrouble: (error: HoldfastError) => void
  readonly sync: () => Promise<Status>
  readonly close: () => Promise<void>
  readonly erase: (options?: { readonly unsent?: 'refuse' | 'discard' }) => Promise<void>
}

/** What the app holds: it composes transactions and asks the views. All else is delegated. */
export function createDatabase(parts: Parts) {
  const { userId, platform, tables, replica, tab, views } = parts
  const waiting = new Waiting(platform, replica)
  const conflicts = new Map<string, AnyConflict>()
  let composing = false
  let closed = false

  const all = { ...tables, [CONFLICTS]: conflictsTable }
  const ground = viewGround(replica)
  const newId = () => base64url(platform.randomBytes(16))

  function write<R>(body: (tx: object, composition: Composition) => R, space: string | undefined, { label }: WriteOptions = {}): Write<R> {
    if (closed) throw new HoldfastError('closed', 'This database is closed.')
    if (composing) throw new HoldfastError('use_tx', 'Inside a write, write through tx: another write would not be part of it.')
    const composition = new Composition({ ground, tables: all, dot: tab.nextDot, newId })
    composing = true
    let value: R
    try {
      value = body(transaction(composition, space), composition)
      if (isThenable(value)) throw new HoldfastError('use_tx', 'A transaction is synchronous: its body cannot wait for anything.')
    } finally {
      composing = false
    }
    const operations = composition.close()
    if (operations.length === 0) return new EmptyWrite(value)
    const stored = tab.write(operations, label)
    stored.stored.catch(parts.storageTrouble)
    return new LocalWrite(stored, value, waiting)
  }

  function transaction(composition: Composition, space: string | undefined): object {
    const asker = views.during(() => composition.changes())
    const perform: Scope['perform'] = (verb) => verb(composition)
    const spaceOf = (id: string) => withTables({ id }, tableHandles(tables, { asker, perform, space: id }))
    const now = platform.now() + (replica.known.offset ?? 0)
    const context = { userId, now, newId, home: spaceOf(homeSpace(userId)), space: spaceOf }
    return withTables(context, tableHandles(tables, { asker, perform, space }))
  }

  /** Reads of `db` while a transaction runs would not see what it wrote. */
  const outside =
    <A extends readonly never[], V>(ask: (...args: A) => V) =>
    (...args: A): V => {
      if (composing) throw new HoldfastError('use_tx', 'Inside a write, read through tx: db does not show what it wrote so far.')
      return ask(...args)
    }
  const live: Asker = { rows: outside(views.rows), first: outside(views.first), count: outside(views.count), record: outside(views.record) }
  const scope = (space: string | undefined): Scope => ({
    asker: live,
    perform: (verb) => write((_, composition) => verb(composition), space),
    space,
  })

  const spaces = new Map<string, object>()
  function space(id: string): object {
    const known = spaces.get(id)
    if (known) return known
    const state = views.value(
      `state ${id}`,
      remembering(() => stateOf(replica, id)),
    )
    const handle = withTables(
      {
        id,
        state,
        ready: () => whenReady(state),
        write: (body: (tx: object) => unknown, options?: WriteOptions) => write(body, id, options),
      },
      tableHandles(tables, scope(id)),
    )
    spaces.set(id, handle)
    return handle
  }

  const status = views.value('status', remembering(parts.status))
  const deadLetters = views.value(
    'deadLetters',
    remembering(() => replica.known.dead, lettersOf),
  )

  function lettersOf(dead: typeof replica.known.dead): readonly DeadLetter[] {
    return dead.map((letter) => ({
      id: letter.id,
      code: letter.code,
      message: letter.message,
      at: letter.at,
      summary: summaryOf(letter),
      causedBy: causeOf(letter, dead),
      discard: () => tab.note({ e: 'note', forget: letter.id }),
    }))
  }

  let conflictList: readonly AnyConflict[] = []
  const database = {
    userId,
    get home() {
      return space(homeSpace(userId))
    },
    space,
    spaces: views.value(
      'spaces',
      remembering(() => replica.known.spaces?.map((one) => one.space) ?? [homeSpace(userId)]),
    ),
    live: (compute: (read: object) => unknown) => views.computed((asker) => compute(reader(asker))),
    status,
    conflicts: views.value('conflicts', () => conflictList),
    deadLetters,
    async verdict(id: string): Promise<Verdict<unknown> | undefined> {
      const [session = '', n = ''] = id.split('.')
      const dot = renamed([session, Number(n)], replica.known.forks)
      const found = waiting.verdictOf(dot)
      if (found) return found.status === 'applied' ? { ...found, result: undefined } : found
      return findPending(replica, dot) ? { status: 'pending' } : undefined
    },
    write: (body: (tx: object) => unknown, options?: WriteOptions) => write(body, undefined, options),
    ready: () => whenAllReady(),
    sync: parts.sync,
    async close() {
      closed = true
      waiting.close()
      await parts.close()
    },
    erase: parts.erase,
  }

  function reader(asker: Asker): object {
    const reads: Scope = { asker, perform: noWrites, space: undefined }
    const spaceOf = (id: string) => withTables({ id }, tableHandles(tables, { ...reads, space: id }))
    return withTables({ home: spaceOf(homeSpace(userId)), space: spaceOf }, tableHandles(tables, reads))
  }

  function whenReady(state: { subscribe(listener: (value: SpaceState) => void): () => void }): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = state.subscribe((now) => {
        if (now.is === 'loading') return
        if (now.is === 'ready') resolve()
        else reject(new HoldfastError('forbidden', 'This space is gone.', { why: now.why }))
        queueMicrotask(() => stop())
      })
    })
  }

  function whenAllReady(): Promise<void> {
    const all = views.value('ready', () => isComplete(replica))
    return new Promise((resolve) => {
      const stop = all.subscribe((complete) => {
        if (!complete) return
        resolve()
        queueMicrotask(() => stop())
      })
    })
  }

  /** What its user can do about a conflict: take his value back, or let it be. */
  function withWays(conflict: AnyConflict): AnyConflict {
    const { space: at, table, record, field, dropped } = conflict
    const dismiss = (composition: Composition) => composition.delete({ space: at, table: CONFLICTS, id: conflict.id })
    return Object.freeze({
      ...conflict,
      dismiss: () => write((_, composition) => dismiss(composition), at, { label: 'dismiss a conflict' }),
      restore: () =>
        write(
          (_, composition) => {
            composition.takeBack({ space: at, table, id: record }, field === null ? dropped.value : { [field]: dropped.value })
            dismiss(composition)
          },
          at,
          { label: 'restore from a conflict' },
        ),
    })
  }

  /** After each change of the replica: conflicts, queries, then those who wait and listen. */
  function changed(changes: readonly RowChange[]): void {
    let touched = false
    for (const { table, space: at, id, after } of changes) {
      if (table !== CONFLICTS) continue
      const conflict = conflictOf(after, userId)
      const key = `${at}\0${id}`
      touched = conflicts.delete(key) || touched
      if (conflict) conflicts.set(key, withWays(conflict))
      touched ||= conflict !== undefined
    }
    if (touched) conflictList = Object.freeze([...conflicts.values()])
    views.apply(changes)
    waiting.review()
    views.notify()
  }

  return { database: withTables(database, tableHandles(tables, scope(undefined))), changed, conflictCount: () => conflicts.size }
}

const noWrites = (): never => {
  throw new HoldfastError('use_tx', 'A live computation only reads.')
}

const isThenable = (value: unknown): boolean => typeof value === 'object' && value !== null && 'then' in value

/** Gives the same object until what it shows changes, as `Live` promises. */
function remembering<T, V = T>(read: () => T, show: (value: T) => V = (value) => value as unknown as V): () => V {
  let last: { found: T; text: string; value: V } | undefined
  return () => {
    const found = read()
    if (last && last.found === found) return last.value
    const text = JSON.stringify(found)
    last = { found, text, value: last?.text === text ? last.value : show(found) }
    return last.value
  }
}

function stateOf({ known }: Replica, id: string): SpaceState {
  const granted = known.spaces?.find(({ space }) => space === id)
  if (known.spaces && !granted) {
    const deadLetters = known.dead.filter(({ transaction }) => transaction.operations.some(([, space]) => space === id)).length
    return { is: 'gone', why: 'revoked', deadLetters }
  }
  if (!granted || !known.cut[id]) return { is: 'loading', progress: 0 }
  return { is: 'ready', access: granted.access, role: granted.role }
}

const isComplete = ({ known }: Replica): boolean => known.spaces?.every(({ space }) => known.cut[space]) ?? false
