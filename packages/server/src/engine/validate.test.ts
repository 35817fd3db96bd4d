import { refuse } from '@holdfast/shared'
import { expect, test } from 'vitest'
import type { Change } from '../hooks.ts'
import { applied, insert, refused, testServer, update } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

const HOME = 'home:ann'

test('it sees what merging would leave, and its refusal refuses one transaction of the batch', async () => {
  const { client, server, grant } = testServer({
    validate({ changes, read }) {
      for (const { space } of changes) if (read.space(space).todos.count().read() > 2) return refuse('list_full', 'A list holds two items.')
      return undefined
    },
  })
  await grant('L', 'ann', 'write')
  const answer = await client('ann').sync({
    tx: [
      tx('A', 1, [insert('L', 't1'), insert('L', 't2')]),
      tx('A', 2, [insert('L', 't3'), insert(HOME, 'h1')]),
      tx('A', 3, [['del', 'L', 'todos', 't1'], insert('L', 't3')]),
      tx('A', 4, [insert(HOME, 'h1')]),
    ],
  })
  expect(answer.verdicts).toMatchObject([
    applied('A', 1, { L: 1 }),
    { ...refused('A', 2, 'list_full'), message: 'A list holds two items.' },
    applied('A', 3, { L: 2 }),
    applied('A', 4, { [HOME]: 1 }),
  ])
  await expect(server.write((tx) => tx.space('L').todos.insert({ title: 'x' }))).rejects.toMatchObject({ code: 'list_full' })
})

test('it is told each change once, who wrote, and reads over the changed spaces; not asked when nothing changed', async () => {
  const told: unknown[] = []
  let changes: readonly Change<never>[] = []
  const { client, clock } = testServer({
    authenticate: () => ({ id: 'ann', plan: 'free' }),
    validate(asked) {
      told.length = 0
      changes = asked.changes as never
      told.push(
        asked.user,
        asked.now,
        asked.read.todos
          .orderBy('title')
          .read()
          .map(({ id }) => id),
        asked.read.todos.get('t1')?.title,
      )
      told.push(asked.read.space('elsewhere').todos.read())
    },
  })
  const ann = client('ann')
  const { cut } = await ann.sync({ tx: [tx('A', 1, [insert(HOME, 't1', { title: 'B' }), insert(HOME, 't2', { title: 'A' })])] })
  const cursors = Object.fromEntries(cut)
  const base = { base: { [HOME]: 1 } }
  const operations = [update(HOME, 't1', { title: 'C' }), ['del', HOME, 'todos', 't2'], insert(HOME, 't3', { title: 'D' })]
  await ann.sync({ cursors, tx: [tx('A', 2, [...operations, insert(HOME, 'x'), ['del', HOME, 'todos', 'x']], base)] })
  expect(told).toEqual([{ id: 'ann', plan: 'free' }, clock.now, ['t1', 't3'], 'C', []])
  expect(changes).toMatchObject([
    { space: HOME, table: 'todos', id: 't1', before: { title: 'B' }, after: { title: 'C' } },
    { id: 't2', before: { title: 'A' } },
    { id: 't3', after: { title: 'D', $space: HOME } },
  ])
  expect(changes.map((one) => Object.keys(one).length)).toEqual([5, 4, 4])
  told.length = 0
  await ann.sync({ cursors, tx: [tx('A', 3, [update(HOME, 't1', {})], base)] })
  expect(told).toEqual([])
})

const failing: [string, () => unknown, string][] = [
  [
    'throws',
    () => {
      throw new Error('secret')
    },
    'hook_failed',
  ],
  ['is asynchronous', async () => undefined, 'hook_failed'],
  [
    'throws a refusal',
    () => {
      throw refuse('no', 'No.')
    },
    'no',
  ],
]
test.each(failing)('one that %s refuses one transaction, and the others go through', async (_, body, code) => {
  const { client, logged } = testServer({
    validate: ({ changes }) => (changes.some(({ id }) => id === 'bad') ? (body() as never) : undefined),
  })
  const answer = await client('ann').sync({ tx: [tx('A', 1, [insert(HOME, 'bad')]), tx('A', 2, [insert(HOME, 'good')])] })
  expect(answer.verdicts).toMatchObject([refused('A', 1, code), applied('A', 2, { [HOME]: 1 })])
  expect(JSON.stringify(answer)).not.toContain('secret')
  expect(logged.some(({ event }) => event === 'hook_failed')).toBe(code === 'hook_failed')
})

test('it only reads', async () => {
  const { client } = testServer({
    validate: ({ read }) => void (read as never as { todos: { delete(id: string): void } }).todos.delete('t1'),
  })
  expect((await client('ann').sync({ tx: [tx('A', 1, [insert(HOME, 't1')])] })).verdicts).toMatchObject([refused('A', 1, 'hook_failed')])
})
