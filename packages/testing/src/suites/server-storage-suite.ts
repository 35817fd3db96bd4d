import { deepEqual, equal, rejects } from 'node:assert/strict'
import type { Storage } from '@holdfast/server'
import { type Changes, NO_CHANGES } from '@holdfast/server/internal/engine/changes'
import { type Asking, type Need, need, type Reads } from '@holdfast/server/internal/engine/reads'

/** One check of a contract, for any test runner. */
export interface Check {
  readonly name: string
  run(): Promise<void>
}

/** Opens a new, empty storage; and, where data outlives it, the same data again, while the first is open or after. */
export type OpenStorage = () => Promise<{ readonly storage: Storage; reopen?(): Promise<Storage> }>

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const short = (byte: number): string => Buffer.from(hash(byte).subarray(0, 16)).toString('base64url')

const store = (storage: Storage, changes: Partial<Changes>): Promise<void> =>
  // biome-ignore lint/correctness/useYield: nothing is read.
  storage.write(function* (): Asking<{ result: undefined; changes: Changes }> {
    return { result: undefined, changes: { ...NO_CHANGES, ...changes } }
  })

const ask = <K extends keyof Reads>(storage: Storage, name: K, ...args: Parameters<Reads[K]>): Promise<ReturnType<Reads[K]>> =>
  storage.read(() => need(name, ...args))

const space = (name: string, seq: number) => ({ space: name, seq, hash: hash(seq), creator: 'ann' })
const record = (id: string, seq: number, body = `{"seq":${seq}}`) => ({ space: 'L', table: 'todos', id, seq, alive: 1, dead: false, body })
const entry = (seq: number, session = 'A', name = 'L') => ({
  space: name,
  seq,
  session,
  n: seq,
  payload: short(100 + seq),
  at: 5 * seq,
  entry: `[${seq}]`,
  hash: short(seq),
})
const answer = (n: number, to: number, code: string | null) => ({
  session: 'A',
  n,
  to,
  code,
  message: 'why',
  payload: code ? short(n) : null,
  conflicts: code ? 0 : 2,
  result: code ? null : '{"ü":1}',
})

/** The contract of `Storage`, as checks that every implementation passes. */
export function serverStorageSuite(open: OpenStorage): readonly Check[] {
  const check = (name: string, run: (storage: Storage, reopen: (() => Promise<Storage>) | undefined) => Promise<void>): Check => ({
    name,
    async run() {
      const { storage, reopen } = await open()
      await run(storage, reopen)
      await storage.close()
    },
  })
  return [
    check('a new storage has an epoch that heals, and nothing else', async (storage) => {
      const meta = await ask(storage, 'meta')
      deepEqual({ ...meta, epochs: [...meta.epochs] }, { epoch: meta.epoch, epochs: [[meta.epoch, true]], hlc: 0, commits: 0 })
      equal(meta.epoch.length > 0, true)
      equal(await ask(storage, 'session', 'A'), undefined)
      equal(await ask(storage, 'answer', 'A', 1), undefined)
      deepEqual(await ask(storage, 'logged', 'A', 1), [])
      equal(await ask(storage, 'space', 'L'), undefined)
      equal(await ask(storage, 'hashAt', 'L', 1), undefined)
      equal(await ask(storage, 'record', 'L', 'todos', 't1'), undefined)
      deepEqual(await ask(storage, 'changedSince', 'L', 0), [])
      equal(await ask(storage, 'grant', 'ann', 'L'), undefined)
      deepEqual(await ask(storage, 'grants', 'ann'), [])
      deepEqual(await ask(storage, 'members', 'L'), [])
      deepEqual(await ask(storage, 'rows', 'L', 'todos'), [])
    }),
    check('what is stored is answered, to the last byte', async (storage) => {
      await store(storage, {
        meta: { hlc: 2 ** 52, commits: 1 },
        spaces: [space('L', 2), space('ü/🦆', 1)],
        records: [record('é', 2, '{"x":"🦆\\u0000"}'), record('__proto__', 1)],
        log: [entry(1), entry(2)],
        sessions: [{ session: 'A', user: 'änn', last: 2, at: 2 ** 52 }],
      })
      const { hlc, commits } = await ask(storage, 'meta')
      deepEqual([hlc, commits], [2 ** 52, 1])
      deepEqual(await ask(storage, 'session', 'A'), { user: 'änn', last: 2, at: 2 ** 52 })
      const row = await ask(storage, 'space', 'L')
      deepEqual([row?.seq, Buffer.from(row?.hash ?? []).toString('hex')], [2, Buffer.from(hash(2)).toString('hex')])
      equal((await ask(storage, 'space', 'ü/🦆'))?.seq, 1)
      equal(await ask(storage, 'record', 'L', 'todos', 'é'), '{"x":"🦆\\u0000"}')
      equal(await ask(storage, 'record', 'L', 'todos', 'e\u0301'), undefined)
      equal(await ask(storage, 'record', 'ü/🦆', 'todos', 'é'), undefined)
      deepEqual([await ask(storage, 'hashAt', 'L', 1), await ask(storage, 'hashAt', 'L', 3)], [short(1), undefined])
      deepEqual([await ask(storage, 'entryAt', 'L', 2), await ask(storage, 'entryAt', 'L', 3)], ['[2]', undefined])
    }),
    check('a row with a key that is there replaces it', async (storage) => {
      await store(storage, {
        spaces: [space('L', 1)],
        records: [record('a', 1)],
        sessions: [{ session: 'A', user: 'ann', last: 1, at: 1 }],
      })
      await store(storage, {
        spaces: [space('L', 2)],
        records: [record('a', 2)],
        sessions: [{ session: 'A', user: 'ann', last: 2, at: 2 }],
      })
      equal((await ask(storage, 'space', 'L'))?.seq, 2)
      equal(await ask(storage, 'record', 'L', 'todos', 'a'), '{"seq":2}')
      equal((await ask(storage, 'session', 'A'))?.last, 2)
    }),
    check('changes since a seq come in the order of their seqs, each record once', async (storage) => {
      await store(storage, { spaces: [space('L', 3)], records: [record('c', 1), record('b', 2), record('a', 3)] })
      await store(storage, { spaces: [space('L', 4)], records: [record('c', 4)] })
      const since = async (seq: number) => (await ask(storage, 'changedSince', 'L', seq)).map(({ id }) => id)
      deepEqual([await since(0), await since(2), await since(4)], [['b', 'a', 'c'], ['a', 'c'], []])
    }),
    check('the rows of a table are those of one space that are alive', async (storage) => {
      const one = (id: string, more: object = {}) => ({ ...record(id, 1), ...more })
      await store(storage, {
        spaces: [space('L', 1), space('M', 1)],
        records: [one('a'), one('b', { dead: true }), one('c', { table: 'lists' }), one('d', { space: 'M' }), one('__proto__')],
      })
      const ids = async (name: string, table: string) => (await ask(storage, 'rows', name, table)).map(({ id }) => id).sort()
      deepEqual([await ids('L', 'todos'), await ids('L', 'lists'), await ids('M', 'todos')], [['__proto__', 'a'], ['c'], ['d']])
      equal((await ask(storage, 'rows', 'M', 'todos'))[0]?.body, '{"seq":1}')
      await store(storage, { records: [one('a', { dead: true }), one('b')] })
      deepEqual(await ids('L', 'todos'), ['__proto__', 'b'])
    }),
    check('records are counted and paged by table and id, in code point order, deleted ones without a body', async (storage) => {
      const one = (id: string, seq: number, more: object = {}) => ({ ...record(id, seq), ...more })
      await store(storage, {
        spaces: [space('L', 5), space('M', 1)],
        records: [
          one('😀', 1),
          one('\uffee', 2),
          one('b', 3, { dead: true }),
          one('a', 4),
          one('z', 5, { table: 'lists' }),
          one('a', 1, { space: 'M' }),
        ],
      })
      const count = async (seq: number, most: number) => await ask(storage, 'countSince', 'L', seq, most)
      deepEqual([await count(0, 9), await count(0, 2), await count(3, 9), await count(5, 9)], [5, 2, 2, 0])
      equal(await ask(storage, 'countSince', 'none', 0, 9), 0)
      const page = async (after: readonly [string, string] | undefined, most: number) =>
        (await ask(storage, 'page', 'L', after, most)).map(({ table, id, seq, body }) => [table, id, seq, body])
      const all = [
        ['lists', 'z', 5, '{"seq":5}'],
        ['todos', 'a', 4, '{"seq":4}'],
        ['todos', 'b', 3, null],
        ['todos', '\uffee', 2, '{"seq":2}'],
        ['todos', '😀', 1, '{"seq":1}'],
      ]
      deepEqual(await page(undefined, 9), all)
      deepEqual(await page(undefined, 2), all.slice(0, 2))
      deepEqual(await page(['todos', 'aa'], 2), all.slice(2, 4))
      deepEqual(await page(['todos', '😀'], 2), [])
    }),
    check('segments are kept to the last byte, until they are said to end; sets are replaced', async (storage) => {
      const body = Uint8Array.from([0, 255, 31, 139, 10])
      const row = (id: string, until: number | null) => ({ id, secret: `s${id}`, body, until })
      const kept = async () => {
        const rows = await Promise.all(['a', 'b', 'c'].map(async (id) => [id, await ask(storage, 'segment', id)] as const))
        return rows.flatMap(([id, found]) => (found ? [`${id} ${found.secret} ${[...found.body]}`] : [])).join()
      }
      const [a, b, c] = ['a', 'b', 'c'].map((id) => `${id} s${id} 0,255,31,139,10`)
      await store(storage, { spaces: [space('L', 1)], segments: { now: 10, bodies: [row('a', null), row('b', 20), row('c', 11)] } })
      equal(await kept(), [a, b, c].join())
      await store(storage, { segments: { now: 11, until: [['b', null]], sets: [{ space: 'L', body: '{"ü":1}' }] } })
      equal(await kept(), [a, b].join())
      equal(await ask(storage, 'segmentSet', 'L'), '{"ü":1}')
      await store(storage, {
        segments: {
          now: 30,
          until: [
            ['a', 31],
            ['none', 5],
          ],
          sets: [{ space: 'L', body: '{}' }],
        },
      })
      equal(await kept(), [a, b].join())
      await store(storage, { segments: { now: 2 ** 45 } })
      equal(await kept(), b)
      equal(await ask(storage, 'segmentSet', 'L'), '{}')
      equal(await ask(storage, 'segmentSet', 'none'), undefined)
    }),
    check('a dot is found in every space that it touched', async (storage) => {
      await store(storage, { spaces: [space('L', 1), space('M', 1)], log: [entry(1), entry(1, 'A', 'M')] })
      const logged = await ask(storage, 'logged', 'A', 1)
      deepEqual(
        logged.map((one) => ({ ...one })).sort((a, b) => (a.space < b.space ? -1 : 1)),
        [
          { space: 'L', seq: 1, payload: short(101) },
          { space: 'M', seq: 1, payload: short(101) },
        ],
      )
    }),
    check('an answer covers its whole range; those without a code go when they are known', async (storage) => {
      await store(storage, { answers: [answer(2, 2, null), answer(3, 9, 'lost'), answer(12, 12, null)] })
      const codes = async (n: number) => (await ask(storage, 'answer', 'A', n))?.code
      deepEqual(await Promise.all([1, 2, 3, 9, 10, 12].map(codes)), [undefined, null, 'lost', 'lost', undefined, null])
      equal((await ask(storage, 'answer', 'A', 12))?.result, '{"ü":1}')
      deepEqual(
        { ...(await ask(storage, 'answer', 'A', 5)) },
        { n: 3, to: 9, code: 'lost', message: 'why', payload: short(3), conflicts: 0, result: null },
      )
      await store(storage, { known: [['A', 10]] })
      deepEqual(await Promise.all([2, 5, 12].map(codes)), [undefined, 'lost', null])
    }),
    check('the newest refusals of a session are found, and nothing else', async (storage) => {
      await store(storage, { answers: [answer(1, 1, 'conflict'), answer(2, 2, null), answer(3, 9, 'lost'), answer(12, 12, 'conflict')] })
      const found = async (most: number) => (await ask(storage, 'refusals', 'A', most)).map(({ n, to }) => [n, to])
      deepEqual(await found(9), [
        [12, 12],
        [3, 9],
        [1, 1],
      ])
      deepEqual(await found(2), [
        [12, 12],
        [3, 9],
      ])
      deepEqual([...(await ask(storage, 'refusals', 'B', 9))], [])
    }),
    check('grants are given, changed and taken away', async (storage) => {
      await store(storage, {
        grants: [
          { user: 'ann', space: 'L', access: 'read', role: null },
          { user: 'ann', space: 'M', access: 'write', role: 'owner' },
          { user: 'bob', space: 'L', access: 'write', role: null },
        ],
      })
      await store(storage, {
        grants: [
          { user: 'ann', space: 'L', access: 'write', role: 'x' },
          { user: 'ann', space: 'M', access: null, role: null },
        ],
      })
      deepEqual(
        (await ask(storage, 'grants', 'ann')).map((one) => ({ ...one })),
        [{ space: 'L', access: 'write', role: 'x' }],
      )
      equal(await ask(storage, 'grant', 'ann', 'M'), undefined)
      equal((await ask(storage, 'grant', 'bob', 'L'))?.access, 'write')
      const members = async (name: string) =>
        (await ask(storage, 'members', name)).map(({ userId, access, role }) => [userId, access, role])
      deepEqual((await members('L')).sort(), [
        ['ann', 'write', 'x'],
        ['bob', 'write', null],
      ])
      deepEqual(await members('M'), [])
    }),
    check('a job that throws, and one whose changes cannot be stored, leave nothing behind', async (storage) => {
      await rejects(
        // biome-ignore lint/correctness/useYield: it throws before it asks.
        storage.write(function* (): Asking<never> {
          throw new RangeError('mine')
        }),
        RangeError,
      )
      await store(storage, { spaces: [space('L', 1)], log: [entry(1)] })
      equal((await ask(storage, 'space', 'L'))?.seq, 1)
    }),
    check('writes that run at once do not see the same numbers', async (storage) => {
      const next = () =>
        storage.write(function* (): Asking<{ result: number; changes: Changes }> {
          const last = (yield* need('session', 'A'))?.last ?? 0
          return { result: last + 1, changes: { ...NO_CHANGES, sessions: [{ session: 'A', user: 'ann', last: last + 1, at: 0 }] } }
        })
      const numbers = await Promise.all(Array.from({ length: 20 }, next))
      deepEqual(
        numbers.sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, i) => i + 1),
      )
    }),
    check('another handle on the same data sees what is committed, and takes over', async (storage, reopen) => {
      if (!reopen) return
      const other = await reopen()
      await store(storage, { spaces: [space('L', 1)], log: [entry(1)] })
      equal((await ask(other, 'space', 'L'))?.seq, 1)
      await store(other, { spaces: [space('L', 2)], log: [entry(2)] })
      equal((await ask(storage, 'space', 'L'))?.seq, 2)
      equal(await ask(storage, 'hashAt', 'L', 2), short(2))
      await other.close()
    }),
    check('after it is closed every call rejects', async (storage) => {
      await storage.close()
      const job = function* (): Generator<Need, undefined, unknown> {
        yield* need('meta')
      }
      await rejects(storage.read(job), { code: 'closed' })
      await rejects(store(storage, {}), { code: 'closed' })
    }),
  ]
}
