import { defineSchema, rank, string, table } from '@holdfast/shared'
import { describe, expect, test } from 'vitest'
import { testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

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
