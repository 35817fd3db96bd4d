import { HoldfastError, isHoldfastError, isRefusal } from '@holdfast/shared/internal/errors'
import { base64url } from '@holdfast/shared/internal/ids'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import { checkArgs } from '@holdfast/shared/internal/schema/check-args'
import type { Command, Commands } from '@holdfast/shared/internal/schema/command'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { Composition } from '@holdfast/shared/internal/transaction/composition'
import { createTx } from '@holdfast/shared/internal/transaction/create-tx'
import { checkExtent, type Read } from '@holdfast/shared/internal/transaction/read'
import { checkPayload } from '@holdfast/shared/internal/transaction/size'
import { payload } from '@holdfast/shared/internal/transaction/transaction'
import type { Write } from '@holdfast/shared/internal/transaction/write'
import type { StoredDeadLetter } from './core/event.ts'
import type { Judge } from './core/judge.ts'
import { isComplete } from './core/known.ts'
import { resultOf } from './core/outcomes.ts'
import { findPending } from './core/pending.ts'
import { isThenable, type Predict, type Prediction } from './core/prediction.ts'
import { ReadSet } from './core/read-set.ts'
import type { Replica } from './core/replica.ts'
import { viewGround } from './core/view-ground.ts'
import type { Seen } from './core/write-clock.ts'
import type { Platform } from './platform.ts'
import type { Views } from './query/live-query.ts'
import type { WriteOptions } from './surface.ts'
import type { Content, Tab } from './tabs/tab.ts'
import { EmptyWrite, LocalWrite, type Waiting } from './write.ts'

export interface WritingParts {
  readonly userId: string
  readonly platform: Platform
  readonly tables: Readonly<Record<string, TableDef>>
  readonly judge: Judge
  readonly commands: Commands
  readonly replica: Replica
  readonly tab: Tab
  readonly views: Views
  readonly waiting: Waiting
  readonly predict: Predict
}

export interface WritingOptions extends WriteOptions {
  /** As of when its author had looked, if that is not now. */
  readonly seen?: Seen | undefined
}

/** Where verbs, transactions and commands become writes: checked at the call, by what the server will decide by. */
export function createWriting(parts: WritingParts) {
  const { userId, platform, tables, replica, tab, views, waiting } = parts
  const { begins, judge } = parts.judge
  const all: Readonly<Record<string, TableDef>> = { ...tables, [CONFLICTS]: conflictsTable }
  const ground = viewGround(replica)
  const newId = () => base64url(platform.randomBytes(16))
  let composing = false
  let closed = false
  let held = false

  const begunBy = (operations: Content['operations']) => [...new Set(operations.map(([, space]) => space))].filter(begins)

  function checkFree(): void {
    if (closed) throw new HoldfastError('closed', 'This database is closed.')
    if (held) throw new HoldfastError('closed', 'This database is about to be deleted.')
    if (composing) throw new HoldfastError('use_tx', 'Inside a write, write through tx: another write would not be part of it.')
  }

  /** Runs a body, in which nothing else can be written. */
  function exclusively<T>(body: () => T): T {
    checkFree()
    composing = true
    try {
      return body()
    } finally {
      composing = false
    }
  }

  function write<R>(body: (tx: object, composition: Composition) => R, space: string | undefined, how?: WritingOptions): Write<R> {
    return compose((composition, readSet) => body(transaction(composition, space, readSet), composition), how)
  }

  /** One verb needs nothing that a body writes through. */
  function compose<R>(
    verb: (composition: Composition, readSet: ReadSet | undefined) => R,
    { label, isolation, seen }: WritingOptions = {},
  ): Write<R> {
    let value: R | undefined
    const stored = tab.write(({ dot }) =>
      exclusively(() => {
        const composition = new Composition({ ground, tables: all, dot, newId })
        const readSet = isolation === 'serializable' ? new ReadSet(replica) : undefined
        value = verb(composition, readSet)
        if (isThenable(value)) throw new HoldfastError('use_tx', 'A transaction is synchronous: its body cannot wait for anything.')
        const operations = composition.close()
        judge(composition.touched())
        const reads = readSet?.reads(tables)
        if (reads) checkSize(operations, reads)
        return { operations, label, begins: begunBy(operations), reads, seen }
      }),
    )
    if (!stored) return new EmptyWrite(value as R)
    return new LocalWrite(stored, waiting, { value: value as R })
  }

  /** What it read goes along, and counts. */
  function checkSize(operations: Content['operations'], reads: readonly Read[]): void {
    checkExtent(reads)
    checkPayload(payload({ version: replica.version, operations, reads }))
  }

  function transaction(composition: Composition, space: string | undefined, readSet: ReadSet | undefined): object {
    const during = views.during(() => composition.changes())
    const asker = readSet?.noting(during) ?? during
    const now = platform.now() + (replica.known.offset ?? 0)
    return createTx({ userId, now, newId, tables, asker, perform: (verb) => verb(composition), space })
  }

  /**
   * A refusal reaches the caller, unless it speaks of what is not all here yet. What else a body throws is a prediction that failed, for
   * want of what only the server has: the command is sent without one.
   */
  function attempt(predict: () => Prediction | undefined): Prediction | undefined {
    try {
      return predict()
    } catch (error) {
      const isOfData = isRefusal(error) || isHoldfastError(error, 'unknown_record')
      if (isHoldfastError(error) && !(isOfData && !isComplete(replica))) throw error
      return undefined
    }
  }

  function runCommand(name: string, command: Command, given: unknown): Write<unknown> {
    const { stored: args } = checkArgs(name, command, given)
    let prediction: Prediction | undefined
    const stored = tab.write((as) =>
      exclusively(() => {
        prediction = attempt(() => parts.predict({ name, args }, as))
        return { operations: [], command: { name, args }, begins: begunBy(prediction?.operations ?? []) }
      }),
    )
    if (!stored) throw new Error('A command is never empty.')
    return new LocalWrite(stored, waiting, {
      value: prediction?.value,
      result: () => resultOf(replica.known, stored.pending.transaction.dot),
    })
  }

  function retry(letter: StoredDeadLetter): Write<unknown> {
    checkFree()
    // Whoever asks may hold it as it was.
    const { groundless } = replica.known.dead.find(({ id }) => id === letter.id) ?? letter
    if (groundless) throw new HoldfastError('revoked', 'What this was based on is no longer shared with you. Write it anew.')
    // Of one that the server has not spoken of nothing has to be proposed anew: it goes out as soon as it may.
    const unsent = findPending(replica, letter.transaction.dot)
    const stored = unsent ? tab.handle(unsent) : tab.retry(letter)
    return new LocalWrite<unknown>(stored, waiting, {
      value: undefined,
      result: () => resultOf(replica.known, stored.pending.transaction.dot),
    })
  }

  const run: Record<string, (args: unknown) => Write<unknown>> = {}
  for (const [name, command] of Object.entries(parts.commands)) run[name] = (args) => runCommand(name, command, args)

  return {
    write,
    compose,
    run,
    retry,
    get composing() {
      return composing
    },
    close() {
      closed = true
    },
    /** Nothing can be written, until it is released. */
    hold(on: boolean) {
      held = on
    },
  }
}

export type Writing = ReturnType<typeof createWriting>
