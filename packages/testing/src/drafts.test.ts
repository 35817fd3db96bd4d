import type { Database } from '@holdfast/client'
import { type Draft, openDraft } from '@holdfast/client/draft'
import { boolean, counter, defineSchema, first, strict, string, table, threeWay } from '@holdfast/shared'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from './device.ts'
import { createWorld, type World } from './world.ts'

// schedules.md 15: a form writes against what its user has seen.

const schema = defineSchema({
  version: 1,
  tables: {
    notes: table({
      title: string(),
      text: string().default(''),
      done: boolean().default(false),
      owner: string().default('').merge(first),
      lock: string().default('').merge(strict),
      lines: string()
        .default('')
        .merge(threeWay(({ base, theirs, mine }) => (mine.startsWith(base) ? theirs + mine.slice(base.length) : theirs))),
      votes: counter(),
    }),
  },
})
type Tab = Database<typeof schema>

let world: World
afterEach(() => world.close())

const tabOf = (device: Device, userId: string) => device.tab({ schema, userId })

/** Ann has the note open in a form, Bob has it, too. */
async function begin() {
  world = createWorld({ server: { schema } })
  for (const user of ['ann', 'bob']) await world.server.grant('s', user, 'write')
  const [first, second] = [world.device(), world.device()]
  const [ann, bob] = [await tabOf(first, 'ann'), await tabOf(second, 'bob')]
  await world.synced(ann, bob)
  ann.space('s').notes.insert({ id: 'n', title: 'Milk', lines: 'a' })
  await world.synced(ann)
  await world.until(() => expect(bob.notes.get('n')).toBeDefined())
  const draft = openDraft(ann.notes, 'n')
  return { first, second, ann, bob, draft }
}

/** Bob writes, and Ann’s device gets it. */
async function meanwhile({ ann, bob }: { ann: Tab; bob: Tab }, patch: Parameters<Tab['notes']['update']>[1]) {
  world.clock.advance(1_000)
  bob.notes.update('n', patch)
  await world.synced(bob)
  await world.until(() => expect(ann.notes.get('n')).toMatchObject(patch))
  world.clock.advance(1_000)
}
const lost = (db: Tab) => db.conflicts.read().map(({ field, dropped, kept }) => [field, dropped.value, kept?.value])

describe('a form that is open while somebody else writes', () => {
  test('shows what has come to a page that paints it with a list which hears first', async () => {
    world = createWorld({ server: { schema } })
    for (const user of ['ann', 'bob']) await world.server.grant('s', user, 'write')
    const [ann, bob] = [await tabOf(world.device(), 'ann'), await tabOf(world.device(), 'bob')]
    await world.synced(ann, bob)
    ann.space('s').notes.insert({ id: 'n', title: 'Milk' })
    await world.synced(ann)
    await world.until(() => expect(bob.notes.get('n')).toBeDefined())
    let draft: Awaited<ReturnType<typeof begin>>['draft'] | undefined
    const painted: unknown[] = []
    ann.notes.subscribe(() => void (draft && painted.push(draft.gone ? 'gone' : draft.values.title)))
    draft = openDraft(ann.notes, 'n')
    await meanwhile({ ann, bob }, { title: 'Rice milk' })
    bob.notes.delete('n')
    await world.synced(bob)
    await world.until(() => expect(ann.notes.get('n')).toBeUndefined())
    expect([...new Set(painted)]).toEqual(['Rice milk', 'gone'])
    draft.close()
    expect(draft.gone).toBe(true)
  })

  test('does not overwrite in silence: both are merged, and whoever loses is told', async () => {
    const at = await begin()
    const { ann, bob, draft } = at
    draft.set({ title: 'Oat milk' })
    await meanwhile(at, { title: 'Rice milk', text: 'from Bob' })
    expect(draft.values).toMatchObject({ title: 'Oat milk', text: 'from Bob' })
    expect(draft.theirs).toMatchObject({ title: { value: 'Rice milk', userId: 'bob', at: world.clock.now() - 1_000 } })
    expect(draft.changed).toEqual(['title'])
    const verdict = await draft.save().confirmed()
    expect(verdict).toMatchObject({ status: 'applied', conflicts: 1 })
    await world.synced(ann, bob)
    await world.until(() => expect(lost(bob)).toEqual([['title', 'Rice milk', 'Oat milk']]))
    expect(bob.notes.get('n')).toMatchObject({ title: 'Oat milk', text: 'from Bob' })
    expect([draft.changed, draft.theirs]).toEqual([[], {}])
  })

  test('a plain write of what the form shows would: the difference that a draft makes', async () => {
    const at = await begin()
    await meanwhile(at, { title: 'Rice milk' })
    await at.ann.notes.update('n', { title: 'Oat milk' }).confirmed()
    await world.synced(at.ann, at.bob)
    expect(lost(at.bob)).toEqual([])
  })

  test('take: theirs stands, and nothing is written; what is typed after that has seen it', async () => {
    const at = await begin()
    const { ann, bob, draft } = at
    draft.set({ title: 'Oat milk', text: 'x' })
    await meanwhile(at, { title: 'Rice milk' })
    draft.take('title')
    expect(draft.values).toMatchObject({ title: 'Rice milk', text: 'x' })
    expect([draft.changed, draft.theirs]).toEqual([['text'], {}])
    draft.set({ title: 'Rice milk, please' })
    expect(draft.theirs).toEqual({})
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied', conflicts: 0 })
    await world.synced(ann, bob)
    expect(lost(bob)).toEqual([])
    expect(bob.notes.get('n')).toMatchObject({ title: 'Rice milk, please', text: 'x' })
  })

  test('fields that he has not touched follow, and what he touches then he has seen', async () => {
    const at = await begin()
    const { bob, draft } = at
    await meanwhile(at, { title: 'Rice milk' })
    expect(draft.values.title).toBe('Rice milk')
    draft.set({ title: 'Oat milk' })
    expect(await draft.save().confirmed()).toMatchObject({ conflicts: 0 })
    expect(lost(bob)).toEqual([])
  })

  test('what is set back is not changed; the same by both is no matter', async () => {
    const at = await begin()
    const { draft } = at
    draft.set({ title: 'Oat milk' })
    draft.set({ title: 'Milk' })
    expect(draft.changed).toEqual([])
    draft.set({ title: 'Oat milk' })
    await meanwhile(at, { title: 'Oat milk' })
    expect(draft.theirs).toEqual({})
    expect(await draft.save().confirmed()).toMatchObject({ conflicts: 0 })
  })

  test('gone: saving brings it back, with the edit', async () => {
    const { ann, bob, draft } = await begin()
    draft.set({ title: 'Oat milk' })
    await bob.notes.delete('n').confirmed()
    await world.until(() => expect(ann.notes.get('n')).toBeUndefined())
    expect(draft.gone).toBe(true)
    expect(draft.values).toMatchObject({ title: 'Oat milk', lines: 'a' })
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied' })
    await world.until(() => expect(bob.notes.get('n')).toMatchObject({ title: 'Oat milk', lines: 'a' }))
    await world.until(() => expect(draft.gone).toBe(false))
  })

  test('each field by its own policy: first, three-way by what the form had, strict', async () => {
    const at = await begin()
    const { ann, draft } = at
    draft.set({ owner: 'ann', lines: 'a, of Ann' })
    await meanwhile(at, { owner: 'bob', lines: 'a, of Bob' })
    draft.save()
    expect(ann.notes.get('n')).toMatchObject({ owner: 'bob', lines: 'a, of Bob, of Ann' })
    await world.synced(ann)
    expect(ann.notes.get('n')).toMatchObject({ owner: 'bob', lines: 'a, of Bob, of Ann' })
    draft.set({ lock: 'ann' })
    await meanwhile(at, { lock: 'bob' })
    const write = draft.save()
    // What the server will not take is not shown.
    expect(ann.notes.get('n')?.lock).toBe('bob')
    expect(await write.confirmed()).toMatchObject({ status: 'refused', code: 'conflict' })
    expect(ann.deadLetters.read()).toMatchObject([{ code: 'conflict' }])
  })

  test('writes of the same tab, and of another tab, count as well', async () => {
    const { first, ann, draft } = await begin()
    const other = await first.tab({ schema, userId: 'ann' })
    first.offline()
    draft.set({ title: 'by the form', text: 'by the form' })
    ann.notes.update('n', { title: 'by a button' })
    await other.notes.update('n', { text: 'by another tab' })
    await world.until(() => expect(ann.notes.get('n')?.text).toBe('by another tab'))
    expect(Object.keys(draft.theirs).sort()).toEqual(['text', 'title'])
    expect(draft.theirs.title).toMatchObject({ value: 'by a button', userId: 'ann' })
    world.clock.advance(1_000)
    await draft.save()
    first.online()
    await world.synced(ann)
    await world.until(() =>
      expect(lost(ann).sort()).toEqual([
        ['text', 'by another tab', 'by the form'],
        ['title', 'by a button', 'by the form'],
      ]),
    )
  })

  test('the prediction is what the server says, however long the form was open', async () => {
    const at = await begin()
    const { first, ann, bob, draft } = at
    draft.set({ owner: 'ann' })
    await meanwhile(at, { owner: 'bob' })
    // What base does not have to keep apart for anybody else.
    for (let i = 0; i < 5; i++) await meanwhile(at, { text: `${i}` })
    await ann.notes.increment('n', 'votes').confirmed()
    first.offline()
    draft.save()
    expect(ann.notes.get('n')?.owner).toBe('bob')
    first.online()
    await world.synced(ann, bob)
    expect(ann.notes.get('n')?.owner).toBe('bob')
    expect(lost(ann)).toEqual([['owner', 'ann', 'bob']])
  })

  test('a server that goes back to a copy in the middle: nothing is overwritten in silence', async () => {
    const at = await begin()
    const { ann, bob, draft } = at
    const backup = await world.backup()
    draft.set({ title: 'Oat milk' })
    await meanwhile(at, { title: 'Rice milk' })
    await world.restore(backup)
    world.clock.advance(1_000)
    await world.synced(ann, bob)
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied' })
    await world.synced(ann, bob)
    await world.until(() => expect(lost(bob)).toEqual([['title', 'Rice milk', 'Oat milk']]))
  })
})

describe('a draft', () => {
  test('is a Live value: subscribers hear of own changes and of others’, and not after close()', async () => {
    const at = await begin()
    const { draft } = at
    const seen: unknown[] = []
    const stop = draft.subscribe(({ values, theirs, changed }) => seen.push([values.title, Object.keys(theirs), changed.length]))
    expect(draft.read()).toBe(draft.read())
    draft.set({ title: 'Oat milk' })
    await meanwhile(at, { title: 'Rice milk' })
    expect(seen).toEqual([
      ['Milk', [], 0],
      ['Oat milk', [], 1],
      ['Oat milk', ['title'], 1],
    ])
    stop()
    draft.reset()
    expect(draft.values.title).toBe('Rice milk')
    expect(seen).toHaveLength(3)
    draft.close()
    for (const call of [() => draft.set({ title: 'x' }), () => draft.save()])
      expect(call).toThrow(expect.objectContaining({ code: 'closed' }))
  })

  test('is of a record that is there, in one space', async () => {
    const { ann } = await begin()
    expect(() => openDraft(ann.notes, 'nowhere')).toThrow(expect.objectContaining({ code: 'unknown_record' }))
    ann.home.notes.insert({ id: 'n', title: 'another' })
    expect(() => openDraft(ann.notes, 'n')).toThrow(expect.objectContaining({ code: 'ambiguous_id' }))
    expect(openDraft(ann.space('s').notes, 'n').values.title).toBe('Milk')
  })

  test('checks when it is saved, and keeps what it could not save; with nothing changed nothing is written', async () => {
    const { ann, draft } = await begin()
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied' })
    draft.set({ title: 7 as unknown as string })
    expect(() => draft.save()).toThrow(expect.objectContaining({ code: 'invalid_value' }))
    expect(draft.changed).toEqual(['title'])
    draft.set({ title: 'Oat milk' })
    await draft.save()
    expect(ann.notes.get('n')?.title).toBe('Oat milk')
  })

  test('what is typed over a save that cannot be stored is as of that save: nothing is overwritten in silence', async () => {
    const { ann, bob, draft } = await begin()
    draft.set({ title: 'one', text: 'mine' })
    await meanwhile({ ann, bob }, { text: 'his' })
    const { add } = IDBObjectStore.prototype
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    try {
      const save = draft.save()
      draft.set({ title: 'two' })
      await expect(save).rejects.toMatchObject({ code: 'storage_full' })
    } finally {
      IDBObjectStore.prototype.add = add
    }
    expect(draft.values).toMatchObject({ title: 'two', text: 'mine' })
    expect([draft.theirs.text?.value, draft.theirs.title]).toEqual(['his', undefined])
    expect(await draft.save().confirmed()).toMatchObject({ status: 'applied', conflicts: 1 })
    await world.synced(ann, bob)
    expect([bob.notes.get('n'), lost(bob)]).toMatchObject([{ title: 'two', text: 'mine' }, [['text', 'his', 'mine']]])
  })

  test('saves twice: the second one has seen the first', async () => {
    const { ann, bob, draft } = await begin()
    draft.set({ title: 'one' })
    draft.save()
    draft.set({ title: 'two' })
    await draft.save({ label: 'again' }).confirmed()
    await world.synced(ann, bob)
    expect([lost(ann), lost(bob)]).toEqual([[], []])
    expect(bob.notes.get('n')?.title).toBe('two')
  })

  test('the types are those of the table', async () => {
    await begin()
    const typed = (draft: Draft<{ readonly title: string }, { readonly title?: string | undefined }>) => draft.theirs.title?.value.length
    expect(typed).toBeTypeOf('function')
    const wrong = (db: Tab) => {
      const draft = openDraft(db.notes, 'n')
      // @ts-expect-error a counter is not set
      draft.set({ votes: 1 })
      // @ts-expect-error no such field
      draft.take('nothing')
      // @ts-expect-error of another type
      draft.set({ title: 1 })
      return draft.values.title.length
    }
    expect(wrong).toBeTypeOf('function')
  })
})
