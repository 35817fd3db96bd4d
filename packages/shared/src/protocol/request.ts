import type { Dot } from '../clock/dot.ts'
import { HoldfastError } from '../errors.ts'
import type { Cursor, Cut } from '../history/history-hash.ts'
import type { SessionId, SpaceId } from '../ids.ts'
import { idProblem } from '../schema/value.ts'
import type { Operation } from '../transaction/operation.ts'
import type { Read } from '../transaction/read.ts'
import { sentOperations, type Transaction } from '../transaction/transaction.ts'
import { LIMITS } from './limits.ts'
import { Names, namesOf } from './names.ts'
import { faultIn, type Shaped } from './shape.ts'
import { PROTOCOL } from './version.ts'

const name = { text: 1024 } as const
const short = { text: 64 } as const
const pairs = { list: { tuple: ['count', 'count'] }, max: LIMITS.sessions } as const

/**
 * A transaction, or (`void`) what stands in the place of one that will not be sent; `d` is n alone where the session is that of the one
 * before, or the first of `S`. Operations are checked one transaction at a time.
 */
export const wireTransaction = {
  object: { d: { or: ['count', { tuple: ['count', 'count'] }] } },
  maybe: {
    v: 'count',
    o: { list: 'any' },
    b: { list: { tuple: ['count', 'count'] }, max: LIMITS.spaces },
    s: pairs,
    t: 'count',
    new: { list: 'count', max: LIMITS.spaces },
    i: { one: [1] },
    rd: { list: 'any' },
    fe: 'any',
    void: short,
    to: 'count',
  },
} as const

/** `POST sync`, going up. Numbers in place of spaces index those of `cur` and then `X`, in place of sessions `S`. */
export const wireRequest = {
  object: {
    p: 'count',
    v: 'count',
    u: name,
    q: short,
    S: { list: name, max: LIMITS.sessions },
    cur: { list: { tuple: [name, 'count', short] }, max: LIMITS.spaces },
    tx: { list: wireTransaction, max: LIMITS.transactions },
  },
  maybe: {
    X: { list: name, max: LIMITS.spaces },
    follow: { or: [{ one: ['all'] }, { list: 'count' }] },
    pull: { one: [0, 1] },
    k: pairs,
    un: { list: 'count', max: LIMITS.sessions },
    sp: short,
    list: { list: { tuple: ['count', { list: { tuple: ['count', short] }, max: LIMITS.positions }] } },
    fresh: { list: 'count' },
    seg: { list: 'count' },
    if: { list: { tuple: ['count', 'count', short] } },
  },
} as const
export type WireRequest = Shaped<typeof wireRequest>
type WireTransaction = Shaped<typeof wireTransaction>

/** What is sent in place of transactions `n` to `to` of a session, so that `n` never skips. */
export interface Void {
  readonly dot: Dot
  readonly to: number
  readonly reason: string
}

/** A transaction as it arrived: its operations, reads, and whatever asks for a later version, are still to be judged. */
export interface Submission extends Omit<Transaction, 'operations' | 'command' | 'reads'> {
  readonly operations: readonly unknown[]
  readonly reads?: readonly unknown[] | undefined
  readonly later: boolean
}

export interface SyncRequest {
  readonly protocol: number
  readonly version: number
  readonly user: string
  readonly nonce: string
  readonly follow: 'all' | readonly SpaceId[]
  /** Where the client is: proof of the history that the clocks speak of. */
  readonly cursors: ReadonlyMap<SpaceId, Cursor>
  readonly pull: boolean
  /** For each session up to which n the client knows it decided. */
  readonly known: ReadonlyMap<SessionId, number>
  readonly submissions: readonly (Submission | Void)[]
  /** Of these sessions no cursor says whether what they confirmed is still so: the answer to a pull says what of them is refused. */
  readonly unproven?: ReadonlySet<SessionId> | undefined
  /** The tag of the spaces that the client was last told. */
  readonly spacesTag: string | undefined
  /** After a mismatch: where the client has been, newest first. */
  readonly positions: ReadonlyMap<SpaceId, readonly Cursor[]> | undefined
  /** Spaces to send whole although there is a cursor. */
  readonly fresh: ReadonlySet<SpaceId>
  /** What is sent whole may come as segments, which have no heads; not of these spaces, where writes wait whose clocks may be older. */
  readonly segments?: { readonly not: ReadonlySet<SpaceId> } | undefined
  /** Where these spaces have to be still, or nothing is decided. Sent by `review.ts`. */
  readonly condition: Cut | undefined
}

export const isVoid = (submission: Submission | Void): submission is Void => 'reason' in submission

/** What a client wants to send; `seen` and `base` as they go out, after shifts and resets. */
export type Outgoing = Omit<SyncRequest, 'protocol' | 'submissions' | 'condition'> & {
  readonly submissions: readonly (Transaction | Void)[]
}

export function encodeRequest(request: Outgoing): WireRequest {
  const X = new Names()
  const S = new Names()
  const cur = [...request.cursors].map(([space, { seq, hash }]): [string, number, string] => [space, seq, hash])
  // First, so that their names stand there and nowhere else.
  for (const [space] of cur) X.number(space)
  const follow = request.follow === 'all' ? 'all' : request.follow.map(X.number)
  const isAsCursors = follow !== 'all' && follow.length === cur.length && follow.every((x) => x < cur.length)
  let session = 0
  const tx = request.submissions.map((one): WireTransaction => {
    const before = session
    session = S.number(one.dot[0])
    return { d: session === before ? one.dot[1] : [session, one.dot[1]], ...encodeSubmission(one, request, X, S) }
  })
  const usual = knownBy(request.submissions)
  const known = new Map([...usual.keys()].map((of) => [of, request.known.get(of) ?? 0]))
  const k = [...new Map([...known, ...request.known])].flatMap(([of, n]): [number, number][] =>
    n === usual.get(of) ? [] : [[S.number(of), n]],
  )
  const un = [...(request.unproven ?? [])].map(S.number)
  const fresh = [...request.fresh].map(X.number)
  const seg = request.pull ? request.segments && [...request.segments.not].map(X.number) : undefined
  const list =
    request.positions &&
    [...request.positions].map(([space, at]): [number, [number, string][]] => [X.number(space), at.map((c) => [c.seq, c.hash])])
  // Last, when all that has a number is known.
  const names = X.list.slice(cur.length)
  return {
    p: PROTOCOL,
    v: request.version,
    u: request.user,
    q: request.nonce,
    ...(names.length > 0 ? { X: names } : {}),
    S: S.list,
    ...(isAsCursors ? {} : { follow }),
    cur,
    ...(request.pull === isPull(tx) ? {} : { pull: request.pull ? (1 as const) : (0 as const) }),
    ...(k.length > 0 ? { k } : {}),
    ...(un.length > 0 ? { un } : {}),
    tx,
    ...(request.spacesTag === undefined ? {} : { sp: request.spacesTag }),
    ...(list ? { list } : {}),
    ...(fresh.length > 0 ? { fresh } : {}),
    ...(seg ? { seg } : {}),
  }
}

/** Whether a request that does not say so asks for changes: one that brings nothing has no other sense. */
const isPull = (tx: readonly unknown[]): boolean => tx.length === 0

/** Up to which n a client knows the sessions decided that it sends transactions of, if it does not say: up to the first of them. */
function knownBy(submissions: readonly { readonly dot: Dot }[]): Map<SessionId, number> {
  const known = new Map<SessionId, number>()
  for (const { dot } of submissions) if (!known.has(dot[0])) known.set(dot[0], Math.max(0, dot[1] - 1))
  return known
}

const withNumber = ([kind, space, ...rest]: Operation | Read, X: Names): readonly unknown[] => [kind, X.number(space), ...rest]

function encodeSubmission(one: Transaction | Void, request: Outgoing, X: Names, S: Names): Omit<WireTransaction, 'd'> {
  if ('reason' in one) return { void: one.reason, ...(one.to === one.dot[1] ? {} : { to: one.to }) }
  const base = Object.entries(one.base)
  const asCursors = base.every(([space, seq]) => (request.cursors.get(space)?.seq ?? 0) === seq)
  const seen = Object.entries(one.seen)
  return {
    ...(one.version === request.version ? {} : { v: one.version }),
    o: sentOperations(one).map((operation) => (operation[0] === 'cmd' ? operation : withNumber(operation as Operation, X))),
    ...(asCursors ? {} : { b: base.map(([space, seq]): [number, number] => [X.number(space), seq]) }),
    ...(seen.length > 0 ? { s: seen.map(([session, n]): [number, number] => [S.number(session), n]) } : {}),
    t: one.at,
    ...(one.begins?.length ? { new: one.begins.map(X.number) } : {}),
    ...(one.reads ? { i: 1 as const, rd: one.reads.map((read) => withNumber(read, X)) } : {}),
  }
}

/** Checks a body and gives it names. Raises `bad_request`, or `upgrade` for another version of the protocol. */
export function decodeRequest(body: unknown): SyncRequest {
  const p = typeof body === 'object' && body !== null && 'p' in body ? body.p : undefined
  if (typeof p === 'number' && p !== PROTOCOL) throw new HoldfastError('upgrade', `This server speaks version ${PROTOCOL} of the protocol.`)
  const fault = faultIn(wireRequest, body)
  if (fault !== undefined) throw new HoldfastError('bad_request', `The request is malformed at ${fault}.`)
  const wire = body as WireRequest
  // Sessions are stored, hashed and part of ids, like any id. The spaces that operations name are checked with those, one transaction at a time.
  if (wire.S.some(idProblem)) throw new HoldfastError('bad_request', 'The request is malformed at $.S: not the id of a session.')
  const space = namesOf(spaceNames(wire), 'bad_request')
  const session = namesOf(wire.S, 'bad_request')
  const cursors = new Map(wire.cur.map(([id, seq, hash]) => [id, { seq, hash }]))
  let last = 0
  const submissions = wire.tx.map((one) => {
    const [s, n] = typeof one.d === 'number' ? [last, one.d] : one.d
    last = s
    return decodeSubmission(one, [session(s), n], { wire, cursors, space, session })
  })
  return {
    protocol: wire.p,
    version: wire.v,
    user: wire.u,
    nonce: wire.q,
    follow: wire.follow === undefined ? [...cursors.keys()] : wire.follow === 'all' ? 'all' : wire.follow.map(space),
    cursors,
    pull: wire.pull === undefined ? isPull(wire.tx) : wire.pull === 1,
    known: new Map([...knownBy(submissions), ...(wire.k ?? []).map(([s, n]): [SessionId, number] => [session(s), n])]),
    submissions,
    unproven: wire.un && new Set(wire.un.map(session)),
    spacesTag: wire.sp,
    positions: wire.list && new Map(wire.list.map(([x, list]) => [space(x), list.map(([seq, hash]) => ({ seq, hash }))])),
    fresh: new Set((wire.fresh ?? []).map(space)),
    segments: wire.seg && { not: new Set(wire.seg.map(space)) },
    condition: wire.if && new Map(wire.if.map(([x, seq, hash]) => [space(x), { seq, hash }])),
  }
}

/** The spaces that a body numbers, in that order. */
export const spaceNames = ({ cur, X = [] }: WireRequest): readonly SpaceId[] => [...cur.map(([id]) => id), ...X]

/** The spaces that operations, or reads, name, as they arrived. A command names none: what it touches is found out where it runs. */
export const spacesNamed = (operations: readonly unknown[]): SpaceId[] => [
  ...new Set(
    operations.flatMap((operation) =>
      Array.isArray(operation) && operation[0] !== 'cmd' && typeof operation[1] === 'string' ? operation[1] : [],
    ),
  ),
]

function decodeSubmission(
  one: WireTransaction,
  dot: Dot,
  {
    wire,
    cursors,
    space,
    session,
  }: { wire: WireRequest; cursors: ReadonlyMap<SpaceId, Cursor>; space: (x: number) => string; session: (s: number) => string },
): Submission | Void {
  if (one.void !== undefined) return { dot, reason: one.void, to: Math.max(dot[1], one.to ?? 0) }
  const withName = (given: unknown): unknown =>
    Array.isArray(given) && typeof given[1] === 'number' ? [given[0], space(given[1]), ...given.slice(2)] : given
  const operations = (one.o ?? []).map(withName)
  const reads = one.i && (one.rd ?? []).map(withName)
  const named = spacesNamed([...operations, ...(reads ?? [])])
  const base =
    one.b?.map(([x, seq]): [string, number] => [space(x), seq]) ?? named.map((id): [string, number] => [id, cursors.get(id)?.seq ?? 0])
  return {
    dot,
    version: one.v ?? wire.v,
    operations,
    base: byName(base),
    seen: byName((one.s ?? []).map(([s, n]) => [session(s), n])),
    at: one.t ?? 0,
    begins: (one.new ?? []).map(space),
    ...(reads ? { reads } : {}),
    later: (one.rd !== undefined && !reads) || one.fe !== undefined,
  }
}

/** Without a prototype, so that a session named `constructor` has seen nothing unless it says so. */
const byName = (entries: readonly (readonly [name: string, n: number])[]): Record<string, number> =>
  Object.assign(Object.create(null), Object.fromEntries(entries))
