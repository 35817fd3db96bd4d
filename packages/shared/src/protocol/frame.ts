import { HoldfastError } from '../errors.ts'
import type { Cursor } from '../history/history-hash.ts'
import type { SpaceId } from '../ids.ts'
import type { Delta, PackedHead } from '../merge/pack.ts'
import { namesOf } from './names.ts'
import { wireRecord } from './response.ts'
import { type Shaped, shaped } from './shape.ts'

/**
 * One message of `GET live`. The stream states a cut, then numbers its frames; each frame is one commit, complete, in commit order. A
 * hint says how far a space is and is owed until a pull has passed it. An empty frame is a heartbeat. A space of the first cut is its
 * number there, another one its name.
 */
export const wireFrame = {
  object: {},
  maybe: {
    i: 'count',
    cut: { list: { tuple: ['text', 'count', 'text'] } },
    x: {
      list: {
        object: {
          x: { or: ['count', 'text'] },
          to: 'count',
          h: 'text',
          // All of them at `to`, since a frame is one commit.
          by: { list: { tuple: ['text', 'count', 'count'] } },
          rs: { list: wireRecord },
        },
      },
    },
    // By how much it is past the `at` of the first head there is.
    hlc: 'count',
    u: 'text',
    hint: { list: { tuple: ['text', 'count'] } },
    // Who is in these spaces has changed: ask, if somebody is looking.
    members: { list: 'text' },
    // The spaces of the user, or what he may do there, have changed: ask.
    sp: 'text',
    problem: 'text',
  },
} as const

/** What one commit changed in a space, and the hash of its history there. */
export type FrameDelta = Delta & { readonly hash: string }

export type Frame =
  /** Where the stream begins, and what the user's spaces and rights are then. */
  | { readonly is: 'cut'; readonly cut: ReadonlyMap<SpaceId, Cursor>; readonly tag: string }
  | {
      readonly is: 'commit'
      readonly deltas: readonly FrameDelta[]
      readonly hlc: number
      /** Whose it is, if not the reader's own; `''` is the server itself. */
      readonly user?: string | undefined
    }
  | { readonly is: 'hint'; readonly heads: ReadonlyMap<SpaceId, number> }
  | { readonly is: 'access'; readonly tag: string }
  | { readonly is: 'members'; readonly spaces: readonly SpaceId[] }
  | { readonly is: 'problem'; readonly code: string }
  | { readonly is: 'heartbeat' }

/** What the reader of a stream keeps: the spaces of its first cut, which frames number. */
export type Numbered = readonly SpaceId[]

/** The same as its writer keeps it. */
export type Numbers = ReadonlyMap<SpaceId, number>

export const numbersOf = (spaces: Iterable<SpaceId>): Numbers => new Map([...spaces].map((space, i) => [space, i]))

/** A frame as the text of one `data:` line. `i` is its number in the stream. */
export function encodeFrame(frame: Frame, i: number, numbers: Numbers): string {
  if (frame.is !== 'commit') return JSON.stringify(wireOf(frame, i))
  const { deltas, hlc, user } = frame
  const x = deltas.map((delta) => {
    return `{"x":${numbers.get(delta.space) ?? JSON.stringify(delta.space)},${deltaText(delta)}`
  })
  const by = user === undefined ? '' : `,"u":${JSON.stringify(user)}`
  return `{"i":${i},"x":[${x.join()}],"hlc":${hlc - firstAt(deltas)}${by}}`
}

const texts = new WeakMap<FrameDelta, string>()

/** The rest of what a frame says of a space, encoded once for all who follow it. */
export function deltaText(delta: FrameDelta): string {
  const known = texts.get(delta)
  if (known !== undefined) return known
  const { to, hash, by, records } = delta
  const text = JSON.stringify({ to, h: hash, by: by.map(([session, n, , at]) => [session, n, at]), rs: records }).slice(1)
  texts.set(delta, text)
  return text
}

const firstAt = (deltas: readonly FrameDelta[]): number => deltas.flatMap(({ by }) => by)[0]?.[3] ?? 0

function wireOf(frame: Exclude<Frame, { is: 'commit' }>, i: number): Shaped<typeof wireFrame> {
  switch (frame.is) {
    case 'cut':
      return { i, cut: [...frame.cut].map(([space, { seq, hash }]) => [space, seq, hash]), sp: frame.tag }
    case 'hint':
      return { i, hint: [...frame.heads] }
    case 'access':
      return { i, sp: frame.tag }
    case 'members':
      return { i, members: frame.spaces }
    case 'problem':
      return { i, problem: frame.code }
    case 'heartbeat':
      return {}
  }
}

/** Reads the text of one `data:` line, or raises `bad_response`. `i` is undefined for a heartbeat. */
export function decodeFrame(text: string, spaces: Numbered): { frame: Frame; i: number | undefined } {
  try {
    const wire = shaped(wireFrame, JSON.parse(text))
    return { frame: frameOf(wire, spaces), i: wire.i }
  } catch (error) {
    throw new HoldfastError('bad_response', 'A frame of the stream is malformed.', {}, error)
  }
}

function frameOf(wire: Shaped<typeof wireFrame>, spaces: Numbered): Frame {
  if (wire.cut) return { is: 'cut', cut: new Map(wire.cut.map(([space, seq, hash]) => [space, { seq, hash }])), tag: wire.sp ?? '' }
  if (wire.hint) return { is: 'hint', heads: new Map(wire.hint) }
  if (wire.sp !== undefined) return { is: 'access', tag: wire.sp }
  if (wire.members) return { is: 'members', spaces: wire.members }
  if (wire.problem !== undefined) return { is: 'problem', code: wire.problem }
  if (!wire.x) return { is: 'heartbeat' }
  const name = namesOf(spaces, 'bad_response')
  const deltas = wire.x.map(({ x, to, h, by, rs }) => ({
    space: typeof x === 'number' ? name(x) : x,
    from: to - 1,
    to,
    hash: h,
    whole: false,
    by: by.map(([session, n, at]): PackedHead => [session, n, to, at]),
    records: rs,
  }))
  return { is: 'commit', deltas, hlc: (wire.hlc ?? 0) + firstAt(deltas), user: wire.u }
}
