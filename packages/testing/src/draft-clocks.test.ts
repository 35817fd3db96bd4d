import type { Database } from '@holdfast/client'
import { openDraft } from '@holdfast/client/draft'
import { internalsOf } from '@holdfast/client/internal/internals'
import { counter, defineSchema, first, json, max, number, set, siblings, strict, string, table, threeWay } from '@holdfast/shared'
import { IDBObjectStore } from 'fake-indexeddb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Device } from './device.ts'
import { seededRandom } from './random.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

// schedules.md 15, DESIGN 5.7: a form writes against what its user saw, not against what has reached his device.

/** Keeps what either side added behind what both had. */
const append = threeWay<string>(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : theirs))

/** The words that either side has added; what is in both sides' news is there twice. */
const words = threeWay<string>(({ base, theirs, mine }) => {
  const known = base.split(' ')
  return [theirs, ...mine.split(' ').filter((word) => !known.includes(word))].join(' ')
})

const schema = defineSchema({
  version: 1,
  tables: {
    cards: table({
      title: string(),
      note: string().default(''),
      owner: string().default('').merge(first),
      code: string().default('').merge(strict),
      text: string().default('').merge(append),
      words: string().default('').merge(words),
      names: string().default('').merge(siblings),
      best: number().default(0).merge(max),
      place: json<{ readonly x: number }>().nullable(),
      votes: counter(),
      tags: set(string()),
    }),
    kept: table({ title: string(), note: string().default('') }).deletes('edit-wins'),
  },
})
type Tab = Database<typeof schema>
type Draft = ReturnType<typeof cardDraft>
const cardDraft = (db: Tab) => openDraft(db.cards, 'c')

let world: World
afterEach(() => world.close())

const tabOf = (device: Device, userId = 'ann') => device.tab({ schema, userId })
const held = (db: Tab) => internalsOf(db).replica.pins.size

/** Ann, Bob and Cyn in one space, with one card that all have. */
async function together(options: WorldOptions = {}) {
  world = createWorld({ server: { schema }, ...options })
  const people = {} as Record<'ann' | 'bob' | 'cyn', { readonly device: Device; readonly db: Tab }>
  for (const user of ['ann', 'bob', 'cyn'] as const) {
    await world.server.grant('s', user, 'write')
    const device = world.device()
    people[user] = { device, db: await tabOf(device, user) }
  }
  const { ann, bob, cyn } = people
  await world.synced(ann.db, bob.db, cyn.db)
  await ann.db.space('s').cards.insert({ id: 'c', title: 'Milk', text: 'a', votes: 1 })
  for (const { db } of [ann, bob, cyn]) await world.until(() => expect(db.cards.get('c')?.title).toBe('Milk'))
  await world.synced(ann.db, bob.db, cyn.db)
  return { ann, bob, cyn }
}

/** What one of them changes has reached the others, who are online. */
async function told(from: Tab, ...to: Tab[]) {
  await world.synced(from)
  for (const db of to) await world.until(() => expect(db.cards.read()).toEqual(from.cards.read()))
}

const conflicts = (db: Tab) => db.conflicts.read().map(({ field, dropped, kept }) => [field, dropped.value, kept?.value])

describe('what arrives while a form is open', () => {
  test('is concurrent with its save: the later stands, and the other author is told', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk' })
    bob.db.cards.update('c', { title: 'Rice milk', note: 'now' })
    await told(bob.db, ann.db)
    expect(draft.values).toMatchObject({ id: 'c', $space: 's', title: 'Oat milk', note: 'now' })
    expect(draft.changed).toEqual(['title'])
    const write = draft.save({ label: 'the form' })
    expect(ann.db.cards.get('c')).toMatchObject({ title: 'Oat milk', note: 'now' })
    expect(await write.confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
    await told(ann.db, bob.db)
    expect(conflicts(bob.db)).toEqual([['title', 'Rice milk', 'Oat milk']])
    expect(conflicts(ann.db)).toEqual([])
    await bob.db.conflicts.read()[0]?.restore()
    await told(bob.db, ann.db)
    expect(ann.db.cards.get('c')?.title).toBe('Rice milk')
  })

  test('also in a form that is filled once, which has not been given what came before its user touched the field', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.space('s').cards, 'c')
    bob.db.cards.update('c', { title: 'Rice milk', note: 'soon' })
    await told(bob.db, ann.db)
    draft.set({ title: 'Oat milk' })
    await draft.save()
    ann.db.cards.update('c', { note: 'later' })
    await told(ann.db, bob.db)
    // Of the note, which a plain update wrote, nobody is told.
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'Oat milk', note: 'later' })
    expect(conflicts(bob.db)).toEqual([['title', 'Rice milk', 'Oat milk']])
  })

  test('of one that was given it, and shows it, what is typed then has seen it', async () => {
    const { ann, bob } = await together()
    for (const give of [
      (draft: Draft) => draft.values,
      (draft: Draft) => draft.read(),
      (draft: Draft) => draft.subscribe(() => undefined),
    ]) {
      const draft = openDraft(ann.db.cards, 'c')
      bob.db.cards.update('c', { title: 'Rice milk' })
      await told(bob.db, ann.db)
      give(draft)
      draft.set({ title: 'Rice milk, please' })
      expect(await draft.save().confirmed()).toMatchObject({ conflicts: 0 })
      draft.close()
    }
    expect(conflicts(bob.db)).toEqual([])
  })

  test('says of the fields that he has changed what stands there; all others follow', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk', place: { x: 1 } })
    const seen: unknown[] = []
    const stop = draft.subscribe(({ theirs }) => seen.push(Object.keys(theirs)))
    bob.db.write((tx) => {
      tx.cards.update('c', { title: 'Rice milk', note: 'now', place: { x: 1 } })
      tx.cards.increment('c', 'votes')
      tx.cards.add('c', 'tags', 'shop')
    })
    await told(bob.db, ann.db)
    expect(draft.values).toMatchObject({ title: 'Oat milk', note: 'now', place: { x: 1 }, votes: 2, tags: ['shop'] })
    const at = world.clock.now()
    expect(draft.theirs).toMatchObject({ title: { value: 'Rice milk' } })
    expect(Object.keys(draft.theirs)).toEqual(['title'])
    expect(Math.abs((draft.theirs.title?.at ?? 0) - at)).toBeLessThan(120_000)
    expect(draft.read()).toBe(draft.read())
    expect(seen).toEqual([[], ['title']])
    ann.db.cards.increment('c', 'votes')
    expect(draft.values.votes).toBe(3)
    stop()
    draft.set({ title: 'Soy milk' })
    expect(seen).toHaveLength(3)
  })

  test('by another tab of the device, or by the same tab: a conflict with himself, told by name', async () => {
    const { ann } = await together()
    const other = await tabOf(ann.device)
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk', note: 'form', code: 'x' })
    await other.cards.update('c', { title: 'Rice milk' })
    await world.until(() => expect(ann.db.cards.get('c')?.title).toBe('Rice milk'))
    await ann.db.cards.update('c', { note: 'list' })
    expect(draft.theirs).toMatchObject({ title: { value: 'Rice milk', userId: 'ann' }, note: { value: 'list', userId: 'ann' } })
    const write = draft.save()
    expect(ann.db.cards.get('c')).toMatchObject({ title: 'Oat milk', note: 'form', code: 'x' })
    expect(await write.confirmed()).toMatchObject({ status: 'applied', conflicts: 2 })
    await told(ann.db, other)
    expect(conflicts(other).sort()).toEqual([
      ['note', 'list', 'form'],
      ['title', 'Rice milk', 'Oat milk'],
    ])
  })

  test('offline too, before the server has heard of any of it', async () => {
    const { ann, bob } = await together()
    ann.device.offline()
    ann.db.cards.update('c', { title: 'before' })
    const draft = openDraft(ann.db.cards, 'c')
    ann.db.cards.update('c', { title: 'meanwhile', owner: 'ann' })
    draft.set({ title: 'form', owner: 'form' })
    draft.save()
    // What had been written before the opening was seen. What got there first stays, where that is what counts.
    expect(ann.db.cards.get('c')).toMatchObject({ title: 'form', owner: 'ann' })
    ann.device.online()
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'form', owner: 'ann' })
    expect(conflicts(ann.db).sort()).toEqual([
      ['owner', 'form', 'ann'],
      ['title', 'meanwhile', 'form'],
    ])
  })
})

describe('fields merge as they say', () => {
  test('first: what got there stands, at once, also where others came too late for it (an open draft keeps what it has not seen apart)', async () => {
    const { ann, bob, cyn } = await together()
    cyn.device.offline()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { owner: 'bob' })
    await told(bob.db, ann.db)
    cyn.db.cards.update('c', { owner: 'cyn' })
    cyn.device.online()
    await told(cyn.db, ann.db, bob.db)
    ann.device.offline()
    draft.set({ owner: 'ann' })
    draft.save()
    expect(ann.db.cards.get('c')?.owner).toBe('bob')
    ann.device.online()
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')?.owner).toBe('bob')
    expect(conflicts(ann.db)).toEqual([['owner', 'ann', 'bob']])
  })

  test('three-way: from what he saw at the opening, not from what is there when he saves', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { text: 'ab' })
    await told(bob.db, ann.db)
    draft.set({ text: 'ax' })
    expect(draft.values.text).toBe('ax')
    draft.save()
    const [pending] = internalsOf(ann.db).replica.pending
    expect(pending?.transaction.operations).toEqual([['upd', 's', 'cards', 'c', { text: 'ax' }, { from: { text: 'a' } }]])
    expect(ann.db.cards.get('c')?.text).toBe('abx')
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')?.text).toBe('abx')
  })

  test('strict: the whole save is a dead letter', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { code: 'bob' })
    await told(bob.db, ann.db)
    draft.set({ code: 'ann', title: 'Oat milk' })
    const write = draft.save()
    expect(ann.db.cards.get('c')).toMatchObject({ code: 'bob', title: 'Milk' })
    expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'conflict' })
    expect(ann.db.deadLetters.read()).toMatchObject([{ code: 'conflict', summary: ['update cards c: {"code":"ann","title":"Oat milk"}'] }])
  })

  test('siblings and max: side by side, and by value', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { names: 'bob', best: 7 })
    await told(bob.db, ann.db)
    draft.set({ names: 'ann', best: 5 })
    expect(draft.values).toMatchObject({ names: ['ann'], best: 5 })
    expect(draft.theirs).toMatchObject({ names: { value: ['bob'] }, best: { value: 7 } })
    await draft.save()
    await told(ann.db, bob.db)
    for (const { db } of [ann, bob]) expect(db.cards.get('c')).toMatchObject({ names: ['ann', 'bob'], best: 7 })
    draft.set({ names: 'both' })
    await draft.save()
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')?.names).toEqual(['both'])
  })

  test('a serializable save holds only if nobody has touched its fields', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { note: 'now' })
    await told(bob.db, ann.db)
    draft.set({ title: 'Oat milk' })
    expect(await draft.save({ isolation: 'serializable' }).confirmed()).toMatchObject({ status: 'applied' })
    bob.db.cards.update('c', { title: 'Rice milk' })
    await told(bob.db, ann.db)
    draft.set({ title: 'Soy milk' })
    expect(await draft.save({ isolation: 'serializable' }).confirmed()).toMatchObject({ status: 'refused', code: 'conflict' })
    expect(bob.db.cards.get('c')?.title).toBe('Rice milk')
  })
})

describe('what its user does with theirs', () => {
  test('take: it is in the form and not in the save; what he writes over it has seen it', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk', code: 'ann', note: 'ann' })
    bob.db.cards.update('c', { title: 'Rice milk', code: 'bob' })
    await told(bob.db, ann.db)
    draft.take('title')
    draft.take('code')
    expect(draft.values).toMatchObject({ title: 'Rice milk', code: 'bob', note: 'ann' })
    expect([draft.changed, draft.theirs]).toEqual([['note'], {}])
    draft.set({ code: 'bob and ann' })
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied', conflicts: 0 })
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'Rice milk', code: 'bob and ann', note: 'ann' })
    expect([conflicts(ann.db), conflicts(bob.db)]).toEqual([[], []])
  })

  test('in a form that is filled once he has seen what he took, and nothing else', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { title: 'Rice milk', note: 'bob' })
    await told(bob.db, ann.db)
    draft.take('title')
    draft.set({ title: 'Rice milk, please' })
    expect(await draft.save().confirmed()).toMatchObject({ conflicts: 0 })
    const other = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { title: 'Soy milk', note: 'again' })
    await told(bob.db, ann.db)
    other.take('title')
    other.set({ note: 'ann' })
    expect(await other.save().confirmed()).toMatchObject({ conflicts: 1 })
    await told(ann.db, bob.db)
    expect(conflicts(bob.db)).toEqual([['note', 'again', 'ann']])
  })

  test('what came after it was taken is news again', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    for (const title of ['Rice milk', 'Soy milk']) {
      bob.db.cards.update('c', { title })
      await told(bob.db, ann.db)
      if (title === 'Rice milk') draft.take('title')
    }
    draft.set({ title: 'Oat milk' })
    expect(draft.theirs.title?.value).toBe('Soy milk')
    await draft.save()
    await told(ann.db, bob.db)
    expect(conflicts(bob.db)).toEqual([['title', 'Soy milk', 'Oat milk']])
  })

  test('one taken and written over, and one left as it is: one transaction, of which nothing is overwritten unseen', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { title: 'Rice milk', note: 'bob' })
    await told(bob.db, ann.db)
    draft.take('note')
    draft.set({ title: 'Oat milk', note: 'bob and ann' })
    await draft.save()
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'Oat milk', note: 'bob and ann' })
    // One too many, of the note that he took: a transaction has one clock, and that of the title counts.
    expect(
      conflicts(bob.db)
        .map(([field]) => field)
        .sort(),
    ).toEqual(['note', 'title'])
  })

  test('what he had not seen is not covered by another field that he took, which changed again', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.update('c', { title: 'Rice milk', note: 'bob' })
    await told(bob.db, ann.db)
    draft.take('note')
    draft.set({ note: 'bob and ann' })
    draft.set({ title: 'Oat milk' })
    bob.db.cards.update('c', { note: 'bob again' })
    await told(bob.db, ann.db)
    await draft.save()
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'Oat milk', note: 'bob and ann' })
    expect(conflicts(bob.db)).toEqual(
      expect.arrayContaining([
        ['title', 'Rice milk', 'Oat milk'],
        ['note', 'bob again', 'bob and ann'],
      ]),
    )
  })

  test('set back to what he had found is not changed; reset and another save begin anew', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk', note: 'ann' })
    draft.set({ title: 'Milk', note: undefined })
    expect(draft.changed).toEqual(['note'])
    bob.db.cards.update('c', { title: 'Rice milk', note: 'bob' })
    await told(bob.db, ann.db)
    draft.reset()
    expect([draft.values.title, draft.values.note, draft.changed, draft.theirs]).toEqual(['Rice milk', 'bob', [], {}])
    draft.set({ title: 'Soy milk' })
    expect(await draft.save().confirmed()).toMatchObject({ conflicts: 0 })
    draft.set({ title: 'Oat milk' })
    expect(await draft.save().confirmed()).toMatchObject({ conflicts: 0 })
    await told(ann.db, bob.db)
    bob.db.cards.update('c', { title: 'Rice milk' })
    await told(bob.db, ann.db)
    draft.set({ title: 'Nut milk' })
    expect(await draft.save().confirmed()).toMatchObject({ conflicts: 1 })
    // Nothing to say is nothing to write.
    expect(draft.save().id).toBe('')
  })
})

describe('a record that is gone', () => {
  test('deleted meanwhile: the save brings it back, with the edit; and what is not edited as it was', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk' })
    bob.db.cards.update('c', { note: 'bob' })
    bob.db.cards.delete('c')
    await told(bob.db, ann.db)
    expect([draft.gone, draft.values.title, draft.theirs]).toEqual([true, 'Oat milk', {}])
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied' })
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'Oat milk', note: 'bob', votes: 1 })
    expect(draft.gone).toBe(false)
    expect([draft.changed, draft.values.title]).toEqual([[], 'Oat milk'])
  })

  test('without an edit it comes back as it was; deleted by his own tab it is back at once', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.delete('c')
    await told(bob.db, ann.db)
    draft.save()
    await world.until(() => expect(draft.gone).toBe(false))
    ann.device.offline()
    ann.db.cards.delete('c')
    expect(draft.gone).toBe(true)
    draft.set({ title: 'Oat milk' })
    draft.save()
    expect(ann.db.cards.get('c')?.title).toBe('Oat milk')
    ann.device.online()
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')?.title).toBe('Oat milk')
  })

  test('deleted, and not heard of yet: the edit is a conflict, from which it comes back', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    ann.device.offline()
    await bob.db.cards.delete('c')
    await world.synced(bob.db)
    draft.set({ title: 'Oat milk' })
    draft.save()
    ann.device.online()
    await world.synced(ann.db)
    await world.until(() => expect(ann.db.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { title: 'Oat milk' } } }]))
    expect(draft.gone).toBe(true)
    draft.save()
    // With what had been written to it when it was dead.
    await world.until(() => expect(ann.db.cards.get('c')?.title).toBe('Oat milk'))
  })

  test('made anew under its id: the edit was made to the former one, and changes nothing of the newer', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    bob.db.cards.delete('c')
    bob.db.space('s').cards.insert({ id: 'c', title: 'Another' })
    bob.db.cards.update('c', { note: 'new' })
    await told(bob.db, ann.db)
    draft.set({ title: 'Oat milk' })
    draft.save()
    expect(ann.db.cards.get('c')?.title).toBe('Another')
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')?.title).toBe('Another')
    expect(ann.db.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { title: 'Oat milk' } } }])
  })

  test('with edit-wins as well', async () => {
    const { ann, bob } = await together()
    ann.db.space('s').kept.insert({ id: 'k', title: 'Milk' })
    await world.synced(ann.db)
    await world.until(() => expect(bob.db.kept.get('k')).toBeDefined())
    const draft = openDraft(ann.db.kept, 'k')
    bob.db.kept.delete('k')
    await world.synced(bob.db)
    await world.until(() => expect(draft.gone).toBe(true))
    draft.set({ title: 'Oat milk' })
    draft.save()
    await world.synced(ann.db)
    await world.until(() => expect(bob.db.kept.get('k')?.title).toBe('Oat milk'))
  })

  test('with its whole space: to save throws as any write does there', async () => {
    const { ann } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk' })
    await world.server.revoke('s', 'ann')
    await world.until(() => expect(draft.gone).toBe(true))
    expect(() => draft.save()).toThrow(expect.objectContaining({ code: 'forbidden' }))
    expect(draft.changed).toEqual(['title'])
    await world.server.grant('s', 'ann', 'read')
    await world.until(() => expect(draft.gone).toBe(false))
    expect(() => draft.save()).toThrow(expect.objectContaining({ code: 'forbidden' }))
    await world.server.setAccess('s', 'ann', 'write')
    await world.until(() => expect(ann.db.space('s').state.read()).toMatchObject({ access: 'write' }))
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied' })
  })
})

describe('a draft', () => {
  test('is of one record: not of an id that is nowhere, or in two spaces; nor inside a write', async () => {
    const { ann } = await together()
    ann.db.home.cards.insert({ id: 'c', title: 'At home' })
    expect(() => openDraft(ann.db.cards, 'c')).toThrow(expect.objectContaining({ code: 'ambiguous_id' }))
    expect(() => openDraft(ann.db.cards, 'nowhere')).toThrow(expect.objectContaining({ code: 'unknown_record' }))
    expect(() => ann.db.write(() => void openDraft(ann.db.home.cards, 'c'))).toThrow(expect.objectContaining({ code: 'use_tx' }))
    expect(() => ann.db.write((tx) => void openDraft(tx.home.cards as never, 'c'))).toThrow(expect.objectContaining({ code: 'use_tx' }))
    const draft = openDraft(ann.db.home.cards, 'c')
    draft.set({ title: 'Bread' })
    draft.save()
    expect([ann.db.home.cards.get('c')?.title, ann.db.space('s').cards.get('c')?.title]).toEqual(['Bread', 'Milk'])
  })

  test('takes what is being typed, and asks at the save whether it is allowed', async () => {
    const { ann } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    // @ts-expect-error of another type
    draft.set({ title: 7 })
    expect(() => draft.save()).toThrow(
      expect.objectContaining({ code: 'invalid_value', details: expect.objectContaining({ field: 'title' }) }),
    )
    expect(draft.changed).toEqual(['title'])
    draft.reset()
    // @ts-expect-error a counter is incremented, not set
    draft.set({ votes: 3 })
    expect(() => draft.save()).toThrow(expect.objectContaining({ code: 'invalid_value' }))
    draft.reset()
    // @ts-expect-error no such field
    draft.set({ colour: 'red' })
    expect(() => draft.save()).toThrow(expect.objectContaining({ code: 'unknown_field' }))
    // @ts-expect-error an id of another table
    expect(() => openDraft(ann.db.cards, 'k' as import('@holdfast/shared').Id<'kept'>)).toThrow()
  })

  test('is over when it is closed: it stays as it is, and nothing is kept for it', async () => {
    const { ann, bob } = await together()
    expect(held(ann.db)).toBe(0)
    const [one, other] = [openDraft(ann.db.cards, 'c'), openDraft(ann.db.cards, 'c')]
    expect(held(ann.db)).toBe(2)
    one.set({ title: 'Oat milk' })
    other.set({ title: 'Soy milk' })
    one.save()
    await world.synced(ann.db)
    expect(other.theirs.title?.value).toBe('Oat milk')
    expect(held(ann.db)).toBe(2)
    one.close()
    one.close()
    other.close()
    expect(held(ann.db)).toBe(0)
    bob.db.cards.update('c', { title: 'Rice milk' })
    await told(bob.db, ann.db)
    expect(one.values.title).toBe('Oat milk')
    for (const act of [() => one.set({ title: '' }), () => one.take('title'), () => one.save(), () => one.reset()])
      expect(act).toThrow(expect.objectContaining({ code: 'closed' }))
  })

  test('of which a save could not be stored has it in the form again, against what was seen then', async () => {
    const { ann, bob } = await together()
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'Oat milk' })
    bob.db.cards.update('c', { title: 'Rice milk' })
    await told(bob.db, ann.db)
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const write = draft.save()
    draft.set({ note: 'ann' })
    const second = draft.save()
    draft.set({ place: { x: 1 } })
    await expect(Promise.resolve(write)).rejects.toMatchObject({ code: 'storage_full' })
    await expect(Promise.resolve(second)).rejects.toMatchObject({ code: 'storage_full' })
    add.mockRestore()
    expect(draft.changed).toEqual(['title', 'note', 'place'])
    expect(draft.values).toMatchObject({ title: 'Oat milk', note: 'ann', place: { x: 1 } })
    expect(draft.theirs.title?.value).toBe('Rice milk')
    expect(held(ann.db)).toBe(1)
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
    expect(held(ann.db)).toBe(1)
    await told(ann.db, bob.db)
    expect(conflicts(bob.db)).toEqual([['title', 'Rice milk', 'Oat milk']])
  })

  test('lives through a restore of the server: what it had seen of the lost history it has still seen', async () => {
    const { ann, bob } = await together()
    const copy = await world.backup()
    await ann.db.cards.update('c', { title: 'lost and found', note: 'a' })
    await told(ann.db, bob.db)
    const draft = openDraft(ann.db.cards, 'c')
    draft.set({ title: 'form', note: 'form' })
    for (const { device } of [ann, bob]) device.offline()
    await world.restore(copy)
    bob.device.online()
    await world.synced(bob.db)
    bob.db.cards.update('c', { note: 'bob' })
    await world.synced(bob.db)
    ann.device.online()
    await world.synced(ann.db)
    await told(ann.db, bob.db)
    const write = draft.save()
    expect(await write.confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
    await told(ann.db, bob.db)
    expect(bob.db.cards.get('c')).toMatchObject({ title: 'form', note: 'form' })
    expect(ann.db.deadLetters.read()).toEqual([])
    expect(conflicts(bob.db)).toEqual([['note', 'bob', 'form']])
  })

  test('whose save was refused by a rule that was mended: tried again it overwrites nothing that it had not seen', async () => {
    let strictRule = true
    const rules = schema.rules({ cards: { update: ({ after }) => !strictRule || after.title !== 'form' } })
    const { ann, bob } = await together({ server: { schema, rules } as { readonly schema: typeof schema } })
    const draft = openDraft(ann.db.cards, 'c')
    await ann.db.cards.update('c', { title: 'list' })
    draft.set({ title: 'form' })
    expect(await draft.save().confirmed()).toMatchObject({ status: 'refused', code: 'rule_refused' })
    strictRule = false
    expect(await ann.db.deadLetters.read()[0]?.retry().confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
    await told(ann.db, bob.db)
    expect(conflicts(ann.db)).toEqual([['title', 'list', 'form']])
  })
})

test('what a save is predicted to come to is what it comes to: random days with forms left open', async () => {
  const { ann, bob, cyn } = await together()
  const random = seededRandom(5)
  const fields = ['title', 'note', 'owner', 'text', 'names'] as const
  const some = () => fields.filter(() => random() < 0.4)
  for (let day = 0; day < 25; day++) {
    const draft = openDraft(ann.db.cards, 'c')
    for (let hour = 0; hour < 4; hour++) {
      for (const { db, device } of [bob, cyn]) {
        if (random() < 0.3) device.offline()
        const patch = Object.fromEntries(some().map((field) => [field, `${day}.${hour} ${db.userId}`]))
        if (random() < 0.6) db.cards.update('c', patch)
        if (random() < 0.5) device.online()
      }
      await world.until(() => expect(ann.db.status.read().state).toBe('synced'))
      if (random() < 0.3) ann.db.cards.update('c', Object.fromEntries(some().map((field) => [field, `${day}.${hour} list`])))
      for (const field of some()) if (random() < 0.5) draft.take(field)
      draft.set(Object.fromEntries(some().map((field) => [field, `${day}.${hour} form`])))
    }
    for (const { device } of [bob, cyn]) device.online()
    await world.synced(ann.db, bob.db, cyn.db)
    await told(ann.db, bob.db, cyn.db)
    ann.device.offline()
    const before = ann.db.cards.get('c')
    const { changed } = draft
    draft.save()
    const predicted = ann.db.cards.get('c')
    ann.device.online()
    await told(ann.db, bob.db, cyn.db)
    expect(ann.db.cards.get('c'), `day ${day}: ${changed} over ${JSON.stringify(before)}`).toEqual(predicted)
    draft.close()
  }
  expect(held(ann.db)).toBe(0)
})

test('a text that was typed over what the rest of the form has not seen is not doubled', async () => {
  const { ann, bob } = await together()
  bob.device.offline()
  await world.clock.advance(1_000)
  bob.db.cards.update('c', { text: 'ab' })
  await ann.db.space('s').cards.insert({ id: 'other', title: 'x' })
  await world.synced(ann.db)
  const draft = openDraft(ann.db.cards, 'c')
  draft.set({ title: 'Tea' })
  bob.device.online()
  await world.until(() => expect(draft.values.text).toBe('ab'))
  draft.set({ text: 'abc' })
  await world.clock.advance(1_000)
  // The save is as of when the title was typed, and that had not seen Bob's text.
  bob.db.cards.update('c', { title: 'Oat' })
  await world.until(() => expect(draft.theirs.title?.value).toBe('Oat'))
  await world.clock.advance(1_000)
  await draft.save().confirmed()
  await world.until(() => expect(bob.db.cards.get('c')).toMatchObject({ title: 'Tea', text: 'abc' }))
})

test('two who type at the same time, each upon what is not confirmed to him yet, keep all that both typed, once', async () => {
  const { ann, bob } = await together()
  const wait = (ms: number) => new Promise<void>((resolve) => void world.clock.setTimer(ms, resolve))
  for (const [{ device }, ms] of [[ann, 150] as const, [bob, 400] as const])
    device.through(async (request, pass) => {
      await wait(ms)
      return pass(request)
    })
  const typed: string[] = []
  for (let i = 0; i < 12; i++) {
    for (const [who, db] of [['x', ann.db] as const, ['y', bob.db] as const]) {
      const before = db.cards.get('c')?.words ?? ''
      db.cards.update('c', { words: `${before} ${who}${i}` })
      typed.push(`${who}${i}`)
    }
    // Some of it is on its way when the next word is typed.
    await world.clock.advance(i % 3 === 0 ? 450 : 120)
  }
  await world.synced(ann.db, bob.db)
  await world.until(() => expect(bob.db.cards.get('c')?.words).toBe(ann.db.cards.get('c')?.words))
  expect(ann.db.cards.get('c')?.words.trim().split(' ').sort()).toEqual(typed.sort())
})
