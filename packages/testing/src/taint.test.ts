import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { quiet } from './manual-clock.ts'
import { seededRandom } from './random.ts'
import { diskText } from './raw-store.ts'
import { app } from './sharing/app.ts'
import { config } from './sharing/config.ts'
import { createList, type Db, openLink, shareLink } from './sharing/lists.ts'
import { createWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

/** Everything that arrives at a device, whatever endpoint or frame it comes from. */
function tap(device: Device) {
  const received: string[] = []
  const sent: string[] = []
  device.through(async (request, pass) => {
    sent.push(`${request.url} ${request.headers.get('authorization')} ${await request.clone().text()}`)
    const response = await pass(request)
    const decoder = new TextDecoder()
    const listen = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        received.push(decoder.decode(chunk, { stream: true }))
        controller.enqueue(chunk)
      },
    })
    return new Response(response.body?.pipeThrough(listen) ?? null, { status: response.status, headers: response.headers })
  })
  return { received, sent }
}

async function person(userId: string, device = world.device(), more: { spaces?: string[] } = {}) {
  const tapped = tap(device)
  const db: Db = await device.tab({ ...app, userId, ...more })
  await world.until(() => expect(db.status.read().state).toBe('synced'))
  return { device, db, ...tapped }
}

const settled = (...people: readonly { db: Db }[]) =>
  Promise.all(people.map(({ db }) => world.until(() => expect(db.status.read()).toMatchObject({ state: 'synced', pending: 0 }))))

describe('taint: secrets are unique, and looked for in every byte', () => {
  test.each([1, 2, 3, 4, 5])('let in and out again, at any moment, online and not (seed %d)', async (seed) => {
    const random = seededRandom(seed)
    world = createWorld({ server: config, random: seededRandom(seed) })
    const [ann, bob] = [await person('ann'), await person('bob')]
    const list = createList(ann.db, 'Party')
    await settled(ann)
    const link = await shareLink(ann.db, list)
    let secrets = 0
    const whisper = () => list.todos.insert({ title: `SECRET-${seed}-${++secrets}-` })
    for (let round = 0; round < 4; round++) {
      await openLink(bob.db, link, () => undefined)
      for (let i = 0; i < 3; i++) await whisper()
      await settled(ann, bob)
      expect(await diskText(bob.device.indexedDB)).toContain(`SECRET-${seed}-${secrets}-`)
      const stop = bob.db.space(list.id).members.subscribe(() => undefined)
      const offline = random() < 0.5
      if (offline) bob.device.offline()
      if (offline) await bob.db.space(list.id).todos.insert({ title: 'bob was here' })
      await ann.db.run.remove({ space: list.id, userId: 'bob' }).confirmed()
      bob.received.length = 0
      const before = secrets
      for (let i = 0; i < 3; i++) {
        await whisper()
        if (random() < 0.5) await world.clock.advance(Math.floor(random() * 4_000))
      }
      bob.device.online()
      await settled(ann, bob)
      await world.clock.advance(70_000)
      // Nothing that was written after it arrives, in no body and no frame, and nothing of before stays.
      const arrived = bob.received.join('')
      for (let i = before + 1; i <= secrets; i++) expect(arrived).not.toContain(`SECRET-${seed}-${i}-`)
      expect(arrived).not.toContain('"ann"')
      const disk = await diskText(bob.device.indexedDB)
      expect(disk).not.toContain('SECRET')
      expect(bob.db.todos.read().filter(({ title }) => title.includes('SECRET'))).toEqual([])
      expect(bob.db.space(list.id).members.read()).toEqual([])
      stop()
    }
  })

  test('who guesses ids gets the same answer for what is there and what is not, from every endpoint', async () => {
    world = createWorld({ server: config })
    const ann = await person('ann')
    const list = createList(ann.db, 'Party')
    const id = await list.todos.insert({ title: 'SECRET' })
    await settled(ann)
    const nowhere = `list_${'A'.repeat(22)}`
    const guesses = [list.id, nowhere, 'home:ann', 'home:nobody', 'server:invites', 'server:nothing']
    const eve = await person('eve', world.device(), { spaces: guesses })
    const looks: unknown[] = []
    for (const guess of guesses) {
      const space = eve.db.space(guess)
      looks.push([space.state.read(), space.can('insert', 'todos'), space.members.read()])
      const stop = space.members.subscribe(() => undefined)
      expect(() => space.todos.upsert(id, { title: 'x' })).toThrow(expect.objectContaining({ code: 'forbidden' }))
      await quiet()
      stop()
    }
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(1)
    await world.clock.advance(20_000)
    const asked = async (path: string) => {
      const response = await world.serve(new Request(`http://server/holdfast/${path}`, { headers: { authorization: 'Bearer eve' } }))
      const [head = '', trailer = ''] = (await response.text()).trim().split('\n')
      const { q: _, now: __, ...rest } = JSON.parse(head)
      return JSON.stringify([response.status, rest, JSON.parse(trailer).lines])
    }
    const members = await Promise.all(guesses.map((guess) => asked(`members?user=eve&space=${encodeURIComponent(guess)}`)))
    expect(new Set(members).size).toBe(1)
    expect(members[0]).toContain('"members":[]')
    // Commands say no more than what their app says.
    for (const guess of [list.id, nowhere]) {
      expect(await eve.db.run.invite({ space: guess, access: 'read' }).confirmed({ within: '1m' })).toMatchObject({
        code: 'not_owner',
        message: 'Only its owner can share a list.',
      })
    }
    const arrived = eve.received.join('')
    expect(arrived).not.toContain('SECRET')
    expect(arrived).not.toContain('Party')
    expect(arrived).not.toMatch(/"ann"/)
    expect(await diskText(eve.device.indexedDB)).not.toMatch(/SECRET|Party/)
  })

  test('the session of another, stolen, is of no use with another token: nothing is decided, nothing is told', async () => {
    world = createWorld({ server: config })
    const ann = await person('ann')
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'SECRET' })
    await settled(ann)
    const body = ann.sent.find((one) => one.includes('"ins"'))?.replace(/^\S+ Bearer \S+ /, '') ?? ''
    for (const [user, text] of [
      ['eve', body],
      ['eve', body.replace('"u":"ann"', '"u":"eve"')],
    ] as const) {
      const request = new Request('http://server/holdfast/sync', {
        method: 'POST',
        body: text,
        headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
      })
      const answer = await (await world.serve(request)).text()
      expect(answer).toContain('wrong_user')
      expect(answer).not.toMatch(/SECRET|Party|list_/)
    }
    const live = await world.serve(
      new Request('http://server/holdfast/live?user=ann&follow=all', { headers: { authorization: 'Bearer eve' } }),
    )
    expect(live.status).toBe(409)
    expect((await world.dump(list.id)).tables.todos).toHaveLength(1)
  })

  test('E2, E3: after a sign-out nothing of one user is on the device, nor reaches the next', async () => {
    world = createWorld({ server: config })
    const device = world.device()
    const ann = await person('ann', device)
    const list = createList(ann.db, 'Party')
    await list.todos.insert({ title: 'SECRET' })
    await settled(ann)
    const gone = ann.db.erase({ unsent: 'drain' })
    await world.clock.advance(1_000)
    await gone
    expect(await device.indexedDB.databases()).toEqual([])
    const eve = await person('eve', device)
    await eve.db.home.todos.insert({ title: 'of eve' })
    await settled(eve)
    await world.clock.advance(60_000)
    expect([...eve.received, ...eve.sent].join('')).not.toMatch(/SECRET|Party|ann/)
    expect(await diskText(device.indexedDB)).not.toMatch(/SECRET|Party/)
  })
})
