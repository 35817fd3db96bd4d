import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { memoryStorage } from '../storage/memory-storage.ts'
import { sqlite } from '../storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { argsOf, call, insert, refused, schema, testServer, update } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'
import { need } from './reads.ts'

const home = 'home:ann'
const shared = 'shared'
const made = 'list_AAAAAAAAAAAAAAAAAAAAAA'

/** Everything that a storage in memory could have been changed in. */
const contentOf = (storage: Storage) =>
  storage.read(function* () {
    const found: unknown[] = [yield* need('meta')]
    for (const space of [home, shared, made, 'home:bob', 'server:invites'])
      found.push(yield* need('space', space), yield* need('changedSince', space, 0), yield* need('members', space))
    for (const session of ['A', 'B', 'N', 'S']) {
      found.push(yield* need('session', session))
      for (let n = 1; n < 12; n++) found.push(yield* need('answer', session, n), yield* need('logged', session, n))
    }
    for (const user of ['ann', 'bob']) found.push(yield* need('grants', user))
    return JSON.stringify(found)
  })

function sqliteFile() {
  const file = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
  const storage = sqlite(file)
  /** Every row of every table. */
  const content = async () => {
    const db = new Database(file, { readonly: true })
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[]
    const rows = tables.map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).all()])
    db.close()
    return JSON.stringify(rows)
  }
  return { storage, content }
}

function inMemory() {
  const storage = memoryStorage()
  return { storage, content: () => contentOf(storage) }
}

/** A server with every hook, on which Bob has written what Ann is about to write over. */
async function begin({ storage, content } = inMemory()) {
  const heard: string[] = []
  const commands = {
    invite: schema.command({ args: argsOf<{ user: string }>(), result: argsOf<{ secret: string }>() }),
    boom: schema.command({ args: argsOf<object>() }),
  }
  const world = testServer<typeof commands>({
    storage,
    commands,
    run: {
      invite(write, { user }, server) {
        const secret = server.secret()
        write.space('server:invites').todos.insert({ id: 'invite', title: secret })
        server.grant(made, user, 'read')
        return { secret }
      },
      boom() {
        throw new Error('broken')
      },
    },
    validate: ({ changes, read, user }) => {
      heard.push(`validate ${user.id} ${changes.length} ${read.space(shared).todos.count().read()}`)
    },
    onCommit: () => {
      heard.push('onCommit')
    },
  })
  await world.grant(shared, 'ann', 'write')
  await world.grant(shared, 'bob', 'write')
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  const first = await ann.sync({ tx: [tx('A', 1, [insert(home, 't1'), insert(shared, 't1')])], known: { A: 0 } })
  await bob.sync({
    cursors: cursorsOf(first),
    tx: [tx('B', 1, [update(shared, 't1', { title: 'Bob’s' })], { base: { [shared]: 1 }, at: 5_000 })],
  })
  heard.length = 0
  return { world, ann, bob, heard, first, content }
}

const cursorsOf = (response: { cut: ReadonlyMap<string, { seq: number; hash: string }> }) => Object.fromEntries(response.cut)

/** Applied, with a loss; refused; void; begun; run. */
const queue = [
  tx('A', 2, [update(shared, 't1', { title: 'Ann’s' })], { base: { [shared]: 1 }, at: 4_000 }),
  tx('A', 3, [insert(home, 't1')], { base: { [home]: 1 } }),
  voided('A', 4),
  tx('A', 5, [insert(made, 'm')]),
  tx('A', 6, [call('invite', { user: 'bob' })]),
  tx('A', 7, [call('boom', {})]),
  tx('A', 8, [update(home, 't9', { title: 'nobody’s' })], { base: { [home]: 1 } }),
]

const seeing = (first: Parameters<typeof cursorsOf>[0]) => ({ cursors: cursorsOf(first), known: { A: 1 }, tx: queue, pull: false })

test.each([
  ['memory', inMemory],
  ['SQLite', sqliteFile],
])('a preview says what a sync then says, and leaves nothing behind: %s', async (_, make) => {
  const { ann, world, heard, first, content } = await begin(make())
  const stream = await ann.live()
  await stream.next()
  const before = await content()
  const previewed = await ann.preview(seeing(first))
  expect(await content()).toBe(before)
  expect(heard.filter((what) => what === 'onCommit')).toEqual([])
  expect(heard.length).toBeGreaterThan(0)
  const told = stream.next()
  expect(await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 30, 'nobody is told'))])).toBe('nobody is told')

  const real = await ann.sync(seeing(first))
  expect(await told).toMatchObject({ is: 'access' })
  expect(await content()).not.toBe(before)
  expect(heard).toContain('onCommit')
  // What a command gives back is of the run that counts.
  const withoutResults = real.verdicts.map((one) => (one.is === 'applied' ? { ...one, result: undefined } : one))
  expect(previewed.verdicts).toEqual(withoutResults)
  expect(real.verdicts.map((one) => (one.is === 'refused' ? one.code : one.is))).toEqual([
    'applied',
    'exists',
    'discarded',
    'applied',
    'applied',
    'hook_failed',
    'unknown_record',
  ])
  expect(world.logged.filter(({ event }) => event === 'hook_failed')).toHaveLength(2)

  expect([...previewed.drops]).toEqual([['A.2', [expect.objectContaining({ space: shared })]]])
  const [drop] = previewed.drops.get('A.2') ?? []
  expect(drop?.value).toMatchObject({
    to: 'ann',
    table: 'todos',
    record: 't1',
    field: 'title',
    kept: { value: 'Bob’s' },
    dropped: { value: 'Ann’s' },
  })
  const pulled = await ann.sync({ cursors: cursorsOf(first) })
  const written = pulled.deltas.flatMap(({ records }) => records).find(({ r: [table] }) => table === '$conflicts')
  expect(written?.r[1]).toBe(drop?.id)
  expect(written?.f?.v).toMatchObject([drop?.value, expect.anything()])
  await stream.cancel()
})

test('it names the cut that it was made at: every space that counted and that the user may read', async () => {
  const { ann, bob, first } = await begin()
  const { cut } = await ann.preview(seeing(first))
  expect(Object.fromEntries([...cut].map(([space, { seq }]) => [space, seq]))).toEqual({ [home]: 1, [shared]: 2 })
  // One that he may not read is told as one that is not there.
  const foreign = await bob.preview({ tx: [tx('N', 1, [insert(home, 'x')])] })
  expect(foreign.verdicts).toMatchObject([refused('N', 1, 'forbidden')])
  expect([...foreign.cut.keys()]).toEqual([])
  expect([...foreign.drops]).toEqual([])
})

test('what it would drop of somebody else says whose it was', async () => {
  const { ann, first } = await begin()
  const later = tx('A', 2, [update(shared, 't1', { title: 'Ann’s' })], { base: { [shared]: 1 }, at: 6_000 })
  const { drops } = await ann.preview({ ...seeing(first), tx: [later] })
  expect(drops.get('A.2')).toMatchObject([{ value: { to: 'bob', dropped: { value: 'Bob’s' }, kept: { value: 'Ann’s', user: 'ann' } } }])
})

test('what a later write loses once more, or wins, is told as it stands in the end', async () => {
  const { ann, first } = await begin()
  const write = (n: number, title: string, at: number) => tx('A', n, [update(shared, 't1', { title })], { base: { [shared]: 1 }, at })
  const lost = await ann.preview({ ...seeing(first), tx: [write(2, 'one', 3_000), write(3, 'two', 4_000)] })
  expect(lost.verdicts).toMatchObject([{ conflicts: 1 }, { conflicts: 1 }])
  expect([...lost.drops].map(([name, drops]) => [name, drops.map(({ value }) => value.dropped.value)])).toEqual([['A.3', ['two']]])
  const won = await ann.preview({ ...seeing(first), tx: [write(2, 'one', 4_000), write(3, 'two', 6_000)] })
  expect([...won.drops].map(([name, drops]) => [name, drops.map(({ value }) => value.to)])).toEqual([['A.3', ['bob']]])
})

test('it is refused like any request: another user’s token, another schema, another history', async () => {
  const { world, ann, first } = await begin()
  expect(await ann.preview({ user: 'bob' })).toMatchObject({ status: 409, problem: { code: 'wrong_user' } })
  expect(await world.client('bob').preview({ ...seeing(first), user: 'bob' })).toMatchObject({ problem: { code: 'wrong_user' } })
  expect(await ann.preview({ version: 2 })).toMatchObject({ status: 409, problem: { code: 'upgrade' } })
  expect(await world.client(' ').preview()).toMatchObject({ status: 401, problem: { code: 'unauthenticated' } })
  const elsewhere = { [home]: { seq: 1, hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }
  expect(await ann.preview({ cursors: elsewhere, tx: queue.slice(1, 2) })).toMatchObject({ differs: [home], verdicts: [] })
})
