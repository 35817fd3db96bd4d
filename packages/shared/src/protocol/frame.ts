import { HoldfastError } from '../errors.ts'
import type { Cursor } from '../history/history-hash.ts'
import type { SpaceId } from '../ids.ts'
import type { Delta } from '../merge/pack.ts'
import { wireRecord } from './response.ts'
import { type Shaped, shaped } from './shape.ts'

/**
 * One message of `GET live`. The stream states a cut, then numbers its frames; each frame is one commit, complete, in commit order. A
 * hint says how far a space is and is owed until a pull has passed it. An empty frame is a heartbeat. Names are written out: a frame is
 * short, and each can be read alone.
 */
export const wireFrame = {
  object: {},
  maybe: {
    i: 'count',
    cut: { list: { tuple: ['text', 'count', 'text'] } },
    x: {
      list: {
        object: {
          x: 'text',
          to: 'count',
          hash: 'text',
          by: { list: { tuple: ['text', 'count', 'count', 'count'] } },
          rs: { list: wireRecord },
        },
        maybe: { from: 'count' },
      },
    },
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

export type Frame =
  /** Where the stream begins, and what the user's spaces and rights are then. */
  | { readonly is: 'cut'; readonly cut: ReadonlyMap<SpaceId, Cursor>; readonly tag: string }
  | {
      readonly is: 'commit'
      readonly deltas: readonly (Delta & { readonly hash: string })[]
      readonly hlc: number
      /** Whose it is, if not the reader's own; `''` is the server itself. */
      readonly user?: string | undefined
    }
  | { readonly is: 'hint'; readonly heads: ReadonlyMap<SpaceId, number> }
  | { readonly is: 'access'; readonly tag: string }
  | { readonly is: 'members'; readonly spaces: readonly SpaceId[] }
  | { readonly is: 'problem'; readonly code: string }
  | { readonly is: 'heartbeat' }

/** A frame as the text of one `data:` line. `i` is its number in the stream. */
export function encodeFrame(frame: Frame, i: number): string {
  return JSON.stringify(wireOf(frame, i))
}

function wireOf(frame: Frame, i: number): Shaped<typeof wireFrame> {
  switch (frame.is) {
    case 'cut':
      return { i, cut: [...frame.cut].map(([space, { seq, hash }]) => [space, seq, hash]), sp: frame.tag }
    case 'commit':
      return {
        i,
        x: frame.deltas.map((delta) => ({
          x: delta.space,
          ...(delta.from === delta.to - 1 ? {} : { from: delta.from }),
          to: delta.to,
          hash: delta.hash,
          by: delta.by.map(([session, n, seq, at]): [string, number, number, number] => [session, n, seq, at]),
          rs: delta.records,
        })),
        hlc: frame.hlc,
        u: frame.user,
      }
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
export function decodeFrame(text: string): { frame: Frame; i: number | undefined } {
  try {
    const wire = shaped(wireFrame, JSON.parse(text))
    return { frame: frameOf(wire), i: wire.i }
  } catch (error) {
    throw new HoldfastError('bad_response', 'A frame of the stream is malformed.', {}, error)
  }
}

function frameOf(wire: Shaped<typeof wireFrame>): Frame {
  if (wire.cut) return { is: 'cut', cut: new Map(wire.cut.map(([space, seq, hash]) => [space, { seq, hash }])), tag: wire.sp ?? '' }
  if (wire.hint) return { is: 'hint', heads: new Map(wire.hint) }
  if (wire.sp !== undefined) return { is: 'access', tag: wire.sp }
  if (wire.members) return { is: 'members', spaces: wire.members }
  if (wire.problem !== undefined) return { is: 'problem', code: wire.problem }
  if (!wire.x) return { is: 'heartbeat' }
  const deltas = wire.x.map(({ x, from, to, hash, by, rs }) => ({
    space: x,
    from: from ?? to - 1,
    to,
    hash,
    whole: false,
    by,
    records: rs,
  }))
  return { is: 'commit', deltas, hlc: wire.hlc ?? 0, user: wire.u }
}
