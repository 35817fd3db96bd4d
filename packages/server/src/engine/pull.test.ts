import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { expect, test } from 'vitest'
import { insert, testServer, update } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'

const HOME = 'home:ann'

test('a pull is one cut over all followed spaces that may be read; from nothing means the whole', async () => {
  const { client, grant } = testServer()
  const ann = client('ann')
  await grant('L', 'ann', 'read', 'guest')
  await ann.sync({ tx: [tx('A', 1, [insert(HOME, 't1')]), tx('A', 2, [insert(HOME, 't2')]), tx('A', 3, [['del', HOME, 'todos', 't1']])] })
  const all = await ann.sync({ follow: 'all' })
  expect(all.deltas).toMatchObject([
    { space: HOME, from: 0, to: 3, whole: true, by: [['A', 2, 2, expect.any(Number)]], records: [{ r: ['todos', 't2'] }] },
    { space: 'L', from: 0, to: 0, whole: true, records: [] },
  ])
  expect([...all.cut].map(([space, { seq }]) => [space, seq])).toEqual([
    [HOME, 3],
    ['L', 0],
  ])
  const some = await ann.sync({ follow: ['L', 'home:bob', 'L'] })
  expect([...some.cut.keys()]).toEqual(['L'])
})

test('a delta has what changed since the cursor, deletes too; fresh sends the whole in spite of a cursor', async () => {
  const { client } = testServer()
  const ann = client('ann')
  const first = await ann.sync({ tx: [tx('A', 1, [insert(HOME, 't1')]), tx('A', 2, [insert(HOME, 't2')])] })
  const cursors = { [HOME]: first.cut.get(HOME) as Cursor }
  expect((await ann.sync({ cursors })).deltas).toEqual([])
  await ann.sync({ tx: [tx('A', 3, [['del', HOME, 'todos', 't1']]), tx('A', 4, [update(HOME, 't2', { done: true })])] })
  const delta = (await ann.sync({ cursors })).deltas[0]
  expect(delta).toMatchObject({
    from: 2,
    to: 4,
    whole: false,
    records: [
      { r: ['todos', 't1'], died: [0] },
      { r: ['todos', 't2'], f: { done: [true, [1]] } },
    ],
  })
  expect(Object.keys(delta?.records[1]?.f ?? {})).toEqual(['done'])
  expect((await ann.sync({ cursors, fresh: [HOME] })).deltas).toMatchObject([
    { from: 0, to: 4, whole: true, records: [{ r: ['todos', 't2'] }] },
  ])
})

test('one that only pushes gets verdicts, and no cursors without changes', async () => {
  const { client, grant } = testServer()
  const ann = client('ann')
  await grant('L', 'ann', 'write')
  const { cut } = await ann.sync()
  const answer = await ann.sync({ pull: false, cursors: { L: cut.get('L') as Cursor }, tx: [tx('A', 1, [insert('L', 't1')])] })
  expect(answer).toMatchObject({ deltas: [], verdicts: [{ is: 'applied', at: { L: 1 } }] })
  expect(answer.cut.size).toBe(0)
})

test('the spaces come whenever their tag is another', async () => {
  const { client, grant, revoke } = testServer()
  const ann = client('ann')
  const first = await ann.sync()
  const tag = first.spacesTag as string
  expect((await ann.sync({ tag })).spaces).toBeUndefined()
  await grant('L', 'ann', 'read')
  const granted = await ann.sync({ tag })
  expect(granted.spaces).toEqual([
    { space: HOME, access: 'write', role: 'owner' },
    { space: 'L', access: 'read', role: null },
  ])
  await grant('L', 'ann', 'write', 'editor')
  await grant('L', 'ann', 'read')
  expect((await ann.sync({ tag })).spaces?.[1]).toEqual({ space: 'L', access: 'write', role: 'editor' })
  await revoke('L', 'ann')
  expect((await ann.sync({ tag })).spaces).toBeUndefined()
  await expect(revoke(HOME, 'ann')).rejects.toMatchObject({ code: 'invalid_value' })
})

test('whose the sessions are that the changes speak of: of those alone, in what the reader may read, and but for his own', async () => {
  const { client, grant, server } = testServer()
  const [ann, bob, cleo, dan] = [client('ann'), client('bob'), client('cleo'), client('dan')]
  for (const user of ['ann', 'bob', 'cleo']) await grant('L', user, 'write')
  await grant('M', 'dan', 'write')
  await grant('M', 'cleo', 'read')
  await ann.sync({ tx: [tx('A', 1, [insert('L', 't1')]), tx('A2', 1, [insert('L', 't2')]), tx('H', 1, [insert(HOME, 'secret')])] })
  const cursors = { L: (await bob.sync({ follow: ['L'] })).cut.get('L') as Cursor }
  const seen = (at: number) => ({ base: { L: 2 }, at })
  const [changed, lost] = [update('L', 't1', { done: true }), update('L', 't2', { done: true })]
  await bob.sync({ cursors, tx: [tx('B', 1, [changed], seen(2000)), tx('gone', 1, [lost], seen(2000))] })
  await bob.sync({ cursors, tx: [tx('B', 2, [['del', 'L', 'todos', 't2']], { ...seen(3000), seen: { gone: 1 } })] })
  await dan.sync({ tx: [tx('D', 1, [insert('M', 'm1')])] })
  const first = await cleo.sync({ follow: 'all', tx: [tx('C', 1, [insert('L', 't3')])] })
  // Of what `A2` and `gone` wrote nothing is left, and what Ann has at home is no business of Cleo's.
  expect(new Map(first.users)).toEqual(
    new Map([
      ['A', 'ann'],
      ['B', 'bob'],
      ['D', 'dan'],
    ]),
  )
  expect(new Map((await bob.sync({ follow: ['L'] })).users)).toEqual(
    new Map([
      ['A', 'ann'],
      ['C', 'cleo'],
    ]),
  )
  // Only what is new to him is spoken of; of the own changes nothing is said.
  const since = { L: first.cut.get('L') as Cursor }
  await bob.sync({ cursors: since, tx: [tx('B', 3, [update('L', 't1', { title: 'Rice' })], { base: { L: since.L.seq }, at: 4000 })] })
  expect((await cleo.sync({ follow: ['L'], cursors: since })).users).toEqual([['B', 'bob']])
  expect((await bob.sync({ follow: ['L'], cursors: since })).users).toBeUndefined()
  expect((await dan.sync({ follow: ['M', 'L'] })).users).toBeUndefined()
  await server.write((write) => void write.space('M').todos.insert({ title: 'Rent' }))
  expect((await dan.sync({ follow: ['M'] })).users).toEqual([[expect.any(String), '']])
})

test('what is refused is named of the sessions that the request asks about, if they are the reader’s: nobody else hears of it', async () => {
  const { client } = testServer()
  const [ann, bob] = [client('ann'), client('bob')]
  const twice = [
    tx('A', 1, [insert(HOME, 't1')]),
    tx('A', 2, [insert(HOME, 't1')]),
    voided('A', 3, 'discarded', 5),
    tx('A', 6, [insert(HOME, 't2')]),
  ]
  await ann.sync({ tx: twice })
  const known = { A: 6 }
  expect((await ann.sync({ known, unproven: ['A', 'Z'] })).refused).toEqual([
    ['A', 3, 5],
    ['A', 2, 2],
  ])
  expect((await ann.sync({ known })).refused).toBeUndefined()
  expect((await bob.sync({ unproven: ['A'] })).refused).toBeUndefined()
})
