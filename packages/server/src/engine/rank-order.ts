import { compareStrings } from '@holdfast/shared/internal/json'

interface Item {
  readonly id: string
  readonly key: string
}

const compare = (a: Item, b: Item): number => compareStrings(a.key, b.key) || compareStrings(a.id, b.id)

/** Records of a table in the order of one of its ranks: by key, ties by id. */
export class RankOrder {
  readonly #items: Item[]
  readonly #keys: Map<string, string>

  constructor(items: Item[]) {
    this.#items = items.sort(compare)
    this.#keys = new Map(items.map(({ id, key }) => [id, key]))
  }

  get items(): readonly Item[] {
    return this.#items
  }

  /** A record stands here now; without a key nowhere. */
  put(id: string, key: string | undefined): void {
    const was = this.#keys.get(id)
    if (was === key) return
    if (was !== undefined) this.#items.splice(this.#before({ id, key: was }), 1)
    this.#keys.delete(id)
    if (key === undefined) return
    this.#items.splice(this.#before({ id, key }), 0, { id, key })
    this.#keys.set(id, key)
  }

  /** How many come before one that goes to a key, and behind a record. */
  gap(key: string, after: string | null): number {
    const behind = after === null ? undefined : this.#keys.get(after)
    const least = after === null || behind === undefined ? 0 : 1 + this.#before({ id: after, key: behind })
    return Math.max(least, this.#before({ id: '', key }))
  }

  /** Other keys for the items from here on, in the same order. */
  rekey(from: number, keys: readonly string[]): void {
    for (const [i, key] of keys.entries()) {
      const { id } = this.#items[from + i] as Item
      this.#items[from + i] = { id, key }
      this.#keys.set(id, key)
    }
  }

  /** How many come before an item. */
  #before(item: Item): number {
    let [low, high] = [0, this.#items.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(this.#items[middle] as Item, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
