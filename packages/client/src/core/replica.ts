import type { Clock } from '@holdfast/shared/internal/clock/clock'
import { dotName } from '@holdfast/shared/internal/clock/dot'
import { type Hlc, tick } from '@holdfast/shared/internal/clock/hlc'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { CONFLICTS, conflictsTable } from '@holdfast/shared/internal/merge/conflict'
import type { MergeTable } from '@holdfast/shared/internal/merge/record'
import { openSegment } from '@holdfast/shared/internal/segment/segment'
import { type Follow, type Following, followed, isFollowed, writesIntoLost } from './access.ts'
import { applyDelta, floorOf, isWhole, leaveOthers } from './base.ts'
import type { BaseEvent, DropReason, NoteEvent, Revision, StoreEvent, WriteEvent } from './event.ts'
import { HeldSegment } from './held-segment.ts'
import { abandonedGeneration, foldBase, foldNote, goesOn, type Known, nothingKnown } from './known.ts'
import { Outcomes } from './outcomes.ts'
import { byOrder, findPending, isInBase, isOff, orderOf, type Pending, refresh, refreshAll, toPending } from './pending.ts'
import type { Predict } from './prediction.ts'
import { reviewAll, run } from './rerun.ts'
import { isOfRetries } from './retry.ts'
import { type RowChange, View } from './view.ts'

/**
 * The memory of one tab: base, pending and what the server said, all of it a function of the events applied, in revision order. It does
 * no I/O and reads no clock, so every tab that applied the same events holds the same.
 */
export class Replica {
  readonly #tables: ReadonlyMap<string, MergeTable>
  #known: Known = nothingKnown
  #view: View
  /** By `order`. */
  #pending: Pending[] = []
  readonly outcomes = new Outcomes()
  /** Writes of this tab that are not stored yet, by dot. */
  #unstored = new Map<string, Pending>()
  /** Write events that nothing is to become of any more. */
  leftovers: Revision[] = []
  #late = 0
  #hlc: Hlc = 0
  /** The last event applied. */
  revision: Revision = 0
  /** A space has left since the last fold: what is on disk of it has to go too. */
  hasLeft = false
  /** Base is not here, whatever is known of it. */
  isBaseLost = false
  readonly version: number
  /** Clocks of what is still being written: what they have not seen is kept apart for them. */
  readonly pins = new Set<Pick<Clock, 'base'>>()
  readonly #follow: Following
  readonly #predict: Predict

  constructor(
    schema: { readonly version: number; readonly tables: Readonly<Record<string, MergeTable>> },
    { follow = 'all', predict = () => undefined }: { readonly follow?: Follow; readonly predict?: Predict } = {},
  ) {
    this.version = schema.version
    this.#follow = follow === 'all' ? follow : new Set(follow)
    this.#predict = predict
    this.#tables = new Map([...Object.entries(schema.tables), [CONFLICTS, conflictsTable]])
    this.#view = this.#emptyView()
  }

  get known(): Known {
    return this.#known
  }
  get view(): Omit<View, 'setBase' | 'renew' | 'push' | 'add' | 'delete' | 'review' | 'examine' | 'takeChanges' | 'takeRenewed'> {
    return this.#view
  }
  get pending(): readonly Pending[] {
    return this.#pending
  }

  /** The spaces to ask the server for. */
  get followed(): Follow {
    return followed(this.#follow, this.#known)
  }

  /** Whether base of this space is kept here. */
  follows(space: string): boolean {
    return isFollowed(this.#follow, this.#known, space)
  }

  /** The greatest HLC known here; a new write must be later. */
  get hlc(): Hlc {
    return Math.max(this.#hlc, this.#known.hlc)
  }

  /** The cursor of a space, or none while its copy belongs to an abandoned history. */
  cursor(space: string): Cursor | undefined {
    return this.isBaseLost || this.#known.resync[space] !== undefined ? undefined : this.#known.cut[space]
  }

  decided(session: string): number {
    return this.#known.decided[session] ?? 0
  }

  /** A segment that is on disk, or about to be, for `load` or `apply`. Raises `RangeError` or `SyntaxError` where the bytes are none. */
  hold([name, space]: readonly [name: string, space: string], bytes: ArrayBuffer): HeldSegment {
    return new HeldSegment({ space, name, segment: openSegment(bytes, this.#tables), stored: true })
  }

  /** Starts from what is on disk: the fold, and the segments of base. The events after it are applied next. */
  load(known: Known, revision: Revision, segments: readonly HeldSegment[]): RowChange[] {
    const before = this.#view
    const late = [...this.#unstored.values()]
    this.#view = this.#emptyView()
    // Written by a version that knew less.
    this.#known = { ...nothingKnown, ...known }
    this.outcomes.hear(known)
    this.#pending = []
    this.revision = revision
    this.hasLeft = this.isBaseLost = false
    for (const [space, held] of Map.groupBy(segments, (one) => one.space)) this.#view.renew(space, held, new Set())
    this.#view.records.keepRows(before.records)
    for (const pending of late) {
      refresh(pending, this.#known)
      if (this.#isOver(pending)) this.#leave(pending)
      else this.#push(pending)
    }
    return this.#view.takeChanges()
  }

  /** Base on this disk is broken: it is one cut, so nothing of it is shown, rather than a part, until all of it has come again. */
  loseBase(): RowChange[] {
    const touched = new Set<string>()
    for (const space of Object.keys(this.#known.cut)) this.#view.renew(space, [], touched)
    this.isBaseLost = true
    this.#review(touched)
    return this.#view.takeChanges()
  }

  /** Packs base into segments; `nameOf` names new ones. */
  pack(nameOf: () => string): readonly HeldSegment[] {
    return this.#view.records.pack(nameOf)
  }

  /** Shows a write of this tab at once; `stored` follows when it is on disk, `withdraw` when that failed. */
  predict(event: WriteEvent): { pending: Pending; changes: RowChange[] } {
    const pending = toPending(event, undefined, this.#late++)
    this.#unstored.set(dotName(event.transaction.dot), pending)
    this.#push(pending)
    return { pending, changes: this.#view.takeChanges() }
  }

  withdraw(failed: readonly Pending[]): RowChange[] {
    for (const pending of failed) {
      this.#unstored.delete(dotName(pending.event.transaction.dot))
      this.#drop(pending)
    }
    this.#review(failed.flatMap(({ keys }) => [...keys]))
    return this.#view.takeChanges()
  }

  /** Takes a transaction off the view before that is stored, or back. */
  show(pending: Pending, dropped: DropReason | undefined): RowChange[] {
    pending.dropped = dropped
    this.#review(pending.keys)
    return this.#view.takeChanges()
  }

  /** Applies one event; they come strictly in revision order. `segments` are those that it names. */
  apply(revision: Revision, event: StoreEvent, segments: readonly HeldSegment[] = []): RowChange[] {
    // A write that waits outlives the fold, and notes with it: that takes no tab back behind it, nor away a space that has come back.
    const isFolded = revision <= this.revision
    if (!isFolded) this.revision = revision
    if (event.e === 'write') this.#applyWrite(revision, event)
    else if (event.e === 'note') this.#applyNote(event, isFolded)
    else this.#applyBase(revision, event, segments)
    return this.#view.takeChanges()
  }

  #applyWrite(revision: Revision, event: WriteEvent): void {
    const own = this.#unstored.get(dotName(event.transaction.dot))
    if (own) {
      this.#unstored.delete(dotName(event.transaction.dot))
      own.revision = revision
      own.order = orderOf(event, revision, 0)
      const at = this.#pending.lastIndexOf(own)
      // Nearly always it is stored in its turn.
      if (this.#pending.slice(Math.max(0, at - 1), at + 2).some((one, i, near) => i > 0 && byOrder(near[i - 1] as Pending, one) > 0))
        this.#pending = this.#pending.toSorted(byOrder)
      return
    }
    const pending = toPending(event, revision, 0)
    refresh(pending, this.#known)
    // A dead letter that was tried again in two tabs is stored twice.
    const retried = isOfRetries(event.transaction.dot)
    if (this.#isOver(pending)) {
      if (retried) this.leftovers.push(revision)
      return
    }
    const twin = retried && findPending(this, pending.transaction.dot)
    if (twin) twin.copies.push(revision)
    else this.#push(pending)
  }

  #push(pending: Pending): void {
    refresh(pending, this.#known)
    if (writesIntoLost(pending, this.#known)) pending.dropped = 'purged'
    const last = this.#pending.at(-1)
    this.#pending.push(pending)
    this.#hlc = Math.max(this.#hlc, pending.transaction.at)
    run(pending, { predict: this.#predict, view: this.#view })
    if (!last || last.order <= pending.order) this.#view.push(pending)
    else {
      this.#pending = this.#pending.toSorted(byOrder)
      this.#view.add(pending)
      this.#review(pending.keys)
    }
  }

  #review(keys: Iterable<string>, all = false): void {
    reviewAll(this.#view, this.#pending, { touched: new Set(keys), all, predict: this.#predict })
  }

  #drop(pending: Pending): void {
    this.#pending = this.#pending.filter((other) => other !== pending)
    this.#view.delete(pending)
  }

  /** It is decided. If its own tab has not heard yet that it is stored, it was (`schedules.md` 6.1). */
  #leave(pending: Pending): void {
    if (isOfRetries(pending.event.transaction.dot)) this.leftovers.push(...[pending.revision ?? [], pending.copies].flat())
    pending.revision ??= this.revision
    this.#unstored.delete(dotName(pending.event.transaction.dot))
    this.#drop(pending)
  }

  #isOver({ transaction: { dot }, accepted }: Pending): boolean {
    return dot[1] <= this.decided(dot[0]) && !accepted
  }

  #applyNote(event: NoteEvent, isFolded: boolean): void {
    const touched = new Set<string>()
    if (!isFolded) this.#known = foldNote(this.#known, event)
    if ('follow' in event && !isFolded) this.#leaveOthers(touched)
    // One that was to become a dead letter will not.
    if ('forget' in event) this.#dropOne(event.forget, 'discarded', touched)
    if ('drop' in event) this.#dropOne(dotName(event.drop), event.reason, touched)
    this.#review(touched)
  }

  #dropOne(name: string, reason: DropReason, touched: Set<string>): void {
    const dropped = this.#pending.find(({ transaction: { dot } }) => dotName(dot) === name)
    if (!dropped || dropped.accepted) return
    dropped.dropped = reason
    for (const key of dropped.keys) touched.add(key)
  }

  #applyBase(revision: Revision, event: BaseEvent, segments: readonly HeldSegment[]): void {
    const deltas = event.deltas.filter((delta) => goesOn(this.#known, delta))
    this.#known = foldBase(this.#known, revision, event)
    this.leftovers = []
    this.outcomes.hear(event)
    const isOther = event.resets || event.fork || event.shift || event.healed || event.again?.length
    if (isOther) this.#pending = [...this.#pending]
    const touched = new Set<string>(isOther ? refreshAll(this.#pending, this.#known) : [])
    this.isBaseLost &&= !isWhole(event, this)
    const clocks = [...this.#pending.map(({ transaction }) => transaction), ...this.pins]
    for (const delta of this.isBaseLost ? [] : deltas)
      applyDelta(this.#view, { tables: this.#tables, delta, segments, floor: floorOf(delta.space, delta.to, clocks), touched })
    for (const pending of [...this.#pending]) {
      const [session, n] = pending.transaction.dot
      const wasHidden = pending.hidden
      pending.accepted = event.accepted.some(([s, k]) => s === session && k === n)
      pending.hidden = isInBase(pending, this.#known)
      // What is refused for being lost has a number that the server has still to come to.
      const over = this.#isOver(pending) || event.dead.some(({ id }) => id === dotName(pending.transaction.dot))
      if (over) this.#leave(pending)
      if (over || wasHidden !== pending.hidden) for (const key of pending.keys) touched.add(key)
    }
    // Also when what held a space here has left with this event.
    this.#leaveOthers(touched)
    // A clock that was ahead is forgotten with what it stamped: causality, not the clock, keeps the order.
    this.#hlc = this.#pending.reduce((latest, { transaction: { at } }) => Math.max(latest, at), 0)
    this.#review(touched, event.spaces !== undefined)
  }

  #leaveOthers(touched: Set<string>): void {
    const before = this.#known
    this.#known = leaveOthers(this.#view, { known: before, pending: this.#pending, follows: (space) => this.follows(space), touched })
    this.hasLeft ||= this.#known !== before
  }

  #emptyView(): View {
    return new View(this.#tables, {
      refused: (session, n) => this.outcomes.refusal([session, n], this.#known) !== undefined || isOff(findPending(this, [session, n])),
      abandoned: (space) => abandonedGeneration(this.#known, space),
    })
  }

  /** The time of a new write, and what its tab had seen of the server's. */
  nextTime(now: number): { at: Hlc; lo: Hlc } {
    this.#hlc = tick(this.hlc, now + (this.#known.offset ?? 0))
    return { at: this.#hlc, lo: this.#known.hlc }
  }
}
