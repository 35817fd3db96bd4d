import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import type { Frame } from '@holdfast/shared/internal/protocol/frame'
import { expect, test } from 'vitest'
import { startServer } from './server-process.ts'

const HOME = 'home:ann'
const newFile = () => join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db')
const insert = (id: string, space = HOME) => ['ins', space, 'todos', id, { title: id }]

/** Pushes one transaction after the other until the server is gone; gives the last n that was answered. */
async function pushUntilDead(url: string, session: string, from: number): Promise<number> {
  const ann = wireClient(fetch, 'ann', `${url}/holdfast`)
  for (let n = from; ; n++) {
    try {
      const { verdicts } = await ann.sync({ pull: false, tx: [tx(session, n, [insert(`${session}-${n}`)])] })
      if (verdicts[0]?.is !== 'applied') throw new RangeError(JSON.stringify(verdicts))
    } catch (error) {
      if (error instanceof RangeError) throw error
      return n - 1
    }
  }
}

test('P1: a server that is killed in mid-push has everything that it answered, twenty times over', async () => {
  const file = newFile()
  const sessions = ['A', 'B', 'C']
  const answered = new Map(sessions.map((session) => [session, 0]))
  for (let round = 0; round < 20; round++) {
    const server = await startServer({ file })
    const pushing = sessions.map(async (session) => {
      // What was decided but not answered is answered now.
      const from = (answered.get(session) ?? 0) + 1
      answered.set(session, Math.max(answered.get(session) ?? 0, await pushUntilDead(server.url, session, from)))
    })
    await new Promise((resolve) => setTimeout(resolve, 20 + 7 * round))
    await server.kill9()
    await Promise.all(pushing)
  }
  const server = await startServer({ file })
  const { tables, seq } = await server.dump(HOME)
  const ids = new Set(tables.todos?.map(({ id }) => id))
  for (const [session, last] of answered) {
    expect(last).toBeGreaterThan(0)
    for (let n = 1; n <= last; n++) expect(ids).toContain(`${session}-${n}`)
  }
  expect(ids.size).toBe(seq)
  await server.stop()
})

test('a server that is told to stop answers what is under way, ends its streams, and exits', async () => {
  const file = newFile()
  const server = await startServer({ file })
  const ann = wireClient(fetch, 'ann', `${server.url}/holdfast`)
  const live = await ann.live()
  await live.next()
  const pushes = Array.from({ length: 30 }, (_, i) => ann.sync({ pull: false, tx: [tx(`S${i}`, 1, [insert(`${i}`)])] }))
  await pushes[0]
  const stopping = server.stop()
  const answers = await Promise.allSettled(pushes)
  while (await live.next());
  await stopping
  const again = await startServer({ file })
  const ids = new Set((await again.dump(HOME)).tables.todos?.map(({ id }) => id))
  answers.forEach((answer, i) => {
    if (answer.status === 'fulfilled' && answer.value.verdicts[0]?.is === 'applied') expect(ids).toContain(`${i}`)
  })
  await again.stop()
})

test('D4: two processes on one file keep one gapless order, and each tells its streams of the other', async () => {
  const file = newFile()
  const servers = await Promise.all([startServer({ file, heartbeat: 100 }), startServer({ file, heartbeat: 100 })])
  const clients = servers.map(({ url }) => wireClient(fetch, 'ann', `${url}/holdfast`))
  const live = await clients[0]?.live(`follow=${HOME}`)
  await live?.next()
  const session = async (s: string, client = clients[0]) => {
    for (let n = 1; n <= 40; n++) {
      const answer = await client?.sync({
        pull: false,
        tx: [tx(s, n, [insert(`${s}${n}`), ['upd', HOME, 'todos', `${s}${n}`, { done: true }]])],
      })
      expect(answer?.verdicts[0]).toMatchObject({ is: 'applied', dot: [s, n] })
    }
  }
  await Promise.all([session('A', clients[0]), session('B', clients[1]), session('C', clients[0]), session('D', clients[1])])
  const cuts = await Promise.all(clients.map(async (client) => (await client.sync()).cut.get(HOME)))
  expect(cuts[0]).toEqual(cuts[1])
  expect(cuts[0]?.seq).toBe(160)
  // A stream never skips silently: each frame goes on from what was told, or a hint came before.
  let told = 0
  for (let frame: Frame | undefined; told < 160; ) {
    frame = await live?.next()
    if (frame?.is === 'hint') told = frame.heads.get(HOME) ?? 0
    if (frame?.is !== 'commit') continue
    expect(frame.deltas[0]?.from).toBe(told)
    told = frame.deltas[0]?.to ?? 0
  }
  await live?.cancel()
  // Both sessions of one dot, in both processes at once: decided once.
  const twice = await Promise.all(clients.map((client) => client.sync({ pull: false, tx: [tx('E', 1, [insert('e')])] })))
  expect(twice[0]?.verdicts).toEqual(twice[1]?.verdicts)
  await Promise.all(servers.map((server) => server.stop()))
})

test('over real HTTP a reader that goes away frees its stream', async () => {
  const server = await startServer({ file: newFile(), limits: { streamsPerUser: 1 } })
  const ann = wireClient(fetch, 'ann', `${server.url}/holdfast`)
  const stop = new AbortController()
  const live = await ann.live('follow=all', stop.signal)
  await live.next()
  expect((await ann.live()).response.status).toBe(429)
  stop.abort()
  await expect
    .poll(async () => {
      const again = await ann.live()
      await again.cancel()
      return again.response.status
    })
    .toBe(200)
  await server.stop()
})
