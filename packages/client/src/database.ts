import { HoldfastError } from '@holdfast/shared/internal/errors'
import { homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import type { Member } from '@holdfast/shared/internal/protocol/response'
import type { Asker } from '@holdfast/shared/internal/query/question'
import { type Scope, tableHandles, withTables } from '@holdfast/shared/internal/query/table-handle'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import type { Verdict } from '@holdfast/shared/internal/transaction/write'
import { createCan } from './can.ts'
import { createConflicts } from './conflicts.ts'
import { causeOf, deadLettersOf, summaryOf } from './core/dead-letter.ts'
import type { Judge } from './core/judge.ts'
import { isComplete } from './core/known.ts'
import { resultOf } from './core/outcomes.ts'
import { findPending, renamed } from './core/pending.ts'
import type { Predict } from './core/prediction.ts'
import type { Replica } from './core/replica.ts'
import { isWaiting } from './core/restored.ts'
import type { RowChange } from './core/view.ts'
import { viewSource } from './core/view-ground.ts'
import { createMembers } from './members.ts'
import type { Platform } from './platform.ts'
import type { Views } from './query/live-query.ts'
import { createSpaces, remembering } from './spaces.ts'
import type { EraseOptions, Status, WriteOptions } from './surface.ts'
import type { Tab } from './tabs/tab.ts'
import { EmptyWrite, Waiting } from './write.ts'
import { createWriting } from './writing.ts'

export interface Parts {
  readonly userId: string
  readonly platform: Platform
  readonly tables: Readonly<Record<string, TableDef>>
  readonly rules: Rules
  readonly judge: Judge
  readonly commands: Commands
  readonly replica: Replica
  readonly tab: Tab
  readonly views: Views
  readonly predict: Predict
  readonly status: () => Status
  readonly progress: () => number
  readonly askMembers: (space: SpaceId) => Promise<readonly Member[]>
  readonly sync: () => Promise<Status>
  readonly close: () => Promise<void>
  readonly erase: (options?: EraseOptions) => Promise<void>
}

/** What the app holds: it asks the views, and writes. All else is delegated. */
export function createDatabase(parts: Parts) {
  const { userId, platform, tables, rules, replica, tab, views } = parts
  const waiting = new Waiting(platform, replica)
  const writing = createWriting({ ...parts, waiting })
  const { accessOf } = parts.judge
  const conflicts = createConflicts(userId, writing.write, viewSource(replica))
  const members = createMembers({ platform, views, userId, ask: parts.askMembers, accessOf })
  const can = createCan({ userId, rules, replica, accessOf })

  /** Reads of `db` while a transaction runs would not see what it wrote. */
  const outside =
    <A extends readonly never[], V>(ask: (...args: A) => V) =>
    (...args: A): V => {
      if (writing.composing) throw new HoldfastError('use_tx', 'Inside a write, read through tx: db does not show what it wrote so far.')
      return ask(...args)
    }
  const live: Asker = { rows: outside(views.rows), first: outside(views.first), count: outside(views.count), record: outside(views.record) }
  const scope = (space: SpaceId | undefined): Scope => ({
    asker: live,
    perform: (verb) => writing.compose(verb),
    space,
    owner: () => database,
  })
  const handles = (space: SpaceId | undefined) => tableHandles(tables, scope(space))
  const spaces = createSpaces({ ...parts, write: writing.write, members, handles, can })

  const status = views.value('status', remembering(parts.status))
  const deadLetters = views.value(
    'deadLetters',
    remembering(() => deadLettersOf(replica), lettersOf),
  )

  function lettersOf(dead: ReturnType<typeof deadLettersOf>) {
    const causes = new Map(dead.map((letter) => [letter.id, causeOf(letter, dead)]))
    return dead.map((letter) => ({
      id: letter.id,
      code: letter.code,
      message: letter.message,
      at: letter.at,
      label: letter.label ?? null,
      spaces: [...new Set(letter.transaction.operations.map(([, space]) => space))],
      summary: summaryOf(letter),
      causedBy: causes.get(letter.id) ?? null,
      waits: isWaiting(letter, replica.known.now ?? letter.at),
      retriable: !letter.groundless,
      dependants: dead.flatMap(({ id }) => (causes.get(id) === letter.id ? [id] : [])),
      retry: () => writing.retry(letter),
      replace: (body: (tx: object) => unknown, options?: WriteOptions) => {
        const write = writing.write(body, undefined, options)
        // In the same commit: it is never both, nor neither. In place of nothing it stays.
        if (!(write instanceof EmptyWrite)) void tab.note({ e: 'note', forget: letter.id })
        return write
      },
      discard: () => tab.note({ e: 'note', forget: letter.id }),
    }))
  }

  const database = {
    userId,
    get home() {
      return spaces.space(homeSpace(userId))
    },
    space: spaces.space,
    spaces: spaces.list,
    can: can(undefined),
    run: writing.run,
    live: (compute: (read: object) => unknown) => views.computed((asker) => compute(reader(asker))),
    status,
    conflicts: {
      ...views.value('conflicts', () => conflicts.list),
      of: (table: string, record: string, field?: string) =>
        views.value(
          `conflicts ${JSON.stringify([table, record, field])}`,
          remembering(() => conflicts.of(table, record, field)),
        ),
    },
    deadLetters,
    async verdict(id: string): Promise<Verdict<unknown> | undefined> {
      const [session = '', n = ''] = id.split('.')
      const dot = renamed([session, Number(n)], replica.known.forks)
      const found = waiting.verdictOf(dot)
      if (found) return found.status === 'applied' ? { ...found, result: resultOf(replica.known, dot) } : found
      return findPending(replica, dot) ? { status: 'pending' } : undefined
    },
    write: (body: (tx: object) => unknown, options?: WriteOptions) => writing.write(body, undefined, options),
    ready: () => whenAllReady(),
    sync: parts.sync,
    close: parts.close,
    erase: parts.erase,
  }

  function reader(asker: Asker): object {
    const reads: Scope = { asker, perform: noWrites, space: undefined }
    const spaceOf = (id: string) => withTables({ id }, tableHandles(tables, { ...reads, space: id }))
    return withTables({ home: spaceOf(homeSpace(userId)), space: spaceOf }, tableHandles(tables, reads))
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

  /** After each change of the replica: conflicts, queries, then those who wait and listen. */
  function changed(changes: readonly RowChange[]): void {
    conflicts.apply(changes)
    views.apply(changes)
    waiting.review()
    views.notify()
  }

  return {
    database: withTables(database, handles(undefined)),
    changed,
    membersChanged: members.changed,
    write: writing.write,
    holdWriting: writing.hold,
    conflictCount: () => conflicts.list.length,
    /** Nothing more is written here, and nobody is left waiting. */
    end() {
      writing.close()
      waiting.close()
      members.close()
    },
  }
}

const noWrites = (): never => {
  throw new HoldfastError('use_tx', 'A live computation only reads.')
}
