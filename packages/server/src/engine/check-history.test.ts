import { copyFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { sqlite } from '../storage/sqlite/sqlite-storage.ts'
import { applied, insert, refused, testServer, update } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'

/** A server at seq 2, backed up there; goes on to 4; is restored, and begins epochs from e2 on. */
async function restoredServer(...heals: readonly (0 | 1)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'))
  const [file, backup] = [join(folder, 'a.db'), join(folder, 'backup.db')]
  const open = (path: string) => testServer({ storage: sqlite(path, { epoch: 'e1' }) })
  const before = open(file)
  for (const user of ['ann', 'bob']) await before.grant('L', user, 'write')
  const ann = before.client('ann')
  const at: Record<number, Cursor> = {}
  const push = async (n: number, operation: unknown, base = n - 1) => {
    const cursors = base > 0 ? { L: at[base] as Cursor } : {}
    const answer = await ann.sync({ cursors, tx: [tx('A', n, [operation], { base: { L: base } })] })
    at[n] = answer.cut.get('L') as Cursor
  }
  await push(1, insert('L', 't1'))
  await push(2, insert('L', 't2'))
  await before.close()
  copyFileSync(file, backup)
  const lost = open(file)
  Object.assign(ann, lost.client('ann'))
  await push(3, update('L', 't1', { title: 'Oat' }))
  await push(4, ['inc', 'L', 'todos', 't1', 'votes', 1])
  await lost.close()
  const db = new Database(backup)
  for (const [i, heal] of heals.entries()) db.prepare('INSERT INTO epochs (id, heal) VALUES (?, ?)').run(`e${i + 2}`, heal)
  db.close()
  return { at, world: open(backup) }
}

test('walkthrough 9: a restored server is noticed, says where it agrees, and takes again what it lost', async () => {
  const { at, world } = await restoredServer(1)
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  await bob.sync({ tx: [tx('B', 1, [insert('L', 'b1')])] })
  const cursors = { L: at[4] as Cursor }
  const pending = tx('A', 5, [update('L', 't2', { done: true })], { base: { L: 4 } })
  expect(await ann.sync({ cursors, known: { A: 4 }, tx: [pending] })).toMatchObject({ differs: ['L'], verdicts: [] })
  const positions = { L: [4, 3, 2, 1].map((seq) => at[seq] as Cursor) }
  const reset = await ann.sync({ cursors, positions, known: { A: 4 } })
  expect(reset.reset).toEqual(new Map([['L', { agree: 2, heal: true }]]))
  expect(reset.lost).toEqual(new Map([['A', 2]]))
  const base = { L: 2 }
  const healed = await ann.sync({
    cursors: { L: at[2] as Cursor },
    fresh: ['L'],
    follow: ['L'],
    known: { A: 2 },
    tx: [tx('A', 3, [update('L', 't1', { title: 'Oat' })], { base }), voided('A', 4, 'lost'), { ...pending, base, seen: { A: 4 } }],
  })
  expect(healed.verdicts).toMatchObject([applied('A', 3, { L: 4 }), refused('A', 4, 'lost'), applied('A', 5, { L: 5 })])
  expect(healed.deltas).toMatchObject([{ space: 'L', from: 0, to: 5, whole: true }])
  await world.close()
})

test('whether to heal is what the operator said, also to who was not at the last position that both share', async () => {
  const { at, world } = await restoredServer(0)
  const ann = world.client('ann')
  const ask = { cursors: { L: at[4] as Cursor }, positions: { L: [4, 2, 1].map((seq) => at[seq] as Cursor) } }
  const heal = async () => (await ann.sync(ask)).reset?.get('L')
  expect(await heal()).toEqual({ agree: 2, heal: false })
  await world.client('bob').sync({ tx: [tx('B', 1, [insert('L', 'b1')])] })
  expect(await heal()).toEqual({ agree: 2, heal: false })
  expect((await ann.sync({ ...ask, positions: { L: [at[1] as Cursor] } })).reset?.get('L')).toEqual({ agree: 1, heal: false })
  await world.close()
})

test.each([
  [[0, 1], false],
  [[1, 0], false],
  [[1, 1], true],
] as const)('restored twice, the operator saying %j: what he did not want back stays away', async (heals, heal) => {
  const { at, world } = await restoredServer(...heals)
  const ask = { cursors: { L: at[4] as Cursor }, positions: { L: [4, 1].map((seq) => at[seq] as Cursor) } }
  expect((await world.client('ann').sync(ask)).reset?.get('L')).toEqual({ agree: 1, heal })
  await world.close()
})
