import { base64url, type SpaceId } from '@holdfast/shared/internal/ids'
import { crc32 } from '@holdfast/shared/internal/protocol/crc32'
import { beginSet, endSet, keepSegment, segmentOf } from './engine/build-segments.ts'
import { type Cut, createCutter, type Stretch } from './engine/cut-segments.ts'
import type { Engine } from './engine/engine.ts'
import { need } from './engine/reads.ts'
import { isNameOf, readName } from './engine/segment-name.ts'
import type { Part } from './engine/segment-set.ts'
import { errorText, type Log } from './log.ts'
import type { Platform } from './platform.ts'
import type { Storage } from './storage/storage.ts'

/** How many records are read in one go: meanwhile nobody is answered. */
const PAGE = 500

/** What a name opens. */
export interface FetchedSegment {
  readonly id: string
  /** Compressed with gzip. */
  readonly body: Uint8Array
  /** Milliseconds for which the name is still good. */
  readonly left: number
}

export interface Segments {
  /** Builds a new set for each of these spaces; who asks for one that is being built waits for that. What fails is logged: they are as they were. */
  build(spaces: readonly SpaceId[]): Promise<void>
  /** The segment of a name that we have given out; undefined if it is not, or not any more. */
  fetch(name: string): Promise<FetchedSegment | undefined>
}

/** Builds segments, one set at a time and each in small steps, and gives them out. */
export function createSegments(world: {
  readonly engine: Engine
  readonly storage: Storage
  readonly platform: Platform
  readonly log: Log
}): Segments {
  const { engine, storage, platform, log } = world
  const { size = PAGE } = engine.segments ?? {}
  const building = new Map<SpaceId, Promise<void>>()
  let last: Promise<void> = Promise.resolve()

  // A storage may take nothing but whole ones.
  const now = () => Math.floor(platform.now())
  const turn = () => new Promise<void>((resolve) => platform.setTimer(resolve, 0))

  async function make(stretch: Stretch): Promise<Part> {
    await turn()
    const bytes = new Uint8Array(segmentOf(engine, stretch))
    const { table, records } = stretch
    const [id, secret] = [base64url(platform.randomBytes(16)), base64url(platform.randomBytes(32))]
    const last = [table, records.at(-1)?.[0] ?? ''] as const
    const part: Part = { id, secret, last, size: records.length, bytes: bytes.length, crc: crc32(bytes) }
    const body = await platform.gzip(bytes)
    await storage.write(() => keepSegment(part, { body, now: now() }))
    return part
  }

  async function buildSet(space: SpaceId): Promise<void> {
    const begun = await storage.read(() => beginSet(engine, space))
    const cutter = createCutter(engine, size, begun.before)
    const parts: Part[] = []
    const add = async (cuts: readonly Cut[]) => {
      for (const cut of cuts) parts.push('part' in cut ? cut.part : await make(cut))
    }
    let after: readonly [string, string] | undefined
    do {
      const page = await storage.read(() => need('page', space, after, Math.min(size, PAGE)))
      const last = page.at(-1)
      after = last && [last.table, last.id]
      await add(cutter.take(page))
      await turn()
    } while (after)
    await add(cutter.end())
    await storage.write(() => endSet(engine, space, { begun, parts, now: now() }))
  }

  async function inTurn(space: SpaceId, before: Promise<void>): Promise<void> {
    await before
    try {
      await buildSet(space)
    } catch (error) {
      log({ level: 'warn', event: 'segments_failed', space, error: errorText(error) })
    } finally {
      building.delete(space)
    }
  }

  return {
    async build(spaces) {
      for (const space of spaces) {
        if (building.has(space)) continue
        last = inTurn(space, last)
        building.set(space, last)
      }
      await Promise.all(spaces.map((space) => building.get(space)))
    },
    async fetch(name) {
      const said = readName(name)
      const left = (said?.until ?? 0) - platform.now()
      if (!said || left <= 0) return undefined
      const row = await storage.read(() => need('segment', said.id))
      return row && isNameOf(engine.sha256, { id: said.id, secret: row.secret }, name) ? { id: said.id, body: row.body, left } : undefined
    },
  }
}
