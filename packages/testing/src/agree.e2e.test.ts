import { expect, test } from 'vitest'
import { eventually, type Tab, useBrowser } from './browser-page.ts'

const world = useBrowser()
const L = 'list'

/** Ann and Bob on a device each, with a shared list in which both have the same records, and then without a network. */
async function annAndBobOffline() {
  await Promise.all(['ann', 'bob', 'cyn'].map((user) => world.server.grant(L, user, 'write')))
  const [annsDevice, bobsDevice] = await Promise.all([world.device(), world.device()])
  const [ann, bob] = await Promise.all([annsDevice.tab('ann'), bobsDevice.tab('bob')])
  await ann.run(async (space) => {
    const ids = ['title', 'fields', 'equal', 'votes', 'reset', 'covered-votes', 'tags', 'covered-tags', 'deleted', 'edited']
    for (const id of ids) await db.space(space).todos.insert({ id, title: 'as it was', tags: ['x', 'y'], votes: 10 })
  }, L)
  await eventually(() => bob.rowsOf(L)).toHaveLength(10)
  await Promise.all([ann.synced(), bob.synced()])
  await annsDevice.offline()
  await bobsDevice.offline()
  return { ann, bob, annsDevice, bobsDevice }
}

async function annWrites(ann: Tab): Promise<void> {
  await ann.run(async (space) => {
    const { todos } = db.space(space)
    await todos.update('title', { title: 'by Ann' })
    await todos.update('fields', { title: 'by Ann' })
    await todos.update('equal', { title: 'by both' })
    await todos.increment('votes', 'votes', 1)
    await todos.increment('votes', 'votes', 2)
    await todos.increment('reset', 'votes', 3)
    // Her own write comes to lie over Bob's, which she has not seen (schedules.md 1, Counter and Set).
    await todos.increment('covered-votes', 'votes', 7)
    await todos.reset('covered-votes', 'votes')
    await todos.remove('tags', 'tags', 'x', 'y')
    await todos.add('tags', 'tags', 'ann')
    await todos.add('covered-tags', 'tags', 'new')
    await todos.remove('covered-tags', 'tags', 'new')
    await todos.delete('deleted')
    await todos.update('edited', { title: 'edited by Ann', done: true })
    await todos.insert({ id: 'twice', title: 'inserted by Ann', tags: ['ann'], votes: 1 })
    await todos.insert({ id: 'only-ann', title: 'Ann' })
  }, L)
}

async function bobWrites(bob: Tab): Promise<void> {
  await bob.run(async (space) => {
    const { todos } = db.space(space)
    await todos.update('title', { title: 'by Bob' })
    await todos.update('fields', { done: true })
    await todos.update('equal', { title: 'by both' })
    await todos.increment('votes', 'votes', -5)
    await todos.reset('reset', 'votes', 100)
    await todos.increment('covered-votes', 'votes', 4)
    await todos.add('tags', 'tags', 'x', 'bob')
    await todos.add('covered-tags', 'tags', 'new')
    await todos.update('deleted', { title: 'edited by Bob' })
    await todos.delete('edited')
    await todos.insert({ id: 'twice', title: 'inserted by Bob', tags: ['bob'], votes: 1 })
    await todos.insert({ id: 'only-bob', title: 'Bob' })
  }, L)
}

test.each(['ann', 'bob'])('Shown by 2: both edit the same records offline, %s comes back first, and all agree', async (first) => {
  const { ann, bob, annsDevice, bobsDevice } = await annAndBobOffline()
  await annWrites(ann)
  const annWas = await ann.run(() => Date.now())
  await bob.page.waitForFunction((then) => Date.now() > then + 1, annWas)
  await bobWrites(bob)
  expect(await ann.status()).toMatchObject({ state: 'offline', online: false, pending: 16 })
  expect(await bob.status()).toMatchObject({ state: 'offline', online: false, pending: 12 })
  expect((await world.server.dump(L)).seq).toBe(10)
  const [early, late] = first === 'ann' ? [annsDevice, bobsDevice] : [bobsDevice, annsDevice]
  await early.online()
  await (first === 'ann' ? ann : bob).synced()
  await late.online()
  await Promise.all([ann.synced(), bob.synced()])

  const dump = await world.server.dump(L)
  expect(dump.tables.todos).toEqual([
    { id: 'covered-tags', $space: L, title: 'as it was', done: false, votes: 10, tags: ['new', 'x', 'y'] },
    { id: 'covered-votes', $space: L, title: 'as it was', done: false, votes: 4, tags: ['x', 'y'] },
    { id: 'equal', $space: L, title: 'by both', done: false, votes: 10, tags: ['x', 'y'] },
    { id: 'fields', $space: L, title: 'by Ann', done: true, votes: 10, tags: ['x', 'y'] },
    { id: 'only-ann', $space: L, title: 'Ann', done: false, votes: 0, tags: [] },
    { id: 'only-bob', $space: L, title: 'Bob', done: false, votes: 0, tags: [] },
    { id: 'reset', $space: L, title: 'as it was', done: false, votes: 103, tags: ['x', 'y'] },
    { id: 'tags', $space: L, title: 'as it was', done: false, votes: 10, tags: ['ann', 'bob', 'x'] },
    { id: 'title', $space: L, title: 'by Bob', done: false, votes: 10, tags: ['x', 'y'] },
    { id: 'twice', $space: L, title: 'inserted by Bob', done: false, votes: 2, tags: ['ann', 'bob'] },
    { id: 'votes', $space: L, title: 'as it was', done: false, votes: 8, tags: ['x', 'y'] },
  ])
  const cyn = await (await world.device()).tab('cyn')
  await cyn.synced()
  const bobAgain = await (await world.device()).tab('bob')
  await bobAgain.synced()
  for (const tab of [ann, bob, cyn, bobAgain]) await eventually(() => tab.rowsOf(L)).toEqual(dump.tables.todos)

  // What was dropped is in its author's log, on all his devices, and in nobody else's.
  const by = (userId: string, value: unknown) => expect.objectContaining({ userId, value })
  const annsLosses = [
    { record: 'edited', kind: 'deleted', field: null, kept: null, dropped: by('ann', { title: 'edited by Ann', done: true }) },
    { record: 'title', kind: 'value', field: 'title', kept: by('bob', 'by Bob'), dropped: by('ann', 'by Ann') },
    { record: 'twice', kind: 'value', field: 'title', kept: by('bob', 'inserted by Bob'), dropped: by('ann', 'inserted by Ann') },
  ]
  const bobsLosses = [{ record: 'deleted', kind: 'deleted', field: null, dropped: by('bob', { title: 'edited by Bob' }) }]
  for (const [tab, losses] of [
    [ann, annsLosses],
    [bob, bobsLosses],
    [bobAgain, bobsLosses],
    [cyn, []],
  ] as const) {
    const found = (await tab.conflicts()).toSorted((a, b) => (a.record < b.record ? -1 : 1))
    expect(found).toMatchObject(losses)
    expect(found).toHaveLength(losses.length)
    expect((await tab.status()).conflicts).toBe(losses.length)
  }
  expect(dump.tables.$conflicts).toHaveLength(4)
  expect(world.complaints).toEqual([])
})
