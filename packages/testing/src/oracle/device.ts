import type { KeptTransaction, NoteEvent, Revision, StoreEvent, WriteEvent } from '@holdfast/client/internal/core/event'
import type { Pending } from '@holdfast/client/internal/core/pending'
import { nextRequest } from '@holdfast/client/internal/core/queue'
import { Replica } from '@holdfast/client/internal/core/replica'
import { absorbReset } from '@holdfast/client/internal/core/reset'
import { retried } from '@holdfast/client/internal/core/retry'
import { absorbFrame, absorbResponse, type Commit, continues } from '@holdfast/client/internal/core/verdict'
import { writeClock } from '@holdfast/client/internal/core/write-clock'
import { foldedFrom, unfold } from '@holdfast/client/internal/tabs/fold.kit'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { RegisterState } from '@holdfast/shared/internal/policy/latest'
import type { Outgoing } from '@holdfast/shared/internal/protocol/request'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Judge, Tally } from './judge.ts'
import { type Answered, type OracleServer, schema } from './server.ts'
import { join, nothingSeen, type VectorClock, withEvent } from './vector-clock.ts'

/** One tab: the product's memory of it, and beside it what a textbook process would know. */
export interface OracleTab {
  readonly replica: Replica
  session: string
  n: number
  clock: VectorClock
  unstored: { readonly event: WriteEvent; readonly pending: Pending }[]
}

export interface DeviceWorld {
  readonly user: string
  readonly spaces: readonly string[]
  readonly server: OracleServer
  readonly judge: Judge
  readonly tally: Tally
  readonly authors: Map<string, VectorClock>
  readonly newSession: () => string
}

/** What a stored event lets know who applies it. */
type Stored = readonly [event: StoreEvent, clock: VectorClock]

/** One device: a disk in memory, tabs that apply its events in order, each as far as it has got, and an exchange with the server. */
export function createDevice({ user, spaces, server, judge, tally, authors, newSession }: DeviceWorld) {
  const events = new Map<Revision, Stored>()
  /** What the tabs told each other, also of what has left the disk. */
  const told: Stored[] = []
  const cut = new Map<string, number>()
  /** Written with an older clock than the disk had when they came there: what they had not seen may be forgotten by then. */
  const late = new Set<string>()
  let kept: KeptTransaction[] = []
  let fold: { readonly fold: ReturnType<typeof foldedFrom>; readonly clock: VectorClock } | undefined
  const tabs: OracleTab[] = []
  let leader: OracleTab | undefined
  let underWay: (Answered & { readonly pull: boolean; readonly asked: number }) | undefined
  let stream: { readonly life: number; next: number } | undefined
  let owed = true
  let clockKnown = false
  let clockOf = (now: number): number => now
  const local = () => clockOf(server.now)

  function append(event: StoreEvent, clock: VectorClock): void {
    events.set(told.push([event, clock]), [event, clock])
    if (event.e === 'base') for (const [space, { seq }] of Object.entries(event.cut)) cut.set(space, seq)
    if (event.e !== 'write') return
    const { base, dot } = event.transaction
    if (Object.entries(base).some(([space, seq]) => seq < (cut.get(space) ?? 0))) late.add(dotName(dot))
  }

  /** Applies what other tabs tell, one event after the other. */
  function hear(tab: OracleTab, count: number): void {
    for (let i = 0; i < count; i++) {
      const next = told[tab.replica.revision]
      if (next) take(tab, tab.replica.revision + 1, next)
    }
  }

  /** Applies all that the disk has and this tab has not. */
  function catchUp(tab: OracleTab): void {
    const { replica } = tab
    if (fold && fold.fold.upTo > replica.revision) {
      unfold(replica, fold.fold)
      // Its writes wait on the disk, whatever became of the events around them.
      for (const [at, stored] of events) if (at <= fold.fold.upTo) take(tab, at, stored)
      tab.clock = join(tab.clock, fold.clock)
    }
    for (const [at, stored] of events) if (at > replica.revision) take(tab, at, stored)
  }

  function take(tab: OracleTab, at: Revision, [event, clock]: Stored): void {
    tab.replica.apply(at, event)
    tab.clock = join(tab.clock, clock)
  }

  function open(): void {
    const tab = { replica: new Replica(schema, { follow: spaces }), session: newSession(), n: 0, clock: nothingSeen, unstored: [] }
    catchUp(tab)
    tabs.push(tab)
  }

  function reload(tab: OracleTab): void {
    tabs.splice(tabs.indexOf(tab), 1)
    if (leader === tab) lead(undefined)
    open()
  }

  /** What is under way dies with its leader, and so does the stream; it may have been decided. */
  function lead(tab: OracleTab | undefined): void {
    leader = tab
    underWay = undefined
    stream = undefined
    owed = true
    clockKnown = false
    if (tab) catchUp(tab)
  }

  function write(tab: OracleTab, operationsOf: (value: string) => readonly Operation[]): void {
    const { replica, session } = tab
    const dot = [session, ++tab.n] as const
    const { at, lo } = replica.nextTime(local())
    const operations = operationsOf(dotName(dot))
    const spaces = operations.map(([, space]) => space)
    const transaction = { dot, version: replica.version, operations, ...writeClock(replica, session, { spaces }), at }
    accept(tab, { e: 'write', generation: replica.known.generation, transaction, lo }, tab.clock)
  }

  function accept(tab: OracleTab, event: WriteEvent, author: VectorClock): void {
    const { dot } = event.transaction
    authors.set(dotName(dot), author)
    tab.unstored.push({ event, pending: tab.replica.predict(event).pending })
    tab.clock = withEvent(tab.clock, dot)
  }

  const authorOf = (event: WriteEvent): VectorClock => authors.get(dotName(event.transaction.dot)) ?? nothingSeen

  /** Stores what a tab has written. */
  function flush(tab: OracleTab): void {
    const { unstored } = tab
    if (unstored.length === 0) return
    tab.unstored = []
    for (const { event } of unstored) append(event, withEvent(authorOf(event), event.transaction.dot))
    catchUp(tab)
  }

  /** The disk is full: what was written is gone, and so is the session. */
  function fail(tab: OracleTab): void {
    tab.replica.withdraw(tab.unstored.map(({ pending }) => pending))
    Object.assign(tab, { unstored: [], session: newSession(), n: 0 })
  }

  function note(tab: OracleTab, event: NoteEvent): void {
    flush(tab)
    append(event, nothingSeen)
    catchUp(tab)
  }

  /** A dead letter once more, as what its author had seen then. */
  function retry(tab: OracleTab): void {
    const [letter] = tab.replica.known.dead
    if (!letter) return
    const event = retried(letter)
    if (tab.replica.pending.some(({ transaction: { dot } }) => dotName(dot) === dotName(event.transaction.dot))) return
    accept(tab, event, authors.get(dotName(letter.transaction.dot)) ?? nothingSeen)
    note(tab, { e: 'note', forget: letter.id })
  }

  function discard(tab: OracleTab): void {
    const waiting = tab.replica.pending.find(({ accepted, dropped, revision: at }) => !accepted && !dropped && at !== undefined)
    if (waiting) note(tab, { e: 'note', drop: waiting.transaction.dot, reason: 'discarded' })
  }

  function commit(by: OracleTab, { event, gone, kept: more, adds }: Commit, clock: VectorClock): void {
    append(event, clock)
    for (const one of gone) events.delete(one)
    kept = [...kept, ...more]
    for (const add of adds) append(add, withEvent(authorOf(add), add.transaction.dot))
    catchUp(by)
  }

  const ask = ({ replica }: OracleTab, how: { pull: boolean; batch: number; list?: readonly string[] }): Outgoing =>
    nextRequest(replica, { user, nonce: 'q', pull: how.pull, batch: how.batch, ...(how.list ? { kept, list: { spaces: how.list } } : {}) })

  /** Asks the server, which decides at once; what it says is heard later, or (`lost`) never. Gives what was asked, to be asked again. */
  function send(tab: OracleTab, how: { readonly pull: boolean; readonly batch: number; readonly lost?: boolean }): Outgoing | undefined {
    if (leader !== tab) lead(tab)
    if (underWay) return undefined
    const pull = how.pull || owed || !clockKnown
    const request = ask(tab, { pull, batch: clockKnown ? how.batch : 0 })
    const predicted = predictionOf(tab, request)
    const answered = server.answer(request)
    const { verdicts, problem } = answered.response
    judge.expect(!problem, 'The server has a problem:', { problem, request })
    if (verdicts.length === request.submissions.length && verdicts.every(({ is }) => is === 'applied')) predicted?.(answered.restamped)
    if (how.lost) clockKnown = false
    else underWay = { ...answered, pull, asked: local() }
    return request
  }

  /** What a device shows while it knows all that the server knows, and sends all that it has, is what the server makes of it. */
  function predictionOf(
    { replica, unstored }: OracleTab,
    { submissions }: Outgoing,
  ): ((restamped: ReadonlySet<string>) => void) | undefined {
    const { pending } = replica
    const isPlain = pending.every(({ accepted, dropped, hidden }) => !accepted && !dropped && !hidden)
    const isThere = spaces.every((space) => server.isAt(space, replica.cursor(space)))
    if (!isPlain || !isThere || unstored.length > 0 || submissions.length !== pending.length || pending.length === 0) return undefined
    const written = pending.map(({ transaction: { dot }, keys }) => [dotName(dot), keys] as const)
    const shown = [...replica.view.records.rows('notes')].map(({ $space, id, v }) => ({ $space, id, v }))
    // A delta leaves out what is older than its start, so a device may hold a head that was replaced: a later tie breaks otherwise by it.
    const stale = shown.filter(({ $space, id }) => {
      const { heads } = (replica.view.base($space, 'notes', id)?.fields.v ?? { heads: [] }) as RegisterState
      return heads.some(({ by }) => !judge.holds($space, id, by))
    })
    const staleKeys = stale.map(({ $space, id }) => recordKey($space, 'notes', id))
    return (restamped) => {
      // DESIGN 5.2: the server clamps times. 5.1: a client forgets heads that every clock it had then sees. Only what these wrote may differ.
      const excused = new Set(
        written.flatMap(([dot, keys]) =>
          restamped.has(dot) || late.has(dot) ? [...keys] : [...keys].filter((key) => staleKeys.includes(key)),
        ),
      )
      for (const row of shown) {
        const holds = judge.valueOf(row.$space, row.id) === row.v
        tally.predictions++
        if (!holds && excused.has(recordKey(row.$space, 'notes', row.id))) tally.flickers++
        else judge.expect(holds, 'Predicted otherwise:', { row, submissions })
      }
    }
  }

  function receive(): void {
    if (!underWay || !leader) return
    const { response, clock, pull, asked } = underWay
    underWay = undefined
    if (response.differs || response.lost) {
      reconcile(leader, response.differs ?? [])
      return
    }
    const fits = continues(leader.replica, response)
    const exchange = { fence: 1, asked, answered: local(), pull, session: newSession() }
    commit(leader, absorbResponse(leader.replica, response, exchange), fits && pull ? clock : nothingSeen)
    clockKnown = true
    if (fits && pull) owed = false
  }

  function reconcile(tab: OracleTab, differing: readonly string[]): void {
    owed = true
    const { response, clock } = server.answer(ask(tab, { pull: true, batch: 0, list: differing }))
    const exchange = { fence: 1, asked: local(), answered: local(), pull: true, session: newSession() }
    if (response.differs) return
    if (response.reset || response.lost) commit(tab, absorbReset(tab.replica, response, { fence: 1, kept }), nothingSeen)
    else commit(tab, absorbResponse(tab.replica, response, exchange), clock)
  }

  /** The next commit of the stream; while a pull is under way it waits, while one is owed it is passed over. */
  function frame(): void {
    if (!leader || underWay?.pull) return
    if (stream?.life !== server.life) {
      stream = { life: server.life, next: server.commits.length }
      owed = true
      return
    }
    const next = server.commits[stream.next]
    if (!next) return
    stream.next++
    if (owed) return
    const taken = absorbFrame(leader.replica, next.frame, { fence: 1, local: local() })
    if (taken === 'pull') owed = true
    else if (taken !== 'skip') commit(leader, taken.commit, next.clock)
  }

  /** Folds what the leader has applied. */
  function foldNow(): void {
    if (!leader || leader.unstored.length > 0) return
    const made = foldedFrom(leader.replica, Number.MAX_SAFE_INTEGER)
    fold = { fold: made, clock: leader.clock }
    for (const [at, [{ e }]] of events) if (at <= made.upTo && (e === 'base' || (e === 'note' && !made.keepNotes))) events.delete(at)
  }

  return {
    tabs,
    open,
    reload,
    write,
    flush,
    fail,
    retry,
    discard,
    hear,
    catchUp,
    send,
    receive,
    frame,
    foldNow,
    setClock(of: (now: number) => number) {
      clockOf = of
    },
  }
}

export type OracleDevice = ReturnType<typeof createDevice>
