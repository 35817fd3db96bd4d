import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { Frame } from '@holdfast/shared/internal/protocol/frame'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import type { Commit } from '../engine/batch.ts'
import type { Engine } from '../engine/engine.ts'
import { look, lookAtAccess, type Outlook } from '../engine/look.ts'
import { need } from '../engine/reads.ts'
import type { Memberships } from '../membership.ts'
import type { Platform } from '../platform.ts'
import type { Storage } from '../storage/storage.ts'

/** A commit as it waits in a stream; `size` is about its bytes on the wire. */
export interface Published {
  /** The number of the storage's commit; several transactions may share one. */
  readonly number: number
  readonly commit: Commit
  readonly size: number
}

export interface StreamWorld {
  readonly engine: Engine
  readonly storage: Storage
  readonly platform: Platform
  readonly memberships: Memberships
}

/** How many commits, and bytes of them, may wait for a slow reader. */
const WAITING = { commits: 64, bytes: 256 * 1024 }
/** After so many heartbeats that were not taken a reader is gone, although his connection is there. */
const PATIENCE = 4
/** For how long what a user may read is believed. */
const ACCESS_MS = 5_000

/** Who takes the frames of a stream, one at a time. */
export interface Taker {
  /** The frame that was asked for; `undefined` at the end. */
  give(frame: Frame | undefined): void
  /** What the storage threw. */
  fail(error: unknown): void
  /** It has ended, whether that is taken or not. */
  ended(): void
}

/**
 * One reader of `GET live`. What is published waits here until the reader takes it; when too much waits, all of it is forgotten and the
 * reader gets a hint instead, so a slow reader costs the same as a quick one. The same *look* at the storage makes the first cut, repairs
 * an overflow, notices what another process committed, and what the user may no longer see.
 *
 * While it is idle nothing of it runs, not even a promise: there are thousands.
 */
export class LiveStream {
  readonly user: string
  readonly #follow: SyncRequest['follow']
  readonly #world: StreamWorld
  #queue: Published[] = []
  #bytes = 0
  /** Frames made by a look, in order; a handful. */
  #out: Frame[] = []
  #mustLook = true
  /** Spaces whose members have changed. */
  #members: ReadonlySet<SpaceId> | undefined
  #beat = false
  /** Heartbeats since he took anything: who has always more to take takes none. */
  #untaken = 0
  #closed = false
  #taker: Taker | undefined
  /** A frame was asked for, and not given yet. */
  #asked = false
  #making = false
  /** Up to which commit a look, and a frame, has told. */
  #lookedAt = 0
  #toldAt = 0
  #told: Map<SpaceId, number> | undefined
  #access: { spaces: Outlook['spaces']; tag: string; since: number } | undefined
  readonly #onClose: () => void

  constructor(world: StreamWorld, reader: { user: string; follow: SyncRequest['follow']; onClose: () => void }) {
    this.#world = world
    this.user = reader.user
    this.#follow = reader.follow
    this.#onClose = reader.onClose
  }

  publish(published: Published): void {
    if (this.#mustLook && this.#told) return
    this.#queue.push(published)
    this.#bytes += published.size
    if (this.#queue.length > WAITING.commits || this.#bytes > WAITING.bytes) this.lookAgain()
    this.#alarm()
  }

  /** Something may have happened that was not published, or what the user may read has changed. */
  lookAgain(): void {
    this.#mustLook = true
    this.#queue = []
    this.#bytes = 0
    this.#alarm()
  }

  /** Who is in these spaces has changed. */
  membersChanged(spaces: ReadonlySet<SpaceId>): void {
    // Who is granted something himself looks first. For all others it must not become a list of everybody's spaces.
    const here = this.#mustLook || !this.#access ? spaces : common(spaces, this.#access.spaces)
    if (here.size === 0) return
    this.#members = new Set([...(this.#members ?? []), ...here])
    if (this.#members.size > LIMITS.spaces) this.#members = common(this.#members, this.#access?.spaces)
    this.#alarm()
  }

  /** Says that the stream is alive, after a look that finds what was missed. */
  beat(): void {
    if (this.#beat && ++this.#untaken >= PATIENCE) this.close()
    this.#beat = true
    this.#alarm()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#queue = []
    this.#out = []
    this.#onClose()
    this.#taker?.ended()
    this.#alarm()
  }

  /** Whoever takes it from now on. */
  attach(taker: Taker): void {
    this.#taker = taker
    if (this.#closed) taker.ended()
  }

  /** Asks for the next frame: it is given as soon as there is one. */
  ask(): void {
    this.#untaken = 0
    this.#asked = true
    this.#alarm()
  }

  get #isIdle(): boolean {
    return !(this.#closed || this.#mustLook || this.#beat || this.#members || this.#queue.length > 0 || this.#out.length > 0)
  }

  #alarm(): void {
    if (this.#asked && !this.#making && !this.#isIdle) void this.#serve()
  }

  async #serve(): Promise<void> {
    this.#making = true
    try {
      while (this.#asked && !this.#isIdle) {
        const frame = this.#closed ? undefined : (this.#out.shift() ?? (await this.#make()))
        if (!frame && !this.#closed) continue
        this.#asked = false
        this.#taker?.give(this.#closed ? undefined : frame)
      }
    } catch (error) {
      this.#asked = false
      this.#taker?.fail(error)
    } finally {
      this.#making = false
    }
  }

  async #make(): Promise<Frame | undefined> {
    if (this.#mustLook) return await this.#look()
    if (this.#members) return await this.#tellMembers()
    const published = this.#queue.shift()
    if (published) {
      this.#bytes -= published.size
      return await this.#frameOf(published)
    }
    if (this.#beat) {
      this.#beat = false
      if (await this.#mayHaveMissed()) await this.#look()
      this.#out.push({ is: 'heartbeat' })
    }
    return undefined
  }

  async #look(): Promise<undefined> {
    this.#mustLook = false
    const { engine, storage, platform, memberships } = this.#world
    const since = platform.now()
    const reader = await memberships.readerOf(this.user)
    const seen = await storage.read(() => look(engine, reader, this.#follow))
    const before = this.#access?.tag
    this.#access = { spaces: seen.spaces, tag: seen.tag, since }
    this.#lookedAt = this.#toldAt = seen.commits
    const told = this.#told
    this.#told = new Map([...seen.cut].map(([space, { seq }]) => [space, seq]))
    if (!told) {
      this.#out.push({ is: 'cut', cut: seen.cut, tag: seen.tag })
      return
    }
    if (before !== seen.tag) this.#out.push({ is: 'access', tag: seen.tag })
    // Of a space that is new to this reader the access frame tells.
    const heads = [...this.#told].filter(([space, seq]) => seq > (told.get(space) ?? seq))
    if (heads.length > 0) this.#out.push({ is: 'hint', heads: new Map(heads) })
  }

  /** Whether there is something that was not published here, of another process, or of an app that keeps membership itself. */
  async #mayHaveMissed(): Promise<boolean> {
    const { engine, storage } = this.#world
    return engine.appAccess || (await storage.read(() => need('meta'))).commits !== this.#toldAt
  }

  async #tellMembers(): Promise<Frame | undefined> {
    if (!(await this.#accessHolds())) {
      this.lookAgain()
      return undefined
    }
    const spaces = [...(this.#members ?? [])].filter((space) => this.#access?.spaces.has(space))
    this.#members = undefined
    return spaces.length > 0 ? { is: 'members', spaces } : undefined
  }

  async #frameOf({ number, commit }: Published): Promise<Frame | undefined> {
    if (number <= this.#lookedAt) return undefined
    if (number > this.#toldAt + 1) {
      // Another process on the same storage committed in between, and its order with this one is not ours to tell.
      this.lookAgain()
      return undefined
    }
    this.#toldAt = number
    const deltas = commit.deltas.filter(({ space }) => this.#access?.spaces.has(space))
    // Nobody has to be asked whether to tell nothing: what he may read anew a heartbeat finds, or the app says.
    if (deltas.length === 0) return undefined
    // Grants are commits: none has come in between, and those of this process say so themselves. An app has to be asked.
    if (this.#world.engine.appAccess && !(await this.#accessHolds())) {
      this.lookAgain()
      return undefined
    }
    for (const { space, to } of deltas) this.#told?.set(space, to)
    const { hlc, user } = commit
    return { is: 'commit', deltas, hlc, ...(user === this.user ? {} : { user }) }
  }

  /** Whether what the last look found about this user's access is still so, or young enough to be believed. */
  async #accessHolds(): Promise<boolean> {
    const { engine, storage, platform, memberships } = this.#world
    const now = platform.now()
    if (!this.#access || now - this.#access.since < ACCESS_MS) return this.#access !== undefined
    const reader = await memberships.readerOf(this.user)
    const seen = await storage.read(() => lookAtAccess(engine, reader, this.#follow))
    if (this.#access.tag !== seen.tag) return false
    this.#access = { ...seen, since: now }
    return true
  }
}

/** What is in both; as much work as the smaller one is. */
function common(a: ReadonlySet<SpaceId>, b: ReadonlySet<SpaceId> = new Set()): ReadonlySet<SpaceId> {
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  return new Set([...few].filter((space) => many.has(space)))
}
