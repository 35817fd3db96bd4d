// The backup case on real parts: a server process on a SQLite file, the CLI as a program, two browsers that are not told anything.
import { execFile } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { eventually, type Tab, useBrowser } from './browser-page.ts'

const world = useBrowser()
const L = 'list'
const BIN = fileURLToPath(new URL('../../server/src/cli/bin.ts', import.meta.url))

/** A backup of the file while the server writes to it, as docs/backup.md says. */
function backUp(): string {
  const copy = join(dirname(world.file), 'backup.db')
  const db = new DatabaseSync(world.file)
  db.exec(`VACUUM INTO '${copy}'`)
  db.close()
  return copy
}

/** The operator, as docs/backup.md says; `undefined` is one who only copies the file. Gives what the command says. */
async function putBack(copy: string, options?: readonly string[]): Promise<string> {
  await world.server.stop()
  for (const end of ['-wal', '-shm']) rmSync(`${world.file}${end}`, { force: true })
  copyFileSync(copy, world.file)
  const said = options && (await promisify(execFile)(process.execPath, [BIN, 'restore', ...options, world.file])).stdout
  await world.restart()
  return said ?? ''
}

/** Ann and Bob on a browser each, and Cyn, who writes one thing and is gone for good; a backup in the middle of their work. */
async function writeOn() {
  await Promise.all(['ann', 'bob', 'cyn'].map((user) => world.server.grant(L, user, 'write')))
  const [ann, bob, cyn] = await Promise.all(['ann', 'bob', 'cyn'].map(async (user) => await (await world.device()).tab(user)))
  const [a, b, c] = [ann as Tab, bob as Tab, cyn as Tab]
  await a.run(async (space) => {
    await db.space(space).todos.insert({ id: 'before', title: 'before', votes: 1 })
  }, L)
  await eventually(() => b.rowsOf(L)).toHaveLength(1)
  await Promise.all([a, b, c].map((tab) => tab.synced()))
  const copy = backUp()
  await a.run(async (space) => {
    const { todos } = db.space(space)
    await todos.insert({ id: 'by-ann', title: 'by Ann' })
    for (let i = 0; i < 5; i++) await todos.increment('before', 'votes', 10)
  }, L)
  await eventually(() => b.rowsOf(L)).toMatchObject([{ id: 'before', votes: 51 }, { id: 'by-ann' }])
  await b.run(async (space) => {
    const { todos } = db.space(space)
    await todos.update('by-ann', { title: 'by Ann and Bob' })
    await todos.insert({ id: 'by-bob', title: 'by Bob' })
  }, L)
  await c.run(async (space) => {
    await db.space(space).todos.insert({ id: 'by-cyn', title: 'by Cyn' })
  }, L)
  for (const tab of [a, b, c]) await eventually(() => tab.rowsOf(L)).toHaveLength(4)
  await Promise.all([a, b, c].map((tab) => tab.synced()))
  await c.page.context().close()
  return { ann: a, bob: b, copy }
}

/** A device that has never been here, these, and the server have the same. */
async function agree(...tabs: readonly Tab[]) {
  const fresh = await (await world.device()).tab('ann')
  await Promise.all([fresh, ...tabs].map((tab) => tab.synced()))
  const rows = await world.onServer(L)
  for (const tab of [fresh, ...tabs]) await eventually(() => tab.rowsOf(L)).toEqual(rows)
}

const restored = async (tab: Tab) => (await tab.status()).restored
const letters = (tab: Tab) => tab.run(() => db.deadLetters.read().map(({ code, waits, summary }) => ({ code, waits, summary })))

test.each([
  ['only the file is put back', undefined],
  ['holdfast restore', []],
] as const)(
  'Shown by 6, faults D5, D6: %s: clients notice by themselves, and what the devices of its authors hold is back',
  async (_, options) => {
    const { ann, bob, copy } = await writeOn()
    const said = await putBack(copy, options)
    if (options) expect(said).toMatch(/Epoch [\w-]{16} begins/)
    // Whoever comes first, each brings his own.
    await eventually(async () => (await world.onServer(L))?.map(({ id, title, votes }) => [id, title, votes])).toEqual([
      ['before', 'before', 51],
      ['by-ann', 'by Ann and Bob', 0],
      ['by-bob', 'by Bob', 0],
    ])
    await agree(ann, bob)
    await eventually(() => letters(bob)).toEqual([])
    expect(await letters(ann)).toEqual([])
    await eventually(() => restored(ann)).toMatchObject({ healing: 0, back: 6, lost: 0 })
    await eventually(() => restored(bob)).toMatchObject({ healing: 0, back: 2, lost: 0 })
    // What Cyn wrote only she could send. That it is missing the server knows by nobody.
    expect((await world.server.metrics()).healing).toMatchObject({ lost: 8, gone: 0 })
    expect(world.complaints).toEqual([])
  },
)

test('Shown by 6: what its author may not write any more, or rests on what nobody brings back, is listed', async () => {
  const { ann, bob, copy } = await writeOn()
  const device = await world.device()
  const dan = await device.tab('dan')
  await dan.synced()
  await world.server.grant(L, 'dan', 'write')
  await eventually(() => dan.rowsOf(L)).toHaveLength(4)
  await dan.run(async (space) => {
    await db.space(space).todos.update('by-cyn', { title: 'by Cyn and Dan' })
  }, L)
  await bob.run(async (space) => {
    await db.space(space).todos.update('by-cyn', { done: true })
  }, L)
  await Promise.all([dan, bob].map((tab) => tab.synced()))
  await putBack(copy, [])
  await eventually(() => letters(bob)).toMatchObject([
    { code: 'unknown_record', waits: true, summary: [expect.stringContaining('by-cyn')] },
  ])
  // Dan was let in after the backup was made.
  await eventually(() => letters(dan)).toMatchObject([{ code: 'revoked' }])
  await eventually(() => restored(bob)).toMatchObject({ healing: 0, back: 2, lost: 1 })
  await eventually(() => restored(dan)).toMatchObject({ healing: 0, back: 0, lost: 1 })
  await agree(ann, bob)
  expect((await world.onServer(L))?.map(({ id }) => id)).toEqual(['before', 'by-ann', 'by-bob'])
})

test('Shown by 6: with --no-heal nothing comes back, and all of it is listed', async () => {
  const { ann, bob, copy } = await writeOn()
  expect(await putBack(copy, ['--no-heal'])).toContain('stays away')
  await eventually(() => restored(ann)).toMatchObject({ healing: 0, back: 0, lost: 6 })
  await eventually(() => restored(bob)).toMatchObject({ healing: 0, back: 0, lost: 2 })
  await agree(ann, bob)
  expect(await world.onServer(L)).toMatchObject([{ id: 'before', votes: 1 }])
  expect(await letters(ann)).toEqual([
    { code: 'lost', waits: false, summary: [expect.stringContaining('insert todos by-ann')] },
    ...Array.from({ length: 5 }, () => ({ code: 'lost', waits: false, summary: ['increment votes of todos before: 10'] })),
  ])
  expect((await letters(bob)).map(({ code }) => code)).toEqual(['lost', 'lost'])
  // Work goes on, and does not carry it along.
  await bob.run(async (space) => {
    await db.space(space).todos.insert({ id: 'after', title: 'after' })
  }, L)
  await agree(ann, bob)
  expect((await world.onServer(L))?.map(({ id }) => id)).toEqual(['after', 'before'])
})
