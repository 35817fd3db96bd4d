import { firstHash } from '@holdfast/shared/internal/history/history-hash'
import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import { isAlive, type RecordState, type Row, toRow } from '@holdfast/shared/internal/merge/record'
import type { FrameDelta } from '@holdfast/shared/internal/protocol/frame'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import { recordKey } from '@holdfast/shared/internal/transaction/operation'
import type { Committed } from '../hooks.ts'
import { accessTo, type Reader } from './access.ts'
import type { Changes, GrantRow, LogRow } from './changes.ts'
import { type Engine, tableOf } from './engine.ts'
import { GrantLayer, remembered, STORED } from './grants.ts'
import { type AnswerRow, type Asking, type LoggedAt, type Meta, need, type SessionRow, type SpaceRow } from './reads.ts'
import { decodeRecord, encodeRecord } from './stored-record.ts'

/** One applied transaction as the streams tell it: what it did in each space, as results. */
export interface Commit {
  readonly deltas: readonly FrameDelta[]
  readonly hlc: number
  /** Whose it is; `''` is the server itself. */
  readonly user: string
}

/** A record after a transaction, and the seq of that. */
export interface Written {
  readonly space: SpaceId
  readonly table: string
  readonly id: string
  readonly seq: number
  readonly record: RecordState
}

/**
 * What a batch of requests has read and decided so far: the storage's answers, and on top of them what is to be stored. The storage holds
 * its locks until the batch is committed, so what was read once is not asked again; and the batch sees itself.
 */
export class Batch {
  readonly engine: Engine
  /** What became of the transactions, in the order in which they were applied. */
  readonly commits: Commit[] = []
  /** The same for the app, if it wants to know. */
  readonly told: Committed[] = []
  /** What hooks failed of. */
  readonly failures: unknown[] = []
  /** Who may do what, with what this batch granted. */
  readonly grants = new GrantLayer(remembered(STORED))
  #meta: Meta | undefined
  #hlc: number | undefined
  readonly #sessions = new Map<SessionId, SessionRow | undefined>()
  readonly #decided = new Set<SessionId>()
  readonly #answers = new Map<SessionId, AnswerRow[]>()
  readonly #log: LogRow[] = []
  readonly #logged = new Map<string, LoggedAt[]>()
  readonly #spaces = new Map<SpaceId, SpaceRow | undefined>()
  readonly #creators = new Map<SpaceId, string>()
  readonly #records = new Map<string, RecordState | undefined>()
  readonly #written = new Map<string, Written>()
  readonly #tables = new Map<string, Map<string, RecordState>>()
  readonly #rows = new WeakMap<RecordState, Row>()
  readonly #known = new Map<SessionId, number>()

  constructor(engine: Engine) {
    this.engine = engine
  }

  *meta(): Asking<Meta> {
    this.#meta ??= yield* need('meta')
    return this.#hlc === undefined ? this.#meta : { ...this.#meta, hlc: this.#hlc }
  }

  *session(session: SessionId): Asking<SessionRow | undefined> {
    if (!this.#sessions.has(session)) this.#sessions.set(session, yield* need('session', session))
    return this.#sessions.get(session)
  }

  *answer(session: SessionId, n: number): Asking<AnswerRow | undefined> {
    return this.#answers.get(session)?.find((row) => row.n <= n && n <= row.to) ?? (yield* need('answer', session, n))
  }

  *logged(session: SessionId, n: number): Asking<readonly LoggedAt[]> {
    return this.#logged.get(`${session} ${n}`) ?? (yield* need('logged', session, n))
  }

  *space(space: SpaceId): Asking<SpaceRow | undefined> {
    if (!this.#spaces.has(space)) this.#spaces.set(space, yield* need('space', space))
    return this.#spaces.get(space)
  }

  *record(space: SpaceId, table: string, id: string): Asking<RecordState | undefined> {
    const key = recordKey(space, table, id)
    if (!this.#records.has(key)) {
      const body = yield* need('record', space, table, id)
      this.#records.set(key, body === undefined ? undefined : decodeRecord(tableOf(this.engine, table), body))
    }
    return this.#records.get(key)
  }

  /** Every record of a table in a space that is alive, by id. */
  *rows(space: SpaceId, table: string): Asking<ReadonlyMap<string, RecordState>> {
    const name = tableKey(space, table)
    const known = this.#tables.get(name)
    if (known) return known
    const rows = new Map<string, RecordState>()
    for (const { id, body } of yield* need('rows', space, table)) {
      const key = recordKey(space, table, id)
      // What was read or written before is at least as new, and is to stay the same object.
      if (!this.#records.has(key)) this.#records.set(key, decodeRecord(tableOf(this.engine, table), body))
      keep(rows, id, this.#records.get(key))
    }
    for (const one of this.#written.values()) if (one.space === space && one.table === table) keep(rows, one.id, one.record)
    this.#tables.set(name, rows)
    return rows
  }

  /** A record as the app sees it: the same object as long as it is. */
  row(space: SpaceId, table: string, id: string, record: RecordState): Row {
    const row = this.#rows.get(record) ?? toRow(tableOf(this.engine, table), space, id, record)
    this.#rows.set(record, row)
    return row
  }

  access(reader: Reader, space: SpaceId): Asking<SpaceAccess | undefined> {
    return accessTo(reader, space, this.grants)
  }

  /** The client knows the verdicts of this session up to `n`. */
  knows(session: SessionId, n: number): void {
    this.#known.set(session, Math.max(n, this.#known.get(session) ?? 0))
  }

  tick(hlc: number): void {
    this.#hlc = hlc
  }

  /** Everything up to `row.last` of this session is decided; `answer` is what to keep of the last ones. */
  decided(session: SessionId, row: SessionRow, answer?: AnswerRow): void {
    this.#sessions.set(session, row)
    this.#decided.add(session)
    if (!answer) return
    const answers = this.#answers.get(session)
    if (answers) answers.push(answer)
    else this.#answers.set(session, [answer])
  }

  /** Continues the history of a space. */
  extend(row: LogRow, space: SpaceRow, creator: string): void {
    this.#spaces.set(row.space, space)
    if (!this.#creators.has(row.space)) this.#creators.set(row.space, creator)
    this.#log.push(row)
    const key = `${row.session} ${row.n}`
    this.#logged.set(key, [...(this.#logged.get(key) ?? []), { space: row.space, seq: row.seq, payload: row.payload }])
  }

  write(written: Written): void {
    const key = recordKey(written.space, written.table, written.id)
    this.#records.set(key, written.record)
    this.#written.set(key, written)
    const rows = this.#tables.get(tableKey(written.space, written.table))
    if (rows) keep(rows, written.id, written.record)
  }

  /** Grants take effect. A space exists from its first grant on: whoever had it once, it is nobody's to begin any more. */
  *grant(rows: readonly GrantRow[], creator: string): Asking<void> {
    for (const row of rows) {
      this.grants.set(row)
      if (yield* this.space(row.space)) continue
      const { epoch } = yield* this.meta()
      this.#spaces.set(row.space, { seq: 0, hash: firstHash(this.engine.sha256, epoch, row.space) })
      this.#creators.set(row.space, creator)
    }
  }

  /** The spaces that anything was decided by. */
  get spaces(): ReadonlySet<SpaceId> {
    const places = [...this.#records.keys(), ...this.#tables.keys()]
    return new Set([...this.#spaces.keys(), ...places.map((place) => place.slice(0, place.indexOf('\0')))])
  }

  /** Whether there is anything to store. */
  get isDirty(): boolean {
    return this.#decided.size > 0 || this.grants.rows.length > 0
  }

  *changes(): Asking<Changes> {
    const meta = yield* this.meta()
    return {
      meta: this.isDirty ? { hlc: meta.hlc, commits: meta.commits + 1 } : undefined,
      spaces: [...this.#creators].map(([space, creator]) => ({ space, creator, ...(this.#spaces.get(space) as SpaceRow) })),
      records: [...this.#written.values()].map(({ record, ...place }) => ({
        ...place,
        alive: record.alive,
        dead: !isAlive(record),
        body: encodeRecord(tableOf(this.engine, place.table), record),
      })),
      log: this.#log,
      sessions: [...this.#decided].map((session) => ({ session, ...(this.#sessions.get(session) as SessionRow) })),
      answers: [...this.#answers].flatMap(([session, rows]) => rows.map((row) => ({ session, ...row }))),
      known: this.isDirty ? [...this.#known] : [],
      grants: this.grants.rows,
    }
  }
}

const tableKey = (space: SpaceId, table: string): string => `${space}\0${table}`

function keep(rows: Map<string, RecordState>, id: string, record: RecordState | undefined): void {
  if (record && isAlive(record)) rows.set(id, record)
  else rows.delete(id)
}
