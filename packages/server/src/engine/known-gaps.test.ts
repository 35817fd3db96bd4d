import { defineSchema, ref, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { argsOf, call, testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

// What a review found and nobody has mended yet: each of these is to fail, and will say so when it does not any more. And one that was mended.

const schema = defineSchema({
  version: 1,
  tables: {
    lists: table({ name: string() }),
    todos: table({ title: string(), list: ref('lists', { onDelete: 'cascade' }) }),
    bills: table({ list: ref('lists', { onDelete: 'restrict' }) }),
  },
})

test.fails('a client that says that it has seen less than it has deletes what rules forbid him, as one would that was away', async () => {
  const rules = schema.rules({ todos: { delete: ({ userId }) => userId === 'ann' } })
  const { client, server } = testServer({ schema, rules } as never)
  for (const user of ['ann', 'bob']) await server.grant('s', user, 'write')
  const list = ['ins', 's', 'lists', 'l', { name: 'l' }]
  const item = ['ins', 's', 'todos', 't', { title: 't', list: 'l' }]
  const { cut } = await client('ann').sync({ tx: [tx('A', 1, [list]), tx('A', 2, [item])] })
  const said = await client('bob').sync({
    cursors: Object.fromEntries(cut),
    tx: [tx('B', 1, [['del', 's', 'lists', 'l']], { base: { s: 1 } })],
  })
  expect(said.verdicts).toMatchObject([{ is: 'refused', code: 'rule_refused' }])
})

test('P9: a command with the server’s rights does not pass on what stands in a space that its caller may not read', async () => {
  const commands = { close: schema.command({ args: argsOf<object>() }) }
  const close = (write: { space(id: string): { lists: { delete(id: string): unknown } } }) => write.space('secret').lists.delete('l')
  const { client, server } = testServer({ schema, commands, run: { close } } as never)
  await server.grant('secret', 'ann', 'write')
  const bill = [
    ['ins', 'secret', 'lists', 'l', { name: 'l' }],
    ['ins', 'secret', 'bills', 'invoice-of-carol', { list: 'l' }],
  ]
  await client('ann').sync({ tx: [tx('A', 1, bill)] })
  const said = await client('bob').sync({ tx: [tx('B', 1, [call('close')])] })
  expect(said.verdicts).toMatchObject([{ is: 'refused', code: 'restricted', message: 'The server cannot carry out this command.' }])
})
