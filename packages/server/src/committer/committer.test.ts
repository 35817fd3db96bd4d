import { expect, test } from 'vitest'
import type { Need } from '../engine/reads.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { applied, insert, testServer } from '../test-server.kit.ts'
import { tx } from '../wire-client.kit.ts'

/** A storage that counts its commits, and fails those that `fail` says. */
function watched(fail: (commit: number) => boolean = () => false): Storage & { writes: number } {
  const inner = memoryStorage()
  const storage = {
    ...inner,
    writes: 0,
    write: (async (job) => {
      if (fail(++storage.writes)) throw new Error('disk I/O error')
      return await inner.write(job)
    }) as Storage['write'],
  }
  return storage
}

const push = (user: string, n = 1) => ({ tx: [tx(`S-${user}`, n, [insert(`home:${user}`, `t${n}`)])] })

test('requests that wait are committed together, each with its own answer', async () => {
  const storage = watched()
  const { client } = testServer({ storage })
  const users = Array.from({ length: 10 }, (_, i) => `u${i}`)
  const answers = await Promise.all(users.map((user) => client(user).sync(push(user))))
  expect(answers.map(({ verdicts }) => verdicts)).toEqual(users.map((user) => [applied(`S-${user}`, 1, { [`home:${user}`]: 1 })]))
  expect(storage.writes).toBeLessThanOrEqual(3)
})

test('what another request of the batch decided is seen: the same transaction twice at once takes effect once', async () => {
  const { client } = testServer({ storage: watched() })
  const [one, two] = await Promise.all([client('ann').sync(push('ann')), client('ann').sync(push('ann'))])
  expect(one.verdicts).toEqual(two.verdicts)
  expect(two.cut.get('home:ann')?.seq).toBe(1)
})

test('a batch that fails is tried again one by one; what fails alone is a retryable 503', async () => {
  const storage = watched((commit) => commit <= 2)
  const { client, logged } = testServer({ storage })
  const answers = await Promise.all(['ann', 'bob', 'cleo'].map((user) => client(user).sync(push(user))))
  expect(answers.map(({ status, problem }) => [status, problem?.code])).toEqual([
    [503, 'server_error'],
    [200, undefined],
    [200, undefined],
  ])
  expect(JSON.stringify(answers[0])).not.toContain('disk')
  expect(logged.map(({ event, level }) => `${level} ${event}`)).toEqual([
    'warn commit_failed',
    'error commit_failed',
    'warn request_failed',
  ])
  expect((await client('ann').sync(push('ann'))).verdicts).toHaveLength(1)
})

test('a batch that nobody could store is not tried one by one', async () => {
  const storage = { ...watched((commit) => commit === 1), isUnavailable: () => true }
  const { client, logged } = testServer({ storage })
  const answers = await Promise.all(['ann', 'bob'].map((user) => client(user).sync(push(user))))
  expect(answers.map(({ status }) => status)).toEqual([503, 503])
  expect(logged.filter(({ event }) => event === 'commit_failed')).toHaveLength(1)
})

/** What has no words cannot be made a string of. */
const wordless = Object.create(null)

test('what a hook throws, be it what it may, has nothing decided twice, and ends no process', async () => {
  const { client, server, logged } = testServer({
    validate({ changes }) {
      if (changes.some(({ space }) => space === 'home:ann')) throw wordless
    },
    onCommit() {
      throw wordless
    },
  })
  await server.grant('jobs', 'bob', 'read')
  const [answer] = await Promise.all([
    client('ann').sync(push('ann')),
    server.write((tx) => tx.space('jobs').todos.insert({ title: 'Pay' })),
  ])
  expect(answer.verdicts).toMatchObject([{ is: 'refused', code: 'hook_failed' }])
  const jobs = (await client('bob').sync()).deltas.find(({ space }) => space === 'jobs')
  expect(jobs?.records).toHaveLength(1)
  expect(logged.map(({ event }) => event)).toEqual(expect.arrayContaining(['hook_failed', 'on_commit_failed']))
})

test('why a request failed is in the log, and in no answer', async () => {
  const list = async () => {
    throw new Error('no way to the membership')
  }
  const { client, logged } = testServer({ access: { list, check: async () => undefined } })
  const { status, problem } = await client('ann').sync()
  expect([status, JSON.stringify(problem)]).toEqual([503, expect.not.stringContaining('membership')])
  expect(logged).toContainEqual(expect.objectContaining({ event: 'request_failed', error: 'Error: no way to the membership' }))
})

test('a request without transactions takes no lock and stores nothing', async () => {
  const storage = watched()
  const { client } = testServer({ storage })
  await client('ann').sync({ known: { A: 0 } })
  expect(storage.writes).toBe(0)
  const job = function* (): Generator<Need, number, unknown> {
    return ((yield ['meta']) as { commits: number }).commits
  }
  expect(await storage.read(job)).toBe(0)
})

test('previews come one at a time, and all that waits to be committed goes before the next; too many are sent away', async () => {
  const inner = memoryStorage()
  const order: string[] = []
  const storage: Storage = {
    ...inner,
    write: async (job) => {
      order.push('commit')
      return await inner.write(job)
    },
    read: async (job) => {
      order.push('look')
      return await inner.read(job)
    },
  }
  const { client } = testServer({ storage })
  const previews = Array.from({ length: 80 }, () => client('ann').preview(push('ann')))
  const done = client('bob')
    .sync(push('bob'))
    .then(() => order.length)
  const answers = await Promise.all(previews)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(16)
  expect(answers.filter(({ verdicts }) => verdicts[0]?.is === 'applied')).toHaveLength(64)
  // The commit did not stand in line behind them.
  expect(await done).toBeLessThan(10)
  expect(order.filter((what) => what === 'commit')).toHaveLength(1)
  expect(await client('ann').preview(push('ann'))).toMatchObject({ status: 200 })
})
