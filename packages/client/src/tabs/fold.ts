import { goneSpaces } from '../core/access.ts'
import type { StoreEvent } from '../core/event.ts'
import type { Replica } from '../core/replica.ts'
import type { Fold, Snapshot, Store } from '../store/store.ts'

/** Below this many folding is not worth a transaction. */
const LEAST = 64
/** Milliseconds from one to the next: not one after each answer while many come. */
const REST = 2_000
/** How many records may be written again for each that was touched. */
const MOST = 4

interface Occasion {
  readonly fence: number
  readonly healWindow: number
  /** By this device's clock, in milliseconds. */
  readonly now: number
}

/** Packs events into segments when that writes each change a few times at most, whatever the size of base; until then opening reads them, too. */
export class Folding {
  /** What the events that are not folded hold. */
  #weight = 0
  /** How many segments this tab has made: with the fence, a name that no other has. */
  #made = 0
  /** When this tab last began one, in milliseconds. */
  #last = 0
  /** The spaces that had been taken from the user by the last one: nothing of them is on the disk. */
  #gone: readonly string[] = []

  /** What was loaded just now. */
  begin({ known, events }: Pick<Snapshot, 'known' | 'events'>): void {
    this.#weight = 0
    this.#gone = known.lost
    for (const [, event] of events) this.weigh(event)
  }

  weigh(event: StoreEvent): void {
    if (event.e === 'base') this.#weight += event.deltas.reduce((sum, { records }) => sum + records.length, 1) + event.dead.length
    else if (event.e === 'note') this.#weight++
  }

  /** At once if a space has left: nothing of it is to stay on the disk. */
  async foldIfWorth(replica: Replica, store: Store, { fence, healWindow, now }: Occasion): Promise<void> {
    const isDue = this.#weight >= LEAST && Math.abs(now - this.#last) >= REST && replica.view.records.foldCost() <= MOST * this.#weight
    const hasLost = goneSpaces(replica).some((space) => !this.#gone.includes(space))
    if ((!isDue && !hasLost && !replica.hasLeft) || replica.isBaseLost) return
    this.#weight = 0
    this.#last = now
    const fold = foldOf(replica, () => `${fence}.${++this.#made}`, { fence, healWindow })
    // What leaves while this is written is in it still.
    const { hasLeft } = replica
    replica.hasLeft = false
    try {
      await store.fold(fold)
    } catch (error) {
      replica.hasLeft ||= hasLeft
      throw error
    }
    this.#gone = fold.lost
    for (const segment of fold.segments) segment.stored = true
  }
}

export function foldOf(replica: Replica, nameOf: () => string, { fence, healWindow }: { fence: number; healWindow: number }) {
  const oldest = replica.pending.reduce((least, { revision }) => Math.min(least, revision ?? least), replica.revision + 1)
  const clocks = [...replica.pending.map(({ event }) => event), ...replica.known.dead]
  const earliest = clocks.reduce((least, { generation }) => Math.min(least, generation), replica.known.generation)
  const segments = replica.pack(nameOf)
  const sessions = replica.view.records.sessions()
  const keptSince = (replica.known.now ?? 0) - healWindow
  return {
    fence,
    upTo: replica.revision,
    known: {
      ...replica.known,
      users: new Map([...replica.known.users].filter(([session]) => sessions.has(session))),
      unproven: Object.fromEntries(Object.entries(replica.known.unproven).filter(([, confirmed]) => confirmed >= keptSince)),
      // What was sent again is named by clocks from before that; when there are none any more it need not be known.
      resets: replica.known.resets.map((one) => (one.generation > earliest ? one : { ...one, healed: [] })),
      // A shift concerns what was written before it; when all of that has left, so may the shift.
      shifts: replica.known.shifts.filter(({ revision }) => revision >= oldest),
    },
    segments,
    keepNotes: replica.pending.some(({ dropped }) => dropped !== undefined),
    keptSince,
    lost: goneSpaces(replica),
  } satisfies Fold
}
