import type { Planted } from './planted.ts'

/** Work that is done for nothing, to see whether the guard of counted work names it. */
export interface Waste extends Omit<Planted, 'within'> {
  /** Of `counted-work/scenarios.ts`. */
  readonly scenario: string
  /** What grows: during what, and which count. */
  readonly grows: readonly [span: string, what: string]
}

export const wasted: readonly Waste[] = [
  {
    name: 'each request is sent twice',
    file: 'client/src/sync/http.ts',
    from: '    const asked = platform.fetch(',
    to: '    await platform.fetch([url, path].join("/"), { ...init, headers })\n    const asked = platform.fetch(',
    scenario: 'update',
    grows: ['one-field update from there until it is confirmed', 'HTTP requests: sync'],
  },
  {
    name: 'each segment is fetched twice',
    file: 'client/src/sync/segments.ts',
    from: 'check(ref, await getSegment(address, name, signal))',
    to: 'check(ref, (await getSegment(address, name, signal), await getSegment(address, name, signal)))',
    scenario: 'first sync',
    grows: ['first sync of 5,000 records', 'HTTP requests: segments'],
  },
  {
    name: 'an opening reads all segments twice',
    file: 'client/src/store/indexeddb-store.ts',
    from: '    const bytes = await readSegments(db, names)',
    to: '    await readSegments(db, names)\n    const bytes = await readSegments(db, names)',
    scenario: 'first sync',
    grows: ['opening again with 5,000 records', 'IndexedDB bytes read'],
  },
  {
    name: 'each row of a scan is decoded',
    file: 'client/src/query/packed-rows.ts',
    from: 'if (test(i) && pack.has(i)) yield',
    to: 'if (pack.row(i) && test(i) && pack.has(i)) yield',
    scenario: 'queries',
    grows: ['query without an index', 'rows decoded'],
  },
  {
    name: 'no index is used',
    file: 'client/src/query/live-query.ts',
    from: '    if (!plan) return',
    to: '    if (plan || !plan) return',
    scenario: 'queries',
    grows: ['second query through an index', 'values looked at'],
  },
  {
    name: 'a commit for each write',
    file: 'client/src/tabs/tab.ts',
    from: 'const batch = this.#unstored\n      this.#unstored = []',
    to: 'const batch = this.#unstored.splice(0, 1)',
    scenario: 'live query',
    grows: ['live query over 100 changes, until they are stored', 'IndexedDB transactions: readwrite'],
  },
  {
    name: 'a live query is found afresh with each change',
    file: 'client/src/query/live-query.ts',
    from: '            match.sorted.apply(edits)',
    to: '            match.sorted = once().sorted',
    scenario: 'live query',
    grows: ['live query over 100 changes, until they are stored', 'values looked at'],
  },
  {
    name: 'a fold writes segments that did not change',
    file: 'client/src/store/indexeddb-store.ts',
    from: 'fold.segments.filter(({ name, stored }) => !stored || !there.has(name))',
    to: 'fold.segments',
    scenario: 'fold',
    grows: ['exchange and fold after 800 changes', 'IndexedDB bytes written'],
  },
  {
    name: 'a change is encoded for each stream',
    file: 'shared/src/protocol/frame.ts',
    from: 'if (known !== undefined) return known',
    to: '',
    scenario: 'streams',
    grows: ['one-field update told to 10 streams', 'JSON characters written'],
  },
  {
    name: 'a push is told of all records',
    file: 'server/src/engine/pull.ts',
    from: "need('changedSince', space, from)",
    to: "need('changedSince', space, 0)",
    scenario: 'offline',
    grows: ['100 updates sent after coming back', 'server rows read'],
  },
]
