import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RankOrder } from './rank-order.ts'

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const key = fc.constantFrom('A', 'B', 'BB', 'C')

test('it is what sorting would give, whatever is put where; a gap is behind the named, and before all of a greater key', () => {
  const placed = fc.array(fc.tuple(id, fc.option(key, { nil: undefined })))
  fc.assert(
    fc.property(fc.uniqueArray(id), placed, key, fc.option(id), (first, puts, at, after) => {
      const keys = new Map(first.map((one) => [one, 'B']))
      const order = new RankOrder(first.map((one) => ({ id: one, key: 'B' })))
      for (const [one, to] of puts) {
        order.put(one, to)
        if (to === undefined) keys.delete(one)
        else keys.set(one, to)
      }
      const items = [...keys].map(([one, of]) => ({ id: one, key: of }))
      const byKey = items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1))
      expect(order.items).toEqual(byKey)
      expect(order.gap(at, after)).toBe(1 + byKey.findLastIndex((item) => item.key < at || item.id === after))
      order.rekey(
        0,
        byKey.map((_, i) => `K${i}`),
      )
      expect(order.items).toEqual(byKey.map((item, i) => ({ id: item.id, key: `K${i}` })))
    }),
  )
})
