import { expect, test } from 'vitest'
import { type Device, eventually, type Tab, useBrowser } from './browser-page.ts'

// What a week offline costs: Ann rewrites an article that Bob rewrites meanwhile, in two browsers with one server process. The week is a
// setting of clocks: that of the server, and through the platform option those of both pages, are put forward by days.

const world = useBrowser({ app: 'article' })

const DAY = 24 * 3_600_000
const SPACE = 'paper'

interface Person {
  readonly name: 'ann' | 'bob'
  readonly device: Device
  tab: Tab
}

type Options = Parameters<typeof openArticles>[1]

async function openTab(device: Device, name: string, options: Options): Promise<Tab> {
  const tab = await device.emptyTab(name)
  await tab.run(([user, more]) => openArticles(user, more), [name, options] as const)
  return tab
}

async function person(name: 'ann' | 'bob', options: Options = {}): Promise<Person> {
  const device = await world.device()
  return { name, device, tab: await openTab(device, name, options) }
}

/** Closes the page, and opens it again on the same device: what is left of it is what is on disk. */
async function reopen(one: Person, options: Options): Promise<void> {
  await one.tab.page.close()
  one.tab = await openTab(one.device, one.name, options)
}

/** No server for her any more, while the page can still be opened, as with a service worker. */
async function leave({ device }: Person): Promise<void> {
  await device.context.route('**/holdfast/**', (route) => route.abort())
  await world.server.dropConnections()
}

async function comeBack({ device, tab }: Person): Promise<void> {
  await device.context.unroute('**/holdfast/**')
  await tab.run(() => void articles.sync())
}

/** Both have the article. */
async function begin(options: Options = {}) {
  for (const user of ['ann', 'bob']) await world.server.grant(SPACE, user, 'write')
  const [ann, bob] = [await person('ann', options), await person('bob')]
  await bob.tab.synced()
  await bob.tab.run(
    (space) => articles.space(space).articles.insert({ id: 'a', text: 'Draft.', notes: 'Notes.', headline: 'Headline' }),
    SPACE,
  )
  for (const { tab } of [ann, bob]) {
    await eventually(() => tab.run(() => articles.articles.get('a')?.text)).toBe('Draft.')
    await tab.synced()
  }
  return { ann, bob }
}

/** Some days go by, for everybody. */
async function pass(days: number, { ann, bob }: { readonly ann: Person; readonly bob: Person }): Promise<void> {
  await world.server.advance(days * DAY)
  for (const { tab } of [ann, bob]) {
    await tab.run((ms) => {
      ahead += ms
    }, days * DAY)
  }
}

type Field = 'text' | 'notes' | 'headline'
type Texts = { readonly [F in Field]?: string }

const rewrite = ({ tab }: Person, texts: Texts) =>
  // A write is done when it is on disk.
  tab.run(async (patch) => void (await articles.articles.update('a', patch)), texts)
const article = ({ tab }: Person) => tab.run(() => articles.articles.get('a'))
const shows = (who: Person, texts: Texts) => eventually(() => article(who)).toMatchObject(texts)
const conflictsOf = ({ tab }: Person) =>
  tab.run(() =>
    articles.conflicts
      .of('articles', 'a')
      .read()
      .map(({ field, kept, dropped }) => ({ field, kept, dropped })),
  )
const lettersOf = ({ tab }: Person) => tab.run(() => articles.deadLetters.read().map(({ code, summary }) => ({ code, summary })))

/** Everywhere that a text is: on screens, in lists, on disks, on the server. */
async function placesOf(text: string, people: readonly Person[]): Promise<string[]> {
  const server = await world.server.dump(SPACE)
  const places = Object.entries(server.tables).map(([table, rows]) => ({
    place: `server ${table}`,
    has: JSON.stringify(rows).includes(text),
  }))
  for (const { name, tab } of people) {
    const found = await tab.run(async (wanted) => {
      const lists = {
        view: articles.articles.read(),
        conflicts: articles.conflicts.read(),
        letters: articles.deadLetters.read(),
        queue: ways.exportUnsent(articles).unsent,
        disk: await readDisk(),
      }
      const words = (value: unknown) => JSON.stringify(value, (_, one) => (one instanceof Map ? [...one] : one))
      return Object.entries(lists).map(([place, value]) => ({ place, has: words(value).includes(wanted) }))
    }, text)
    places.push(...found.map(({ place, has }) => ({ place: `${name} ${place}`, has })))
  }
  return places.filter(({ has }) => has).map(({ place }) => place)
}

/**
 * From now on, whenever anything changes on this page, a text has to be in what its user can see: the view, what waits, and both lists.
 * Between a verdict and the changes it is about a write is in `status.pending`, and on disk, but what it lost is in no list yet.
 */
async function watch({ tab }: Person, texts: readonly string[]): Promise<void> {
  await tab.run((wanted) => {
    globalThis.missed = []
    const look = () => {
      const { unsent } = ways.exportUnsent(articles)
      if (articles.status.read().pending > unsent.length) return
      const all = JSON.stringify([unsent, articles.articles.read(), articles.conflicts.read(), articles.deadLetters.read()])
      globalThis.missed.push(...wanted.filter((text) => !all.includes(text)))
    }
    for (const list of [articles.articles, articles.conflicts, articles.deadLetters, articles.status]) list.subscribe(look)
  }, texts)
}
const missedBy = ({ tab }: Person) => tab.run(() => globalThis.missed)

declare global {
  var missed: string[]
}

const ANN = { text: 'Ann’s text 4c1a', notes: 'Ann’s notes 77e0' }
const BOB = { text: 'Bob’s text b90d', notes: 'Bob’s notes 15f3' }
const ALL = [...Object.values(ANN), ...Object.values(BOB)]

/** Asserts of each text that it is somewhere. */
async function nothingIsLost(people: readonly Person[], texts = ALL): Promise<void> {
  for (const text of texts) expect(await placesOf(text, people), text).not.toEqual([])
}

test.each(['ann', 'bob'] as const)(
  'both rewrite an article, %s first: who loses sees both versions and takes his back, and nothing is lost',
  async (first) => {
    const both = await begin()
    const { ann, bob } = both
    await leave(ann)
    await pass(1, both)
    const [early, late] = first === 'ann' ? [ann, bob] : [bob, ann]
    const [EARLY, LATE] = first === 'ann' ? [ANN, BOB] : [BOB, ANN]
    await rewrite(early, EARLY)
    if (early === bob) await bob.tab.synced()
    await nothingIsLost([ann, bob], Object.values(EARLY))
    await pass(3, both)
    await rewrite(late, LATE)
    if (late === bob) await bob.tab.synced()
    await nothingIsLost([ann, bob])
    expect(await placesOf(ANN.text, [ann, bob])).toEqual(['ann view', 'ann queue', 'ann disk'])
    expect(await placesOf(BOB.text, [ann, bob])).toEqual(['server articles', 'bob view', 'bob disk'])
    await pass(3, both)
    await reopen(ann, { ahead: 7 * DAY })
    expect(await placesOf(ANN.text, [ann, bob])).toEqual(['ann view', 'ann queue', 'ann disk'])
    await watch(ann, Object.values(ANN))
    await watch(bob, Object.values(BOB))

    await comeBack(ann)
    for (const { tab } of [ann, bob]) await tab.synced()
    // The later text stands; of notes that were both rewritten the function of the schema keeps the earlier.
    for (const one of [ann, bob]) await shows(one, { text: LATE.text, notes: EARLY.notes })
    await nothingIsLost([ann, bob])
    const sides = { early: { userId: early.name, at: expect.any(Number) }, late: { userId: late.name, at: expect.any(Number) } }
    await eventually(() => conflictsOf(early)).toEqual([
      { field: 'text', kept: { value: LATE.text, ...sides.late }, dropped: { value: EARLY.text, ...sides.early } },
    ])
    await eventually(() => conflictsOf(late)).toEqual([
      { field: 'notes', kept: { value: EARLY.notes, ...sides.early }, dropped: { value: LATE.notes, ...sides.late } },
    ])
    // Both say when they were written: days apart. Three, but that the clocks of server and page are not put forward at once, and who syncs in
    // between repairs his.
    const [lost] = await conflictsOf(early)
    const apart = ((lost?.kept?.at ?? 0) - (lost?.dropped.at ?? 0)) / DAY
    expect([apart > 1.5, apart < 4.5]).toEqual([true, true])
    expect(await placesOf(EARLY.text, [ann, bob])).toEqual(expect.arrayContaining(['server $conflicts', `${early.name} conflicts`]))
    expect([await missedBy(ann), await missedBy(bob)]).toEqual([[], []])

    // A new device of the loser has it, too.
    const again = await person(early.name, { ahead: 7 * DAY })
    await eventually(() => conflictsOf(again)).toHaveLength(1)

    // Each takes his own back.
    for (const { tab } of [early, late]) {
      await tab.run(async () => void (await articles.conflicts.read()[0]?.restore()))
      await tab.synced()
    }
    for (const one of [ann, bob, again]) {
      await shows(one, { text: EARLY.text, notes: LATE.notes })
      await eventually(() => conflictsOf(one)).toEqual([])
    }
    // What they replaced knowingly is what its writer’s device keeps.
    await nothingIsLost([ann, bob])
    expect([
      (await missedBy(early)).filter((text) => text === EARLY.text),
      (await missedBy(late)).filter((text) => text === LATE.notes),
    ]).toEqual([[], []])
    expect(world.complaints).toEqual([])
  },
)

test('what both appended is kept without a word; a second headline is refused, whole, and can be written again', async () => {
  const both = await begin()
  const { ann, bob } = both
  await leave(ann)
  await rewrite(ann, { notes: `Notes. ${ANN.notes}` })
  await rewrite(ann, { headline: 'Ann’s headline', text: ANN.text })
  await pass(6, both)
  await rewrite(bob, { notes: `Notes. ${BOB.notes}`, headline: 'Bob’s headline' })
  await bob.tab.synced()
  const texts = [ANN.text, ANN.notes, BOB.notes, 'Ann’s headline', 'Bob’s headline']
  await nothingIsLost([ann, bob], texts)
  await watch(ann, [ANN.text, ANN.notes, 'Ann’s headline'])
  await pass(1, both)
  await comeBack(ann)
  for (const one of [ann, bob]) {
    await one.tab.run(() => void articles.sync())
    await shows(one, { text: 'Draft.', notes: `Notes. ${ANN.notes} ${BOB.notes}`, headline: 'Bob’s headline' })
    expect(await conflictsOf(one)).toEqual([])
  }
  await eventually(() => lettersOf(ann)).toEqual([{ code: 'conflict', summary: [expect.stringContaining('Ann’s headline')] }])
  expect(await placesOf(ANN.text, [ann, bob])).toEqual(['ann letters', 'ann disk'])
  await nothingIsLost([ann, bob], texts)
  expect(await missedBy(ann)).toEqual([])
  // As it was it is refused again; knowing of his she can write hers.
  await ann.tab.run(async () => void (await articles.deadLetters.read()[0]?.retry().confirmed()))
  await eventually(() => lettersOf(ann)).toHaveLength(1)
  await ann.tab.run(async (text) => {
    const [letter] = articles.deadLetters.read()
    await letter?.replace((tx) => tx.articles.update('a', { headline: 'Ann’s headline', text })).confirmed()
  }, ANN.text)
  for (const one of [ann, bob]) await shows(one, { text: ANN.text, headline: 'Ann’s headline' })
  expect(await lettersOf(ann)).toEqual([])
  await nothingIsLost([ann, bob], texts)
  expect(world.complaints).toEqual([])
})

test('with reviewAfter nothing goes out before she has looked; what the review shows is what approval does, or it says that things moved', async () => {
  const both = await begin({ reviewAfter: '1d' })
  const { ann, bob } = both
  await leave(ann)
  await rewrite(ann, ANN)
  await rewrite(ann, { headline: 'Ann’s headline' })
  await pass(3, both)
  await rewrite(bob, { ...BOB, headline: 'Bob’s headline' })
  await bob.tab.synced()
  await watch(ann, Object.values(ANN))
  await pass(4, both)
  await comeBack(ann)
  const status = () =>
    ann.tab.run(() => [articles.status.read().state, articles.status.read().problem?.fix, articles.status.read().pending])
  await eventually(status).toEqual(['paused', 'review', 2])
  await eventually(() => placesOf(BOB.text, [ann, bob])).toContain('ann view')
  expect(await placesOf(ANN.text, [ann, bob])).toEqual(['ann queue', 'ann disk'])
  await nothingIsLost([ann, bob])

  // She looks; it stays open in her page.
  const look = () =>
    ann.tab.run(async () => {
      globalThis.looked = await ways.preview(articles)
      return globalThis.looked.writes.map(({ is, code = null, conflicts }) => ({
        is,
        code,
        conflicts: conflicts.map(({ to, field, kept, dropped }) => ({ to, field, kept, dropped })),
      }))
    })
  const approve = () => ann.tab.run(() => globalThis.looked.approve())
  const seen = await look()
  expect(seen).toMatchObject([
    {
      is: 'applied',
      conflicts: expect.arrayContaining([
        expect.objectContaining({ to: 'ann', field: 'text', kept: expect.objectContaining({ value: BOB.text }) }),
        expect.objectContaining({ to: 'bob', field: 'notes', dropped: expect.objectContaining({ value: BOB.notes }) }),
      ]),
    },
    { is: 'refused', code: 'conflict', conflicts: [] },
  ])
  expect([await conflictsOf(ann), await conflictsOf(bob)]).toEqual([[], []])

  const LATER = 'Bob’s later text 2e77'
  await rewrite(bob, { text: LATER })
  await bob.tab.synced()
  expect(await approve()).toBe('changed')
  await eventually(status).toEqual(['paused', 'review', 2])
  expect(await placesOf(ANN.text, [ann, bob])).toEqual(['ann queue', 'ann disk'])
  const again = await look()
  expect(again[0]?.conflicts).toEqual(
    expect.arrayContaining([expect.objectContaining({ kept: expect.objectContaining({ value: LATER }) })]),
  )
  expect(await approve()).toBe('approved')

  for (const { tab } of [ann, bob]) await tab.synced()
  for (const one of [ann, bob]) {
    await shows(one, { text: LATER, notes: ANN.notes, headline: 'Bob’s headline' })
    const expected = again.flatMap(({ conflicts }) => conflicts).filter(({ to }) => to === one.name)
    await eventually(() => conflictsOf(one)).toEqual(expected.map(({ to: _, ...conflict }) => conflict))
  }
  expect(await lettersOf(ann)).toMatchObject(again.filter(({ is }) => is === 'refused').map(({ code }) => ({ code })))
  await nothingIsLost([ann, bob], [...ALL, LATER, 'Ann’s headline'])
  expect(await missedBy(ann)).toEqual([])
  // And she can have hers, after all.
  await ann.tab.run(async () => void (await articles.conflicts.read()[0]?.restore()))
  await shows(bob, { text: ANN.text })
  expect(world.complaints).toEqual([])
})

test('a form that is open for the week writes over nothing in silence: he is told, and takes his back', async () => {
  const both = await begin()
  const { ann, bob } = both
  await leave(ann)
  await ann.tab.run((text) => {
    globalThis.draft = ways.openDraft(articles.articles, 'a')
    globalThis.draft.set({ text })
  }, ANN.text)
  await pass(6, both)
  await rewrite(bob, { text: BOB.text })
  await bob.tab.synced()
  await watch(bob, [BOB.text])
  await comeBack(ann)
  await shows(ann, { text: BOB.text })
  await ann.tab.synced()
  const form = () =>
    ann.tab.run(() => {
      const { values, changed, theirs, gone } = globalThis.draft
      return { text: values.text, changed, theirs: theirs.text?.value ?? null, by: theirs.text?.userId ?? null, gone }
    })
  expect(await form()).toEqual({ text: ANN.text, changed: ['text'], theirs: BOB.text, by: 'bob', gone: false })
  expect(await ann.tab.run(async () => (await globalThis.draft.save().confirmed()).status)).toBe('applied')
  for (const one of [ann, bob]) await shows(one, { text: ANN.text })
  await eventually(() => conflictsOf(bob)).toMatchObject([
    { field: 'text', kept: { value: ANN.text, userId: 'ann' }, dropped: { value: BOB.text } },
  ])
  await nothingIsLost([ann, bob], [ANN.text, BOB.text])
  await bob.tab.run(async () => void (await articles.conflicts.read()[0]?.restore()))
  for (const one of [ann, bob]) await shows(one, { text: BOB.text })
  expect(await form()).toMatchObject({ text: BOB.text, changed: [] })
  expect(await missedBy(bob)).toEqual([])
  expect(world.complaints).toEqual([])
})

declare global {
  var looked: Awaited<ReturnType<typeof ways.preview<typeof import('./article/schema.ts')['schema']>>>
  var draft: ReturnType<typeof ways.openDraft<string, ArticleRow, Texts>>
}
type ArticleRow = NonNullable<ReturnType<typeof articles.articles.get>>
