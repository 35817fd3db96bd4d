import { expect, test } from 'vitest'
import { diskOf, eventually, listsOf, synced, titlesOf, useTodo, type Window } from './todo.kit.ts'

const todo = useTodo()

/** What nobody but those in the list may have on his device. */
const SECRET = 'secret-7d0f-present'

const membersOf = ({ members }: Window) =>
  eventually(async () => (await members.allInnerTexts()).map((text) => text.split('\n').slice(0, 2).join(' ').trim()))

test('three people: a list made offline, shared by link, changed together, made read-only, taken away', async () => {
  const devices = [await todo.device(), await todo.device(), await todo.device()] as const
  const ann = await devices[0]('ann')
  await synced(ann)

  // Offline it is there at once, it is hers, and it outlives a reload.
  await ann.offline.check()
  await ann.newList('Party')
  await eventually(() => ann.heading.textContent()).toBe('Party')
  await ann.add('Cake')
  await membersOf(ann).toEqual(['Ann you, owner'])
  await ann.page.reload()
  await eventually(() => ann.heading.textContent()).toBe('Party')
  await titlesOf(ann).toEqual(['Cake'])
  await listsOf(ann).toEqual(['My list 0 open', 'Shared list 0 open', 'Party 1 open'])
  const address = new URL(ann.page.url()).hash.slice('#ann/'.length)
  expect(address).toMatch(/^list_[\w-]{22}$/)

  // Nobody gets in by knowing where it is, before it exists or after.
  const bob = await devices[1](`bob/${address}`)
  await eventually(() => bob.notice.textContent()).toBe('You no longer have access to that list.')
  await eventually(() => bob.heading.textContent()).toBe('My list')
  await ann.offline.uncheck()
  await synced(ann)
  await bob.page.goto(`/#bob/${address}`)
  await eventually(async () => bob.page.url()).toMatch(/#bob$/)
  expect(await bob.lists.count()).toBe(2)

  // Bob opens the link and says who he is; Cleo opens it offline, reloads, and joins later.
  const link = await ann.share('can edit')
  await bob.page.goto(`/#${link}`)
  await eventually(() => bob.heading.textContent()).toBe('You are invited to a list. Who are you?')
  await bob.page.getByRole('link', { name: 'Bob' }).click()
  await eventually(() => bob.heading.textContent()).toBe('Party')
  await titlesOf(bob).toEqual(['Cake'])
  await membersOf(ann).toEqual(['Ann you, owner', 'Bob can edit'])
  await membersOf(bob).toEqual(['Ann owner', 'Bob you, can edit'])
  expect(await bob.button('Rename').isVisible()).toBe(false)
  expect(await bob.button('Create a link').isVisible()).toBe(false)
  expect(await bob.button('Remove Ann').count()).toBe(0)
  const cleo = await devices[2]('cleo')
  await synced(cleo)
  await cleo.offline.check()
  await cleo.page.goto(`/#cleo/${link}`)
  await eventually(() => cleo.notice.textContent()).toBe('You join the list as soon as you are online.')
  await cleo.page.reload()
  await eventually(() => cleo.notice.textContent()).toBe('You join the list as soon as you are online.')
  expect(await cleo.lists.count()).toBe(2)
  await cleo.offline.uncheck()
  await eventually(() => cleo.heading.textContent()).toBe('Party')
  await titlesOf(cleo).toEqual(['Cake'])
  await membersOf(ann).toEqual(['Ann you, owner', 'Bob can edit', 'Cleo can edit'])

  // All three change it at once.
  await Promise.all([ann.add('Candles'), bob.vote('Cake'), cleo.vote('Cake')])
  await ann.rename('Cake', 'Big cake')
  for (const one of [ann, bob, cleo]) {
    await titlesOf(one).toEqual(['Candles', 'Big cake'])
    await eventually(() => one.page.getByRole('button', { name: 'Vote for Big cake, 2 so far' }).count()).toBe(1)
  }

  // Cleo may only read from now on: she sees it at once, and what changes.
  await ann.button('Make Cleo read-only').click()
  await eventually(() => cleo.page.locator('#read-only').textContent()).toBe('You can read this list, but not change it.')
  await membersOf(bob).toEqual(['Ann owner', 'Bob you, can edit', 'Cleo can only read'])
  expect(await cleo.page.getByLabel('New todo').isVisible()).toBe(false)
  expect(await cleo.page.locator('#todos').locator('button, input').count()).toBe(0)
  await bob.add('Balloons')
  await titlesOf(cleo).toEqual(['Balloons', 'Candles', 'Big cake'])

  // Bob is put out while he is offline, with changes that nobody has seen; the others go on.
  await bob.offline.check()
  await bob.add('Bob’s idea')
  await bob.rename('Candles', 'Many candles')
  await ann.button('Remove Bob').click()
  await ann.dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await membersOf(cleo).toEqual(['Ann owner', 'Cleo you, can only read'])
  await ann.add(SECRET)
  await titlesOf(cleo).toEqual([SECRET, 'Balloons', 'Candles', 'Big cake'])
  await titlesOf(bob).toEqual(['Bob’s idea', 'Balloons', 'Many candles', 'Big cake'])
  expect(await diskOf(cleo)).toContain(SECRET)

  // He is told why it is gone, and has what he wrote; of what was theirs nothing is left on his disk.
  await bob.offline.uncheck()
  await eventually(() => bob.notice.textContent()).toBe(
    'You no longer have access to “Party”. What you had not sent, 2 changes, is kept under “For you to look at”.',
  )
  await eventually(() => bob.heading.textContent()).toBe('My list')
  await eventually(() => bob.deadLetters.count()).toBe(2)
  expect(await bob.deadLetters.first().textContent()).toMatch(/Add “Bob’s idea”.*no longer shared with you.*revoked/)
  expect(await bob.deadLetters.last().textContent()).toMatch(/Rename “Candles” to “Many candles”.*revoked/)
  await listsOf(bob).toEqual(['My list 0 open', 'Shared list 0 open'])
  await synced(bob)
  await eventually(() => diskOf(bob)).not.toMatch(new RegExp(`${SECRET}|Balloons|Big cake`))
  expect(await diskOf(bob)).toContain('Bob’s idea')
  await titlesOf(ann).toEqual([SECRET, 'Balloons', 'Candles', 'Big cake'])

  // The link that let him in has ended with it, and says so.
  await bob.page.goto(`/#bob/${link}`)
  await eventually(() => bob.notice.textContent()).toBe('This link is no longer valid. Ask for a new one.')
  expect(await bob.lists.count()).toBe(2)
  expect(await bob.deadLetters.count()).toBe(2)

  // Cleo leaves, and can come back by a new link, as a reader; Ann deletes the list.
  await cleo.button('Leave this list').click()
  await cleo.dialog.getByRole('button', { name: 'Leave it' }).click()
  await eventually(() => cleo.notice.textContent()).toBe('You are no longer in “Party”.')
  await membersOf(ann).toEqual(['Ann you, owner'])
  await synced(cleo)
  await eventually(() => diskOf(cleo)).not.toContain(SECRET)
  await cleo.page.goto(`/#cleo/${await ann.share('can only read')}`)
  await titlesOf(cleo).toEqual([SECRET, 'Balloons', 'Candles', 'Big cake'])
  await eventually(() => cleo.page.locator('#read-only').textContent()).not.toBe('')
  await ann.button('Remove Cleo').click()
  await ann.dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await eventually(() => cleo.notice.textContent()).toBe('You no longer have access to “Party”.')
  await ann.button('Delete this list').click()
  await ann.dialog.getByRole('button', { name: 'Delete it' }).click()
  await eventually(() => ann.lists.count()).toBe(2)
  expect(todo.complaints).toEqual([])
})

test('an owner renames his list for all; who may only read finds why a change of his was not accepted', async () => {
  const [ann, cleo] = [await (await todo.device())('ann'), await (await todo.device())('cleo')]
  await ann.newList('Trip')
  await ann.add('Tent')
  await cleo.page.goto(`/#cleo/${await ann.share('can edit')}`)
  await titlesOf(cleo).toEqual(['Tent'])
  await ann.button('Rename').click()
  await ann.page.getByLabel('Name of the list').fill('Journey')
  await ann.page.keyboard.press('Enter')
  await eventually(() => cleo.heading.textContent()).toBe('Journey')
  await cleo.offline.check()
  await cleo.add('Stove')
  await ann.button('Make Cleo read-only').click()
  await membersOf(ann).toEqual(['Ann you, owner', 'Cleo can only read'])
  await cleo.offline.uncheck()
  await eventually(() => cleo.refused.allInnerTexts()).toEqual([expect.stringMatching(/^Not accepted: Add “Stove”/)])
  await titlesOf(cleo).toEqual(['Tent'])
  await ann.button('Let Cleo edit').click()
  await cleo.page.getByLabel('New todo').waitFor()
  await cleo.refused.getByRole('button', { name: 'Try again' }).click()
  await titlesOf(ann).toEqual(['Stove', 'Tent'])
  expect(todo.complaints).toEqual([])
})

test('a list that is full says so where one adds, and what was typed can be copied', async () => {
  await todo.restart({ HOLDFAST_TODO_MAX_ITEMS: '3' })
  const device = await todo.device({ permissions: ['clipboard-read', 'clipboard-write'] })
  const ann = await device('ann')
  await ann.newList('Small')
  for (const title of ['one', 'two', 'three', 'one too many #tag']) await ann.add(title)
  await eventually(() => ann.refused.locator('p').allInnerTexts()).toEqual(
    expect.arrayContaining(['Not accepted: Add “one too many”', 'A list holds 3 items. list_full']),
  )
  await titlesOf(ann).toEqual(['three', 'two', 'one'])
  await ann.page.reload()
  await eventually(() => ann.refused.count()).toBe(1)
  await ann.page.locator('#lists').getByRole('link', { name: 'My list' }).click()
  await eventually(() => ann.refused.count()).toBe(0)
  await ann.page.goBack()
  await ann.refused.getByRole('button', { name: 'Copy the text' }).click()
  await eventually(() => ann.page.evaluate(() => navigator.clipboard.readText())).toBe('one too many')
  // What is full can be changed and emptied, and then there is room.
  await ann.rename('one', 'uno')
  await ann.button('Delete two').click()
  await synced(ann)
  await ann.refused.getByRole('button', { name: 'Try again' }).click()
  await titlesOf(ann).toEqual(['one too many', 'three', 'uno'])
  await eventually(() => ann.refused.count()).toBe(0)
  await ann.add('five')
  await eventually(() => ann.refused.count()).toBe(1)
  await ann.refused.getByRole('button', { name: 'Discard' }).click()
  await eventually(() => ann.refused.count()).toBe(0)
  expect(await ann.deadLetters.count()).toBe(0)
  await synced(ann)
  expect(todo.complaints).toEqual([])
})
