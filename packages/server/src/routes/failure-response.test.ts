import { decodeResponse } from '@holdfast/shared/internal/protocol/response'
import { expect, test } from 'vitest'
import { testServer } from '../test-server.kit.ts'
import { bodyOf } from '../wire-client.kit.ts'

const request = (path = 'sync', token = 'Bearer ann') =>
  new Request(`http://test/holdfast/${path}`, {
    method: path === 'sync' ? 'POST' : 'GET',
    headers: { authorization: token, 'content-type': 'application/json' },
    ...(path === 'sync' ? { body: JSON.stringify(bodyOf({ user: 'ann' })) } : {}),
  })
const read = async (response: Response) => ({
  status: response.status,
  cache: response.headers.get('cache-control'),
  type: response.headers.get('content-type'),
  retry: Number(response.headers.get('retry-after')),
  ...decodeResponse(new Uint8Array(await response.arrayBuffer())),
})

const complete = { cache: 'no-store', type: 'application/x-ndjson' }

test('nobody is 401; an authenticator that throws is a retryable 503 and logged', async () => {
  const { server } = testServer()
  for (const path of ['sync', 'live?follow=all']) {
    expect(await read(await server.fetch(request(path, 'Bearer  ')))).toMatchObject({
      ...complete,
      status: 401,
      user: undefined,
      problem: { code: 'unauthenticated' },
    })
  }
  const broken = testServer({
    authenticate: () => {
      throw new Error('secret: db down')
    },
  })
  const answer = await read(await broken.server.fetch(request()))
  expect(answer).toMatchObject({ ...complete, status: 503, problem: { code: 'server_error' } })
  expect(answer.retry).toBeGreaterThanOrEqual(1)
  expect(JSON.stringify(answer)).not.toContain('secret')
  expect(broken.logged).toContainEqual(expect.objectContaining({ level: 'error', event: 'authenticate_failed' }))
})

test('an authenticator may be asynchronous; a user whose id is none is an error of the server', async () => {
  const slow = testServer({ authenticate: async () => ({ id: 'ann', name: 'Ann' }) })
  expect(await read(await slow.server.fetch(request()))).toMatchObject({ status: 200, user: 'ann' })
  const bad = testServer({ authenticate: () => ({ id: 'a\0' }) })
  expect(await read(await bad.server.fetch(request()))).toMatchObject({ status: 503 })
})

test('an answer is never cached, and says who was authenticated', async () => {
  const { server } = testServer()
  expect(await read(await server.fetch(request()))).toMatchObject({ ...complete, status: 200, user: 'ann' })
})

test('after close everything is refused, retryably, and the storage is closed', async () => {
  const { server, storage } = testServer()
  expect(await (await server.app.request('/holdfast/health')).json()).toEqual({ ok: true, streams: 0 })
  await server.close()
  expect(await read(await server.fetch(request()))).toMatchObject({ ...complete, status: 503, problem: { code: 'server_error' } })
  expect((await server.app.request('/holdfast/health')).status).toBe(503)
  await expect(storage.close()).resolves.toBeUndefined()
})
