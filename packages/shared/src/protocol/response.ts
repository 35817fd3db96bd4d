import type { Dot } from '../clock/dot.ts'
import { HoldfastError } from '../errors.ts'
import type { Cursor, Cut } from '../history/history-hash.ts'
import type { SessionId, SpaceId } from '../ids.ts'
import type { JsonValue } from '../json.ts'
import type { ConflictValue } from '../merge/conflict.ts'
import type { Delta, PackedRecord } from '../merge/pack.ts'
import { crc32 } from './crc32.ts'
import { Names, namesOf } from './names.ts'
import { type Shaped, shaped } from './shape.ts'
import { PROTOCOL } from './version.ts'

const numbers = { list: 'count' } as const
const dot = { tuple: ['count', 'count'] } as const

/** What a user may do in a space. */
export const access = { one: ['read', 'write'] } as const
export type Access = Shaped<typeof access>

/** The first line. `problem` is why nothing was decided. */
export const wireHead = {
  object: { p: 'count', v: 'count', q: 'text', now: 'number' },
  maybe: {
    u: 'text',
    X: { list: 'text' },
    S: { list: 'text' },
    U: { list: 'text' },
    spaces: { list: { tuple: ['text', access, { or: ['text', { one: [null] }] }] } },
    sp: 'text',
    problem: 'text',
    message: 'text',
    differs: numbers,
    reset: { list: { tuple: ['count', 'count', 'flag'] } },
    lost: { list: dot },
    heal: 'flag',
    dec: { list: dot },
    ref: { list: { tuple: ['count', 'count', 'count'] } },
    members: { list: { tuple: ['text', access, { or: ['text', { one: [null] }] }] } },
  },
} as const

/** A verdict; `expected` and `fork` stand in the place of one. */
export const wireVerdict = {
  or: [
    { object: { d: dot, ok: { list: dot } }, maybe: { c: 'count', out: 'any' } },
    { object: { d: dot, no: 'text' }, maybe: { msg: 'text', to: 'count' } },
    { object: { expected: dot } },
    { object: { fork: dot } },
  ],
} as const

/** The start of what changed in one space; its records follow, a line each. */
export const wireDelta = {
  object: { x: 'count', from: 'count', to: 'count', by: { list: { tuple: ['count', 'count', 'count', 'count'] } } },
  maybe: { new: { one: [1] }, segs: { list: { tuple: ['text', 'count', 'text'] } } },
} as const

export const wireRecord = {
  object: { r: { tuple: ['text', 'text'] } },
  maybe: { new: { one: [1] }, again: { one: [1] }, alive: 'count', born: numbers, died: numbers, f: 'map' },
} as const

/** The last line: without it, or with another count or checksum, nothing of the body counts. */
export const wireTrailer = {
  object: { end: { one: [1] }, lines: 'count', crc: 'text', cut: { list: { tuple: ['count', 'count', 'text'] } }, hlc: 'count' },
} as const

/** The server's word on one transaction, or what it needs first. */
export type Verdict =
  | {
      readonly is: 'applied'
      readonly dot: Dot
      readonly at: Readonly<Record<SpaceId, number>>
      readonly conflicts: number
      /** What a command gave back. */
      readonly result?: JsonValue | undefined
      /** In a preview: the values that it would drop, or have dropped. Read by `review.ts`. */
      readonly drops?: readonly Drop[] | undefined
    }
  | { readonly is: 'refused'; readonly dot: Dot; readonly to: number; readonly code: string; readonly message: string }
  | { readonly is: 'expected'; readonly dot: Dot }
  | { readonly is: 'fork'; readonly dot: Dot }

/** A conflict that would be written. */
export interface Drop {
  readonly space: SpaceId
  /** Of the conflict. */
  readonly id: string
  readonly value: ConflictValue
}

export interface SpaceAccess {
  readonly space: SpaceId
  readonly access: Access
  readonly role: string | null
}

/** Whose a session is; `''` is the server itself. */
export type SessionUser = readonly [session: SessionId, user: string]

/** Who may be in a space, and as what. */
export interface Member {
  readonly userId: string
  readonly access: Access
  readonly role: string | null
}

export interface SyncResponse {
  readonly version: number
  readonly user: string | undefined
  readonly nonce: string
  /** Server time in milliseconds. */
  readonly now: number
  readonly spaces?: readonly SpaceAccess[] | undefined
  readonly spacesTag?: string | undefined
  readonly problem?: { readonly code: string; readonly message: string } | undefined
  /** Spaces whose history is not the client's. */
  readonly differs?: readonly SpaceId[] | undefined
  /**
   * Nothing was decided, since these spaces are not where the request said that they have to be; none of them, if only access changed. Read
   * by `review.ts`.
   */
  readonly changed?: readonly SpaceId[] | undefined
  readonly reset?: ReadonlyMap<SpaceId, { readonly agree: number; readonly heal: boolean }> | undefined
  /** Sessions of which the server knows less than the client: its last number of each. */
  readonly lost?: ReadonlyMap<SessionId, number> | undefined
  /** With `lost`: whether what is lost is to be sent again. */
  readonly heal?: boolean | undefined
  /** Sessions of which this answer's changes hold more than the client knew to be decided, or is told by its verdicts: up to which number. */
  readonly decided?: ReadonlyMap<SessionId, number> | undefined
  /** What was refused of the sessions that the request calls unproven, from one number to another. */
  readonly refused?: readonly (readonly [session: SessionId, n: number, to: number])[] | undefined
  /** The answer to `GET members`. */
  readonly members?: readonly Member[] | undefined
  readonly verdicts: readonly Verdict[]
  readonly deltas: readonly Delta[]
  /** Whose the sessions are that the changes speak of, but for the asking user's own. */
  readonly users?: readonly SessionUser[] | undefined
  readonly cut: Cut
  /** The greatest `at` that the server ever decided. */
  readonly hlc: number
}

const utf8 = /* @__PURE__ */ new TextEncoder()

/** The body: NDJSON, so that a long one can be read by line, ended by a trailer that proves it whole. */
export function encodeResponse(response: SyncResponse): string {
  const X = new Names()
  const S = new Names()
  // First, so that their users stand beside them without a number.
  for (const [session] of response.users ?? []) S.number(session)
  const body = [...response.verdicts.map((one) => verdictLine(one, X, S)), ...response.deltas.flatMap((one) => [...deltaLines(one, X, S)])]
  const cut = [...response.cut].map(([space, { seq, hash }]): [number, number, string] => [X.number(space), seq, hash])
  const head: Shaped<typeof wireHead> & { changed: readonly number[] | undefined } = {
    p: PROTOCOL,
    v: response.version,
    u: response.user,
    q: response.nonce,
    now: response.now,
    spaces: response.spaces?.map((one) => [one.space, one.access, one.role]),
    sp: response.spacesTag,
    problem: response.problem?.code,
    message: response.problem?.message,
    differs: response.differs?.map(X.number),
    changed: response.changed?.map(X.number),
    reset: response.reset && [...response.reset].map(([space, { agree, heal }]) => [X.number(space), agree, heal]),
    lost: response.lost && [...response.lost].map(([session, n]) => [S.number(session), n]),
    members: response.members?.map((one) => [one.userId, one.access, one.role]),
    heal: response.heal,
    dec: response.decided && [...response.decided].map(([session, n]) => [S.number(session), n]),
    ref: response.refused?.map(([session, n, to]) => [S.number(session), n, to]),
    X: X.list,
    S: S.list,
    U: response.users?.map(([, user]) => user),
  }
  const text = [head, ...body].map((line) => `${JSON.stringify(line)}\n`).join('')
  const trailer = { end: 1, lines: body.length + 2, crc: crc32(utf8.encode(text)), cut, hlc: response.hlc }
  return `${text}${JSON.stringify(trailer)}\n`
}

function verdictLine(one: Verdict, X: Names, S: Names): Shaped<typeof wireVerdict> {
  const d: [number, number] = [S.number(one.dot[0]), one.dot[1]]
  if (one.is === 'expected') return { expected: d }
  if (one.is === 'fork') return { fork: d }
  if (one.is === 'refused') {
    return { d, no: one.code, ...(one.message ? { msg: one.message } : {}), ...(one.to === one.dot[1] ? {} : { to: one.to }) }
  }
  const ok = Object.entries(one.at).map(([space, seq]): [number, number] => [X.number(space), seq])
  const drops = one.drops?.map(({ space, id, value }): [number, string, ConflictValue] => [X.number(space), id, value])
  return {
    d,
    ok,
    ...(one.conflicts > 0 ? { c: one.conflicts } : {}),
    ...(one.result === undefined ? {} : { out: one.result }),
    ...(drops ? { drops } : {}),
  }
}

function* deltaLines(delta: Delta, X: Names, S: Names): Iterable<object> {
  const by = delta.by.map(([session, n, seq, at]) => [S.number(session), n, seq, at])
  yield { x: X.number(delta.space), from: delta.from, to: delta.to, ...(delta.whole ? { new: 1 } : {}), segs: delta.segments, by }
  yield* delta.records
}

/**
 * Reads a body, or raises `bad_response`: what has no trailer, or a wrong one, is not Holdfast's answer (a captive portal's page, a
 * truncated or an old copy) and counts as being offline.
 */
export function decodeResponse(bytes: Uint8Array): SyncResponse {
  try {
    return readBody(bytes)
  } catch (error) {
    throw new HoldfastError('bad_response', 'The answer is not a complete answer of a Holdfast server.', {}, error)
  }
}

function readBody(bytes: Uint8Array): SyncResponse {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (!text.endsWith('\n')) throw new RangeError('cut off')
  const lines = text.slice(0, -1).split('\n')
  const last = lines.pop() ?? ''
  const trailer = shaped(wireTrailer, JSON.parse(last))
  const before = bytes.subarray(0, bytes.length - utf8.encode(last).length - 1)
  if (trailer.lines !== lines.length + 1 || trailer.crc !== crc32(before)) throw new RangeError('garbled')
  const head = shaped(wireHead, JSON.parse(lines.shift() ?? ''))
  if (head.p !== PROTOCOL)
    return { ...emptyResponse(head), problem: { code: 'upgrade', message: head.message ?? 'Another version of the protocol.' } }
  const space = namesOf(head.X ?? [], 'bad_response')
  const session = namesOf(head.S ?? [], 'bad_response')
  const verdicts: Verdict[] = []
  const deltas: (Delta & { records: PackedRecord[] })[] = []
  for (const line of lines) {
    const json: unknown = JSON.parse(line)
    if (typeof json !== 'object' || json === null) throw new TypeError('not a line')
    if ('r' in json) deltas.at(-1)?.records.push(shaped(wireRecord, json))
    else if ('x' in json) deltas.push(readDelta(shaped(wireDelta, json), space, session))
    else verdicts.push(readVerdict(shaped(wireVerdict, json), space, session))
  }
  return {
    ...emptyResponse(head),
    spaces: head.spaces?.map(([id, can, role]) => ({ space: id, access: can, role })),
    spacesTag: head.sp,
    problem: head.problem === undefined ? undefined : { code: head.problem, message: head.message ?? head.problem },
    differs: head.differs?.map(space),
    reset: head.reset && new Map(head.reset.map(([x, agree, heal]) => [space(x), { agree, heal }])),
    lost: head.lost && new Map(head.lost.map(([s, n]) => [session(s), n])),
    members: head.members?.map(([userId, can, role]) => ({ userId, access: can, role })),
    heal: head.heal,
    decided: head.dec && new Map(head.dec.map(([s, n]) => [session(s), n])),
    refused: head.ref?.map(([s, n, to]) => [session(s), n, to]),
    verdicts,
    deltas,
    users: head.U?.map((user, i) => [session(i), user]),
    cut: readCut(trailer.cut, space),
    hlc: trailer.hlc,
  }
}

const emptyResponse = (head: Shaped<typeof wireHead>): SyncResponse => ({
  version: head.v,
  user: head.u,
  nonce: head.q,
  now: head.now,
  verdicts: [],
  deltas: [],
  cut: new Map(),
  hlc: 0,
})

type Name = (number: number) => string

const readCut = (cut: readonly (readonly [number, number, string])[], space: Name): Map<SpaceId, Cursor> =>
  new Map(cut.map(([x, seq, hash]) => [space(x), { seq, hash }]))

const readDelta = (wire: Shaped<typeof wireDelta>, space: Name, session: Name): Delta & { records: PackedRecord[] } => ({
  space: space(wire.x),
  from: wire.from,
  to: wire.to,
  whole: wire.new === 1,
  segments: wire.segs,
  by: wire.by.map(([s, n, seq, at]) => [session(s), n, seq, at]),
  records: [],
})

function readVerdict(wire: Shaped<typeof wireVerdict>, space: Name, session: Name): Verdict {
  if ('expected' in wire) return { is: 'expected', dot: [session(wire.expected[0]), wire.expected[1]] }
  if ('fork' in wire) return { is: 'fork', dot: [session(wire.fork[0]), wire.fork[1]] }
  const of: Dot = [session(wire.d[0]), wire.d[1]]
  if ('no' in wire) return { is: 'refused', dot: of, to: wire.to ?? of[1], code: wire.no, message: wire.msg ?? wire.no }
  const at = Object.fromEntries(wire.ok.map(([x, seq]) => [space(x), seq]))
  return { is: 'applied', dot: of, at, conflicts: wire.c ?? 0, ...(wire.out === undefined ? {} : { result: wire.out as JsonValue }) }
}
