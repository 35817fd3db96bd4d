import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { decodeResponse } from '@holdfast/shared/internal/protocol/response'
import { describe, expect, test } from 'vitest'
import { applied, insert, refused, testServer, update } from '../test-server.kit.ts'
import { bodyOf, tx } from '../wire-client.kit.ts'

const HOME = 'home:ann'

describe('operations are hostile until checked', () => {
  const bad: [unknown, string][] = [
    ['nothing', 'invalid_value'],
    [[], 'invalid_value'],
    [[7, HOME, 'todos', 'x'], 'invalid_value'],
    [['ins', HOME, 'todos', 'x'], 'invalid_value'],
    [['ins', HOME, 'todos', 'x', {}], 'invalid_value'],
    [['ins', HOME, 'todos', 'x', null], 'invalid_value'],
    [['ins', HOME, 'todos', 'x', { title: 1 }], 'invalid_value'],
    [['ins', HOME, 'todos', 'x', { title: 'a\0' }], 'invalid_value'],
    [['ins', HOME, 'todos', 'x', { title: 'a', nope: 1 }], 'unknown_field'],
    [['ins', HOME, 'todos', 'x', JSON.parse('{"title":"a","__proto__":{}}')], 'unknown_field'],
    [['ins', HOME, 'todos', '', { title: 'a' }], 'invalid_value'],
    [['ins', HOME, 'todos', 'x'.repeat(257), { title: 'a' }], 'invalid_value'],
    [['ins', HOME, 'toString', 'x', { title: 'a' }], 'invalid_value'],
    [['ins', HOME, '__proto__', 'x', { title: 'a' }], 'invalid_value'],
    [['ins', HOME, '$conflicts', 'x', { v: {} }], 'forbidden'],
    [['upd', HOME, 'todos', 't1', { votes: 3 }], 'invalid_value'],
    [['upd', HOME, 'todos', 'none', { done: true }], 'unknown_record'],
    [['inc', HOME, 'todos', 't1', 'title', 1], 'invalid_value'],
    [['inc', HOME, 'todos', 't1', 'votes', 0.5], 'invalid_value'],
    [['inc', HOME, 'todos', 't1', 'votes', Number.MAX_SAFE_INTEGER], 'out_of_range'],
    [['add', HOME, 'todos', 't1', 'tags', [1]], 'invalid_value'],
    [['add', HOME, 'todos', 't1', 'title', ['a']], 'invalid_value'],
    [['off', HOME, 'todos', 't1', 'votes', { to: 0 }], 'invalid_value'],
    [['off', HOME, 'todos', 't1', 'votes', { to: 0, sum: 0, own: [[1, 2, 3]] }], 'invalid_value'],
    [['cmd', 'book', {}], 'invalid_value'],
    [['upd', HOME, 'todos', 't1', { done: true }, { only: ['A', 1] }], 'unsupported'],
  ]
  test.each(bad)('%j is refused as %s, and the queue goes on', async (operation, code) => {
    const ann = testServer().client('ann')
    await ann.sync({ tx: [tx('A', 1, [insert(HOME, 't1'), ['inc', HOME, 'todos', 't1', 'votes', 1]])] })
    const body = bodyOf({ user: 'ann', tx: [tx('A', 2, [insert(HOME, 'y')]), tx('A', 3, [insert(HOME, 't2')])] })
    // Spaces are numbers on the wire; one that is written out is no more than a name either.
    const operations = body.tx[0]?.o as unknown[]
    operations.push(operation)
    const response = await ann.post(JSON.stringify(body))
    const answer = decodeResponse(new Uint8Array(await response.arrayBuffer()))
    expect(answer.verdicts).toMatchObject([refused('A', 2, code), applied('A', 3, { [HOME]: 2 })])
    expect(JSON.stringify(answer.deltas)).not.toContain('"y"')
  })

  test('a transaction that asks for a later version is unsupported', async () => {
    const ann = testServer().client('ann')
    const body = bodyOf({ user: 'ann', tx: [tx('A', 1, [insert(HOME, 't1')])] })
    const response = await ann.post(JSON.stringify({ ...body, tx: body.tx.map((one) => ({ ...one, fe: ['lease', 1] })) }))
    expect(await response.text()).toContain('"no":"unsupported"')
  })

  test('too many operations, too many bytes: too_large', async () => {
    const ann = testServer().client('ann')
    const many = Array.from({ length: LIMITS.operations + 1 }, (_, i) => ['del', HOME, 'todos', `${i}`])
    const long = Array.from({ length: 5 }, (_, i) => insert(HOME, `${i}`, { title: 'x'.repeat(250_000) }))
    const answer = await ann.sync({ tx: [tx('A', 1, many), tx('A', 2, long)] })
    expect(answer.verdicts).toMatchObject([refused('A', 1, 'too_large'), refused('A', 2, 'too_large')])
  })

  test('__proto__ is as good an id as any other, of records, spaces and sessions', async () => {
    const { client, grant } = testServer()
    await grant('__proto__', 'ann', 'write')
    const answer = await client('ann').sync({
      tx: [tx('__proto__', 1, [insert('__proto__', '__proto__'), insert('__proto__', 'constructor')])],
    })
    expect(answer.verdicts[0]).toMatchObject({ is: 'applied', dot: ['__proto__', 1] })
    expect(Object.entries(answer.verdicts[0]?.is === 'applied' ? answer.verdicts[0].at : {})).toEqual([['__proto__', 1]])
    expect(answer.deltas.find(({ space }) => space === '__proto__')?.records.map(({ r }) => r[1])).toEqual(['__proto__', 'constructor'])
  })
})

describe('merging', () => {
  test('what a merge refuses refuses the whole transaction', async () => {
    const ann = testServer().client('ann')
    const answer = await ann.sync({
      tx: [tx('A', 1, [insert(HOME, 't1')]), tx('A', 2, [insert(HOME, 't2'), insert(HOME, 't1')]), tx('A', 3, [insert(HOME, 't3')])],
    })
    expect(answer.verdicts).toMatchObject([applied('A', 1, { [HOME]: 1 }), refused('A', 2, 'exists'), applied('A', 3, { [HOME]: 2 })])
    expect(answer.deltas[0]?.records.map(({ r }) => r[1])).toEqual(['t1', 't3'])
  })

  test('a transaction without effect takes no seq', async () => {
    const ann = testServer().client('ann')
    const answer = await ann.sync({ tx: [tx('A', 1, [insert(HOME, 't1')]), tx('A', 2, []), tx('A', 3, [['res', HOME, 'todos', 't1']])] })
    expect(answer.verdicts).toEqual([applied('A', 1, { [HOME]: 1 }), applied('A', 2, {}), applied('A', 3, {})])
    expect(answer.cut.get(HOME)?.seq).toBe(1)
  })

  test('walkthrough 4: concurrent register, counter and set', async () => {
    const { client, grant } = testServer()
    const [ann, bob] = [client('ann'), client('bob')]
    await grant('L', 'ann', 'write')
    await grant('L', 'bob', 'write')
    const { cut } = await ann.sync({ tx: [tx('Z', 7, [])] })
    expect(cut.get('L')?.seq).toBe(0)
    const start = await ann.sync({ tx: [tx('Z', 1, [insert('L', 't1', { title: 'Milk', tags: ['shop'] })])] })
    const cursors = { L: start.cut.get('L') as Cursor }
    const base = { L: 1 }
    const b1 = [
      update('L', 't1', { title: 'Rice milk' }),
      ['inc', 'L', 'todos', 't1', 'votes', 1],
      ['rem', 'L', 'todos', 't1', 'tags', ['shop']],
    ]
    await bob.sync({ cursors, tx: [tx('B', 1, b1, { base, at: 10_500 })] })
    const answer = await ann.sync({
      cursors,
      follow: ['L'],
      tx: [
        tx('A', 1, [update('L', 't1', { title: 'Oat milk' })], { base, at: 10_200 }),
        tx(
          'A',
          2,
          [
            ['inc', 'L', 'todos', 't1', 'votes', 1],
            ['add', 'L', 'todos', 't1', 'tags', ['shop', 'vegan']],
          ],
          { base, at: 10_210 },
        ),
        tx('A', 3, [insert('L', 't2', { title: 'Bread', done: false })], { base, at: 10_220 }),
      ],
    })
    expect(answer.verdicts).toEqual([applied('A', 1, { L: 3 }, 1), applied('A', 2, { L: 4 }), applied('A', 3, { L: 5 })])
    const [delta] = answer.deltas
    expect(delta).toMatchObject({ from: 1, to: 5, whole: false })
    const by = delta?.by.map(([session, n, seq, at]) => [session, n, seq, at])
    expect(new Set(by?.map(String))).toEqual(
      new Set(
        [
          ['B', 1, 2, 10_500],
          ['A', 1, 3, 10_200],
          ['A', 2, 4, 10_210],
          ['A', 3, 5, 10_220],
        ].map(String),
      ),
    )
    const record = (id: string) => delta?.records.find(({ r }) => r[1] === id)
    const values = (field: string) => (record('t1')?.f?.[field] as unknown[] | undefined)?.[0]
    expect([values('title'), values('votes'), (values('tags') as unknown[][]).map(([tag]) => tag)]).toEqual([
      'Rice milk',
      2,
      ['shop', 'vegan'],
    ])
    expect(record('t1')).not.toHaveProperty('f.done')
    expect(record('t2')).toMatchObject({ alive: 5, new: 1 })
    const conflict = delta?.records.find(({ r }) => r[0] === '$conflicts')
    expect(conflict).toMatchObject({
      alive: 3,
      f: {
        v: [
          {
            to: 'ann',
            kind: 'value',
            kept: { value: 'Rice milk', user: 'bob', at: 10_500 },
            dropped: { value: 'Oat milk', user: 'ann', at: 10_200, d: ['A', 1] },
          },
          expect.anything(),
        ],
      },
    })
  })

  test('a counter reset leaves out its author’s own increments that were refused', async () => {
    const { client } = testServer()
    const ann = client('ann')
    const inc = (delta: number, ...more: unknown[]) => [['inc', HOME, 'todos', 't1', 'votes', delta], ...more]
    const own = [
      ['A', 2, 3],
      ['A', 3, 10],
      ['A', 4, 1],
      ['B', 1, 100],
    ]
    const answer = await ann.sync({
      tx: [
        tx('A', 1, [insert(HOME, 't1')]),
        tx('A', 2, inc(3)),
        tx('A', 3, inc(10, update(HOME, 'none', {}))),
        tx('A', 4, [...inc(1), ['off', HOME, 'todos', 't1', 'votes', { to: 5, sum: 0, own }]]),
      ],
    })
    expect(answer.verdicts).toMatchObject([{ is: 'applied' }, { is: 'applied' }, refused('A', 3, 'unknown_record'), { is: 'applied' }])
    const votes = answer.deltas[0]?.records[0]?.f?.votes as number[] | undefined
    expect((votes?.[0] ?? 0) + (votes?.[2] ?? 0)).toBe(5)
  })
})

describe('rules', () => {
  const world = () =>
    testServer({
      rules: {
        todos: {
          insert: ({ after, userId }) => after.title !== 'boom' && (after.title.startsWith(userId) || after.title === 'free'),
          update: ({ before, after, changed, role }) => {
            if (after.title === 'boom') throw new Error('boom')
            return role === 'owner' || (!changed.includes('title') && before.done === false)
          },
          delete: ({ role }) => role === 'owner',
        },
      },
    })

  test('a rule refuses the transaction; one that throws is a failed hook; a role is the grant’s', async () => {
    const { client, grant } = world()
    await grant('L', 'ann', 'write', 'owner')
    await grant('L', 'bob', 'write')
    const bob = await client('bob').sync({
      tx: [
        tx('B', 1, [insert('L', 't1', { title: 'bob1' })]),
        tx('B', 2, [insert('L', 't2', { title: 'ann1' })]),
        tx('B', 3, [update('L', 't1', { title: 'free' })]),
        tx('B', 4, [update('L', 't1', { done: true })]),
        tx('B', 5, [['inc', 'L', 'todos', 't1', 'votes', 1]]),
        tx('B', 6, [['del', 'L', 'todos', 't1']]),
      ],
    })
    expect(bob.verdicts).toMatchObject([
      applied('B', 1, { L: 1 }),
      refused('B', 2, 'rule_refused'),
      refused('B', 3, 'rule_refused'),
      applied('B', 4, { L: 2 }),
      refused('B', 5, 'rule_refused'),
      refused('B', 6, 'rule_refused'),
    ])
    const cursors = { L: bob.cut.get('L') as Cursor }
    const base = { L: 2 }
    const ann = await client('ann').sync({
      cursors,
      tx: [
        tx('A', 1, [update('L', 't1', { title: 'boom' })], { base }),
        tx('A', 2, [update('L', 't1', { title: 'free' })], { base }),
        tx('A', 3, [['del', 'L', 'todos', 't1']], { base }),
      ],
    })
    expect(ann.verdicts).toMatchObject([refused('A', 1, 'hook_failed'), applied('A', 2, { L: 3 }), applied('A', 3, { L: 4 })])
  })

  test('what is made and deleted in one transaction is nothing; deleted and made again is both', async () => {
    const { client } = world()
    const ann = client('ann')
    const answer = await ann.sync({
      tx: [
        tx('A', 1, [insert(HOME, 't1', { title: 'bob' }), ['del', HOME, 'todos', 't1']]),
        tx('A', 2, [insert(HOME, 't2', { title: 'ann' })]),
        tx('A', 3, [['del', HOME, 'todos', 't2'], insert(HOME, 't2', { title: 'bob' })]),
      ],
    })
    expect(answer.verdicts).toMatchObject([{ is: 'applied' }, { is: 'applied' }, refused('A', 3, 'rule_refused')])
  })
})
