import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { unsafeTrustToken } from './dev.ts'
import { sqlite } from './storage/sqlite/sqlite-storage.ts'
import { createSyncServer } from './sync-server.ts'
import { tx, wireClient } from './wire-client.kit.ts'

const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean().default(false), votes: counter(), tags: set(string()) }).index('done', 'title'),
  },
})

test('a push over SQLite is decided, stored and pulled', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
  const server = createSyncServer({ schema, storage: sqlite(file), authenticate: unsafeTrustToken })
  const ann = wireClient(server.fetch, 'ann')
  const answer = await ann.sync({ tx: [tx('A', 1, [['ins', 'home:ann', 'todos', 't1', { title: 'Milk' }]])], known: { A: 0 } })
  expect(answer.verdicts).toEqual([{ is: 'applied', dot: ['A', 1], at: { 'home:ann': 1 }, conflicts: 0 }])
  expect(answer.deltas[0]?.records[0]?.f?.title).toEqual(['Milk', [0]])
  expect(answer.spaces).toEqual([{ space: 'home:ann', access: 'write', role: 'owner' }])
  await server.close()
})
