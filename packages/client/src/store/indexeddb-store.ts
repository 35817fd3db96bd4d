import { HoldfastError } from '@holdfast/shared/internal/errors'
import { type BaseEvent, type KeptTransaction, namedSegments, type Revision, type StoreEvent } from '../core/event.ts'
import { nothingKnown } from '../core/known.ts'
import { purge } from '../core/purge.ts'
import { begin, type ConnectionOptions, type Database, type Guard, type Manifest, openConnection } from './connection.ts'
import type { Fold, SegmentBytes, Store } from './store.ts'
import { storageTrouble } from './trouble.ts'

/** How long a deletion waits for other tabs, in milliseconds. */
const DELETE_DEADLINE = 10_000
/** Milliseconds for which a database is sealed: whoever was to delete it may be gone. */
const SEALED = 2 * DELETE_DEADLINE
/** How often opening begins again because a fold was quicker. */
const TRIES = 10
/** Some kilobytes: what is smaller may find room where nothing that matters does. */
const PROBE = 'x'.repeat(16_384)

const emptyManifest: Manifest = { folded: 0, segments: [], known: nothingKnown }
const firstGuard: Guard = { fence: 0, generation: 1, cut: {} }

/** The store on IndexedDB. Raises `storage_blocked`, `storage_unavailable`, `storage_failed`. */
export async function openIndexedDbStore(options: ConnectionOptions): Promise<Store> {
  const connection = await openConnection(options)
  const { durability, platform } = options
  const persistence = await platform.persistence()
  const withDb = connection.run

  return {
    persistence,
    load: () => withDb(load, true),
    append: (events) =>
      withDb(async (at) => {
        const tx = begin(at, ['events', 'meta'], 'readwrite', durability)
        const meta = tx.objectStore('meta')
        const store = tx.objectStore('events')
        // All in one go: a page that is left is not there any more when the first of these is answered.
        const asked = askAll<unknown>(tx, [() => meta.get('sealed'), ...events.map((event) => () => store.add(event))])
        const [sealed, ...added] = await settle(tx, asked)
        const revisions = added as Revision[]
        // A clock that was set back meanwhile does not make it longer.
        if (sealed === undefined || Math.abs(platform.now() - (sealed as number)) >= SEALED) return revisions
        // It went in behind the last look at what is deleted, and nobody has been told that it is stored.
        const undo = begin(at, ['events'], 'readwrite', durability)
        await settle(
          undo,
          askAll(
            undo,
            revisions.map((revision) => () => undo.objectStore('events').delete(revision)),
          ),
        )
        throw new HoldfastError('closed', 'This database is about to be deleted.')
      }, false),
    since: (revision) =>
      withDb(async (at) => {
        const tx = begin(at, ['events', 'meta'])
        const manifest = ((await tx.objectStore('meta').get('manifest')) as Manifest | undefined) ?? emptyManifest
        if (manifest.folded > revision) return 'folded' as const
        return readEvents(tx.objectStore('events'), revision)
      }, true),
    takeFence: () =>
      withDb(async (at) => {
        const tx = begin(at, ['meta'], 'readwrite', durability)
        const meta = tx.objectStore('meta')
        const next = await nextGuard(meta)
        await settle(tx, [meta.put(next, 'guard')])
        return next.fence
      }, true),
    commit: ({ event, gone: over, kept, adds }) =>
      withDb(async (at) => {
        const names = namesIn([event])
        // Whoever reads segments holds up a commit only if that names some.
        const stores = ['events', 'kept', 'meta', 'segments'].slice(0, names.length > 0 ? 4 : 3)
        const tx = begin(at, stores as ['events', 'kept', 'meta', 'segments'], 'readwrite', durability)
        const guard = ((await tx.objectStore('meta').get('guard')) as Guard | undefined) ?? firstGuard
        const next = checkGuard(guard, event)
        if (!next) return abandon(tx, fenced)
        if (names.length > 0 && !hasAll(await tx.objectStore('segments').getAllKeys(), names)) return abandon(tx, gone)
        const events = tx.objectStore('events')
        const base = events.add(event)
        const added = adds.map((add) => events.add(add))
        const rest = [
          tx.objectStore('meta').put(next, 'guard'),
          ...over.map((revision) => events.delete(revision)),
          ...(kept.length > 0 ? [base.then((revision) => tx.objectStore('kept').put(kept, revision))] : []),
        ]
        const [revision, ...more] = (await settle(tx, [base, ...added], rest)) as Revision[]
        return { revision: revision ?? 0, added: more }
      }, false),
    kept: () => withDb(async (at) => (await begin(at, ['kept']).objectStore('kept').getAll()).flat(), true),
    stage: (segments) => withDb((at) => putSegments(at, segments, durability), true),
    segments: (names) => withDb((at) => readSegments(at, names), true),
    fold: (fold) =>
      withDb(async (at) => {
        const names = fold.segments.map(({ name }) => name)
        // Segments are written first, each alone, so that no other tab's write ever waits for a long transaction.
        const there = new Set(await begin(at, ['segments']).objectStore('segments').getAllKeys())
        const missing = fold.segments.filter(({ name, stored }) => !stored || !there.has(name))
        for (const { name, segment } of missing) await putSegments(at, new Map([[name, segment.bytes]]), durability)
        const tx = begin(at, ['events', 'kept', 'meta', 'segments'], 'readwrite', durability)
        const meta = tx.objectStore('meta')
        const guard = (await meta.get('guard')) as Guard | undefined
        if (guard?.fence !== fold.fence) return abandon(tx, fenced)
        const events = await readEvents(tx.objectStore('events'), 0)
        const isOver = ([revision, { e }]: (typeof events)[number]) =>
          revision <= fold.upTo && (e === 'base' || (e === 'note' && !fold.keepNotes))
        const later = events.filter((one) => !isOver(one)).map(([, event]) => event)
        const stored = await tx.objectStore('segments').getAllKeys()
        if (!hasAll(stored, names)) return abandon(tx, gone)
        const named = new Set([...names, ...namesIn(later)])
        const forgotten = await expiredKept(tx.objectStore('kept'), fold)
        const manifest: Manifest = { folded: fold.upTo, segments: fold.segments.map(({ name, space }) => [name, space]), known: fold.known }
        await settle(tx, [
          meta.put(manifest, 'manifest'),
          ...events.filter(isOver).map(([revision]) => tx.objectStore('events').delete(revision)),
          ...stored.filter((name) => !named.has(name)).map((name) => tx.objectStore('segments').delete(name)),
          ...[...forgotten].map(([revision, left]) =>
            left.length > 0 ? tx.objectStore('kept').put(left, revision) : tx.objectStore('kept').delete(revision),
          ),
        ])
      }, false),
    seal: (revision) =>
      withDb(async (at) => {
        const tx = begin(at, ['events', 'meta'], 'readwrite', durability)
        if ((await readEvents(tx.objectStore('events'), revision)).length > 0) return false
        const meta = tx.objectStore('meta')
        const next = await nextGuard(meta)
        await settle(tx, [meta.put(next, 'guard'), meta.put(platform.now(), 'sealed')])
        return true
      }, false),
    probe: () =>
      withDb(async (at) => {
        const tx = begin(at, ['meta'], 'readwrite', durability)
        const meta = tx.objectStore('meta')
        await settle(tx, [meta.put(PROBE, 'probe'), meta.delete('probe')])
      }, true),
    close: connection.close,
    async erase() {
      connection.close()
      await new Promise<void>((resolve, reject) => {
        const request = platform.indexedDB.deleteDatabase(options.name)
        const late = () => reject(new HoldfastError('storage_blocked', 'Another tab still has this database open.'))
        let stop = () => {}
        const settle = (then: () => void) => () => {
          stop()
          then()
        }
        request.onsuccess = settle(resolve)
        request.onerror = settle(() => reject(storageTrouble(request.error)))
        // Only news: other tabs, and transactions under way here, need a moment to end.
        request.onblocked = () => {
          stop = platform.setTimer(DELETE_DEADLINE, late)
        }
      })
    },
  }
}

/** With the fence of a new leader. */
async function nextGuard(meta: { get(key: 'guard'): Promise<unknown> }): Promise<Guard> {
  const guard = ((await meta.get('guard')) as Guard | undefined) ?? firstGuard
  return { ...guard, fence: guard.fence + 1 }
}

interface Settling {
  readonly done: Promise<void>
  commit(): void
}

/**
 * Waits for the transaction itself, not for its requests: when the quota is exceeded only `abort` fires (faults.md A3). Gives the results
 * of `wanted`.
 */
async function settle(tx: Settling, wanted: readonly Promise<unknown>[], rest: readonly Promise<unknown>[] = []): Promise<unknown[]> {
  const all = Promise.all([...wanted, ...rest])
  all.catch(() => undefined)
  if (rest.length === 0) tx.commit()
  await tx.done
  return (await all).slice(0, wanted.length)
}

/** All or none, also where something cannot even be asked for: what was asked before it would be stored. */
function askAll<T>(tx: Settling & { abort(): void }, asks: readonly (() => Promise<T>)[]): Promise<T>[] {
  const asked: Promise<T>[] = []
  try {
    for (const ask of asks) asked.push(ask())
    return asked
  } catch (error) {
    for (const one of [tx.done, ...asked]) one.catch(() => undefined)
    tx.abort()
    throw error
  }
}

const fenced = () => new HoldfastError('storage_failed', 'Another tab leads now.', { reason: 'fenced' })
const gone = () => new HoldfastError('storage_failed', 'A segment is not there any more.', { reason: 'segments' })

async function abandon(tx: Settling & { abort(): void }, why: () => HoldfastError): Promise<never> {
  tx.done.catch(() => undefined)
  tx.abort()
  throw why()
}

const namesIn = (events: readonly StoreEvent[]): string[] => events.flatMap((event) => namedSegments(event).map(([name]) => name))

function hasAll(there: readonly string[], names: readonly string[]): boolean {
  const known = new Set(there)
  return names.every((name) => known.has(name))
}

async function putSegments(db: Database, segments: SegmentBytes, durability: ConnectionOptions['durability']): Promise<void> {
  const tx = begin(db, ['segments'], 'readwrite', durability)
  await settle(
    tx,
    askAll(
      tx,
      [...segments].map(
        ([name, bytes]) =>
          () =>
            tx.objectStore('segments').put(bytes, name),
      ),
    ),
  )
}

async function readSegments(db: Database, names: readonly string[]): Promise<Map<string, ArrayBuffer>> {
  const stored = begin(db, ['segments']).objectStore('segments')
  const all = await Promise.all(names.map((name) => stored.get(name)))
  return new Map(names.flatMap((name, i) => (all[i] ? [[name, all[i]] as const] : [])))
}

function checkGuard(guard: Guard, event: BaseEvent): Guard | undefined {
  const steps = event.resets ? event.generation === guard.generation + 1 : event.generation === guard.generation
  if (guard.fence !== event.fence || !steps) return undefined
  const cut: Record<string, number> = { ...guard.cut }
  for (const space of Object.keys(event.resets ?? {})) delete cut[space]
  const mine = event.spaces && new Set(event.spaces.map(({ space }) => space))
  for (const space of Object.keys(cut)) if (mine && !mine.has(space)) delete cut[space]
  for (const { space, from, to, whole } of event.deltas) {
    const at = cut[space] ?? 0
    if (!whole && (from > at || at > to)) return undefined
  }
  for (const [space, { seq }] of Object.entries(event.cut)) cut[space] = seq
  return { fence: guard.fence, generation: event.generation, cut }
}

async function load(db: Database): Promise<Awaited<ReturnType<Store['load']>>> {
  for (let tries = TRIES; ; ) {
    // Manifest and events in one short read; the segments in their own, which no writer waits for.
    const tx = begin(db, ['events', 'meta'])
    const manifest = ((await tx.objectStore('meta').get('manifest')) as Manifest | undefined) ?? emptyManifest
    const events = await readEvents(tx.objectStore('events'), 0)
    const names = [...manifest.segments.map(([name]) => name), ...namesIn(events.map(([, event]) => event))]
    const bytes = await readSegments(db, names)
    // A fold in between took a segment away: start again from the new manifest. If there is none, something else did.
    if (!hasAll([...bytes.keys()], names) && --tries > 0) continue
    return { known: manifest.known, folded: manifest.folded, segments: manifest.segments, events, bytes }
  }
}

interface EventReader {
  getAllKeys(range: IDBKeyRange | null): Promise<number[]>
  getAll(range: IDBKeyRange | null): Promise<StoreEvent[]>
}

async function readEvents(store: EventReader, after: Revision, upTo = Number.MAX_SAFE_INTEGER): Promise<[Revision, StoreEvent][]> {
  const range = IDBKeyRange.bound(after, upTo, true)
  const [keys, events] = await Promise.all([store.getAllKeys(range), store.getAll(range)])
  return keys.map((key, i) => [key, events[i] as StoreEvent])
}

/** The entries that shrink, and what is left of each. */
async function expiredKept(
  store: { getAllKeys(): Promise<number[]>; getAll(): Promise<(readonly KeptTransaction[])[]> },
  { keptSince, lost }: Pick<Fold, 'keptSince' | 'lost'>,
): Promise<Map<number, readonly KeptTransaction[]>> {
  const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()])
  const shrunk = new Map<number, readonly KeptTransaction[]>()
  for (const [i, key] of keys.entries()) {
    const all = values[i] ?? []
    const left = purge(
      all.filter(({ confirmed, at }) => confirmed >= keptSince && !lost.some((space) => at[space] !== undefined)),
      lost,
    )
    if (left.length < all.length || left.some((one, k) => one !== all[k])) shrunk.set(key, left)
  }
  return shrunk
}
