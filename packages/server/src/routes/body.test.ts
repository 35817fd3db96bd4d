import { gzipSync } from 'node:zlib'
import { decodeResponse } from '@holdfast/shared/internal/protocol/response'
import { describe, expect, test } from 'vitest'
import { insert, testServer } from '../test-server.kit.ts'
import { bodyOf, tx } from '../wire-client.kit.ts'

const good = () => JSON.stringify(bodyOf({ user: 'ann', tx: [tx('A', 1, [insert('home:ann', 't1')])] }))
const read = async (response: Response) => ({ status: response.status, ...decodeResponse(new Uint8Array(await response.arrayBuffer())) })
const post = async (body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>) => {
  const { client } = testServer({ limits: { bodyBytes: 10_000 } })
  return await read(await client('ann').post(body, headers))
}

describe('a body within limits', () => {
  test('gzip is read', async () => {
    expect(await post(new Uint8Array(gzipSync(good())), { 'content-encoding': 'gzip' })).toMatchObject({
      status: 200,
      verdicts: [{ is: 'applied' }],
    })
  })

  test.each([
    ['not json', 400, 'bad_request', 'no', {}],
    ['an empty body', 400, 'bad_request', '', {}],
    ['an array', 400, 'bad_request', '[]', {}],
    ['broken UTF-8', 400, 'bad_request', new Uint8Array([0x22, 0xff, 0x22]), {}],
    ['deep', 400, 'bad_request', '['.repeat(5000), {}],
    ['broken gzip', 400, 'bad_request', 'nope', { 'content-encoding': 'gzip' }],
    ['brotli', 415, 'bad_request', 'nope', { 'content-encoding': 'br' }],
    ['a form', 415, 'bad_request', good(), { 'content-type': 'text/plain' }],
    ['long', 413, 'too_large', ' '.repeat(10_001), {}],
    ['a bomb', 413, 'too_large', new Uint8Array(gzipSync(' '.repeat(5_000_000))), { 'content-encoding': 'gzip' }],
  ] as const)('%s: %i %s, as a complete body', async (...[, status, code, body, headers]) => {
    const answer = { status, problem: { code }, verdicts: [], user: 'ann' }
    expect(await post(body as string, headers)).toMatchObject(answer)
    expect(await post(body as string, { ...headers, 'content-length': `${Buffer.byteLength(body)}` })).toMatchObject(answer)
  })

  test('of a declared length is read at once', async () => {
    const body = good()
    expect(await post(body, { 'content-length': `${body.length}` })).toMatchObject({ status: 200, verdicts: [{ is: 'applied' }] })
  })

  test('brackets in strings are not depth', async () => {
    const body = { ...bodyOf({ user: 'ann' }), more: `${'['.repeat(500)}\\"` }
    expect(await post(JSON.stringify(body))).toMatchObject({ status: 200 })
  })

  test('the nonce comes back where it is known, also of a malformed request and another version of the protocol', async () => {
    const body = bodyOf({ user: 'ann' })
    expect(await post(JSON.stringify({ ...body, cur: 7 }))).toMatchObject({ status: 400, nonce: body.q })
    expect(await post(JSON.stringify({ ...body, p: 2 }))).toMatchObject({ status: 409, nonce: body.q, problem: { code: 'upgrade' } })
    expect(await post(JSON.stringify({ ...body, tx: [{ d: [3, 1] }] }))).toMatchObject({ status: 400, nonce: body.q })
  })
})
