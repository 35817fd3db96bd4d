import { decodeResponse, encodeResponse } from '@holdfast/shared/internal/protocol/response'
import { afterEach, expect, test } from 'vitest'
import type { Fault } from './device.ts'
import { withStore } from './raw-store.ts'
import { testSchema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const isSegment = ({ url }: Request) => new URL(url).pathname.includes('/segments/')
const MANY = 30

/** A space of many records, that another device has yet to hear of. */
async function begin(door: Fault) {
  world = createWorld({ door })
  const ann = await world.device().tab({ schema: testSchema, userId: 'ann' })
  for (let i = 0; i < MANY; i++) ann.home.todos.insert({ id: `t${String(i).padStart(3, '0')}`, title: `todo ${i}` })
  await world.synced(ann)
  return ann
}

const spoiled: Fault = async (request, pass) => {
  const answer = await pass(request)
  return new Response((await answer.arrayBuffer()).slice(1), { status: answer.status })
}
const page = (status: number) => () => new Response('<html>Please sign in.</html>', { status })

test.each<[string, Fault]>([
  ['never there', page(404)],
  ['refused by a gateway', page(403)],
  ['something else', page(200)],
  ['broken where they are kept', spoiled],
])('segments that are %s do not keep a device from what there is', async (_, fault) => {
  await begin((request, pass) => (isSegment(request) ? fault(request, pass) : pass(request)))
  const second = await world.device().tab({ schema: testSchema, userId: 'ann' })
  await world.synced(second)
  expect(second.todos.count().read()).toBe(MANY)
})

test('what has come of the segments is not fetched again when one of them fails', async () => {
  const asked: string[] = []
  let failing: string | undefined
  await begin((request, pass) => {
    if (!isSegment(request)) return pass(request)
    asked.push(request.url)
    failing ??= request.url
    return failing === request.url && asked.filter((url) => url === failing).length === 1
      ? new Response('', { status: 503 })
      : pass(request)
  })
  const second = await world.device().tab({ schema: testSchema, userId: 'ann' })
  await world.synced(second)
  expect(second.todos.count().read()).toBe(MANY)
  expect(new Set(asked).size).toBeGreaterThan(3)
  expect(asked.filter((url) => url !== failing).length).toBe(new Set(asked).size - 1)
})

test('a line on which so many do not come at a time brings them, fewer at a time', async () => {
  let coming = 0
  await begin(async (request, pass) => {
    if (!isSegment(request)) return pass(request)
    coming++
    const end = new AbortController()
    request.signal.addEventListener('abort', () => end.abort())
    // Ten seconds each, if it were alone.
    for (let left = 10; left > 0 && !end.signal.aborted; left -= 1 / coming)
      await new Promise<void>((done) => world.clock.setTimer(1_000, done))
    coming--
    return pass(request)
  })
  const second = await world.device().tab({ schema: testSchema, userId: 'ann' })
  await world.until(() => expect(second.todos.count().read()).toBe(MANY), 600_000)
})

test.each(['<html>', ''])('a segment of which something else is on the disk (%j) is fetched again', async (text) => {
  await begin((request, pass) => pass(request))
  const device = world.device()
  const second = await device.tab({ schema: testSchema, userId: 'ann' })
  await world.synced(second)
  await second.close()
  const [name] = await withStore(device.indexedDB, 'segments', (segments) => segments.getAllKeys())
  await withStore(device.indexedDB, 'segments', (segments) => segments.put(new TextEncoder().encode(text).buffer, name))
  const again = await device.tab({ schema: testSchema, userId: 'ann' })
  await world.synced(again)
  expect(again.todos.count().read()).toBe(MANY)
})

test('segments that overlap, as of a server that sorts otherwise, are not taken', async () => {
  await begin(async (request, pass) => {
    const answer = await pass(request)
    if (isSegment(request) || !new URL(request.url).pathname.endsWith('/sync')) return answer
    const told = decodeResponse(new Uint8Array(await answer.arrayBuffer()))
    const deltas = told.deltas.map((delta) => ({ ...delta, segments: delta.segments?.toReversed() }))
    return new Response(encodeResponse({ ...told, deltas }), { status: answer.status })
  })
  const second = await world.device().tab({ schema: testSchema, userId: 'ann' })
  await world.synced(second)
  second.home.todos.update('t003', { title: 'another' })
  expect(second.todos.count().read()).toBe(MANY)
})
