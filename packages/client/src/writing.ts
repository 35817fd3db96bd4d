import { type HoldfastError as Failure, HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { base64url, homeSpace, type SpaceId } from '@holdfast/shared/internal/ids'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import { checkArgs } from '@holdfast/shared/internal/schema/check-args'
import type { Command, Commands } from '@holdfast/shared/internal/schema/command'
import { judgeRules } from '@holdfast/shared/internal/schema/judge-rules'
import type { Rules } from '@holdfast/shared/internal/schema/rules'
import type { TableDef } from '@holdfast/shared/internal/schema/table'
import { Composition } from '@holdfast/shared/internal/transaction/composition'
import { createTx } from '@holdfast/shared/internal/transaction/create-tx'
import type { Write } from '@holdfast/shared/internal/transaction/write'
import { accessIn, beginning, OWNER } from './core/access.ts'
import type { StoredDeadLetter } from './core/event.ts'
import { resultOf } from './core/outcomes.ts'
import { isThenable, type Predict, type Prediction } from './core/prediction.ts'
import type { Replica } from './core/replica.ts'
import { viewGround } from './core/view-ground.ts'
import type { Platform } from './platform.ts'
import type { Views } from './query/live-query.ts'
import type { WriteOptions } from './surface.ts'
import type { Content, Tab } from './tabs/tab.ts'
import { EmptyWrite, LocalWrite, type Waiting } from './write.ts'

export interface WritingParts {
  readonly userId: string
  readonly platform: Platform
  readonly tables: Readonly<Record<string, TableDef>>
  readonly rules: Rules
  readonly commands: Commands
  readonly replica: Replica
  readonly tab: Tab
  readonly views: Views
  readonly waiting: Waiting
  readonly predict: Predict
  /** Hears of writes that could not be stored. */
  readonly trouble: (error: HoldfastError) => void
}

/** Where verbs, transactions and commands become writes: checked at the call, by what the server will decide by. */
export function createWriting(parts: WritingParts) {
  const { userId, platform, tables, replica, tab, views, waiting } = parts
  const all: Readonly<Record<string, TableDef>> = { ...tables, [CONFLICTS]: conflictsTable }
  const ground = viewGround(replica)
  const newId = () => base64url(platform.randomBytes(16))
  /** Spaces that this tab made; nobody knows of them until something is written there. */
  const made = new Set<SpaceId>()
  let composing = false
  let closed = false

  /** It was there and is not any more, or the server did not want it: then it does not begin here once more. */
  const wasRefused = (space: SpaceId) =>
    replica.known.lost.includes(space) || replica.known.dead.some(({ transaction }) => transaction.begins?.includes(space))
  const isGranted = (space: SpaceId) => replica.known.spaces?.some((one) => one.space === space) ?? false
  const begins = (space: SpaceId) => !isGranted(space) && (beginning(replica).has(space) || (made.has(space) && !wasRefused(space)))

  /** What its user may do there; undefined if nothing, null if nobody has said yet. */
  const accessOf = (space: SpaceId) => (begins(space) || space === homeSpace(userId) ? OWNER : accessIn(replica, space))

  /** Refuses what the server would refuse, as far as this device can know. */
  function judge(touched: readonly Touched[]): void {
    for (const [space, records] of Map.groupBy(touched, (one) => one.space)) {
      const access = accessOf(space)
      if (access === null) continue
      if (!access) throw forbidden('This space is not yours, or no more.', space)
      if (access.access === 'read' && records.some(({ table }) => table !== CONFLICTS)) throw forbidden('You may only read here.', space)
      judgeRules(parts.rules, (name) => all[name] as TableDef, { userId, role: access.role }, records)
    }
  }

  const begunBy = (operations: Content['operations']) => [...new Set(operations.map(([, space]) => space))].filter(begins)

  function checkFree(): void {
    if (closed) throw new HoldfastError('closed', 'This database is closed.')
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

  function write<R>(body: (tx: object, composition: Composition) => R, space: string | undefined, { label }: WriteOptions = {}): Write<R> {
    let value: R | undefined
    const stored = tab.write(({ dot }) =>
      exclusively(() => {
        const composition = new Composition({ ground, tables: all, dot, newId })
        value = body(transaction(composition, space), composition)
        if (isThenable(value)) throw new HoldfastError('use_tx', 'A transaction is synchronous: its body cannot wait for anything.')
        const operations = composition.close()
        judge(composition.touched())
        return { operations, label, begins: begunBy(operations) }
      }),
    )
    if (!stored) return new EmptyWrite(value as R)
    stored.stored.catch(parts.trouble)
    return new LocalWrite(stored, waiting, { value: value as R })
  }

  function transaction(composition: Composition, space: string | undefined): object {
    const asker = views.during(() => composition.changes())
    const now = platform.now() + (replica.known.offset ?? 0)
    return createTx({ userId, now, newId, tables, asker, perform: (verb) => verb(composition), space })
  }

  function runCommand(name: string, command: Command, given: unknown): Write<unknown> {
    const { stored: args } = checkArgs(name, command, given)
    let prediction: Prediction | undefined
    const stored = tab.write((as) =>
      exclusively(() => {
        prediction = attempt(() => parts.predict({ name, args }, as))
        if (prediction) judge(prediction.touched)
        return { operations: [], command: { name, args }, begins: begunBy(prediction?.operations ?? []) }
      }),
    )
    if (!stored) throw new Error('A command is never empty.')
    stored.stored.catch(parts.trouble)
    return new LocalWrite(stored, waiting, {
      value: prediction?.value,
      result: () => resultOf(replica.known, stored.pending.transaction.dot),
    })
  }

  function retry(letter: StoredDeadLetter): Write<unknown> {
    checkFree()
    const stored = tab.retry(letter)
    stored.stored.catch(parts.trouble)
    return new LocalWrite<unknown>(stored, waiting, {
      value: undefined,
      result: () => resultOf(replica.known, stored.pending.transaction.dot),
    })
  }

  const run: Record<string, (args: unknown) => Write<unknown>> = {}
  for (const [name, command] of Object.entries(parts.commands)) run[name] = (args) => runCommand(name, command, args)

  return {
    write,
    run,
    retry,
    accessOf,
    begins,
    made,
    get composing() {
      return composing
    },
    close() {
      closed = true
    },
  }
}

export type Writing = ReturnType<typeof createWriting>

/** A refusal reaches the caller. What else a body throws is a prediction that failed, for want of what only the server has: it is sent. */
function attempt(predict: () => Prediction | undefined): Prediction | undefined {
  try {
    return predict()
  } catch (error) {
    if (isHoldfastError(error)) throw error
    return undefined
  }
}

const forbidden = (message: string, space: SpaceId): Failure => new HoldfastError('forbidden', message, { space })
