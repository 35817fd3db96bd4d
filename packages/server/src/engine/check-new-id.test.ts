import { defineSchema, string, table } from '@holdfast/shared'
import { commandIds, commandOf } from '@holdfast/shared/internal/transaction/create-tx'
import { expect, test } from 'vitest'
import { argsOf, call, testServer } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'

const schema = defineSchema({ version: 1, tables: { lists: table({ name: string() }) } })
const commands = {
  make: schema.command({
    args: argsOf<{ in?: string }>(),
    run: (write, { in: space = 's' }) => void write.space(space).lists.insert({ name: 'x' }),
  }),
  named: schema.command({ args: argsOf<{ id: string }>(), run: (write, { id }) => void write.space('s').lists.insert({ id, name: 'y' }) }),
}

/** Ann has run one command, so whoever reads along knows her session. */
async function afterOne() {
  const world = testServer({ schema, commands } as never)
  for (const user of ['ann', 'bob']) await world.grant('s', user, 'write')
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  await ann.sync({ tx: [tx('A', 1, [call('make')])] })
  let n = 0
  const tried = async (...operations: unknown[]) => (await bob.sync({ tx: [tx('B', ++n, operations)] })).verdicts[0]
  return {
    ...world,
    ann,
    bob,
    tried,
    make: async (n: number, session = 'A') => (await ann.sync({ tx: [tx(session, n, [call('make')])] })).verdicts,
  }
}

const values = { name: 'y' }
const refusal = { is: 'refused', code: 'unknown_record' }

test.each([
  ['an insert', ['ins', 's', 'lists', 'A-2-1', values]],
  ['an upsert', ['put', 's', 'lists', 'A-2-1', values]],
  ['a command of his own', call('named', { id: 'A-2-1' })],
  ['an insert for when it is tried again', ['ins', 's', 'lists', 'A~2-1-1', values]],
  ['an insert for one in the far future', ['ins', 's', 'lists', 'A-99999999999999999999-1', values]],
])('the ids that a command makes cannot be taken before it runs by who reads along: %s', async (_, operation) => {
  const { tried, make } = await afterOne()
  expect(await tried(operation)).toMatchObject(refusal)
  expect(await make(2)).toMatchObject([{ is: 'applied' }])
  expect(await make(1, 'A~2')).toMatchObject([{ is: 'applied' }])
})

test('what a command has made is made anew by anybody who may see it, and by its author wherever', async () => {
  const { ann, bob, tried, make } = await afterOne()
  const { cut } = await bob.sync()
  const moved = [
    ['del', 's', 'lists', 'A-1-1'],
    ['ins', 'home:bob', 'lists', 'A-1-1', values],
  ]
  expect((await bob.sync({ cursors: Object.fromEntries(cut), tx: [tx('C', 1, moved, { base: { s: 1 } })] })).verdicts).toMatchObject([
    { is: 'applied' },
  ])
  await ann.sync({ tx: [tx('A', 2, [call('make', { in: 'home:ann' })]), voided('A', 3)] })
  // Of what is in nobody else's sight nobody else can say whether it has run.
  for (const id of ['A-2-1', 'A-3-1', 'A-4-1']) expect(await tried(['ins', 's', 'lists', id, values])).toMatchObject(refusal)
  const own = ['A-2-1', 'A-3-1', 'A-4-1'].map((id, i) => tx('D', i + 1, [['ins', 's', 'lists', id, values]]))
  expect((await ann.sync({ tx: own })).verdicts).toMatchObject([{ is: 'applied' }, { is: 'applied' }, refusal])
  expect(await make(4)).toMatchObject([{ is: 'applied' }])
})

test('what was carried elsewhere is written and carried on by who sees it there, though not where the command ran', async () => {
  const { grant, client } = await afterOne()
  for (const user of ['bob', 'carl']) await grant('t', user, 'write')
  await grant('u', 'carl', 'write')
  const [bob, carl] = [client('bob'), client('carl')]
  const move = (from: string, to: string) => [
    ['del', from, 'lists', 'A-1-1'],
    ['ins', to, 'lists', 'A-1-1', values],
  ]
  const of = async (user: typeof bob) => Object.fromEntries((await user.sync()).cut)
  const moved = await bob.sync({ cursors: await of(bob), tx: [tx('B', 1, move('s', 't'), { base: { s: 1 } })] })
  const put = await carl.sync({ cursors: await of(carl), tx: [tx('C', 1, [['put', 't', 'lists', 'A-1-1', values]], { base: { t: 1 } })] })
  const on = await carl.sync({ cursors: await of(carl), tx: [tx('C', 2, move('t', 'u').reverse(), { base: { t: 2 } })] })
  const back = await carl.sync({ cursors: await of(carl), tx: [tx('C', 3, [['ins', 't', 'lists', 'A-1-1', values]], { base: { t: 3 } })] })
  for (const { verdicts } of [moved, put, on, back]) expect(verdicts).toMatchObject([{ is: 'applied' }])
})

test('an id that only looks like one is as good as any other', async () => {
  const { tried } = await afterOne()
  for (const id of ['2026-10-12', 'board-3-4', 'A-02-1', 'A-2', '-2-1', 'a-2-1', '123e4567-e89b-12d3-a456-426614174000'])
    expect(await tried(['ins', 's', 'lists', id, values])).toMatchObject({ is: 'applied' })
})

test('what it goes by is what commands make', () => {
  for (const session of ['A', 'a-1-2', '-', 'xyz~3', 'l\ni']) {
    const newId = commandIds([session, 7])
    expect([commandOf(newId()), commandOf(newId())]).toEqual([
      [session, 7],
      [session, 7],
    ])
  }
})
