import { expect, test } from 'vitest'
import { type Device, eventually, type Tab, useBrowser } from './browser-page.ts'

// The app of docs/sharing.md, word for word, in three browsers with one server process.

const world = useBrowser({ app: 'sharing' })

/** Unique, so that they can be looked for in everything that a device gets, shows and keeps. */
const ANNS = 'Ann’s secret 7d0f'
const LATER = 'Ann’s later secret 52aa'
const BOBS = 'Bob’s unsent 91c3'

interface Person {
  readonly device: Device
  readonly tab: Tab
  /** Every answer and frame that came. */
  readonly received: string[]
}

async function person(userId: string): Promise<Person> {
  const device = await world.device()
  const tab = await device.emptyTab(userId)
  const received: string[] = []
  const session = await tab.cdp()
  await session.send('Network.enable')
  session.on('Network.loadingFinished', ({ requestId }) => {
    session.send('Network.getResponseBody', { requestId }).then(
      ({ body }) => received.push(body),
      () => undefined,
    )
  })
  session.on('Network.eventSourceMessageReceived', ({ data }) => received.push(data))
  // Streams are read by fetch: what has come of them is told piece by piece.
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.includes('/live')) session.send('Network.streamResourceContent', { requestId }).catch(() => undefined)
  })
  session.on('Network.dataReceived', ({ data }) => received.push(data ? Buffer.from(data, 'base64').toString() : ''))
  await tab.run((user) => openSharing(user), userId)
  return { device, tab, received }
}

const titles = ({ tab }: Person) =>
  tab.run(() =>
    lists.todos
      .read()
      .map(({ title }) => title)
      .sort(),
  )
const stateOf = ({ tab }: Person, space: string) => tab.run((id) => lists.space(id).state.read(), space)
const statusOf = ({ tab }: Person) => tab.run(() => lists.status.read())
const synced = async (one: Person) =>
  eventually(async () => {
    const { state, pending, problem } = await statusOf(one)
    return { state, pending, problem }
  }).toEqual({ state: 'synced', pending: 0, problem: null })
const diskOf = ({ tab }: Person) => tab.run(async () => JSON.stringify(await readDisk()))

test('Shown by 1: made offline, shared by link, worked on together, one made a reader, one let go of while offline with unsent writes', async () => {
  const [ann, bob, cleo] = [await person('ann'), await person('bob'), await person('cleo')]
  for (const one of [ann, bob, cleo]) await synced(one)

  // Ann makes a list with no network: it is hers, on screen and on her disk, and nowhere else.
  await ann.device.offline()
  const list = await ann.tab.run(async (title) => {
    const made = sharing.createList(lists, 'Party')
    await made.todos.insert({ id: 'cake', title })
    return made.id
  }, ANNS)
  expect(list).toMatch(/^list_[\w-]{22}$/)
  expect(await stateOf(ann, list)).toEqual({ is: 'ready', access: 'write', role: 'owner' })
  expect(await titles(ann)).toEqual([ANNS])
  expect(await diskOf(ann)).toContain(ANNS)
  expect((await world.server.dump(list)).seq).toBe(0)
  await expect(ann.tab.run((id) => sharing.shareLink(lists, lists.space(id)), list)).rejects.toThrow('Sharing needs a connection.')
  await ann.device.online()
  await synced(ann)
  expect(await stateOf(ann, list)).toEqual({ is: 'ready', access: 'write', role: 'owner' })
  expect((await world.server.dump(list)).tables.todos).toMatchObject([{ id: 'cake', title: ANNS }])

  // A link: whoever has it joins, and gets all of it at once.
  const link = await ann.tab.run((id) => sharing.shareLink(lists, lists.space(id)), list)
  for (const one of [bob, cleo]) {
    const counts = await one.tab.run(async (url) => {
      const seen: number[] = []
      lists.todos.count().subscribe((count) => seen.push(count))
      Object.assign(globalThis, { whys: [] as string[] })
      await sharing.openLink(lists, url, (why) => (globalThis as unknown as { whys: string[] }).whys.push(why))
      return seen
    }, link)
    expect(counts).toEqual([0, 1])
    expect(await titles(one)).toEqual([ANNS])
    expect(await stateOf(one, list)).toEqual({ is: 'ready', access: 'write', role: null })
  }
  const membersOf = (one: Person) =>
    one.tab.run(async (id) => {
      const stop = lists.space(id).members.subscribe(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 200))
      stop()
      return lists
        .space(id)
        .members.read()
        .map(({ userId, access, role }) => `${userId} ${access} ${role ?? ''}`.trim())
    }, list)
  await eventually(() => membersOf(ann)).toEqual(['ann write owner', 'bob write', 'cleo write'])

  // Two edit the same record offline: all agree, and who lost is told, and nobody else.
  for (const one of [ann, bob]) await one.device.offline()
  await bob.tab.run(() => lists.todos.update('cake', { title: 'Bob’s cake' }))
  await ann.tab.run(async () => {
    // Each knows the server's clock by how long an answer took to be read, which is a while where all the machine is busy.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await lists.todos.update('cake', { title: 'Ann’s cake' })
    await lists.todos.update('cake', { done: true })
  })
  for (const one of [bob, ann]) await one.device.online()
  await eventually(() => Promise.all([ann, bob, cleo].map(titles))).toEqual([['Ann’s cake'], ['Ann’s cake'], ['Ann’s cake']])
  await eventually(() =>
    bob.tab.run(() => lists.conflicts.read().map(({ field, dropped }) => `${field} ${String(dropped.value)}`)),
  ).toEqual(['title Bob’s cake'])
  for (const one of [ann, cleo]) expect(await one.tab.run(() => lists.conflicts.read())).toEqual([])

  // Cleo becomes a reader: told at once, refused at the call, and everything stays on her screen.
  await ann.tab.run(async (id) => void (await lists.run.restrict({ space: id, userId: 'cleo' }).confirmed()), list)
  await eventually(() => stateOf(cleo, list)).toEqual({ is: 'ready', access: 'read', role: null })
  expect(await cleo.tab.run((id) => lists.space(id).can('insert', 'todos'), list)).toBe(false)
  await expect(cleo.tab.run((id) => void lists.space(id).todos.insert({ title: 'x' }), list)).rejects.toThrow('You may only read here.')
  await expect(cleo.tab.run((id) => void lists.run.restrict({ space: id, userId: 'ann' }).confirmed(), list)).resolves.toBeUndefined()
  expect(await titles(cleo)).toEqual(['Ann’s cake'])
  await eventually(() => membersOf(ann)).toEqual(['ann write owner', 'bob write', 'cleo read'])

  // Bob is let go of while he is offline with unsent writes; what is written after that is not for him.
  await synced(bob)
  await bob.device.offline()
  await bob.tab.run(
    async ([id, title]) => {
      await lists.space(id).todos.insert({ title })
      await lists.todos.update('cake', { title: `${title}, too` })
      await lists.home.todos.insert({ title: 'Bob’s own' })
    },
    [list, BOBS] as const,
  )
  expect(await titles(bob)).toEqual(['Bob’s own', BOBS, `${BOBS}, too`].sort())
  await ann.tab.run(async (id) => void (await lists.run.remove({ space: id, userId: 'bob' }).confirmed()), list)
  await ann.tab.run(async (title) => void (await lists.todos.update('cake', { title })), LATER)
  await synced(ann)
  bob.received.length = 0
  await bob.device.online()
  await synced(bob)
  expect(await stateOf(bob, list)).toEqual({ is: 'gone', why: 'revoked', deadLetters: 2 })
  expect(await bob.tab.run(() => (globalThis as unknown as { whys: string[] }).whys)).toEqual(['revoked'])
  expect(await titles(bob)).toEqual(['Bob’s own'])
  expect(await bob.tab.run(() => lists.spaces.read())).toEqual(['home:bob'])
  const letters = await bob.tab.run(() => lists.deadLetters.read().map(({ code, summary }) => `${code} ${summary.join()}`))
  expect(letters).toEqual([expect.stringContaining(`revoked insert todos`), expect.stringContaining(`revoked update todos cake`)])
  for (const letter of letters) expect(letter).toContain(BOBS)
  await expect(bob.tab.run((id) => lists.space(id).ready(), list)).rejects.toThrow('gone')
  // No byte of what was Ann’s came after that, and none of what he had is left.
  await eventually(() => bob.received.join('').length).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(bob.received.join('')).not.toContain(LATER)
  await eventually(async () => await diskOf(bob)).not.toMatch(/Ann’s|7d0f|52aa/)
  expect(await diskOf(bob)).toContain(BOBS)
  await bob.tab.page.reload()
  await bob.tab.run((user) => openSharing(user), 'bob')
  expect(await titles(bob)).toEqual(['Bob’s own'])
  expect((await statusOf(bob)).deadLetters).toBe(2)

  // The others go on, and the server has what was accepted.
  await eventually(() => titles(cleo)).toEqual([LATER])
  expect(await diskOf(cleo)).toContain(LATER)
  await eventually(() => membersOf(ann)).toEqual(['ann write owner', 'cleo read'])
  expect((await world.server.dump(list)).tables.todos).toMatchObject([{ id: 'cake', title: LATER, done: true }])
  expect((await world.server.dump('home:bob')).tables.todos).toMatchObject([{ title: 'Bob’s own' }])
  expect(world.complaints).toEqual([])
})
