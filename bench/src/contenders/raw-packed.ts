// The limit: packs of records, one an entry, column by column, all of them in memory. No index; a query scans its columns.
import type { Contender } from '../contender.ts'
import type { Todo } from '../todo.ts'
import { answer, openIdb, stored } from './idb.ts'

const PACK = 500

/** Column by column: what is stored, and what is in memory. */
interface Pack {
  readonly id: string[]
  readonly title: string[]
  readonly done: Uint8Array
  readonly priority: Uint8Array
  readonly listId: string[]
  readonly updatedAt: Float64Array
  readonly notes: string[]
}

const pack = (todos: readonly Todo[]): Pack => ({
  id: todos.map(({ id }) => id),
  title: todos.map(({ title }) => title),
  done: Uint8Array.from(todos, ({ done }) => (done ? 1 : 0)),
  priority: Uint8Array.from(todos, ({ priority }) => priority),
  listId: todos.map(({ listId }) => listId),
  updatedAt: Float64Array.from(todos, ({ updatedAt }) => updatedAt),
  notes: todos.map(({ notes }) => notes),
})

const unpack = (from: Pack, i: number): Todo => ({
  id: from.id[i] as string,
  title: from.title[i] as string,
  done: from.done[i] === 1,
  priority: from.priority[i] as number,
  listId: from.listId[i] as string,
  updatedAt: from.updatedAt[i] as number,
  notes: from.notes[i] as string,
})

export const contender: Contender = {
  async open({ origin, durability }) {
    const db = await openIdb('raw-packed', (made) => made.createObjectStore('packs', { autoIncrement: true }))
    const packs = (await answer(db.transaction('packs').objectStore('packs').getAll())) as Pack[]
    const places = new Map<string, readonly [Pack, number]>()
    const begin = () => db.transaction('packs', 'readwrite', { durability })
    const listeners: (() => void)[] = []

    function query(listId: string): Todo[] {
      const found: { from: Pack; i: number; at: number }[] = []
      for (const from of packs) {
        const { done, updatedAt } = from
        for (let i = 0; i < done.length; i++) if (!done[i] && from.listId[i] === listId) found.push({ from, i, at: updatedAt[i] as number })
      }
      found.sort((a, b) => b.at - a.at)
      return found.slice(0, 50).map(({ from, i }) => unpack(from, i))
    }

    function place(id: string): readonly [Pack, number] | undefined {
      if (places.size === 0) for (const from of packs) from.id.forEach((one, i) => void places.set(one, [from, i]))
      return places.get(id)
    }

    return {
      async insert(todos) {
        const made = pack(todos)
        packs.push(made)
        const tx = begin()
        tx.objectStore('packs').add(made)
        await stored(tx)
      },
      query,
      get(id) {
        const at = place(id)
        return at && unpack(...at)
      },
      // In memory only: what a log costs is `raw-log`.
      async update(id, title) {
        const at = place(id)
        if (at) at[0].title[at[1]] = title
        for (const tell of listeners) tell()
      },
      watch(listId, hear) {
        const tell = () => hear(query(listId))
        listeners.push(tell)
        tell()
      },
      async ready() {
        const all = (await (await fetch(`${origin}/todos.json`)).json()) as Todo[]
        const tx = begin()
        for (let i = 0; i < all.length; i += PACK) {
          const made = pack(all.slice(i, i + PACK))
          packs.push(made)
          tx.objectStore('packs').add(made)
        }
        await stored(tx)
      },
      close: () => db.close(),
    }
  },
}
