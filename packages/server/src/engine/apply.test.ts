import { expect, test } from 'vitest'
import { insert, refused, testServer, update } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

test('rules are asked about what is written to a dead record: it would have that when it is restored', async () => {
  const rules = { todos: { update: ({ userId, before }: { userId: string; before: { title: string } }) => userId === before.title } }
  const world = testServer({ rules })
  for (const user of ['ann', 'bob']) await world.grant('L', user, 'write')
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  const del = ['del', 'L', 'todos', 't']
  await ann.sync({ tx: [tx('A', 1, [insert('L', 't', { title: 'ann' })]), tx('A', 2, [del])] })
  // Bob says that he has seen neither.
  const edits = [update('L', 't', { title: 'bob' }), ['inc', 'L', 'todos', 't', 'votes', 7], ['add', 'L', 'todos', 't', 'tags', ['x']]]
  const { verdicts } = await bob.sync({ tx: edits.map((edit, i) => tx('B', i + 1, [edit], { at: 2_000 })) })
  expect(verdicts).toMatchObject(edits.map((_, i) => refused('B', i + 1, 'rule_refused')))
  expect((await ann.sync({ tx: [tx('C', 1, [update('L', 't', { done: true })])] })).verdicts).toMatchObject([
    { is: 'applied', conflicts: 1 },
  ])
  const { deltas } = await ann.sync({ tx: [tx('A', 3, [['res', 'L', 'todos', 't']])] })
  const restored = deltas.flatMap(({ records }) => records.filter(({ r }) => r[1] === 't').map(({ f }) => f))
  expect(restored).toMatchObject([{ title: ['ann', expect.anything()], done: [true, expect.anything()] }])
  expect(JSON.stringify(deltas)).not.toContain('bob')
})
