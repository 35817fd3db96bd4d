// The script of every page: one contender, and what rows need to drive it.
import { contender } from '#contender'
import type { Bench, OpenOptions, Store } from './contender.ts'
import { listOf, type Todo, todo, todos } from './todo.ts'

declare global {
  var bench: Bench
  /** When the script began, by `performance.now()`; set before anything of the contender is evaluated. */
  var benchBegan: number
}

const query = new URLSearchParams(location.search)
const defaults: OpenOptions = { origin: location.origin, durability: 'relaxed', records: Number(query.get('records') ?? 0) }
const heard = new Map<string, number>()
const waiting = new Map<string, (at: number) => void>()
const now = () => performance.timeOrigin + performance.now()

function hear(rows: readonly Todo[]): void {
  const at = now()
  for (const { title } of rows) {
    if (heard.has(title)) continue
    heard.set(title, at)
    waiting.get(title)?.(at)
  }
}

globalThis.bench = {
  store: {} as Required<Store>,
  first: undefined,
  todo,
  todos,
  now,
  async open(options = {}) {
    bench.store = (await contender.open({ ...defaults, ...options })) as Required<Store>
    return bench.store
  },
  heard: (title) => {
    const at = heard.get(title)
    return at === undefined ? new Promise((resolve) => waiting.set(title, resolve)) : Promise.resolve(at)
  },
  async listen(listId) {
    await bench.store.watch(listId, hear)
  },
}

/** A page load up to its first result, as an app would do it. */
async function load(): Promise<void> {
  const { query: ask } = await bench.open()
  const rows = await ask(listOf(7))
  bench.first = { ms: performance.now() - benchBegan, rows: rows.length }
}

if (location.hash === '#first') void load()
