import { type HoldfastError, refuse } from '@holdfast/shared'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { expect, test } from 'vitest'
import { applied, insert, refused, testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

const NEW = 'list_V1StGXR8Z5jdHi6BmyTabc'
const no = (session: string, n: number) => ({ ...refused(session, n, 'forbidden'), message: 'This user may not write there.' })

test('who first names a long random id owns that space, in the commit of that transaction', async () => {
  const { ann, bob } = two()
  const [first, late] = await Promise.all([
    ann.sync({ tx: [tx('A', 1, [insert(NEW, 't1')]), tx('A', 2, [insert(NEW, 't2')])] }),
    bob.sync({ tx: [tx('B', 1, [insert(NEW, 't3')])] }),
  ])
  expect(first.verdicts).toEqual([applied('A', 1, { [NEW]: 1 }), applied('A', 2, { [NEW]: 2 })])
  expect(first.spaces).toContainEqual({ space: NEW, access: 'write', role: 'owner' })
  expect(late.verdicts).toEqual([no('B', 1)])
})

test.each([
  'L',
  'list_short',
  'List_V1StGXR8Z5jdHi6BmyTabc',
  'list_V1StGXR8Z5jdHi6BmyTab!',
  'V1StGXR8Z5jdHi6BmyTabc',
  'home:bob',
  'server:invites',
])('%s never comes into being through a client, whatever the hook says', async (space) => {
  const { ann } = two({ createSpace: () => true })
  expect((await ann.sync({ tx: [tx('A', 1, [insert(space, 't1')])] })).verdicts).toEqual([no('A', 1)])
})

test('only what says that it begins a space does: who merely knows its id, because it was there once, does not get it', async () => {
  const { ann } = two()
  expect((await ann.sync({ tx: [tx('A', 1, [insert(NEW, 't1')], { begins: [] })] })).verdicts).toEqual([no('A', 1)])
})

test('P11: a user has no more spaces than a pull can prove: one more is refused, not a device that is stuck', async () => {
  const { ann } = two()
  const idOf = (i: number) => `list_V1StGXR8Z5jdHi6Bm${String(i).padStart(5, '0')}`
  const begin = (session: string, from: number, to: number) => {
    const inserts = Array.from({ length: to - from }, (_, i) => insert(idOf(from + i), 't'))
    return ann.sync({ pull: false, tx: [tx(session, 1, inserts)] })
  }
  // His home is one of them.
  expect((await begin('A', 1, LIMITS.spaces)).verdicts).toMatchObject([{ is: 'applied' }])
  expect((await begin('B', 0, 1)).verdicts).toMatchObject([refused('B', 1, 'too_large')])
})

test('a refused transaction creates nothing, so the next may', async () => {
  const { ann, bob } = two()
  const answer = await ann.sync({ tx: [tx('A', 1, [insert(NEW, 't1'), ['upd', NEW, 'todos', 'none', { title: 'x' }]])] })
  expect(answer.verdicts).toMatchObject([refused('A', 1, 'unknown_record')])
  expect(answer.spaces).toHaveLength(1)
  expect((await bob.sync({ tx: [tx('B', 1, [insert(NEW, 't1')])] })).verdicts).toEqual([applied('B', 1, { [NEW]: 1 })])
})

test('what somebody has or had is not begun again: foreign, revoked and impossible are told the same', async () => {
  const { ann, bob, grant, revoke } = two()
  await grant(NEW, 'bob', 'write')
  expect((await ann.sync({ tx: [tx('A', 1, [insert(NEW, 't1')])] })).verdicts).toEqual([no('A', 1)])
  await revoke(NEW, 'bob')
  expect((await ann.sync({ tx: [tx('A', 2, [insert(NEW, 't1')]), tx('A', 3, [insert('L', 't1')])] })).verdicts).toEqual([
    no('A', 2),
    no('A', 3),
  ])
  expect((await bob.sync({ tx: [tx('B', 1, [insert(NEW, 't1')]), tx('B', 2, [['del', NEW, '$conflicts', 'x']])] })).verdicts).toEqual([
    no('B', 1),
    no('B', 2),
  ])
})

const answers: [string, () => boolean | HoldfastError, string][] = [
  ['no', () => false, 'forbidden'],
  ['no in its own words', () => refuse('no_more_lists', 'Ten are enough.'), 'no_more_lists'],
  [
    'no by throwing',
    () => {
      throw refuse('no_more_lists', 'Ten are enough.')
    },
    'no_more_lists',
  ],
  [
    'nothing, since it failed',
    () => {
      throw new Error('db down')
    },
    'hook_failed',
  ],
  ['nothing in time', () => Promise.resolve(true) as never, 'hook_failed'],
]
test.each(answers)('the app says %s', async (_, createSpace, code) => {
  const { ann, bob } = two({ createSpace: ({ space, user }) => (user.id === 'ann' ? createSpace() : space.startsWith('list_')) })
  const answer = await ann.sync({ tx: [tx('A', 1, [insert(NEW, 't1')]), tx('A', 2, [insert('home:ann', 't1')])] })
  expect(answer.verdicts).toMatchObject([refused('A', 1, code), applied('A', 2, { 'home:ann': 1 })])
  expect((await bob.sync({ tx: [tx('B', 1, [insert(NEW, 't1')])] })).verdicts).toEqual([applied('B', 1, { [NEW]: 1 })])
})

function two(options: Parameters<typeof testServer>[0] = {}) {
  const world = testServer(options)
  return { ...world, ann: world.client('ann'), bob: world.client('bob') }
}
