import { decodeRequest } from '@holdfast/shared/internal/protocol/request'
import { expect, test } from 'vitest'
import { nodePlatform } from '../platform.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { sqlite } from '../storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { insert, schema, storeGrant, update } from '../test-server.kit.ts'
import { bodyOf, tx, voided } from '../wire-client.kit.ts'
import { type Decision, decideAll } from './decide.ts'
import { need } from './reads.ts'

const engine = { schema, rules: {}, sha256: nodePlatform.sha256 }

/** The same seed gives the same numbers; Numerical Recipes' linear congruential generator. */
const randomOf = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

/** Requests of two users with two sessions each over two spaces: new, again, too early, void, refused. */
function history(seed: number) {
  const random = randomOf(seed)
  const next: Record<string, number> = {}
  return Array.from({ length: 40 }, () => {
    const user = ['ann', 'bob'][random(2)] as string
    const session = `${user}${random(2)}`
    const made = Array.from({ length: 1 + random(3) }, () => {
      const n = (next[session] ?? 1) - (random(8) === 0 ? 1 : 0) + (random(12) === 0 ? 1 : 0)
      next[session] = Math.max(next[session] ?? 1, n + 1)
      if (n < 1 || random(15) === 0) return voided(session, Math.max(n, 1))
      const place = ['L', 'todos', `t${random(4)}`] as const
      const space = ['L', 'M'][random(2)] as string
      const operations = [
        [insert(space, place[2], { title: `${random(5)}` })],
        [update(space, place[2], { title: `${random(5)}` }), ['inc', space, 'todos', place[2], 'votes', random(5)]],
        [['del', space, 'todos', place[2]]],
        [['put', space, 'todos', place[2], { title: `${random(5)}`, tags: ['a'] }], insert('M', `m${random(9)}`)],
        [
          ['add', space, 'todos', place[2], 'tags', ['b']],
          ['res', space, 'todos', place[2]],
        ],
      ][random(5)] as unknown[]
      return tx(session, n, operations, {
        at: 1000 + random(1000),
        seen: random(3) === 0 ? { [`${user}0`]: random(3), [`${user}1`]: random(3) } : {},
      })
    })
    return { user, body: bodyOf({ user, tx: made }) }
  })
}

async function play(storage: Storage, requests: ReturnType<typeof history>, together: number) {
  for (const user of ['ann', 'bob']) for (const space of ['L', 'M']) await storeGrant(storage, user, space, 'write')
  const decisions: Decision[] = []
  for (let i = 0; i < requests.length; i += together) {
    const asked = requests.slice(i, i + together).map(({ user, body }) => ({ request: decodeRequest(body), asker: { user, now: 1 } }))
    decisions.push(...((await storage.write(() => decideAll(engine, asked))).outcomes as Decision[]))
  }
  const kept = await Promise.all(
    ['L', 'M'].map(async (space) => ({
      head: Buffer.from((await storage.read(() => need('space', space)))?.hash ?? []).toString('hex'),
      records: (await storage.read(() => need('changedSince', space, 0))).map(({ table, id, body }) => `${table} ${id} ${body}`).sort(),
    })),
  )
  await storage.close()
  return { decisions, kept }
}

test('the same requests give the same answers and the same hashes, alone or in batches, in memory or in SQLite', async () => {
  let conflicts = 0
  for (let seed = 1; seed <= 60; seed++) {
    const requests = history(seed)
    const alone = await play(memoryStorage(), requests, 1)
    expect(await play(memoryStorage(), requests, 7)).toEqual(alone)
    expect(await play(memoryStorage(), requests, requests.length)).toEqual(alone)
    expect(await play(sqlite(':memory:', { epoch: 'e1' }), requests, 5)).toEqual(alone)
    conflicts += alone.kept.flatMap(({ records }) => records).filter((record) => record.startsWith('$conflicts')).length
  }
  expect(conflicts).toBeGreaterThan(20)
})
