import { defineSchema, rank, string, table } from '@holdfast/shared'
import { describe, expect, test, vi } from 'vitest'
import { testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'
import { Overlay } from './overlay.ts'

const items = { owner: string(), place: rank() }
const schema = defineSchema({ version: 1, tables: { items: table(items), kept: table(items).deletes('edit-wins') } })
const KEY = 'V'.repeat(60)

/** Ann's item stands in a space of hers and Bob's, whose own comes so close to it that both get new keys. */
async function crowded(name: 'items' | 'kept', rules: object = {}) {
  const world = testServer({ schema, rules } as never)
  for (const user of ['ann', 'bob']) await world.grant('L', user, 'write')
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  const insert = (id: string, owner: string, place: unknown) => ['ins', 'L', name, id, { owner, place }]
  const first = await ann.sync({ tx: [tx('A', 1, [insert('a', 'ann', [`${KEY}a`, null, null])])] })
  const second = await bob.sync({ tx: [tx('B', 1, [insert('b', 'bob', [`${KEY}abcdefg`, 'a', null])])] })
  return { ann, first, second }
}

describe('who gets a new key for want of room', () => {
  test('is not written to by who moved: rules are not asked about it', async () => {
    const update = ({ userId, before }: { userId: string; before: { owner: string } }) => before.owner === userId
    const { second } = await crowded('items', { items: { update } })
    expect(second.verdicts).toMatchObject([{ is: 'applied' }])
    const keys = second.deltas.flatMap(({ records }) => records.flatMap(({ f = {} }) => (f.place as string[])[0] ?? []))
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(10)
  })

  test.each(['items', 'kept'] as const)('is not edited either: it is deleted like any other, and nobody is told: %s', async (name) => {
    const { ann, first } = await crowded(name)
    const cursors = Object.fromEntries(first.cut)
    await ann.sync({ cursors, tx: [tx('A', 2, [['del', 'L', name, 'a']], { base: { L: 1 } })] })
    const { deltas } = await ann.sync()
    expect(deltas.flatMap(({ records }) => records.map(({ r }) => r.join(' ')))).toEqual([`${name} b`])
  })
})

/** A list of items that all have the same key, or each its own. */
async function list(count: number, key: (i: number) => string) {
  const world = testServer({ schema } as never)
  await world.grant('L', 'ann', 'write')
  const ann = world.client('ann')
  const place = (of: unknown) => ({ owner: 'ann', place: of })
  const inserts = Array.from({ length: count }, (_, i) => ['ins', 'L', 'items', `i${i}`, place([key(i), null, null])])
  await ann.sync({ pull: false, tx: [tx('A', 1, inserts)] })
  let n = 1
  return {
    change: async (...operations: unknown[]) => {
      const { verdicts } = await ann.sync({ pull: false, tx: [tx('A', ++n, operations, { seen: { A: n - 1 } })] })
      expect(verdicts).toMatchObject([{ is: 'applied' }])
    },
    insert: (id: string, of: unknown) => ['ins', 'L', 'items', id, place(of)],
    async keys() {
      const { deltas } = await ann.sync()
      const items = deltas.flatMap(({ records }) => records.map(({ r, f = {} }) => ({ id: r[1], key: String((f.place as string[])[0]) })))
      return items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1))
    },
  }
}

test('what goes between two of the same key stands between them', async () => {
  const { change, insert, keys } = await list(4, () => 'V')
  await change(insert('x', ['V', 'i1', 'i2']), insert('y', ['V', 'x', 'i2']), insert('z', ['V', 'i1', 'x']))
  expect((await keys()).map(({ id }) => id)).toEqual(['i0', 'i1', 'z', 'x', 'y', 'i2', 'i3'])
})

test('many moves that find no room are as many transactions of one, and look at the table once', async () => {
  const key = (i: number) => `${'BDFHJLNPRT'[Math.floor(i / 10)]}${'BDFHJLNPRT'[i % 10]}`
  const move = (i: number) => ['mov', 'L', 'items', `i${(i * 7) % 100}`, 'place', [`${key((i * 31) % 100)}${'V'.repeat(70)}`, null, null]]
  const others = (i: number) =>
    i % 5 === 0
      ? [
          ['del', 'L', 'items', `i${(i * 7 + 1) % 100}`],
          ['ins', 'L', 'items', `i${(i * 7 + 1) % 100}`, { owner: 'ann', place: [`${key(i)}V`, null, null] }],
        ]
      : []
  const operations = Array.from({ length: 100 }, (_, i) => [move(i), ...others(i)])
  const [together, apart] = [await list(100, key), await list(100, key)]
  const looks = vi.spyOn(Overlay.prototype, 'rows')
  await together.change(...operations.flat())
  expect(looks).toHaveBeenCalledTimes(1)
  looks.mockRestore()
  for (const few of operations) await apart.change(...few)
  const left = await together.keys()
  expect(left).toEqual(await apart.keys())
  expect(Math.max(...left.map(({ key: of }) => of.length))).toBeLessThan(64)
})
