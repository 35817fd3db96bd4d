import type { Changes } from '@holdfast/server/internal/engine/changes'
import { type Decision, decideAll, isHalted } from '@holdfast/server/internal/engine/decide'
import type { Engine } from '@holdfast/server/internal/engine/engine'
import { pull } from '@holdfast/server/internal/engine/pull'
import {
  type AnswerRow,
  answerAll,
  type LoggedAt,
  type Reads,
  type SessionRow,
  type SpaceRow,
} from '@holdfast/server/internal/engine/reads'
import { nodePlatform } from '@holdfast/server/internal/platform'
import { defineSchema, string, table } from '@holdfast/shared'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { Frame } from '@holdfast/shared/internal/protocol/frame'
import { decodeRequest, encodeRequest, isVoid, type Outgoing } from '@holdfast/shared/internal/protocol/request'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { type Operation, recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Judge, Tally } from './judge.ts'
import { nothingSeen, type VectorClock, withEvent } from './vector-clock.ts'

export const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

/** What a server stores; a copy is a backup. */
interface Disk {
  meta: ReturnType<Reads['meta']>
  readonly spaces: Map<string, SpaceRow>
  readonly records: Map<string, Changes['records'][number]>
  readonly log: Map<string, readonly Changes['log'][number][]>
  readonly logged: Map<string, readonly LoggedAt[]>
  readonly sessions: Map<string, SessionRow>
  readonly answers: Map<string, readonly AnswerRow[]>
}

const copyOf = (disk: Disk): Disk => ({
  meta: disk.meta,
  spaces: new Map(disk.spaces),
  records: new Map(disk.records),
  log: new Map(disk.log),
  logged: new Map(disk.logged),
  sessions: new Map(disk.sessions),
  answers: new Map(disk.answers),
})

const readsOf = (disk: Disk): Reads => ({
  meta: () => disk.meta,
  session: (session) => disk.sessions.get(session),
  answer: (session, n) => disk.answers.get(session)?.find((row) => row.n <= n && n <= row.to),
  refusals: () => [],
  logged: (session, n) => disk.logged.get(dotName([session, n])) ?? [],
  space: (space) => disk.spaces.get(space),
  hashAt: (space, seq) => disk.log.get(space)?.[seq - 1]?.hash,
  entryAt: (space, seq) => disk.log.get(space)?.[seq - 1]?.entry,
  record: (space, name, id) => disk.records.get(recordKey(space, name, id))?.body,
  changedSince: (space, seq) =>
    [...disk.records.values()].filter((row) => row.space === space && row.seq > seq).sort((a, b) => a.seq - b.seq),
  countSince: () => 0,
  page: () => [],
  segmentSet: () => undefined,
  segment: () => undefined,
  rows: () => [],
  grant: () => undefined,
  grants: () => [],
  members: () => [],
})

function store(disk: Disk, changes: Changes): void {
  const add = <T>(lists: Map<string, readonly T[]>, key: string, row: T) => lists.set(key, [...(lists.get(key) ?? []), row])
  if (changes.meta) disk.meta = { ...disk.meta, ...changes.meta }
  for (const { space, seq, hash } of changes.spaces) disk.spaces.set(space, { seq, hash })
  for (const row of changes.records) disk.records.set(recordKey(row.space, row.table, row.id), row)
  for (const row of changes.log) {
    add(disk.log, row.space, row)
    add(disk.logged, dotName([row.session, row.n]), row)
  }
  for (const { session, ...row } of changes.sessions) disk.sessions.set(session, row)
  for (const { session, ...row } of changes.answers) add(disk.answers, session, row)
}

/** What a device gets to hear, and what the oracle says that it knows by that. */
export interface Answered {
  readonly response: SyncResponse
  readonly clock: VectorClock
  /** The transactions that were given another time than they came with, by the dot. */
  readonly restamped: ReadonlySet<string>
}

export interface ServerWorld {
  readonly spaces: readonly string[]
  readonly judge: Judge
  readonly tally: Tally
  /** What each author had seen, by the dot. */
  readonly authors: ReadonlyMap<string, VectorClock>
}

/** The engine on a disk in memory, without HTTP; every decision goes by the oracle. */
export function createOracleServer({ spaces, judge, tally, authors }: ServerWorld) {
  let disk: Disk = {
    meta: { epoch: 'e1', epochs: new Map([['e1', true]]), hlc: 0, commits: 0 },
    ...{ spaces: new Map(), records: new Map(), log: new Map(), logged: new Map(), sessions: new Map(), answers: new Map() },
  }
  let clock = nothingSeen
  let commits: { readonly frame: Frame & { is: 'commit' }; readonly clock: VectorClock }[] = []
  let now = 0
  let life = 0
  let strict = false
  // What a strict server refuses it may take later, when it is tried again.
  const isWelcome = ({ after }: { readonly after: { readonly v: string } }) => !strict || !/[258]$/.test(after.v)
  const rules = schema.rules({ notes: { insert: isWelcome, update: isWelcome } })
  const engine = { schema, rules, sha256: nodePlatform.sha256 } as unknown as Engine
  const list = spaces.map((space) => ({ space, access: 'write' as const, role: null }))
  const membership = { list, access: new Map(list.map((one) => [one.space, one])) }

  function answer(outgoing: Outgoing): Answered {
    const request = decodeRequest(encodeRequest(outgoing))
    const asker = { user: request.user, now, membership }
    const { result, changes } = answerAll(decideAll(engine, [{ request, asker }]), readsOf(disk))
    const decision = result.outcomes[0] as Decision
    store(disk, changes)
    const clocks: VectorClock[] = []
    const restamped = new Set<string>()
    for (const verdict of decision.verdicts) {
      if (verdict.is !== 'applied' && verdict.is !== 'refused') continue
      const { dot } = verdict
      const to = verdict.is === 'refused' ? verdict.to : dot[1]
      const sent = request.submissions.find((one) => !isVoid(one) && dotName(one.dot) === dotName(dot))
      if (to <= (clock.get(dot[0]) ?? 0)) continue
      clock = withEvent(clock, [dot[0], to])
      if (!sent || isVoid(sent)) continue
      const at = judge.stamp(dot, sent.at, now)
      if (at !== sent.at) restamped.add(dotName(dot))
      if (verdict.is === 'refused') tally.refused++
      else clocks.push(clock)
      const author = authors.get(dotName(dot)) ?? nothingSeen
      for (const { space, session, n, entry } of changes.log)
        if (session === dot[0] && n === dot[1])
          judge.judge({ space, dot, entry, author, at, operations: sent.operations as readonly Operation[] })
    }
    commits.push(...result.commits.map((commit, i) => ({ frame: { is: 'commit' as const, ...commit }, clock: clocks[i] ?? nothingSeen })))
    const pulled = isHalted(decision) ? { deltas: [], cut: new Map(), hlc: 0 } : answerAll(pull(engine, request, asker), readsOf(disk))
    return { response: { ...pulled, ...decision, version: 1, user: request.user, nonce: request.nonce, now }, clock, restamped }
  }

  return {
    answer,
    /** Whether this is where the space is now: after a restore another history may have come to the same seq. */
    isAt(space: string, cursor: Cursor | undefined): boolean {
      const last = disk.log.get(space)?.at(-1)
      return cursor?.seq === (last?.seq ?? 0) && (!last || cursor.hash === last.hash)
    },
    get now() {
      return now
    },
    /** Everything that streams tell in this life of the server. */
    get commits(): readonly (typeof commits)[number][] {
      return commits
    },
    /** Grows with every restore. */
    get life() {
      return life
    },
    setTime(ms: number) {
      now = ms
    },
    setStrict(is: boolean) {
      strict = is
    },
    /** Remembers all this; called, the server is as it was, in a new epoch or (a fail-over) in the same. */
    backup() {
      const kept = { disk: copyOf(disk), clock, judge: judge.backup() }
      return (epoch: { readonly heal: boolean } | undefined) => {
        tally.restores++
        life++
        commits = []
        disk = copyOf(kept.disk)
        if (epoch) {
          const name = `e${life + 1}`
          disk.meta = { ...disk.meta, epoch: name, epochs: new Map([...disk.meta.epochs, [name, epoch.heal]]) }
        }
        clock = kept.clock
        kept.judge()
      }
    },
  }
}

export type OracleServer = ReturnType<typeof createOracleServer>
