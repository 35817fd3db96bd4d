import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import { expect, test } from 'vitest'
import { startServer } from './server-process.ts'

test('a server process answers, takes orders, and keeps its data over kill and stop', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
  const server = await startServer({ file, files: import.meta.dirname })
  const ann = wireClient(fetch, 'ann', `${server.url}/holdfast`)
  await server.grant('L', 'ann', 'write', 'owner')
  const answer = await ann.sync({ tx: [tx('A', 1, [['ins', 'L', 'todos', 't1', { title: 'Milk' }]])], known: { A: 0 } })
  expect(answer.verdicts).toEqual([{ is: 'applied', dot: ['A', 1], at: { L: 1 }, conflicts: 0 }])
  expect((await fetch(`${server.url}/test-schema.ts`)).status).toBe(200)
  const live = await ann.live('follow=L')
  expect(await live.next()).toMatchObject({ is: 'cut' })
  await server.kill9()
  const again = await startServer({ file, port: server.port })
  expect(await again.dump('L')).toEqual({
    seq: 1,
    tables: { todos: [{ id: 't1', $space: 'L', title: 'Milk', done: false, votes: 0, tags: [] }], $conflicts: [] },
  })
  await again.stop()
})
