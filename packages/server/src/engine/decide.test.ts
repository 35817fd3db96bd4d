import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import { describe, expect, test } from 'vitest'
import { applied, insert, refused, testServer, update } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'

/** A list `L` with the todo t1 at seq 1, shared by Ann and Bob. */
async function sharedList() {
  const world = testServer()
  await world.grant('L', 'ann', 'write', 'owner')
  await world.grant('L', 'bob', 'write')
  const [ann, bob] = [world.client('ann'), world.client('bob')]
  const first = await ann.sync({ tx: [tx('Z', 1, [insert('L', 't1')])] })
  return { ...world, ann, bob, cut: { L: first.cut.get('L') as Cursor } }
}

describe('versions and users', () => {
  test('another schema version, a newer transaction, an unknown kind of operation: upgrade, and nothing is decided', async () => {
    const { ann } = await sharedList()
    const good = tx('A', 1, [insert('L', 't2')])
    expect(await ann.sync({ version: 2, tx: [good] })).toMatchObject({ problem: { code: 'upgrade' }, verdicts: [], status: 409 })
    expect(await ann.sync({ tx: [good, tx('A', 2, [insert('L', 't3')], { version: 2 })] })).toMatchObject({
      problem: { code: 'upgrade' },
      verdicts: [],
    })
    expect(await ann.sync({ tx: [good, tx('A', 2, [['zap', 'L', 'todos', 't3']])] })).toMatchObject({
      problem: { code: 'upgrade' },
      verdicts: [],
    })
    expect((await ann.sync({ tx: [good] })).verdicts).toEqual([applied('A', 1, { L: 2 })])
  })

  test('a transaction of an older version is decided by today’s schema', async () => {
    const { ann } = await sharedList()
    const answer = await ann.sync({
      tx: [tx('A', 1, [insert('L', 't2')], { version: 0 }), tx('A', 2, [insert('L', 't3', { old: 1 })], { version: 0 })],
    })
    expect(answer.verdicts).toMatchObject([applied('A', 1, { L: 2 }), refused('A', 2, 'unknown_field')])
  })

  test('a request, a session, a known session of another user: wrong_user, and nothing is decided', async () => {
    const { ann, bob } = await sharedList()
    const wrong = { problem: { code: 'wrong_user' }, verdicts: [], status: 409, user: 'bob' }
    expect(await bob.sync({ user: 'ann', tx: [tx('B', 1, [insert('L', 't2')])] })).toMatchObject(wrong)
    expect(await bob.sync({ tx: [tx('B', 1, [insert('L', 't2')]), tx('Z', 2, [insert('L', 't3')])] })).toMatchObject(wrong)
    expect(await bob.sync({ known: { Z: 0 } })).toMatchObject(wrong)
    expect((await ann.sync({ known: { Z: 1, B: 0 } })).problem).toBeUndefined()
  })
})

describe('the order of a session', () => {
  test('what comes too early is told once what is expected first', async () => {
    const { ann } = await sharedList()
    const answer = await ann.sync({ tx: [tx('A', 2, [insert('L', 't2')]), tx('A', 3, [insert('L', 't3')])] })
    expect(answer.verdicts).toEqual([{ is: 'expected', dot: ['A', 1] }])
  })

  test('what has seen an undecided session waits for it; a session of another user is unknown', async () => {
    const { ann, bob } = await sharedList()
    const seeing = tx('C', 1, [update('L', 't1', { done: true })], { seen: { A: 2 } })
    expect((await ann.sync({ tx: [seeing] })).verdicts).toEqual([{ is: 'expected', dot: ['A', 1] }])
    await bob.sync({ tx: [tx('B', 1, [insert('L', 't5')])] })
    const foreign = tx('C', 1, [insert('L', 't6')], { seen: { B: 1 } })
    expect((await ann.sync({ tx: [foreign] })).verdicts).toEqual([{ is: 'expected', dot: ['B', 1] }])
    const both = await ann.sync({ tx: [tx('A', 1, [insert('L', 't2')]), tx('A', 2, [insert('L', 't3')]), seeing] })
    expect(both.verdicts).toMatchObject([applied('A', 1, { L: 3 }), applied('A', 2, { L: 4 }), { dot: ['C', 1] }])
  })

  test('a void is recorded, in the place of one or of many; what was decided keeps its verdict', async () => {
    const { ann } = await sharedList()
    const answer = await ann.sync({ tx: [voided('A', 1), voided('A', 2, 'purged', 4_000), tx('A', 4_001, [insert('L', 't2')])] })
    expect(answer.verdicts).toMatchObject([refused('A', 1, 'discarded'), refused('A', 2, 'purged', 4_000), applied('A', 4_001, { L: 2 })])
    const again = await ann.sync({ tx: [voided('A', 1, 'lost', 4), voided('A', 3_999, 'lost', 4_003), tx('A', 5, [insert('L', 't9')])] })
    expect(again.verdicts).toMatchObject([
      refused('A', 1, 'discarded'),
      refused('A', 2, 'purged', 4),
      refused('A', 3_999, 'purged', 4_000),
      applied('A', 4_001, { L: 2 }),
      refused('A', 4_002, 'lost', 4_003),
      refused('A', 5, 'purged'),
    ])
    expect((await ann.sync({ tx: [voided('A', 4_006)] })).verdicts).toEqual([{ is: 'expected', dot: ['A', 4_004] }])
  })

  test('voids are bounded, and their reasons are codes', async () => {
    const { ann } = await sharedList()
    for (const bad of [voided('A', 1, 'lost', 100_001), voided('A', 1, 'No!'), voided('A', 0)]) {
      expect(await ann.sync({ tx: [bad] })).toMatchObject({ problem: { code: 'bad_request' }, verdicts: [], status: 400 })
    }
  })
})

describe('the same again', () => {
  test('an applied one gets its seqs and conflicts again, a refused one its code and message, one without effect nothing', async () => {
    const { ann, bob, cut } = await sharedList()
    await bob.sync({ cursors: cut, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice milk' })], { base: { L: 1 }, at: 2000 })] })
    const push = {
      cursors: cut,
      tx: [
        tx('A', 1, [update('L', 't1', { title: 'Oat milk' })], { base: { L: 1 } }),
        tx('A', 2, [insert('L', 't2', { title: 7 })]),
        tx('A', 3, [update('L', 't1', {})], { base: { L: 1 } }),
      ],
    }
    const once = await ann.sync(push)
    expect(once.verdicts).toMatchObject([applied('A', 1, { L: 3 }, 1), refused('A', 2, 'invalid_value'), applied('A', 3, {})])
    const twice = await ann.sync({ ...push, known: { A: 0 } })
    expect(twice.verdicts).toEqual(once.verdicts)
    expect(twice.cut).toEqual(once.cut)
  })

  test('what counts conflicts goes when the client knows; the answer then has none', async () => {
    const { ann, bob, cut } = await sharedList()
    await bob.sync({ cursors: cut, tx: [tx('B', 1, [update('L', 't1', { title: 'Rice milk' })], { base: { L: 1 }, at: 2000 })] })
    const losing = tx('A', 1, [update('L', 't1', { title: 'Oat milk' })], { base: { L: 1 } })
    await ann.sync({ cursors: cut, tx: [losing] })
    await ann.sync({ tx: [tx('A', 2, [insert('L', 't2')])], known: { A: 1 } })
    expect((await ann.sync({ cursors: cut, tx: [losing] })).verdicts).toEqual([applied('A', 1, { L: 3 })])
  })

  test('the same dot with another payload is a fork: nothing more of that session, nor of what has seen it', async () => {
    const { ann } = await sharedList()
    await ann.sync({ tx: [tx('A', 1, [insert('L', 't2')]), tx('A', 2, [insert('L', 't3', { title: 7 })])] })
    for (const n of [1, 2]) {
      const answer = await ann.sync({
        tx: [
          tx('A', n, [insert('L', 'other')]),
          tx('A', 3, [insert('L', 't4')]),
          tx('C', 1, [insert('L', 't5')], { seen: { A: n } }),
          tx('C', 2, [insert('L', 't6')]),
          tx(`D${n}`, 1, [insert('L', `t7${n}`)], { seen: n === 2 ? { A: 1 } : {} }),
        ],
      })
      expect(answer.verdicts).toMatchObject([
        { is: 'fork', dot: ['A', n] },
        { is: 'applied', dot: [`D${n}`, 1] },
      ])
    }
  })

  test('clock and time are outside of the payload', async () => {
    const { ann, cut } = await sharedList()
    const one = tx('A', 1, [update('L', 't1', { done: true })], { base: { L: 1 } })
    await ann.sync({ cursors: cut, tx: [one] })
    expect((await ann.sync({ tx: [{ ...one, base: {}, at: 5 }] })).verdicts).toEqual([applied('A', 1, { L: 2 })])
  })
})

describe('spaces', () => {
  test('unknown, foreign, revoked and read-only spaces look the same', async () => {
    const { ann, grant, revoke } = await sharedList()
    await grant('R', 'ann', 'read')
    await grant('V', 'ann', 'write')
    await revoke('V', 'ann')
    const spaces = ['home:bob', 'nowhere', 'V', 'R']
    const answer = await ann.sync({
      tx: spaces.map((space, i) => tx('A', i + 1, [insert(space, 'x')], { base: { [space]: 7 } })),
      cursors: { R: { seq: 7, hash: '' } },
    })
    expect(answer.differs).toEqual(['R'])
    const again = await ann.sync({
      tx: spaces.map((space, i) => tx('A', i + 1, [insert(space, 'x')])),
      cursors: { 'home:bob': { seq: 9, hash: 'no' } },
    })
    const [first] = again.verdicts
    expect(first).toMatchObject(refused('A', 1, 'forbidden'))
    expect(again.verdicts).toEqual(spaces.map((_, i) => ({ ...first, dot: ['A', i + 1], to: i + 1 })))
    expect([...again.cut.keys()]).toEqual(['home:ann', 'L', 'R'])
  })

  test('a transaction over two spaces is refused whole, and applied whole', async () => {
    const { ann, bob, grant } = await sharedList()
    await grant('M', 'bob', 'write')
    const two = [insert('L', 't2'), insert('M', 'm1')]
    expect((await ann.sync({ tx: [tx('A', 1, two)] })).verdicts).toMatchObject([refused('A', 1, 'forbidden')])
    expect((await bob.sync({ tx: [tx('B', 1, two)] })).verdicts).toEqual([applied('B', 1, { L: 2, M: 1 })])
    const names = JSON.stringify(await ann.sync({ follow: ['L', 'M'] }))
    expect(names).toContain('t2')
    expect(names).not.toContain('m1')
  })

  test('a duplicate names only spaces that its user may still read', async () => {
    const { bob, grant, revoke } = await sharedList()
    await grant('M', 'bob', 'write')
    const one = tx('B', 1, [insert('L', 't2'), insert('M', 'm1')])
    await bob.sync({ tx: [one] })
    await revoke('M', 'bob')
    expect((await bob.sync({ tx: [one] })).verdicts).toEqual([applied('B', 1, { L: 2 })])
  })
})

describe('clocks belong to one history', () => {
  test('a base that no cursor reaches is a bad request', async () => {
    const { ann } = await sharedList()
    const one = tx('A', 1, [update('L', 't1', { done: true })], { base: { L: 1 } })
    expect(await ann.sync({ tx: [one] })).toMatchObject({ problem: { code: 'bad_request' }, verdicts: [] })
  })

  test('a cursor of another history, or ahead of ours: differs; with positions reset; nothing is decided', async () => {
    const { ann, cut } = await sharedList()
    const hash = (cut.L as Cursor).hash
    const push = [tx('A', 1, [insert('L', 't2')])]
    for (const cursor of [
      { seq: 1, hash: 'wrong' },
      { seq: 2, hash },
    ]) {
      expect(await ann.sync({ cursors: { L: cursor }, tx: push, known: { Z: 9 } })).toMatchObject({
        differs: ['L'],
        verdicts: [],
        deltas: [],
        lost: undefined,
      })
    }
    const cursors = { L: { seq: 3, hash: 'h3' } }
    const positions = { L: [cursors.L, { seq: 2, hash: 'h2' }, { seq: 1, hash }] }
    const reset = await ann.sync({ cursors, positions, known: { Z: 9, Y: 1 }, tx: push })
    expect(reset).toMatchObject({ verdicts: [], deltas: [], differs: undefined })
    expect(reset.reset).toEqual(new Map([['L', { agree: 1, heal: true }]]))
    expect(reset.lost).toEqual(
      new Map([
        ['Z', 1],
        ['Y', 0],
      ]),
    )
    const none = await ann.sync({ cursors, positions: { L: [cursors.L] } })
    expect(none.reset?.get('L')).toEqual({ agree: 0, heal: true })
  })

  test('so does one of a space that its user can read only since the request came: what that wrote is answered when it comes again', async () => {
    const { ann } = await sharedList()
    const [space, cursor] = ['list_V1StGXR8Z5jdHi6BmyTabc', { seq: 3, hash: 'h3' }]
    const begins = tx('A', 1, [insert(space, 't1')])
    expect(await ann.sync({ cursors: { [space]: cursor }, tx: [begins], pull: true })).toMatchObject({ differs: [space], deltas: [] })
    const compared = await ann.sync({ cursors: { [space]: cursor }, positions: { [space]: [cursor] } })
    expect(compared.reset).toEqual(new Map([[space, { agree: 0, heal: true }]]))
    expect(await ann.sync({ tx: [begins], follow: [space] })).toMatchObject({
      verdicts: [applied('A', 1, { [space]: 1 })],
      deltas: [{ space, whole: true }],
    })
  })

  test('a client that knows more of a session than the server: lost, and nothing is decided', async () => {
    const { ann } = await sharedList()
    const answer = await ann.sync({ known: { Z: 2, A: 0 }, tx: [tx('A', 1, [insert('L', 't2')])] })
    expect(answer).toMatchObject({ verdicts: [], deltas: [], reset: undefined })
    expect(answer.lost).toEqual(new Map([['Z', 1]]))
  })
})

describe('where a dead letter is tried again', () => {
  test('is for the user of its session alone: nobody else can be there first and block his queue', async () => {
    const { ann, bob } = await sharedList()
    expect(await ann.sync({ tx: [tx('Z', 2, [insert('L', 't1')])] })).toMatchObject({ verdicts: [{ is: 'refused' }] })
    // He knows the session from the heads of t1.
    for (const name of ['Z~2', 'Z~3', 'Z~2~1']) {
      expect(await bob.sync({ tx: [voided(name, 1)] })).toMatchObject({ problem: { code: 'wrong_user' }, verdicts: [] })
    }
    const again = await ann.sync({ known: { Z: 2 }, tx: [tx('Z~2', 1, [update('L', 't1', { title: 'Tea' })], { seen: { Z: 1 } })] })
    expect(again.verdicts).toMatchObject([{ is: 'applied' }])
  })
})

describe('time', () => {
  test('a decided time is never ahead of the server, always after the session’s last, and survives a restart', async () => {
    const world = testServer({ now: 100 })
    const ann = world.client('ann')
    const hlc = 100 * 1024
    const send = (n: number, at: number) => ann.sync({ tx: [tx('A', n, [insert('home:ann', `t${n}`)], { at })] })
    const atOf = async (answer: ReturnType<typeof send>) => (await answer).deltas[0]?.by.at(-1)?.[3]
    expect(await atOf(send(1, 9e15))).toBe(hlc)
    expect(await atOf(send(2, 5))).toBe(hlc + 1)
    world.clock.now = 1
    expect(await atOf(send(3, 9e15))).toBe(hlc + 2)
    const later = testServer({ storage: world.storage, now: 1 })
    expect(await atOf(later.client('ann').sync({ tx: [tx('A', 4, [insert('home:ann', 't4')], { at: 9e15 })] }))).toBe(hlc + 3)
    expect((await ann.sync()).hlc).toBe(hlc + 3)
  })
})
