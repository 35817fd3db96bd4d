import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { ConflictValue } from '@holdfast/shared/internal/merge/conflict'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { expect, test } from 'vitest'
import { applied, insert, refused, testServer, update } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

/** `L` with t1 at seq 1; Ann and Bob write, Cleo reads. */
async function sharedList() {
  const world = testServer()
  for (const user of ['ann', 'bob']) await world.grant('L', user, 'write')
  await world.grant('L', 'cleo', 'read')
  const [ann, bob, cleo] = [world.client('ann'), world.client('bob'), world.client('cleo')]
  const first = await ann.sync({ tx: [tx('Z', 1, [insert('L', 't1')])] })
  return { ...world, ann, bob, cleo, at1: { cursors: { L: first.cut.get('L') as Cursor } }, base: { L: 1 } }
}

const conflicts = (answer: SyncResponse) =>
  answer.deltas
    .flatMap(({ records }) => records)
    .filter(({ r }) => r[0] === '$conflicts')
    .map(({ r, f, died }) => ({ id: r[1], died: died !== undefined, v: (f?.v as [ConflictValue] | undefined)?.[0] }))

const cursorsOf = (answer: SyncResponse) => ({ cursors: { L: answer.cut.get('L') as Cursor } })

test('a value that loses is kept for whose it was, in the seq of the merge: of the newcomer, and of the one that was there', async () => {
  const { ann, bob, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice' })], { base, at: 2000 })] })
  const lost = await ann.sync({ ...at1, tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base, at: 1000 })] })
  expect(lost.verdicts).toEqual([applied('A', 1, { L: 3 }, 1)])
  expect(conflicts(lost)[0]?.v).toMatchObject({
    to: 'ann',
    kept: { value: 'Rice', user: 'bob' },
    dropped: { value: 'Oat', user: 'ann', d: ['A', 1] },
  })
  const won = await ann.sync({ ...at1, tx: [tx('C', 1, [update('L', 't1', { title: 'Soy' })], { base, at: 3000 })] })
  expect(conflicts(won).map(({ v }) => v)).toMatchObject([
    { to: 'ann' },
    { to: 'bob', kept: { value: 'Soy', user: 'ann' }, dropped: { value: 'Rice', user: 'bob' } },
  ])
})

test('equal values are no conflict', async () => {
  const { ann, bob, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [update('L', 't1', { title: 'Oat' })], { base, at: 2000 })] })
  const answer = await ann.sync({ ...at1, tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base, at: 1000 })] })
  expect(answer.verdicts).toEqual([applied('A', 1, { L: 3 })])
  expect(conflicts(answer)).toEqual([])
})

test('a hundred losing writes of a session to a field leave one conflict; a later one that wins takes it away', async () => {
  const { ann, bob, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice' })], { base, at: 5000 })] })
  const strokes = Array.from({ length: 100 }, (_, i) => tx('A', i + 1, [update('L', 't1', { title: `Oat${i}` })], { base, at: 1000 + i }))
  const lost = await ann.sync({ ...at1, tx: strokes })
  expect(conflicts(lost)).toMatchObject([{ died: false, v: { dropped: { value: 'Oat99' } } }])
  const won = await ann.sync({ ...cursorsOf(lost), tx: [tx('A', 101, [update('L', 't1', { title: 'Soy' })], { base, at: 9000 })] })
  expect(won.verdicts).toEqual([applied('A', 101, { L: 103 }, 1)])
  expect(conflicts(won).sort((a, b) => Number(b.died) - Number(a.died))).toMatchObject([
    { died: true },
    { v: { to: 'bob', dropped: { value: 'Rice' } } },
  ])
})

test('edits of a deleted record are one conflict a session, with all of their values', async () => {
  const { ann, bob, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [['del', 'L', 'todos', 't1']], { base })] })
  const answer = await ann.sync({
    ...at1,
    tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base }), tx('A', 2, [update('L', 't1', { done: true })], { base })],
  })
  expect(answer.verdicts).toEqual([applied('A', 1, { L: 3 }, 1), applied('A', 2, { L: 4 }, 1)])
  expect(conflicts(answer)).toMatchObject([
    { v: { kind: 'deleted', kept: null, field: null, dropped: { value: { title: 'Oat', done: true } } } },
  ])
})

test('a delete over edits that it had not seen tells their author', async () => {
  const { ann, bob, at1, base } = await sharedList()
  await ann.sync({ ...at1, tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base })] })
  const answer = await bob.sync({ ...at1, tx: [tx('B', 1, [['del', 'L', 'todos', 't1']], { base })] })
  expect(answer.verdicts).toEqual([applied('B', 1, { L: 3 }, 1)])
  expect(conflicts(answer)).toMatchObject([{ v: { to: 'ann', kind: 'deleted', dropped: { value: { title: 'Oat' } } } }])
})

test('only its addressee deletes a conflict, and reading is enough', async () => {
  const { ann, bob, cleo, grant, revoke, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice' })], { base, at: 5000 })] })
  const lost = await ann.sync({ ...at1, tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base })] })
  const id = conflicts(lost)[0]?.id as string
  const dismiss = (session: string, conflict = id) => ({
    ...cursorsOf(lost),
    tx: [tx(session, 1, [['del', 'L', '$conflicts', conflict]], { base: { L: 3 } })],
  })
  expect((await bob.sync(dismiss('B2'))).verdicts).toMatchObject([refused('B2', 1, 'forbidden')])
  expect((await cleo.sync(dismiss('C'))).verdicts).toMatchObject([refused('C', 1, 'forbidden')])
  expect((await ann.sync(dismiss('A2', 'none'))).verdicts).toMatchObject([refused('A2', 1, 'unknown_record')])
  await revoke('L', 'ann')
  expect((await ann.sync({ tx: [tx('A3', 1, [['del', 'L', '$conflicts', id]])] })).verdicts).toMatchObject([refused('A3', 1, 'forbidden')])
  await grant('L', 'ann', 'read')
  const done = await ann.sync(dismiss('A4'))
  expect(done.verdicts).toEqual([applied('A4', 1, { L: 4 })])
  expect(conflicts(done)).toMatchObject([{ id, died: true }])
})

test('who dismisses a conflict that has got a newer value meanwhile keeps the newer one', async () => {
  const { ann, bob, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice' })], { base, at: 5000 })] })
  const lost = await ann.sync({ ...at1, tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base })] })
  const id = conflicts(lost)[0]?.id as string
  await ann.sync({ ...at1, tx: [tx('A', 2, [update('L', 't1', { title: 'Oat 2' })], { base })] })
  const dismissed = await ann.sync({ ...cursorsOf(lost), tx: [tx('C', 1, [['del', 'L', '$conflicts', id]], { base: { L: 3 } })] })
  expect(dismissed.verdicts).toEqual([applied('C', 1, {})])
  expect(conflicts(dismissed)).toMatchObject([{ id, died: false, v: { dropped: { value: 'Oat 2' } } }])
})

test.each([
  ['and then ends it', (restore: unknown, end: unknown) => [restore, end]],
  ['having ended it', (restore: unknown, end: unknown) => [end, restore]],
])('P7: who takes back what a conflict has, %s, has a conflict again where that loses once more', async (_, inOrder) => {
  const { ann, bob, at1, base } = await sharedList()
  await bob.sync({ ...at1, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice' })], { base, at: 5000 })] })
  const lost = await ann.sync({ ...at1, tx: [tx('A', 1, [update('L', 't1', { title: 'Oat' })], { base })] })
  const id = conflicts(lost)[0]?.id as string
  // What ann has not seen when she restores it.
  await bob.sync({ ...at1, tx: [tx('B', 2, [update('L', 't1', { title: 'Rye' })], { base, at: 9000 })] })
  const operations = inOrder(update('L', 't1', { title: 'Oat' }), ['del', 'L', '$conflicts', id])
  const again = await ann.sync({ ...cursorsOf(lost), tx: [tx('A', 2, operations as never, { base: { L: 3 }, at: 6000 })] })
  expect(again.verdicts).toMatchObject([{ is: 'applied', conflicts: 1 }])
  expect(conflicts(again)).toMatchObject([{ id, died: false, v: { dropped: { value: 'Oat' }, kept: { value: 'Rye' } } }])
})
