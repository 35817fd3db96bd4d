import { gunzipSync } from 'node:zlib'
import { base64url } from '@holdfast/shared/internal/ids'
import { decodeResponse } from '@holdfast/shared/internal/protocol/response'
import { describe, expect, test } from 'vitest'
import { fetchSegment, HOME, taking } from '../segments.kit.ts'
import { insert, testServer, update } from '../test-server.kit.ts'
import { bodyOf, tx } from '../wire-client.kit.ts'

const HOUR = 3_600_000

/** A server with a space of one segment, and the name of that. */
async function world() {
  const server = testServer({ segmentsFrom: 10, now: 100 * HOUR })
  const ann = server.client('ann')
  await ann.sync({
    tx: [
      tx(
        'A',
        1,
        Array.from({ length: 10 }, (_, i) => insert(HOME, `t${i}`)),
      ),
    ],
  })
  const names = async () => ((await ann.sync(taking)).deltas[0]?.segments ?? []).map(([name]) => name)
  const [name = ''] = await names()
  return { ...server, ann, name, names }
}

const problemOf = async (response: Response) => ({
  status: response.status,
  code: decodeResponse(new Uint8Array(await response.arrayBuffer())).problem?.code,
})
const UNKNOWN = { status: 404, code: 'server_error' }

describe('GET segments', () => {
  test('gives the bytes, compressed for who takes that, for caches of one user and for as long as the name is good', async () => {
    const { server, name } = await world()
    const plain = await fetchSegment(server, name)
    const zipped = await fetchSegment(server, name, { 'accept-encoding': 'br, gzip;q=0.5' })
    const bytes = Buffer.from(await plain.arrayBuffer())
    const packed = Buffer.from(await zipped.arrayBuffer())
    expect(gunzipSync(packed)).toEqual(bytes)
    expect(Object.fromEntries(plain.headers)).toEqual({
      'cache-control': `private, max-age=${(20 * HOUR) / 1000}, immutable`,
      'content-length': String(bytes.length),
      'content-type': 'application/octet-stream',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    })
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect(zipped.headers.get('content-length')).toBe(String(packed.length))
    expect(zipped.headers.get('etag')).not.toBe(plain.headers.get('etag'))
    for (const refused of ['gzip;q=0', 'br', 'identity', '*;q=0', ''])
      expect((await fetchSegment(server, name, { 'accept-encoding': refused })).headers.get('content-encoding')).toBeNull()
    expect((await fetchSegment(server, name, { 'accept-encoding': '*' })).headers.get('content-encoding')).toBe('gzip')
  })

  test('says 304 to who has it, gives HEAD no body, and a range nothing less than all', async () => {
    const { server, name } = await world()
    const all = await fetchSegment(server, name)
    const etag = all.headers.get('etag') ?? ''
    for (const tags of [etag, `"x", W/${etag}`, '*']) {
      const response = await fetchSegment(server, name, { 'if-none-match': tags })
      expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await fetchSegment(server, name, { 'if-none-match': '"x"' })).status).toBe(200)
    const head = await fetchSegment(server, name, {}, 'HEAD')
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', all.headers.get('content-length')])
    const range = await fetchSegment(server, name, { range: 'bytes=0-3' })
    expect([range.status, (await range.arrayBuffer()).byteLength]).toEqual([200, Number(all.headers.get('content-length'))])
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await fetchSegment(server, name, {}, method)).status).toBe(404)
  })

  test('knows no name that it has not given out', async () => {
    const { server, name } = await world()
    const [id = '', end = '', proof = ''] = name.split('.')
    const other = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`
    const guesses = [
      ...[`${other(id)}.${end}.${proof}`, `${id}.${Number(end) + 1}.${proof}`, `${id}.0${end}.${proof}`, `${id}.${end}.${other(proof)}`],
      ...[`${id}.${end}.${proof.slice(1)}`, `${id}.${end}.`, `${id}.${end}`, id, `${name}.`, `${name}%00`, `${name}%20`, ` ${name}`],
      ...['x', '%', '%2e%2e%2fhealth', '..%2f..%2fetc%2fpasswd', "' OR 1=1 --", '__proto__', 'x'.repeat(100_000), name.toUpperCase()],
      ...Array.from({ length: 50 }, () => `${id}.${end}.${base64url(crypto.getRandomValues(new Uint8Array(16)))}`),
    ]
    for (const guess of guesses) expect(await problemOf(await fetchSegment(server, guess)), guess.slice(0, 99)).toEqual(UNKNOWN)
    expect((await fetchSegment(server, name)).status).toBe(200)
  })

  test('a name ends within 24 hours; whoever syncs is given another for the same bytes, half a day before', async () => {
    const { server, clock, name, names } = await world()
    const bytes = await (await fetchSegment(server, name)).text()
    clock.now = 107.9 * HOUR
    expect(await names()).toEqual([name])
    clock.now = 108 * HOUR
    const [next = ''] = await names()
    expect(next).not.toBe(name)
    expect(await (await fetchSegment(server, next)).text()).toBe(bytes)
    clock.now = 120 * HOUR - 1
    expect((await fetchSegment(server, name)).headers.get('cache-control')).toBe('private, max-age=0, immutable')
    clock.now = 120 * HOUR
    expect(await problemOf(await fetchSegment(server, name))).toEqual(UNKNOWN)
    expect((await fetchSegment(server, next)).status).toBe(200)
  })

  test('who lost the space may fetch what he was given the names of until they end, and is given no others', async () => {
    const { server, grant, revoke, client, clock } = await world()
    await grant('L', 'ann', 'write')
    await grant('L', 'bob', 'read')
    await client('ann').sync({
      tx: [
        tx(
          'A',
          2,
          Array.from({ length: 20 }, (_, i) => insert('L', `t${i}`)),
        ),
      ],
    })
    const namesOf = async (user: string) =>
      ((await client(user).sync(taking)).deltas.find(({ space }) => space === 'L')?.segments ?? []).map(([name]) => name)
    const [name = ''] = await namesOf('bob')
    await revoke('L', 'bob')
    expect(await namesOf('bob')).toEqual([])
    expect((await fetchSegment(server, name)).status).toBe(200)
    await client('ann').sync({
      tx: [
        tx(
          'A',
          3,
          Array.from({ length: 20 }, (_, i) => update('L', `t${i}`, { title: 'New' })),
        ),
      ],
    })
    const fresh = await namesOf('ann')
    expect(fresh).not.toContain(name)
    clock.now += 24 * HOUR
    expect(await problemOf(await fetchSegment(server, name))).toEqual(UNKNOWN)
  })

  test('while the server shuts down it says so', async () => {
    const { server, name } = await world()
    void server.close()
    expect(await problemOf(await fetchSegment(server, name))).toEqual({ status: 503, code: 'server_error' })
  })
})

describe('answers of sync', () => {
  test('beyond a kilobyte are compressed for who takes that', async () => {
    const { ann } = await world()
    const post = async (headers: Record<string, string>, follow: 'all' | [] = 'all') =>
      await ann.post(JSON.stringify(bodyOf({ user: 'ann', follow })), headers)
    const plain = new Uint8Array(await (await post({})).arrayBuffer())
    const response = await post({ 'accept-encoding': 'gzip, br' })
    const packed = new Uint8Array(await response.arrayBuffer())
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(packed.length),
      'content-type': 'application/x-ndjson',
      'cache-control': 'no-store',
      vary: 'accept-encoding',
    })
    expect(packed.length).toBeLessThan(plain.length / 3)
    expect(decodeResponse(gunzipSync(packed)).deltas).toEqual(decodeResponse(plain).deltas)
    expect((await post({ 'accept-encoding': 'gzip' }, [])).headers.get('content-encoding')).toBeNull()
    const live = await ann.live()
    expect(live.response.headers.get('content-encoding')).toBeNull()
    await live.cancel()
  })
})
