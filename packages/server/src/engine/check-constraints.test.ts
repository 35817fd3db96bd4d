import { defineSchema, ref, string, table } from '@holdfast/shared'
import { expect, test, vi } from 'vitest'
import { testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'
import { Overlay } from './overlay.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    lists: table({ name: string() }),
    todos: table({ title: string(), list: ref('lists', { onDelete: 'cascade' }) }),
    steps: table({ todo: ref('todos', { onDelete: 'cascade' }) }),
    notes: table({ list: ref('lists', { onDelete: 'set-null', onMissing: 'set-null' }).nullable() }),
  },
})
const isAnn = ({ userId }: { userId: string }) => userId === 'ann'

/** Ann has made two lists, an item of the second with a step, and a note to it; Bob has seen all that up to `base`, and may not do what `rules` say. */
async function lists(rules: object) {
  const { client, server } = testServer({ schema, rules } as never)
  for (const user of ['ann', 'bob']) await server.grant('s', user, 'write')
  const insert = (table: string, id: string, values: object) => ['ins', 's', table, id, values]
  const made = [
    insert('lists', 'l', { name: 'l' }),
    insert('lists', 'm', { name: 'm' }),
    insert('todos', 't', { title: 't', list: 'm' }),
    insert('steps', 'p', { todo: 't' }),
    insert('notes', 'n', { list: 'm' }),
  ]
  const ann = client('ann')
  await ann.sync({ tx: [tx('A', 1, made)] })
  let n = 0
  return {
    async ann(...operations: unknown[]) {
      const base = { s: (await ann.sync()).cut.get('s')?.seq ?? 0 }
      await ann.sync({ cursors: Object.fromEntries((await ann.sync()).cut), tx: [tx('A', ++n + 1, operations, { base })] })
    },
    async bob(...operations: unknown[]) {
      const { cut } = await client('bob').sync()
      const { verdicts } = await client('bob').sync({
        cursors: Object.fromEntries(cut),
        tx: [tx(`B${n++}`, 1, operations, { base: { s: 1 } })],
      })
      return verdicts[0]
    },
    async left() {
      const { deltas } = await ann.sync()
      return deltas.flatMap(({ records }) => records.flatMap(({ r: [table, id] }) => (table === '$conflicts' ? [] : [id]))).sort()
    },
  }
}

const refusal = { is: 'refused', code: 'rule_refused' }
const del = (table: string, id: string) => ['del', 's', table, id]

test.each([
  ['what it takes along', { todos: { delete: isAnn } }],
  ['what that takes along', { steps: { delete: isAnn } }],
  ['what no longer names it', { notes: { update: isAnn } }],
])('who leaves out of a delete what goes with it is asked for as if he had not: %s', async (_, rules) => {
  const { bob, left } = await lists(rules)
  expect(await bob(del('lists', 'm'))).toMatchObject(refusal)
  // Nor does it help to name a part of it, or to do something else to it that he may.
  expect(await bob(del('todos', 't'), del('lists', 'm'))).toMatchObject(refusal)
  expect(await bob(['upd', 's', 'todos', 't', { title: 'u' }], del('lists', 'm'))).toMatchObject(refusal)
  expect(await left()).toEqual(['l', 'm', 'n', 'p', 't'])
})

test('who may do all that may leave it out', async () => {
  const { bob, left } = await lists({ lists: { insert: isAnn } })
  expect(await bob(del('lists', 'm'))).toMatchObject({ is: 'applied' })
  expect(await left()).toEqual(['l', 'n'])
})

test('rules are not asked about what he could not know, nor about what hangs on that', async () => {
  const { ann, bob, left } = await lists({ todos: { delete: isAnn }, steps: { delete: isAnn } })
  await ann(['upd', 's', 'todos', 't', { list: 'l' }])
  expect(await bob(del('lists', 'l'))).toMatchObject({ is: 'applied' })
  expect(await left()).toEqual(['m', 'n'])
})

/** How often a transaction makes the server go through a table. */
async function looksOf(write: () => Promise<unknown>) {
  const rows = vi.spyOn(Overlay.prototype, 'rows')
  try {
    await write()
    return rows.mock.calls.length
  } finally {
    rows.mockRestore()
  }
}

const MANY = Array.from({ length: 50 }, (_, i) => `${i}`)

test('a table is gone through once for what is to be unique, however many are inserted', async () => {
  const unique = defineSchema({ version: 1, tables: { names: table({ of: string(), name: string().nullable() }).unique('of', 'name') } })
  const ann = testServer({ schema: unique } as never).client('ann')
  const named = (id: string, name: string | null) => ['ins', 'home:ann', 'names', id, { of: 'x', name }]
  const first = MANY.map((id) => named(id, id))
  expect(await looksOf(() => ann.sync({ tx: [tx('A', 1, first)] }))).toBe(1)
  const send = async (n: number, ...operations: unknown[]) => (await ann.sync({ tx: [tx('A', n, operations)] })).verdicts[0]
  expect(await send(2, named('a', null), named('b', null))).toMatchObject({ is: 'applied' })
  expect(await send(3, named('c', '7'))).toMatchObject({ is: 'refused', code: 'not_unique' })
  expect(await send(4, named('c', 'c'), named('d', 'c'))).toMatchObject({ is: 'refused', code: 'not_unique' })
  expect(await send(5, ['del', 'home:ann', 'names', '7'], named('c', '7'))).toMatchObject({ is: 'applied' })
})

test('a table is gone through once for what names the records that go, however many do', async () => {
  const { client } = testServer({ schema } as never)
  const ann = client('ann')
  const insert = (table: string, id: string, values: object) => ['ins', 'home:ann', table, id, values]
  const made = MANY.flatMap((id) => [
    insert('lists', id, { name: id }),
    insert('todos', id, { title: id, list: id }),
    insert('steps', id, { todo: id }),
    insert('notes', id, { list: id }),
  ])
  const { cut } = await ann.sync({ tx: [tx('A', 1, made)] })
  const gone = MANY.map((id) => ['del', 'home:ann', 'lists', id])
  const sent = { cursors: Object.fromEntries(cut), tx: [tx('A', 2, gone, { base: { 'home:ann': 1 } })] }
  expect(await looksOf(() => ann.sync(sent))).toBe(3)
  const { deltas } = await ann.sync()
  expect(deltas.flatMap(({ records }) => records.map(({ r: [table] }) => table))).toEqual(MANY.map(() => 'notes'))
})
