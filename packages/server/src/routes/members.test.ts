import { decodeResponse } from '@holdfast/shared/internal/protocol/response'
import { expect, test } from 'vitest'
import type { AppAccess } from '../hooks.ts'
import { testServer } from '../test-server.kit.ts'

function world(options: Parameters<typeof testServer>[0] = {}) {
  const made = testServer(options)
  async function ask(user: string, query: string) {
    const request = new Request(`http://test/holdfast/members?${query}`, { headers: { authorization: `Bearer ${user}` } })
    const response = await made.server.fetch(request)
    const text = await response.text()
    return { status: response.status, text, ...decodeResponse(new TextEncoder().encode(text)) }
  }
  return { ...made, ask }
}

test('who may read a space may know who is in it', async () => {
  const { ask, grant } = world()
  await grant('L', 'bob', 'read')
  await grant('L', 'ann', 'write', 'owner')
  const members = [
    { userId: 'ann', access: 'write', role: 'owner' },
    { userId: 'bob', access: 'read', role: null },
  ]
  for (const user of ['ann', 'bob']) expect(await ask(user, 'space=L&q=n1')).toMatchObject({ status: 200, user, nonce: 'n1', members })
  expect((await ask('ann', 'space=home:ann&user=ann')).members).toEqual([{ userId: 'ann', access: 'write', role: 'owner' }])
})

test('a space that is foreign, unknown or revoked has the same answer, byte for byte', async () => {
  const { ask, grant, revoke, server } = world()
  await grant('foreign', 'ann', 'write')
  await server.write((tx) => tx.space('foreign').todos.insert({ title: 'x' }))
  await grant('revoked', 'bob', 'write')
  await revoke('revoked', 'bob')
  const texts = await Promise.all(
    ['foreign', 'unknown', 'revoked', 'home:ann'].map(async (space) => (await ask('bob', `space=${space}`)).text),
  )
  expect(new Set(texts).size).toBe(1)
  expect(texts[0]).toContain('"members":[]')
})

test('another user than the token’s, and no space, are told so', async () => {
  const { ask } = world()
  expect(await ask('ann', 'space=L&user=bob')).toMatchObject({ status: 409, problem: { code: 'wrong_user' } })
  expect(await ask('ann', '')).toMatchObject({ status: 400, problem: { code: 'bad_request' } })
  expect(await ask('ann', 'space=%00')).toMatchObject({ status: 400, problem: { code: 'bad_request' } })
})

test('an app with membership of its own says who is in a space, to those who are; else each sees himself', async () => {
  const access: AppAccess = { list: () => [], check: (user) => (user === 'ann' ? { access: 'read' } : null) }
  expect((await world({ access }).ask('ann', 'space=L')).members).toEqual([{ userId: 'ann', access: 'read', role: null }])
  const members = () => [
    { userId: 'cleo', access: 'write' as const, role: 'owner' },
    { userId: 'ann', access: 'read' as const },
  ]
  const { ask } = world({ access: { ...access, members } })
  expect((await ask('ann', 'space=L')).members?.map(({ userId }) => userId)).toEqual(['ann', 'cleo'])
  expect((await ask('bob', 'space=L')).members).toEqual([])
})
