import { type Ask, bodyOf, tx, wireClient } from '@holdfast/server/internal/wire-client.kit'
import type { Cursor } from '@holdfast/shared/internal/history/history-hash'
import type { Page, Request } from 'playwright'
import { describe, expect, test } from 'vitest'
import { eventually, type Tab, useBrowser } from './browser-page.ts'

const world = useBrowser()
const wire = (user: string) => wireClient(fetch, user, `${world.server.url}/holdfast`)
const titlesIn = async (space: string) => ((await world.server.dump(space)).tables.todos ?? []).map(({ title }) => title)

/** What no user but Ann may ever see. */
const SECRET = 'Ann’s secret 7d0f'

/** All that is on the disk of a device, by name of the database. */
const diskOf = (tab: Tab) =>
  tab.run(async () => Object.entries(await readDisk()).map(([name, stores]) => ({ name, text: JSON.stringify(stores) })))

/** What a page sends: addresses, headers and bodies. */
function sentBy(page: Page): string[] {
  const sent: string[] = []
  page.on('request', (request: Request) => {
    sent.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`)
  })
  return sent
}

describe('Shown by 6: a space that is not his, over the wire', () => {
  /** Ann's list, a list that Bob was once in, and one that never was: how they are called. */
  const spaces = { foreign: 'list-1', revoked: 'list-2', never: 'list-3' }

  async function lists() {
    const ann = wire('ann')
    for (const space of [spaces.foreign, spaces.revoked]) {
      await world.server.grant(space, 'ann', 'write')
      await ann.sync({ tx: [tx(`A${space}`, 1, [['ins', space, 'todos', 'known', { title: SECRET }]])] })
    }
    await ann.sync({ tx: [tx('Ahome', 1, [['ins', 'home:ann', 'todos', 'known', { title: SECRET }]])] })
    await world.server.grant(spaces.revoked, 'bob', 'write')
    const { cut } = await wire('bob').sync({ tx: [tx('B', 1, [['ins', spaces.revoked, 'todos', 'his', { title: 'Bob was here' }]])] })
    await world.server.revoke(spaces.revoked, 'bob')
    const cursors = (await ann.sync()).cut
    return { was: cut.get(spaces.revoked) as Cursor, is: cursors.get(spaces.foreign) as Cursor }
  }

  /** An answer without what is always different (nonce, time, and the checksum over them), and without the name of the space. */
  async function masked(response: Response, space: string): Promise<string> {
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { q: _, now: __, crc: ___, hlc: ____, ...rest } = JSON.parse(line)
        return JSON.stringify(rest)
      })
    const headers = JSON.stringify([...response.headers].filter(([name]) => name !== 'date' && name !== 'content-length'))
    return `${response.status} ${headers}\n${lines.join('\n')}`.replaceAll(space, '<space>')
  }

  /** What Bob tries on a space, guessing its ids and its history. */
  const tries = (space: string, { was, is }: { was: Cursor; is: Cursor }, session: string): Record<string, Ask> => ({
    'pull it': { follow: [space] },
    'pull it from where he was': { follow: [space], cursors: { [space]: was } },
    'pull it from where it is': { follow: [space], cursors: { [space]: is } },
    'pull it from elsewhere': { follow: [space], cursors: { [space]: { seq: 7, hash: 'AAAAAAAAAAAAAAAAAAAAAA' } } },
    'pull it whole': { follow: [space], cursors: { [space]: was }, fresh: [space] },
    'say where he was': { follow: [space], cursors: { [space]: is }, positions: { [space]: [was, is] } },
    'push an insert': { tx: [tx(`${session}1`, 1, [['ins', space, 'todos', 'new', { title: 'x' }]])] },
    'push an insert of a known id': { tx: [tx(`${session}2`, 1, [['ins', space, 'todos', 'known', { title: 'x' }]])] },
    'push an update of a known id': { tx: [tx(`${session}3`, 1, [['upd', space, 'todos', 'known', { title: 'x' }]])] },
    'push an update of an unknown id': { tx: [tx(`${session}4`, 1, [['upd', space, 'todos', 'nope', { title: 'x' }]])] },
    'push a delete with a base': {
      cursors: { [space]: is },
      tx: [tx(`${session}5`, 1, [['del', space, 'todos', 'known']], { base: { [space]: is.seq } })],
    },
    'push a base that nothing proves': { tx: [tx(`${session}6`, 1, [['del', space, 'todos', 'known']], { base: { [space]: 1 } })] },
    'push to it and to his own': {
      tx: [
        tx(`${session}7`, 1, [
          ['ins', 'home:bob', 'todos', `${session}7`, { title: 'x' }],
          ['inc', space, 'todos', 'known', 'votes', 1],
        ]),
      ],
    },
    'push only': { pull: false, tx: [tx(`${session}8`, 1, [['upd', space, 'todos', 'known', { title: 'x' }]])] },
    'dismiss a conflict': { tx: [tx(`${session}9`, 1, [['del', space, '$conflicts', 'any']])] },
  })

  test('a foreign space, a revoked one and one that never was answer the same, byte for byte, and tell nothing', async () => {
    const seen = await lists()
    const answers = async (space: string, session: string) => {
      const found: Record<string, string> = {}
      for (const [name, ask] of Object.entries(tries(space, seen, session))) {
        const response = await wire('bob').post(JSON.stringify(bodyOf({ user: 'bob', ...ask })))
        found[name] = (await masked(response, space)).replaceAll(session, '<session>')
      }
      return found
    }
    const never = await answers(spaces.never, 'session-N-')
    for (const [name, answer] of Object.entries(never)) {
      expect(answer, name).not.toContain('Ann')
      if (name.startsWith('push')) expect(answer, name).toMatch(/"no":"forbidden"/)
    }
    expect(await answers(spaces.foreign, 'session-F-')).toEqual(never)
    expect(await answers(spaces.revoked, 'session-R-')).toEqual(never)
    // A home is always there: for others it is as if it never was.
    expect(await answers('home:ann', 'session-H-')).toEqual(never)
    expect(await answers('home:zoe', 'session-Z-')).toEqual(never)
    for (const space of [spaces.foreign, 'home:ann']) expect(await titlesIn(space)).toEqual([SECRET])
    expect(await titlesIn(spaces.revoked)).toEqual(['Bob was here', SECRET])
    expect((await world.server.dump(spaces.never)).seq).toBe(0)
    expect(await titlesIn('home:bob')).toEqual([])
  })

  test('a live stream tells nothing of a space that is not his, and of one that is taken away nothing more', async () => {
    await lists()
    const open = async (space: string) => {
      const stream = await wire('bob').live(`follow=${space}`)
      return {
        first: JSON.stringify(await stream.next()),
        headers: [...stream.response.headers].filter(([name]) => name !== 'date'),
        stream,
      }
    }
    const opened = await Promise.all([...Object.values(spaces), 'home:ann', 'home:zoe'].map(open))
    for (const { first, headers } of opened) expect({ first, headers }).toEqual({ first: opened[0]?.first, headers: opened[0]?.headers })
    // One stream over all that he asks for, and a list that he is still in to tell when what came before would have come.
    await world.server.grant('open', 'bob', 'read')
    await world.server.grant('open', 'ann', 'write')
    await world.server.grant('shared', 'bob', 'write')
    await world.server.grant('shared', 'ann', 'write')
    const follow = [...Object.values(spaces), 'home:ann', 'shared', 'open'].map((space) => `follow=${space}`).join('&')
    const stream = await wire('bob').live(follow)
    await stream.next()
    await world.server.revoke('shared', 'bob')
    const ann = wire('ann')
    let n = 0
    for (const space of [spaces.foreign, spaces.revoked, 'home:ann', 'shared', 'open'])
      await ann.sync({ tx: [tx('Alive', ++n, [['ins', space, 'todos', `live${n}`, { title: space === 'open' ? 'for all' : SECRET }]])] })
    const frames: string[] = []
    while (!frames.at(-1)?.includes('for all') && !frames.at(-1)?.includes('hint')) {
      frames.push(JSON.stringify(await stream.next(), (_, value) => (value instanceof Map ? [...value] : value)))
    }
    const told = frames.join('\n')
    expect(told).toContain('open')
    for (const word of ['Ann', 'shared', 'home:ann', ...Object.values(spaces)]) expect(told).not.toContain(word)
    await Promise.all([stream, ...opened.map((one) => one.stream)].map((one) => one.cancel()))
  })

  test('nobody writes, reads or asks under the name of another: not his sessions, not his token', async () => {
    const ann = wire('ann')
    await ann.sync({ tx: [tx('A', 1, [['ins', 'home:ann', 'todos', 'one', { title: SECRET }]])] })
    const asAnn = await wire('bob').sync({ user: 'ann' })
    expect(asAnn).toMatchObject({ status: 409, problem: { code: 'wrong_user' }, deltas: [] })
    for (const submission of [
      tx('A', 2, [['ins', 'home:bob', 'todos', 'x', { title: 'x' }]]),
      tx('A', 1, [['ins', 'home:ann', 'todos', 'one', {}]]),
    ])
      expect(await wire('bob').sync({ tx: [submission] })).toMatchObject({ status: 409, problem: { code: 'wrong_user' }, verdicts: [] })
    // Whether Ann's session has come so far, or is there at all, is not told either.
    const asks = async (session: string) =>
      (
        await wire('bob').sync({
          tx: [tx(`B${session}`, 1, [['ins', 'home:bob', 'todos', session, { title: 'x' }]], { seen: { [session]: 1 } })],
        })
      ).verdicts
    expect(await asks('A')).toEqual([{ is: 'expected', dot: ['A', 1] }])
    expect(await asks('Q')).toEqual([{ is: 'expected', dot: ['Q', 1] }])
    const live = await fetch(`${world.server.url}/holdfast/live?follow=all`)
    expect(live.status).toBe(401)
    const next = await ann.sync({ tx: [tx('A', 2, [['upd', 'home:ann', 'todos', 'one', { done: true }]])] })
    expect(next.verdicts).toMatchObject([{ is: 'applied', dot: ['A', 2] }])
  })
})

describe('Shown by 6: a space that is not his, in Chromium', () => {
  test('what he writes there is refused and nowhere but in his dead letters; what is there he never gets', async () => {
    await world.server.grant('hers', 'ann', 'write')
    await world.server.grant('hers', 'eve', 'read')
    const ann = await (await world.device()).tab('ann')
    await ann.run(async (title) => void (await db.space('hers').todos.insert({ id: 'known', title })), SECRET)
    await ann.synced()
    const device = await world.device()
    const page = await device.emptyTab()
    // Fetched here and handed on: Chromium does not keep what the page has not read to its end.
    const answers: string[] = []
    await page.page.route('**/sync', async (route) => {
      const response = await route.fetch()
      answers.push(await response.text())
      await route.fulfill({ response })
    })
    await page.open('bob', { spaces: ['home:bob', 'hers', 'home:ann'] })
    // In one go: once the server has said what is not his, writing there throws instead.
    await page.run(() => {
      db.space('hers').todos.insert({ id: 'new', title: 'x' })
      db.space('hers').todos.upsert('known', { title: 'x' })
      db.space('home:ann').todos.upsert('known', { title: 'x' })
    })
    await eventually(async () => (await page.status()).deadLetters).toBe(3)
    await page.synced()
    expect(await page.rows()).toEqual([])
    expect(await page.run(() => db.deadLetters.read().map(({ code }) => code))).toEqual(['forbidden', 'forbidden', 'forbidden'])
    expect(await page.run(() => db.space('hers').state.read().is)).toBe('gone')
    expect(answers.length).toBeGreaterThan(0)
    expect(answers.join('')).not.toContain(SECRET)
    // Who may only read gets it, and may not write.
    const eve = await (await world.device()).tab('eve')
    await eventually(() => eve.titles()).toEqual([SECRET])
    expect(await eve.run(() => db.space('hers').can('update', 'todos', 'known'))).toBe(false)
    await expect(eve.run(() => void db.space('hers').todos.update('known', { title: 'by Eve' }))).rejects.toThrow('You may only read here.')
    const past = await wire('eve').sync({ tx: [tx('E', 1, [['upd', 'hers', 'todos', 'known', { title: 'by Eve' }]])] })
    expect(past.verdicts).toMatchObject([{ is: 'refused', code: 'forbidden' }])
    expect(await eve.titles()).toEqual([SECRET])
    expect(await titlesIn('hers')).toEqual([SECRET])
    expect(await titlesIn('home:ann')).toEqual([])
    expect(await ann.titles()).toEqual([SECRET])
  })

  test('P9: what is taken away leaves the screen, the disk and the stream; what he had not sent becomes a dead letter', async () => {
    for (const user of ['ann', 'bob']) await world.server.grant('list', user, 'write')
    const bobsDevice = await world.device()
    const [ann, bob, second] = await Promise.all([(await world.device()).tab('ann'), bobsDevice.tab('bob'), bobsDevice.tab('bob')])
    await ann.run(async (title) => void (await db.space('list').todos.insert({ id: 'known', title })), SECRET)
    for (const tab of [bob, second]) await eventually(() => tab.titles()).toEqual([SECRET])
    await bobsDevice.offline()
    await bob.run(() => db.space('list').todos.insert({ title: 'unsent' }))
    await bob.run(() => db.home.todos.insert({ title: 'his own' }))
    await world.server.revoke('list', 'bob')
    await bobsDevice.online()
    for (const tab of [bob, second]) {
      await eventually(() => tab.titles()).toEqual(['his own'])
      expect(await tab.run(() => db.deadLetters.read().map(({ code, summary }) => `${code} ${summary}`))).toEqual([
        expect.stringMatching(/^revoked insert todos .*unsent/),
      ])
      expect(await tab.run(() => db.space('list').state.read())).toMatchObject({ is: 'gone', deadLetters: 1 })
    }
    await bob.synced()
    await eventually(async () => (await diskOf(bob)).map(({ text }) => text).join('')).not.toContain(SECRET)
    expect((await diskOf(bob)).map(({ text }) => text).join('')).toContain('unsent')
    await bob.page.reload()
    await bob.open('bob')
    expect(await bob.titles()).toEqual(['his own'])
    expect((await bob.status()).deadLetters).toBe(1)
    expect(await titlesIn('list')).toEqual([SECRET])
  })

  test('P9: a space that is taken away while he looks at it is gone within 5 s', async () => {
    for (const user of ['ann', 'bob']) await world.server.grant('list', user, 'write')
    const [ann, bob] = await Promise.all([(await world.device()).tab('ann'), (await world.device()).tab('bob')])
    await ann.run(() => db.space('list').todos.insert({ id: 'known', title: 'shared' }))
    await eventually(() => bob.titles()).toEqual(['shared'])
    await world.server.revoke('list', 'bob')
    await ann.run((title) => db.space('list').todos.update('known', { title }), SECRET)
    await eventually(() => bob.titles()).toEqual([])
    await bob.synced()
    await eventually(async () => (await diskOf(bob)).map(({ text }) => text).join('')).not.toMatch(new RegExp(`shared|${SECRET}`))
  })
})

describe('Shown by 6: two users of one device', () => {
  const unsent = async (tab: Tab) => (await tab.status()).pending

  test('after a user switch nothing of the first is shown or sent; his unsent writes wait for him', async () => {
    const device = await world.device()
    const ann = await device.tab('ann')
    await ann.run((title) => db.home.todos.insert({ id: 'sent', title: `${title} sent` }), SECRET)
    await ann.synced()
    await device.offline()
    await ann.run((title) => db.home.todos.insert({ id: 'unsent', title: `${title} unsent` }), SECRET)
    expect(await unsent(ann)).toBe(1)
    await ann.run(() => db.close())
    const sent = sentBy(ann.page)
    await device.online()
    const bob = ann
    await bob.open('bob')
    await bob.synced()
    expect(await bob.rows()).toEqual([])
    expect(await bob.status()).toMatchObject({ pending: 0, conflicts: 0, deadLetters: 0 })
    await bob.run(() => db.home.todos.insert({ title: 'Bob’s own' }))
    await bob.synced()
    expect(await titlesIn('home:bob')).toEqual(['Bob’s own'])
    expect(await titlesIn('home:ann')).toEqual([`${SECRET} sent`])
    // Not in a body, not in a header, not in an address; and of his two databases only Ann's has it.
    expect(sent.filter((one) => one.startsWith('POST') && one.includes('Bearer bob')).length).toBeGreaterThan(0)
    for (const one of sent) expect(one).not.toMatch(/secret|ann/i)
    const disk = await diskOf(bob)
    expect(disk.filter(({ text }) => text.includes(SECRET)).map(({ name }) => name)).toEqual([expect.stringContaining(' ann ')])
    expect(disk.find(({ name }) => name.includes(' bob '))?.text).not.toMatch(/secret|ann/i)
    await bob.run(() => db.close())

    await bob.open('ann')
    await bob.synced()
    expect(await bob.titles()).toEqual([`${SECRET} sent`, `${SECRET} unsent`])
    expect(await titlesIn('home:ann')).toEqual([`${SECRET} sent`, `${SECRET} unsent`])
    expect(await titlesIn('home:bob')).toEqual(['Bob’s own'])
    expect(world.complaints).toEqual([])
  })

  test('both at once, in two tabs of one browser: each leads, sends and shows his own', async () => {
    const device = await world.device()
    const ann = await device.emptyTab()
    const bob = await device.emptyTab()
    // Ann's requests go nowhere, so that her secret stays unsent.
    await ann.page.route('**/holdfast/**', (route) => route.abort())
    const sent = sentBy(bob.page)
    await ann.open('ann')
    await bob.open('bob')
    await ann.run((title) => db.home.todos.insert({ title }), SECRET)
    await bob.run(() => db.home.todos.insert({ title: 'Bob’s own' }))
    await bob.synced()
    expect(await bob.titles()).toEqual(['Bob’s own'])
    expect(await ann.titles()).toEqual([SECRET])
    expect(await bob.status()).toMatchObject({ leader: true, pending: 0 })
    expect(await ann.status()).toMatchObject({ leader: true, pending: 1 })
    await ann.crash()
    await bob.run(() => db.home.todos.insert({ title: 'and more' }))
    await bob.synced()
    for (const one of sent) expect(one).not.toMatch(/secret|ann/i)
    expect(await titlesIn('home:ann')).toEqual([])
    const again = await device.tab('ann')
    await again.synced()
    expect(await titlesIn('home:ann')).toEqual([SECRET])
  })

  test('names of users and databases never make one of two', async () => {
    const device = await world.device()
    const ann = await device.tab('ann', { name: 'x y' })
    await ann.run((title) => db.home.todos.insert({ title }), SECRET)
    const other = await device.tab('ann x', { name: 'y' })
    await other.synced()
    expect(await other.rows()).toEqual([])
  })

  test('a token that turns out to be another user’s brings nothing, by stream or by pull, and sends nothing', async () => {
    for (const user of ['ann', 'bob']) await world.server.grant('list', user, 'write')
    const bob = await (await world.device()).tab('bob')
    // The user changes between the first pull and the stream.
    const ann = await (await world.device()).tab('ann', { tokens: ['ann', 'bob'], spaces: ['list'] })
    await eventually(async () => (await ann.status()).problem?.code).toBe('wrong_user')
    expect(await ann.status()).toMatchObject({ state: 'paused', problem: { fix: 'sign_in' } })
    await world.server.revoke('list', 'ann')
    await bob.run(() => db.space('list').todos.insert({ title: 'not for Ann' }))
    await bob.synced()
    await ann.run((title) => db.home.todos.insert({ title }), SECRET)
    await ann.run(() => db.sync())
    expect(await ann.titles()).toEqual([SECRET])
    expect((await diskOf(ann)).map(({ text }) => text).join('')).not.toContain('not for Ann')
    expect(await titlesIn('home:ann')).toEqual([])
  })
})
