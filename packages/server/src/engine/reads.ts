import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import type { Member, SpaceAccess } from '@holdfast/shared/internal/protocol/response'

/** What a server knows of itself. There from the first moment: a storage mints the first epoch when it is created. */
export interface Meta {
  /** The epoch of entries that are written now. */
  readonly epoch: string
  /** All epochs, each with whether clients heal what its restore lost. */
  readonly epochs: ReadonlyMap<string, boolean>
  /** The server's HLC: at or past every `at` it ever decided. */
  readonly hlc: number
  /** Counts the commits of transactions, so that a process notices those of another one. */
  readonly commits: number
}

export interface SessionRow {
  readonly user: string
  /** The highest n decided. */
  readonly last: number
  /** The HLC of its last applied transaction. */
  readonly at: number
}

/**
 * What is kept of a decided transaction, or (void) of several: a refusal for ever; of an applied one (`code` null) what the log does not
 * say, until the client knows the verdict.
 */
export interface AnswerRow {
  readonly n: number
  readonly to: number
  readonly code: string | null
  readonly message: string
  /** Null for a void, which had no payload. */
  readonly payload: string | null
  readonly conflicts: number
  /** What a command gave back, as JSON text. */
  readonly result: string | null
}

export interface LoggedAt {
  readonly space: SpaceId
  readonly seq: number
  readonly payload: string
}

export interface SpaceRow {
  readonly seq: number
  /** All 32 bytes. */
  readonly hash: Uint8Array
}

export interface StoredRecord {
  readonly table: string
  readonly id: string
  /** As `stored-record.ts` wrote it. */
  readonly body: string
}

/** Records of a space by table and id, in code point order; of one that is deleted there is no body. */
export type Page = readonly { readonly table: string; readonly id: string; readonly seq: number; readonly body: string | null }[]

export interface SegmentRow {
  /** What its names are made with. */
  readonly secret: string
  /** Compressed with gzip. */
  readonly body: Uint8Array
}

/** Everything the engine can ask of a storage. */
export interface Reads {
  meta(): Meta
  session(session: SessionId): SessionRow | undefined
  /** The row of which `n` is part. */
  answer(session: SessionId, n: number): AnswerRow | undefined
  /** What is refused of a session, the newest first, and no more than `most`. */
  refusals(session: SessionId, most: number): readonly Pick<AnswerRow, 'n' | 'to'>[]
  logged(session: SessionId, n: number): readonly LoggedAt[]
  space(space: SpaceId): SpaceRow | undefined
  /** The short hash, for every seq from 1 to the head, for ever. */
  hashAt(space: SpaceId, seq: number): string | undefined
  /** The text of a history entry, while it is kept. */
  entryAt(space: SpaceId, seq: number): string | undefined
  record(space: SpaceId, table: string, id: string): string | undefined
  /** Every record whose last change is after `seq`, in the order of those changes. */
  changedSince(space: SpaceId, seq: number): readonly StoredRecord[]
  /** How many records have their last change after `seq`; counts no further than `most`. */
  countSince(space: SpaceId, seq: number, most: number): number
  /** The first `most` records after this one, or from the beginning. */
  page(space: SpaceId, after: readonly [table: string, id: string] | undefined, most: number): Page
  /** The text that was stored of the segments of a space. */
  segmentSet(space: SpaceId): string | undefined
  segment(id: string): SegmentRow | undefined
  /** Every record of a table in a space that is not deleted. */
  rows(space: SpaceId, table: string): readonly Pick<StoredRecord, 'id' | 'body'>[]
  grant(user: string, space: SpaceId): SpaceAccess | undefined
  grants(user: string): readonly SpaceAccess[]
  members(space: SpaceId): readonly Member[]
}

/** One question: the name of a read and its arguments. */
export type Need = { [K in keyof Reads]: readonly [name: K, ...ask: Parameters<Reads[K]>] }[keyof Reads]

/** A computation that asks a storage for what it needs, one question at a time, until it returns. */
export type Asking<T> = Generator<Need, T, unknown>

/** Asks. @example const row = yield* need('session', id) */
export function* need<K extends keyof Reads>(name: K, ...ask: Parameters<Reads[K]>): Asking<ReturnType<Reads[K]>> {
  return (yield [name, ...ask] as unknown as Need) as ReturnType<Reads[K]>
}

/** Runs a computation to its end on a storage that answers at once. */
export function answerAll<T>(asking: Asking<T>, reads: Reads): T {
  let step = asking.next()
  while (!step.done) {
    const [name, ...ask] = step.value
    step = asking.next((reads[name] as (...ask: unknown[]) => unknown)(...ask))
  }
  return step.value
}
