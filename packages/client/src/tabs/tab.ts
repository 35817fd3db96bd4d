import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { Hlc } from '@holdfast/shared/internal/clock/hlc'
import { HoldfastError, isHoldfastError } from '@holdfast/shared/internal/errors'
import { newSession, type SpaceId } from '@holdfast/shared/internal/ids'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { Read } from '@holdfast/shared/internal/transaction/read'
import type { CommandCall } from '@holdfast/shared/internal/transaction/transaction'
import type { NoteEvent, Revision, StoredDeadLetter, StoreEvent, WriteEvent } from '../core/event.ts'
import type { HeldSegment } from '../core/held-segment.ts'
import { findPending, type Pending } from '../core/pending.ts'
import type { Replica } from '../core/replica.ts'
import { retried } from '../core/retry.ts'
import type { Commit } from '../core/verdict.ts'
import type { RowChange } from '../core/view.ts'
import { asOf, type Seen, writeClock } from '../core/write-clock.ts'
import type { Platform } from '../platform.ts'
import type { Store } from '../store/store.ts'
import { Folding } from './fold.ts'
import { loadSnapshot, needsRefetch, readMissed, refetchBase } from './load.ts'

export interface TabOptions {
  readonly platform: Platform
  readonly replica: Replica
  readonly store: Store
  /** Tells the other tabs what is stored; called after its `complete`. */
  readonly announce: (revision: Revision, event: StoreEvent) => void
  /** Called after each change of the replica, with the rows that changed; and why, where something could not be stored and left the view. */
  readonly onChange: (changes: readonly RowChange[], error?: HoldfastError) => void
}

/** What is to be written. */
export interface Content {
  readonly operations: readonly Operation[]
  readonly command?: CommandCall | undefined
  readonly reads?: readonly Read[] | undefined
  readonly label?: string | undefined
  readonly begins?: readonly SpaceId[]
  /** As of when its author had looked, if that is not now. */
  readonly seen?: Seen | undefined
}

export interface TabWrite {
  readonly pending: Pending
  /** Resolves when the write is stored; rejects when that failed, and then it is in no view any more. */
  readonly stored: Promise<void>
}

interface Unstored {
  readonly event: WriteEvent | NoteEvent
  readonly pending: Pending | undefined
  readonly resolve: () => void
  readonly reject: (error: HoldfastError) => void
}

/**
 * Keeps a tab's memory in step with the store. Events are applied strictly in revision order, whoever told of them first; a write is in
 * the view at once and in the store a moment later, and writes in flight share a commit (`schedules.md` 6).
 */
export class Tab {
  readonly replica: Replica
  readonly #options: TabOptions
  #session = ''
  #n = 0
  #unstored: Unstored[] = []
  #flushing = false
  #flushed: Promise<void> = Promise.resolve()
  #catching: Promise<void> | undefined
  #behind = false
  readonly #folding = new Folding()
  #closed = false
  readonly #storing = new WeakMap<Pending, Promise<void>>()

  constructor(options: TabOptions) {
    this.replica = options.replica
    this.#options = options
    this.#renewSession()
  }

  /** One opening of the database by this tab; a failed commit or a fork begins another. */
  get session(): string {
    return this.#session
  }

  /** Loads what is on disk. */
  async load(): Promise<void> {
    const { store, replica, onChange } = this.#options
    const snapshot = await store.load()
    this.#folding.begin(snapshot)
    onChange(loadSnapshot(replica, snapshot))
    if (!needsRefetch(replica)) return
    // Where nothing can be stored, whoever catches up next tries again.
    if (!(await refetchBase(this.#options))) return
    this.#behind = true
    // All that is here is loaded: what cannot be read just then is read by the next look.
    if (!this.#catching) await this.catchUp().catch(() => undefined)
  }

  /**
   * Accepts a transaction: numbered, stamped and on screen now, stored soon. Who composes it is given its name and time; what he throws
   * goes through, and what he gives without any content is no transaction.
   */
  write(compose: (name: { readonly dot: Dot; readonly at: Hlc }) => Content): TabWrite | undefined {
    const { replica, platform } = this.#options
    const dot = [this.#session, this.#n + 1] as const
    const { at, lo } = replica.nextTime(platform.now())
    const { operations, command, reads, label, begins = [], seen } = compose({ dot, at })
    if (operations.length === 0 && !command) return undefined
    this.#n++
    const event: WriteEvent = {
      e: 'write',
      generation: seen?.generation ?? replica.known.generation,
      transaction: {
        dot,
        version: replica.version,
        operations,
        ...(command ? { command } : {}),
        ...(reads ? { reads } : {}),
        ...(seen
          ? asOf(seen, this.#session)
          : writeClock(replica, this.#session, { spaces: [...operations, ...(reads ?? [])].map(([, space]) => space) })),
        at,
        ...(begins.length > 0 ? { begins } : {}),
      },
      lo,
      ...(label === undefined ? {} : { label }),
    }
    return this.#accept(event)
  }

  /** What this tab has seen of a space by now, for a write that is to be as of this moment. */
  look(space: SpaceId): Seen {
    const { generation } = this.replica.known
    return { generation, ...writeClock(this.replica, this.#session, { spaces: [space], upTo: this.#n }) }
  }

  /** Proposes a dead letter once more, under a new name; it is a dead letter no longer. Once more is once, however often it is asked for. */
  retry(letter: StoredDeadLetter): TabWrite {
    const event = retried(letter)
    const waiting = findPending(this.replica, event.transaction.dot)
    if (waiting) return this.handle(waiting)
    const written = this.#accept(event)
    // In the same commit: it is never both, nor neither.
    void this.note({ e: 'note', forget: letter.id })
    return written
  }

  /** What is pending already, as a write. */
  handle(pending: Pending): TabWrite {
    return { pending, stored: this.#storing.get(pending) ?? Promise.resolve() }
  }

  #accept(event: WriteEvent): TabWrite {
    const { pending, changes } = this.replica.predict(event)
    const stored = this.#enqueue(event, pending)
    this.#storing.set(pending, stored)
    this.#options.onChange(changes)
    return { pending, stored }
  }

  /** Takes over writes that were made elsewhere: all of them, or none. */
  async adopt(events: readonly WriteEvent[]): Promise<void> {
    await Promise.all(events.map((event) => this.#enqueue(event, undefined)))
  }

  /** Waits until what was written is stored. */
  async settled(): Promise<void> {
    while (this.#flushing) await this.#flushed
  }

  note(event: NoteEvent): Promise<void> {
    return this.#enqueue(event, undefined)
  }

  /** Stores what an answer changed, with the segments that it names staged. Rejects with `details.reason` `fenced` when another tab leads. */
  async commit(commit: Commit, segments: readonly HeldSegment[] = []): Promise<void> {
    const { store, announce } = this.#options
    const { revision } = await store.commit(commit)
    await this.#arrived([[revision, commit.event]], commit.adds.length > 0, segments)
    announce(revision, commit.event)
  }

  /** Word from another tab; what is missing is read from the store. */
  async hear(revision: Revision, event: StoreEvent | undefined): Promise<void> {
    if (revision <= this.replica.revision) return
    await (event ? this.#arrived([[revision, event]], false) : this.catchUp())
  }

  /** Reads and applies what the store has and this tab has not. */
  catchUp(): Promise<void> {
    this.#behind = true
    this.#catching ??= this.#readMissed()
    return this.#catching
  }

  /** The leader's housekeeping: folds events into segments when they outweigh what they fold into. */
  async foldIfWorth(fence: number, healWindow: number): Promise<void> {
    const { replica, store, platform } = this.#options
    await this.#folding.foldIfWorth(replica, store, { fence, healWindow, now: platform.now() })
  }

  async close(): Promise<void> {
    await this.settled()
    this.#closed = true
  }

  async #readMissed(): Promise<void> {
    const { store, replica, onChange } = this.#options
    try {
      // Once in a look: the next tries again.
      for (let isDue = needsRefetch(replica); this.#behind && !this.#closed; isDue = false) {
        this.#behind = false
        const missed = await readMissed(replica, store)
        onChange(missed?.flatMap((one) => this.#apply(...one)) ?? [])
        if (isDue || !missed) await this.load()
      }
    } finally {
      // With the last look, not a moment later: who asks in between would be given one that has ended.
      this.#catching = undefined
    }
  }

  #apply(revision: Revision, event: StoreEvent, segments: readonly HeldSegment[]): RowChange[] {
    // What was read twice, because two were told of it, is applied once.
    if (revision <= this.replica.revision) return []
    const changes = this.replica.apply(revision, event, segments)
    this.#folding.weigh(event)
    // A copy of this device used our numbers: what comes next is under a name of its own.
    if (event.e === 'base' && event.fork?.session === this.#session) this.#renewSession()
    return changes
  }

  async #arrived(
    events: readonly (readonly [Revision, StoreEvent])[],
    more: boolean,
    segments: readonly HeldSegment[] = [],
  ): Promise<void> {
    const next = events[0]?.[0] === this.replica.revision + 1 && !this.#catching && !more
    if (next) this.#options.onChange(events.flatMap(([revision, event]) => this.#apply(revision, event, segments)))
    else await this.catchUp()
  }

  #enqueue(event: WriteEvent | NoteEvent, pending: Pending | undefined): Promise<void> {
    const stored = new Promise<void>((resolve, reject) => {
      this.#unstored.push({ event, pending, resolve, reject })
      if (!this.#flushing) this.#flushed = this.#flush()
    })
    // Who does not wait for it hears of it by the status.
    stored.catch(() => undefined)
    return stored
  }

  async #flush(): Promise<void> {
    this.#flushing = true
    // What is written in this turn of the event loop shares the commit, and so does all that comes while one is under way.
    await Promise.resolve()
    while (this.#unstored.length > 0) {
      const batch = this.#unstored
      this.#unstored = []
      await this.#store(batch)
    }
    this.#flushing = false
  }

  async #store(batch: readonly Unstored[]): Promise<void> {
    const { store, announce } = this.#options
    let revisions: readonly Revision[]
    try {
      revisions = await store.append(batch.map(({ event }) => event))
    } catch (error) {
      return await this.#failed(batch, error)
    }
    const stored = revisions.map((revision, i) => [revision, (batch[i] as Unstored).event] as const)
    // It is stored, whether or not what came before it can be read just now: the next look brings both, if there is one.
    const isBehind = await this.#arrived(stored, false).catch(() => true)
    for (const { resolve } of batch) resolve()
    if (!isBehind) for (const [revision, event] of stored) announce(revision, event)
  }

  /** Nothing resolves that is not stored: what failed leaves the view, with all that this tab wrote after it, which may rest on it. */
  async #failed(batch: readonly Unstored[], error: unknown): Promise<void> {
    const trouble = isHoldfastError(error) ? error : new HoldfastError('storage_failed', 'The write could not be stored.', {}, error)
    // A connection that broke may have broken after the commit: the store knows.
    if (trouble.code === 'storage_failed') await this.catchUp().catch(() => undefined)
    const all = [...batch, ...this.#unstored]
    this.#unstored = []
    // Where the store is about to be deleted, what was there for a moment is not.
    const isStored = ({ pending }: Unstored) => pending?.revision !== undefined && trouble.code !== 'closed'
    const lost = all.filter((one) => !isStored(one))
    for (const one of all) if (isStored(one)) one.resolve()
    this.#renewSession()
    const changes = this.replica.withdraw(lost.flatMap(({ pending }) => pending ?? []))
    this.#options.onChange(changes, lost.length > 0 && !this.#closed ? trouble : undefined)
    for (const { reject } of lost) reject(trouble)
  }

  #renewSession(): void {
    this.#session = newSession(this.#options.platform)
    this.#n = 0
  }
}
