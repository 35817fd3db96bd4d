import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { compareStrings } from '@holdfast/shared/internal/json'
import type { Delta, SegmentRef } from '@holdfast/shared/internal/merge/pack'
import { crc32 } from '@holdfast/shared/internal/protocol/crc32'
import type { HeldSegment } from '../core/held-segment.ts'
import type { Replica } from '../core/replica.ts'
import type { Store } from '../store/store.ts'
import { type Address, getSegment } from './http.ts'

/** How many are fetched at a time, and stored with one commit; half as many each time that it fails, so that a slow line brings some. */
const AT_ONCE = 12
/** How often in a row they may be none, or not what the server said, before a space is wanted without. */
const SPOILED = 2

interface World {
  readonly address: Address
  readonly store: Store
  readonly replica: Replica
  /** Hears how much is here, from 0 to 1. */
  readonly onProgress: (fraction: number) => void
}

/** Brings the segments that answers name to this device. */
export interface Staging {
  /**
   * Fetches the segments that these changes name and stores each as it comes, so that what breaks goes on where it was. Nobody sees them
   * before a commit names them.
   *
   * @throws HoldfastError `bad_response` if one is not what the server said, or is there no more; what `post` raises
   */
  stage(deltas: readonly Delta[], signal: AbortSignal): Promise<HeldSegment[]>
  /** Whether it is of use to ask for segments: not where they cannot be had, though everything else can. */
  readonly isOfUse: boolean
}

export function createStaging({ address, store, replica, onProgress }: World): Staging {
  let failed = 0
  let spoiled = 0

  async function stage(deltas: readonly Delta[], signal: AbortSignal): Promise<HeldSegment[]> {
    const wanted = deltas.flatMap(({ space, segments = [] }) => segments.map((ref) => [ref, space] as const))
    if (wanted.length === 0) return []
    const there = await store.segments(wanted.map(([[name]]) => name))
    const held: HeldSegment[] = []
    let storing = Promise.resolve()
    const atOnce = Math.max(1, Math.floor(AT_ONCE / 2 ** failed))
    for (let i = 0; i < wanted.length; i += atOnce) {
      const fresh = new Map<string, ArrayBuffer>()
      const come = await Promise.allSettled(
        wanted.slice(i, i + atOnce).map(async ([ref, space]) => {
          const [name] = ref
          const had = there.get(name)
          const isHere = had && isRight(ref, new Uint8Array(had))
          const bytes = isHere ? had : check(ref, await getSegment(address, name, signal))
          const opened = open(replica, [name, space], bytes)
          if (!isHere) fresh.set(name, bytes)
          return opened
        }),
      )
      held.push(...come.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])))
      // The next are fetched while these are stored.
      await storing
      storing = fresh.size > 0 ? store.stage(fresh) : Promise.resolve()
      storing.catch(() => undefined)
      onProgress(held.length / wanted.length)
      const failure = come.find((one) => one.status === 'rejected')
      if (!failure) continue
      await storing
      throw failure.reason
    }
    await storing
    if (!areApart(held)) throw new HoldfastError('bad_response', 'Segments of one table overlap: a record would be there twice.')
    return held
  }

  return {
    async stage(deltas, signal) {
      try {
        const held = await stage(deltas, signal)
        if (deltas.length > 0) [failed, spoiled] = [0, 0]
        return held
      } catch (error) {
        failed++
        if (isHoldfastError(error) && (error.code === 'bad_response' || error.code === 'server_error')) spoiled++
        throw error
      }
    },
    get isOfUse() {
      return spoiled < SPOILED
    },
  }
}

/** Whether the segments of each table come in order, as what looks for a record goes by. */
function areApart(held: readonly HeldSegment[]): boolean {
  const last = new Map<string, string>()
  return held.every(({ space, segment }) => {
    const key = `${space}\0${segment.table}`
    const before = last.get(key)
    last.set(key, segment.id(segment.size - 1))
    return before === undefined || compareStrings(before, segment.id(0)) < 0
  })
}

const isRight = ([, length, crc]: SegmentRef, bytes: Uint8Array): boolean => bytes.length === length && crc32(bytes) === crc

function check(ref: SegmentRef, bytes: Uint8Array): ArrayBuffer {
  if (!isRight(ref, bytes)) throw new HoldfastError('bad_response', 'A segment is not what the server said that it is.', { name: ref[0] })
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? (bytes.buffer as ArrayBuffer) : bytes.slice().buffer
}

function open(replica: Replica, named: readonly [string, string], bytes: ArrayBuffer): HeldSegment {
  try {
    return replica.hold(named, bytes)
  } catch (error) {
    throw new HoldfastError('bad_response', 'A segment is not one that this version can read.', { name: named[0] }, error)
  }
}
