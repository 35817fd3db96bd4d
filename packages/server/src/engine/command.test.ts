import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refuse } from '@holdfast/shared'
import { describe, expect, test } from 'vitest'
import { sqlite } from '../storage/sqlite/sqlite-storage.ts'
import { applied, argsOf, call, insert, refused, schema, testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

const HOME = 'home:ann'
const INVITES = 'server:invites'

const commands = {
  add: schema.command({
    args: argsOf<{ space?: string; title: string }>((args) => (typeof args?.title === 'string' ? undefined : 'A title is missing.')),
    run: (tx, { space = tx.home.id, title }) => tx.space(space).todos.insert({ title }),
  }),
  invite: schema.command({ args: argsOf<{ space: string }>(), result: argsOf<{ secret: string }>() }),
  join: schema.command({ args: argsOf<{ secret: string }>(), result: argsOf<{ space: string }>() }),
}

type Config = NonNullable<Parameters<typeof testServer<typeof commands>>[0]>
const bodies: NonNullable<Config['run']> = {
  invite(tx, { space }, server) {
    if (server.access(space)?.role !== 'owner') throw refuse('not_owner', 'Only its owner can share a list.')
    const secret = server.secret()
    tx.space(INVITES).todos.insert({ id: secret, title: space })
    return { secret }
  },
  join(tx, { secret }, server) {
    const invite = tx.space(INVITES).todos.get(secret)
    if (!invite) throw refuse('link_expired', 'This link is no longer valid.')
    server.grant(invite.title, server.user.id, 'write')
    return { space: invite.title }
  },
}
const sharing = (more: Partial<Config> = {}) => testServer<typeof commands>({ commands, run: bodies, ...more })

describe('a shared body', () => {
  test('runs with its caller’s rights; ids come from its dot, time from its decided at', async () => {
    const { client, grant } = sharing()
    await grant('L', 'ann', 'read')
    const answer = await client('ann').sync({
      tx: [
        tx('A', 1, [call('add', { title: 'Milk' })]),
        tx('A', 2, [call('add', { title: 'No', space: 'L' })]),
        tx('A', 3, [call('add', { title: 'No', space: 'M' })]),
      ],
    })
    expect(answer.verdicts).toEqual([
      { ...applied('A', 1, { [HOME]: 1 }), result: 'A-1-1' },
      { ...refused('A', 2, 'forbidden'), message: 'This user may not write there.' },
      { ...refused('A', 3, 'forbidden'), message: 'This user may not write there.' },
    ])
    expect(answer.deltas.flatMap(({ records }) => records)).toMatchObject([{ r: ['todos', 'A-1-1'], f: { title: ['Milk', [0]] } }])
  })

  test('sees its own writes, all spaces of its caller, and nothing of others', async () => {
    const seen: unknown[] = []
    const look = schema.command({
      args: argsOf<object>(),
      run(tx) {
        // Only what the run that counts has seen.
        seen.length = 0
        tx.home.todos.insert({ id: 'h2', title: 'B' })
        tx.todos.update('l1', { title: 'C' })
        tx.todos.increment('l1', 'votes', 2)
        tx.todos.reset('l1', 'votes', 7)
        seen.push(
          tx.todos
            .orderBy('title', 'desc')
            .read()
            .map((row) => `${row.$space} ${row.id} ${row.title} ${row.votes}`),
          tx.todos
            .where({ title: { gt: 'A' } })
            .count()
            .read(),
          tx.todos.where({ $space: 'L' }).first().read()?.id,
          tx.todos.limit(1).read().length,
          [tx.todos.get('s'), tx.space('S').todos.get('s'), tx.space('S').todos.count().read(), tx.space('\0').todos.read()],
          tx.now,
        )
        try {
          tx.todos.get('same')
        } catch (error) {
          seen.push((error as { code: string }).code)
        }
        tx.todos.delete('nowhere')
      },
    })
    const { client, grant } = testServer({ commands: { look } })
    await grant('L', 'ann', 'write')
    await grant('S', 'bob', 'write')
    await client('bob').sync({ tx: [tx('B', 1, [insert('S', 's')])] })
    const answer = await client('ann').sync({
      tx: [
        tx('A', 1, [insert(HOME, 'h1', { title: 'A' }), insert('L', 'l1', { title: 'A' }), insert('L', 'same'), insert(HOME, 'same')]),
        tx('A', 2, [call('look')], { at: 5 * 1024 }),
      ],
    })
    expect(answer.verdicts).toMatchObject([{ is: 'applied' }, refused('A', 2, 'unknown_record')])
    expect(seen).toEqual([
      ['L same Milk 0', `${HOME} same Milk 0`, 'L l1 C 7', `${HOME} h2 B 0`, `${HOME} h1 A 0`],
      4,
      'l1',
      1,
      [undefined, undefined, 0, []],
      5,
      'ambiguous_id',
    ])
  })

  test('rules are judged, and it has seen everything: it loses against nothing', async () => {
    const rename = schema.command({ args: argsOf<{ title: string }>(), run: (tx, { title }) => tx.todos.update('t1', { title }) })
    const { client, grant } = testServer({
      commands: { rename },
      rules: { todos: { update: ({ after, role }) => role === 'owner' || after.title !== 'no' } },
    })
    await grant('L', 'ann', 'write', 'owner')
    await grant('L', 'bob', 'write')
    await client('ann').sync({ tx: [tx('A', 1, [insert('L', 't1')])] })
    const call1 = (title: string) => [call('rename', { title })]
    const bob = await client('bob').sync({ tx: [tx('B', 1, call1('no')), tx('B', 2, call1('Rice'), { at: 1 })] })
    expect(bob.verdicts).toMatchObject([refused('B', 1, 'rule_refused'), applied('B', 2, { L: 2 })])
    expect((await client('ann').sync({ tx: [tx('A', 2, call1('no'), { at: 2 })] })).verdicts).toMatchObject([applied('A', 2, { L: 3 })])
  })

  test('twenty who book at once never get more seats than there are', async () => {
    const book = schema.command({
      args: argsOf<object>(),
      run(tx) {
        if (tx.space('room').todos.count().read() >= 3) throw refuse('room_full', 'Nothing is left.')
        return tx.space('room').todos.insert({ title: tx.userId })
      },
    })
    const { client, grant } = testServer({ commands: { book } })
    const users = Array.from({ length: 20 }, (_, i) => `u${i}`)
    for (const user of users) await grant('room', user, 'write')
    const answers = await Promise.all(users.map((user) => client(user).sync({ tx: [tx(`S${user}`, 1, [call('book')])] })))
    const verdicts = answers.map(({ verdicts: [one] }) => (one?.is === 'refused' ? `${one.code} ${one.message}` : one?.is))
    expect(verdicts.toSorted()).toEqual([...Array(3).fill('applied'), ...Array(17).fill('room_full Nothing is left.')])
  })
})

describe('a body of the server’s', () => {
  test('writes where nobody may, grants with the commit, and names no space that its caller may not read', async () => {
    const { client, grant } = sharing()
    await grant('L', 'ann', 'write', 'owner')
    const ann = client('ann')
    const invited = await ann.sync({ tx: [tx('A', 1, [call('invite', { space: 'L' })])] })
    expect(invited.verdicts).toEqual([{ ...applied('A', 1, {}), result: { secret: expect.stringMatching(/^[\w-]{22}$/) } }])
    expect(JSON.stringify([...invited.cut])).not.toContain(INVITES)
    const [verdict] = invited.verdicts
    const result = verdict?.is === 'applied' ? (verdict.result as { secret: string }) : undefined
    const bob = await client('bob').sync({
      tx: [
        tx('B', 1, [insert('L', 'early')]),
        tx('B', 2, [call('invite', { space: 'L' })]),
        tx('B', 3, [call('join', { secret: 'guess' })]),
        tx('B', 4, [call('join', result)]),
        tx('B', 5, [insert('L', 'late')]),
      ],
    })
    expect(bob.verdicts).toMatchObject([
      refused('B', 1, 'forbidden'),
      { ...refused('B', 2, 'not_owner'), message: 'Only its owner can share a list.' },
      refused('B', 3, 'link_expired'),
      { ...applied('B', 4, {}), result: { space: 'L' } },
      applied('B', 5, { L: 1 }),
    ])
    expect(bob.spaces).toContainEqual({ space: 'L', access: 'write', role: null })
  })

  test('a refused one grants nothing; what an accepted one grants is there for the next of the batch', async () => {
    const share = schema.command({ args: argsOf<{ fail?: boolean }>() })
    const { client } = testServer<{ share: typeof share }>({
      commands: { share },
      run: {
        share(tx, { fail }, server) {
          server.grant('N', server.user.id, 'write', 'owner')
          if (server.access('N')?.role !== 'owner' || server.members('N').length !== 1) throw new Error('does not see its own grant')
          tx.space('N').todos.insert({ title: 'x' })
          if (fail) tx.space('N').todos.delete('nothing')
        },
      },
    })
    const ann = client('ann')
    const first = await ann.sync({ tx: [tx('A', 1, [call('share', { fail: true })]), tx('A', 2, [insert('N', 'n1')])] })
    expect(first.verdicts).toMatchObject([refused('A', 1, 'unknown_record'), refused('A', 2, 'forbidden')])
    expect(first.spaces?.map(({ space }) => space)).toEqual([HOME])
    const second = await ann.sync({ tx: [tx('A', 3, [call('share')]), tx('A', 4, [insert('N', 'n1')])] })
    expect(second.verdicts).toMatchObject([applied('A', 3, { N: 1 }), applied('A', 4, { N: 2 })])
  })

  test('takes the place of the shared one, with what authenticate returned', async () => {
    const { client } = testServer<typeof commands, { id: string; name: string }>({
      commands,
      authenticate: () => ({ id: 'ann', name: 'Ann' }),
      run: { ...bodies, add: (tx, { title }, { user }) => tx.space('anywhere').todos.insert({ title: `${title} of ${user.name}` }) },
    })
    const answer = await client('ann').sync({ tx: [tx('A', 1, [call('add', { title: 'Milk' })])] })
    expect(answer.verdicts).toEqual([{ ...applied('A', 1, {}), result: 'A-1-1' }])
  })
})

describe('exactly once', () => {
  test('the same dot gets the same result, word for word, also after a restart; the same with other arguments is a fork', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
    let world = sharing({ storage: sqlite(file) } as never)
    await world.grant('L', 'ann', 'write', 'owner')
    const ask = { tx: [tx('A', 1, [call('invite', { space: 'L' })]), tx('A', 2, [call('add', { title: 'Milk' })])] }
    const once = await world.client('ann').sync(ask)
    expect((await world.client('ann').sync(ask)).verdicts).toEqual(once.verdicts)
    await world.close()
    world = sharing({ storage: sqlite(file) } as never)
    expect((await world.client('ann').sync({ ...ask, known: { A: 0 } })).verdicts).toEqual(once.verdicts)
    const other = await world.client('ann').sync({ tx: [tx('A', 2, [call('add', { title: 'Tea' })])] })
    expect(other.verdicts).toEqual([{ is: 'fork', dot: ['A', 2] }])
    expect((await world.client('ann').sync()).deltas.flatMap(({ records }) => records)).toHaveLength(1)
    await world.client('ann').sync({ tx: [tx('A', 3, [insert(HOME, 'x')])], known: { A: 2 } })
    expect((await world.client('ann').sync({ tx: ask.tx.slice(1) })).verdicts).toEqual([applied('A', 2, { [HOME]: 1 })])
    await world.close()
  })

  test('a body runs again from the beginning until all that it reads is there; a secret stays the same meanwhile', async () => {
    const secrets: string[] = []
    let runs = 0
    const read = schema.command({ args: argsOf<object>() })
    const { client } = testServer<{ read: typeof read }>({
      commands: { read },
      run: {
        read(tx, _, server) {
          runs++
          secrets.push(server.secret())
          for (let i = 0; i < 500; i++) tx.home.todos.get(`t${i}`)
          let count = 'none'
          try {
            count = `${tx.todos.count().read()}`
          } catch {
            // Who swallows the signal is run again all the same.
          }
          tx.home.todos.upsert('t1', { title: count })
        },
      },
    })
    await client('ann').sync({ tx: [tx('A', 1, [insert(HOME, 't0')])] })
    const answer = await client('ann').sync({ tx: [tx('A', 2, [call('read')])] })
    expect(answer.verdicts).toEqual([applied('A', 2, { [HOME]: 2 })])
    expect(answer.deltas[0]?.records[1]).toMatchObject({ r: ['todos', 't1'], f: { title: ['1', [1]] } })
    // All records in two runs, then the grants of Ann, then the table; the last has them all.
    expect(runs).toBe(4)
    expect(new Set(secrets).size).toBe(1)
  })
})

test('a body that looks until it finds something ends, although at first nothing is loaded', async () => {
  const { server } = sharing()
  await server.write((tx) => tx.space('S').todos.insert({ id: 'r700', title: 'x' }))
  let most = 0
  const found = await server.write((tx) => {
    let i = 0
    while (!tx.space('S').todos.get(`r${i}`)) most = Math.max(most, ++i)
    return i
  })
  expect(found).toBe(700)
  expect(most).toBeLessThan(1_000)
})

test('a refusal may be returned as well as thrown; a result that is not what was promised is the body’s failure', async () => {
  const { client, logged } = sharing({
    run: { ...bodies, invite: () => refuse('not_today', 'Come back tomorrow.'), join: () => ({ place: 'wrong' }) as never },
    commands: {
      ...commands,
      join: schema.command({
        args: argsOf<{ secret: string }>(),
        result: argsOf<{ space: string }>((given) => (typeof given?.space === 'string' ? undefined : 'no space')),
      }),
    },
  })
  const answer = await client('ann').sync({
    tx: [tx('A', 1, [call('invite', { space: 'L' })]), tx('A', 2, [call('join', { secret: 'x' })])],
  })
  expect(answer.verdicts).toMatchObject([
    { ...refused('A', 1, 'not_today'), message: 'Come back tomorrow.' },
    refused('A', 2, 'hook_failed'),
  ])
  expect(JSON.stringify(logged)).toContain('not what it promised')
})

describe('hostile calls and bodies that fail', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
  const bad: [string, unknown[], string][] = [
    ['an unknown name', [call('nope')], 'unknown_command'],
    ['a name of Object’s', [call('__proto__')], 'unknown_command'],
    ['a name of Object’s', [call('constructor')], 'unknown_command'],
    ['two at once', [call('add', { title: 'a' }), call('add', { title: 'b' })], 'invalid_value'],
    ['with another operation', [insert(HOME, 'y'), call('add', { title: 'a' })], 'invalid_value'],
    ['without arguments', [['cmd', 'add']], 'invalid_value'],
    ['with more than arguments', [['cmd', 'add', {}, 1]], 'invalid_value'],
    ['a name that is none', [['cmd', null, {}]], 'invalid_value'],
    ['arguments that are refused', [call('add', {})], 'invalid_value'],
    ['deep arguments', [call('add', { title: 'a', deep: deep(40) })], 'invalid_value'],
    ['hostile keys', [call('add', JSON.parse('{"title":"a","__proto__":{"x":1}}'))], 'invalid_value'],
    ['huge arguments', [call('add', { title: 'x'.repeat(300_000) })], 'invalid_value'],
    ['more bytes than a transaction has', [call('add', { title: 'x'.repeat(1_100_000) })], 'too_large'],
    ['a hostile space', [call('add', { title: 'a', space: 'a\0b' })], 'invalid_value'],
    ['a space that is none', [call('add', { title: 'a', space: 7 })], 'invalid_value'],
  ]
  test.each(bad)('%s is refused, and the queue goes on', async (_, operations, code) => {
    const { client } = sharing()
    const answer = await client('ann').sync({ tx: [tx('A', 1, operations), tx('A', 2, [insert(HOME, 't1')])] })
    expect(answer.verdicts).toMatchObject([refused('A', 1, code), applied('A', 2, { [HOME]: 1 })])
  })

  test('the message of the first issue is told', async () => {
    const answer = await sharing()
      .client('ann')
      .sync({ tx: [tx('A', 1, [call('add', {})])] })
    expect(answer.verdicts[0]).toMatchObject({ message: 'add: A title is missing.' })
  })

  const failing: [string, (tx: { home: { todos: { insert(values: object): unknown } } }) => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('the password is 1234')
      },
    ],
    ['is asynchronous', async () => Promise.reject(new Error('later'))],
    ['gives what is no JSON', () => new Date()],
    ['gives a function', () => ({ f() {} })],
    ['gives too much', () => 'x'.repeat(64 * 1024)],
    ['never has enough', (tx) => Array.from({ length: 10_001 }, () => tx.home.todos.insert({ title: 'x' }))],
  ]
  test.each(failing)('a body that %s refuses its own transaction; only the log is told why', async (what, body) => {
    const fail = schema.command({ args: argsOf<object>() })
    const { client, logged } = testServer({ commands: { fail }, run: { fail: body as never } })
    const [ann, bob] = await Promise.all([
      client('ann').sync({ tx: [tx('A', 1, [call('fail')]), tx('A', 2, [insert(HOME, 't1')])] }),
      client('bob').sync({ tx: [tx('B', 1, [insert('home:bob', 't1')])] }),
    ])
    const code = what === 'never has enough' ? 'too_large' : 'hook_failed'
    expect(ann.verdicts).toMatchObject([refused('A', 1, code), applied('A', 2, { [HOME]: 1 })])
    expect(bob.verdicts).toEqual([applied('B', 1, { 'home:bob': 1 })])
    expect(JSON.stringify(ann)).not.toContain('1234')
    if (code === 'hook_failed') expect(logged).toContainEqual(expect.objectContaining({ level: 'error', event: 'hook_failed' }))
  })

  test('a command without a body, and a body without a command, are no server', () => {
    const { add, join } = commands
    expect(() => testServer<{ join: typeof join }>({ commands: { join } } as never)).toThrow(
      expect.objectContaining({ code: 'invalid_schema' }),
    )
    expect(() => testServer<{ add: typeof add }>({ commands: { add }, run: { other() {} } } as never)).toThrow(/other/)
  })
})
