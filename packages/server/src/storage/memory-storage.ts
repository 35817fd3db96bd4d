import { HoldfastError } from '@holdfast/shared'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import { compareStrings } from '@holdfast/shared/internal/json'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Changes, LogRow, SegmentChanges } from '../engine/changes.ts'
import { type AnswerRow, answerAll, type Meta, type Reads, type SegmentRow, type SessionRow, type SpaceRow } from '../engine/reads.ts'
import type { Storage } from './storage.ts'

/** A storage that forgets when the process ends: for tests, and for the simulator, which gives the epoch. */
export function memoryStorage({ epoch = 'e1' }: { readonly epoch?: string } = {}): Storage {
  const tables = new MemoryTables(epoch)
  let closed = false
  const open = (): void => {
    if (closed) throw new HoldfastError('closed', 'The storage is closed.')
  }
  return {
    async write(job) {
      open()
      const { result, changes } = answerAll(job(), tables)
      tables.store(changes)
      return result
    },
    async read(job) {
      open()
      return answerAll(job(), tables)
    },
    async close() {
      closed = true
    },
  }
}

class MemoryTables implements Reads {
  #meta: Meta
  readonly #spaces = new Map<SpaceId, SpaceRow>()
  readonly #records = new Map<string, Changes['records'][number]>()
  readonly #log = new Map<SpaceId, LogRow[]>()
  readonly #sessions = new Map<SessionId, SessionRow>()
  readonly #answers = new Map<SessionId, AnswerRow[]>()
  readonly #segments = new Map<string, SegmentRow & { readonly until: number | null }>()
  readonly #segmentSets = new Map<SpaceId, string>()
  readonly #grants = new Map<string, Map<SpaceId, SpaceAccess>>()

  constructor(epoch: string) {
    this.#meta = { epoch, epochs: new Map([[epoch, true]]), hlc: 0, commits: 0 }
  }

  meta = () => this.#meta
  session = (session: SessionId) => this.#sessions.get(session)
  answer = (session: SessionId, n: number) => this.#answers.get(session)?.find((row) => row.n <= n && n <= row.to)
  refusals = (session: SessionId, most: number) =>
    (this.#answers.get(session) ?? [])
      .flatMap(({ code, n, to }) => (code === null ? [] : { n, to }))
      .sort((a, b) => b.n - a.n)
      .slice(0, most)
  space = (space: SpaceId) => this.#spaces.get(space)
  hashAt = (space: SpaceId, seq: number) => this.#log.get(space)?.[seq - 1]?.hash
  entryAt = (space: SpaceId, seq: number) => this.#log.get(space)?.[seq - 1]?.entry
  record = (space: SpaceId, table: string, id: string) => this.#records.get(recordKey(space, table, id))?.body
  rows = (space: SpaceId, table: string) =>
    [...this.#records.values()].filter((row) => row.space === space && row.table === table && !row.dead)
  grant = (user: string, space: SpaceId) => this.#grants.get(user)?.get(space)
  grants = (user: string) => [...(this.#grants.get(user)?.values() ?? [])]
  members = (space: SpaceId) =>
    [...this.#grants].flatMap(([userId, held]) => {
      const grant = held.get(space)
      return grant ? [{ userId, access: grant.access, role: grant.role }] : []
    })

  logged = (session: SessionId, n: number) =>
    [...this.#log.values()]
      .flatMap((rows) => rows.filter((row) => row.session === session && row.n === n))
      .map(({ space, seq, payload }) => ({ space, seq, payload }))

  changedSince = (space: SpaceId, seq: number) =>
    [...this.#records.values()].filter((row) => row.space === space && row.seq > seq).sort((a, b) => a.seq - b.seq)

  countSince = (space: SpaceId, seq: number, most: number) => Math.min(most, this.changedSince(space, seq).length)
  page = (space: SpaceId, [table, id]: readonly [string, string] = ['', ''], most: number) =>
    [...this.#records.values()]
      .filter((row) => row.space === space && (compareStrings(row.table, table) || compareStrings(row.id, id)) > 0)
      .sort((a, b) => compareStrings(a.table, b.table) || compareStrings(a.id, b.id))
      .slice(0, most)
      .map(({ table, id, seq, dead, body }) => ({ table, id, seq, body: dead ? null : body }))

  segmentSet = (space: SpaceId) => this.#segmentSets.get(space)
  segment = (id: string) => this.#segments.get(id)

  store(changes: Changes): void {
    if (changes.meta) this.#meta = { ...this.#meta, ...changes.meta }
    for (const { space, seq, hash } of changes.spaces) this.#spaces.set(space, { seq, hash })
    for (const row of changes.records) this.#records.set(recordKey(row.space, row.table, row.id), row)
    for (const row of changes.log) this.#list(this.#log, row.space).push(row)
    for (const { session, user, last, at } of changes.sessions) this.#sessions.set(session, { user, last, at })
    for (const { session, ...row } of changes.answers) this.#list(this.#answers, session).push(row)
    for (const [session, n] of changes.known) {
      const kept = this.#answers.get(session)?.filter((row) => row.code !== null || row.to > n)
      if (kept) this.#answers.set(session, kept)
    }
    for (const { user, space, access, role } of changes.grants) {
      const held = this.#grants.get(user) ?? new Map<SpaceId, SpaceAccess>()
      this.#grants.set(user, held)
      if (access === null) held.delete(space)
      else held.set(space, { space, access, role })
    }
    if (changes.segments) this.#storeSegments(changes.segments)
  }

  #storeSegments({ bodies = [], until = [], sets = [], now }: SegmentChanges): void {
    for (const { id, ...row } of bodies) this.#segments.set(id, row)
    for (const [id, end] of until) {
      const row = this.#segments.get(id)
      if (row) this.#segments.set(id, { ...row, until: end })
    }
    for (const { space, body } of sets) this.#segmentSets.set(space, body)
    for (const [id, { until: end }] of this.#segments) if (end !== null && end <= now) this.#segments.delete(id)
  }

  #list<T>(lists: Map<string, T[]>, key: string): T[] {
    const list = lists.get(key) ?? []
    lists.set(key, list)
    return list
  }
}
