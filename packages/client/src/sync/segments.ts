import { HoldfastError } from '@holdfast/shared/internal/errors'
import type { Delta, SegmentRef } from '@holdfast/shared/internal/merge/pack'
import { crc32 } from '@holdfast/shared/internal/protocol/crc32'
import type { HeldSegment } from '../core/held-segment.ts'
import type { Replica } from '../core/replica.ts'
import type { Store } from '../store/store.ts'
import { type Address, getSegment } from './http.ts'

/** How many are fetched at a time, and stored with one commit. */
const AT_ONCE = 12

interface Staging {
  readonly address: Address
  readonly store: Store
  readonly replica: Replica
  readonly signal: AbortSignal
  /** Hears how much is here, from 0 to 1. */
  readonly onProgress: (fraction: number) => void
}

/**
 * Fetches the segments that these changes name and stores each as it comes, so that what breaks goes on where it was. Nobody sees them
 * before a commit names them.
 *
 * @throws HoldfastError `bad_response` if one is not what the server said, or is there no more; what `post` raises
 */
export async function stageSegments(
  deltas: readonly Delta[],
  { address, store, replica, signal, onProgress }: Staging,
): Promise<HeldSegment[]> {
  const wanted = deltas.flatMap(({ space, segments = [] }) => segments.map((ref) => [ref, space] as const))
  if (wanted.length === 0) return []
  const there = await store.segments(wanted.map(([[name]]) => name))
  const held: HeldSegment[] = []
  let storing = Promise.resolve()
  for (let i = 0; i < wanted.length; i += AT_ONCE) {
    const part = wanted.slice(i, i + AT_ONCE)
    const fresh = new Map<string, ArrayBuffer>()
    const opened = await Promise.all(
      part.map(async ([ref, space]) => {
        const [name] = ref
        const bytes = there.get(name) ?? check(ref, await getSegment(address, name, signal))
        if (!there.has(name)) fresh.set(name, bytes)
        return open(replica, [name, space], bytes)
      }),
    )
    held.push(...opened)
    // The next are fetched while these are stored.
    await storing
    storing = fresh.size > 0 ? store.stage(fresh) : Promise.resolve()
    storing.catch(() => undefined)
    onProgress(held.length / wanted.length)
  }
  await storing
  return held
}

function check([name, length, crc]: SegmentRef, bytes: Uint8Array): ArrayBuffer {
  if (bytes.length !== length || crc32(bytes) !== crc)
    throw new HoldfastError('bad_response', 'A segment is not what the server said that it is.', { name })
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? (bytes.buffer as ArrayBuffer) : bytes.slice().buffer
}

function open(replica: Replica, named: readonly [string, string], bytes: ArrayBuffer): HeldSegment {
  try {
    return replica.hold(named, bytes)
  } catch (error) {
    throw new HoldfastError('bad_response', 'A segment is not one that this version can read.', { name: named[0] }, error)
  }
}
