// What peers do below HTTP (faults.md I): raw sockets against a server process.
import { mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bodyOf, FrameReader, tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import { afterEach, expect, test } from 'vitest'
import { eventually } from './device.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const HOME = 'home:ann'
let server: ServerProcess
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.stop()
})

const begin = async (limits: object = {}) => {
  server = await startServer({
    file: join(mkdtempSync(join(tmpdir(), 'holdfast-')), 'a.db'),
    heartbeat: 200,
    limits: { drain: 300, ...limits },
  })
  return wireClient(fetch, 'ann', `${server.url}/holdfast`)
}

/** A connection that has said this much; nothing is read of what comes back unless `heard` is asked for. */
async function say(text: string, read = true): Promise<{ socket: Socket; heard(): Promise<string> }> {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  let all = ''
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  if (read) socket.on('data', (bytes) => (all += bytes))
  socket.write(text)
  const heard = async () => {
    await Promise.race([ended, eventually(() => expect(all).toMatch(/\r\n\r\n[\s\S]*\n$/))])
    return all
  }
  return { socket, heard }
}

const post = (length: string) =>
  `POST /holdfast/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\nContent-Type: application/json\r\n${length}\r\n\r\n`
const live = 'GET /holdfast/live?follow=home%3Aann HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\n\r\n'
const insert = (id: string, title = id) => ['ins', HOME, 'todos', id, { title }]
const pushOf = (session: string) => JSON.stringify(bodyOf({ user: 'ann', tx: [tx(session, 1, [insert(session)])] }))
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const onServer = async () => (await server.dump(HOME)).tables.todos?.map(({ id }) => id) ?? []

test('I2: a body in chunks that states no length is cut off at the limit, long before its end', async () => {
  await begin({ bodyBytes: 100_000 })
  const { socket, heard } = await say(post('Transfer-Encoding: chunked'))
  let sent = 0
  // Without an end, unless the server makes one.
  while (!socket.destroyed && sent < 50_000_000 && socket.writable) {
    const room = socket.write(chunk(' '.repeat(50_000)))
    sent += 50_000
    if (!room) await new Promise((resolve) => setTimeout(resolve, 1))
    if (socket.bytesRead > 0) break
  }
  expect(await heard()).toMatch(/^HTTP\/1\.1 413 /)
  expect(sent).toBeLessThan(20_000_000)
  expect((await server.health()).ok).toBe(true)
})

test('I2: a length that is a lie decides nothing: too small, and what follows is no request; too great, and the rest never comes', async () => {
  const ann = await begin()
  const small = await say(post('Content-Length: 10') + pushOf('A'))
  expect(await small.heard()).toMatch(/^HTTP\/1\.1 400 /)
  const great = await say(post(`Content-Length: ${pushOf('B').length + 100}`) + pushOf('B'))
  great.socket.end()
  expect(await great.heard()).not.toMatch(/^HTTP\/1\.1 200 /)
  const both = await say(post(`Content-Length: 10\r\nTransfer-Encoding: chunked`) + chunk(pushOf('C')) + chunk(''))
  expect(await both.heard()).toMatch(/^HTTP\/1\.1 400 /)
  expect(await onServer()).toEqual([])
  // The same, said truly, is decided.
  const good = await say(post('Transfer-Encoding: chunked') + chunk(pushOf('D').slice(0, 50)) + chunk(pushOf('D').slice(50)) + chunk(''))
  expect(await good.heard()).toMatch(/^HTTP\/1\.1 200 /)
  expect(await onServer()).toEqual(['D'])
  await ann.sync()
})

test('I3: streams whose readers stop reading take no memory that grows with what is written, and are given up', async () => {
  const ann = await begin({ streamsPerUser: 100 })
  for (let i = 0; i < 40; i++) {
    const { socket } = await say(live, false)
    socket.pause()
  }
  await eventually(async () => expect((await server.health()).streams).toBe(40))
  const title = 'x'.repeat(30_000)
  const write = async (from: number, to: number) => {
    for (let n = from; n <= to; n++)
      await ann.sync({ pull: false, tx: [tx('W', n, [['put', HOME, 'todos', 'same', { title: `${n}${title}` }]])] })
  }
  // What the sockets themselves take, and what the runtime needs for itself.
  await write(1, 100)
  const before = memoryOf(server.pid)
  await write(101, 400)
  // Kept for each it would be 360 MB.
  expect(memoryOf(server.pid) - before).toBeLessThan(120_000_000)
  // Nor are they kept: who has half gone or takes nothing is given up, and so is his connection.
  sockets[0]?.end()
  await eventually(async () => expect((await server.health()).streams).toBe(0))
  await eventually(() => expect(connectionsOf(server.pid)).toBeLessThan(5))
})

test('a stream that was asked for with a body lives as long as its connection, not as the body', async () => {
  const ann = await begin()
  const follow = [HOME, ...Array.from({ length: 2_000 }, (_, i) => `none${i}`)]
  const headers = { authorization: 'Bearer ann', 'content-type': 'application/json' }
  const ask = (body: unknown) => fetch(`${server.url}/holdfast/live?user=ann`, { method: 'POST', headers, body: JSON.stringify(body) })
  const stream = new FrameReader(await ask(follow))
  expect(await stream.next()).toMatchObject({ is: 'cut' })
  for (let i = 0; i < 3; i++) expect(await stream.next()).toEqual({ is: 'heartbeat' })
  await ann.sync({ tx: [tx('A', 1, [insert('x')])] })
  expect(await stream.next()).toMatchObject({ is: 'commit' })
  expect((await server.health()).streams).toBe(1)
  await stream.cancel()
  await eventually(async () => expect((await server.health()).streams).toBe(0))
  // A list is kept as long as its stream, so it is no longer than one of as many spaces as there may be.
  expect((await ask(Array.from({ length: 3_000 }, (_, i) => `${i}${'x'.repeat(1_000)}`))).status).toBe(413)
})

/** The sockets that a process holds. */
const connectionsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:')).length

const memoryOf = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_000

test('I4: bodies and heads that never end hold up nobody else, nor the end of the server, and decide nothing', async () => {
  // No end in sight: what stops at once does not wait for what was begun.
  const ann = await begin({ drain: 120_000 })
  for (let i = 0; i < 100; i++)
    await say(i % 2 === 0 ? post('Content-Length: 500') + pushOf(`s${i}`).slice(0, 40) : post('X: y').slice(0, 60))
  const began = performance.now()
  for (let n = 1; n <= 20; n++) await ann.sync({ tx: [tx('A', n, [insert(`${n}`)])] })
  expect(performance.now() - began).toBeLessThan(25_000)
  expect(await onServer()).toHaveLength(20)
  const stopping = performance.now()
  for (const socket of sockets) socket.destroy()
  await server.stop()
  expect(performance.now() - stopping).toBeLessThan(25_000)
})
