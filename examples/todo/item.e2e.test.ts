import { expect, test } from 'vitest'
import { eventually, faultsOf, noticesOn, synced, titlesOf, useTodo, type Window } from './todo.kit.ts'

const todo = useTodo()

const PHONE = { viewport: { width: 360, height: 740 } }

/** Ann and Bob look at the same todos. */
async function both(...titles: readonly string[]) {
  const [ann, bob] = [await (await todo.device(PHONE))('ann/shared'), await (await todo.device())('bob/shared')]
  for (const title of titles) await ann.add(title)
  await titlesOf(bob).toEqual(titles.map((title) => title.replace(/ #.*/, '')).toReversed())
  return { ann, bob }
}

/** Opens the form of a todo and types into it. */
async function type({ page, button }: Window, title: string, text: string) {
  await button(title).click()
  const input = page.getByLabel(`Title of ${title}`)
  await input.fill(text)
  return input
}

test('a form into which news comes says so, and saves nothing unasked; keep theirs, then go on from there', async () => {
  const { ann, bob } = await both('Milk')
  const input = await type(ann, 'Milk', 'Oat milk')
  await bob.rename('Milk', 'Rice milk')
  await ann.page.getByText('Bob meanwhile wrote “Rice milk”.').waitFor()
  await eventually(() => faultsOf(ann)).toEqual([])
  // Who clicks elsewhere has not decided.
  await ann.newTitle.click()
  expect(await input.inputValue()).toBe('Oat milk')
  await ann.button('Keep theirs').click()
  expect(await input.inputValue()).toBe('Rice milk')
  expect(await ann.button('Keep theirs').isVisible()).toBe(false)
  await ann.page.keyboard.press('End')
  await ann.page.keyboard.type(' of Ann')
  await ann.page.keyboard.press('Enter')
  await titlesOf(bob).toEqual(['Rice milk of Ann'])
  await synced(ann)
  await synced(bob)
  // She had seen it: there is nothing to tell.
  await noticesOn(bob, 'Rice milk of Ann').toEqual([])
  // Without news who clicks elsewhere is done.
  await type(ann, 'Rice milk of Ann', 'Milk')
  await ann.newTitle.click()
  await titlesOf(bob).toEqual(['Milk'])
  expect(todo.complaints).toEqual([])
})

test('a form into which news comes, saved as it is: the other one is told, and can have his back', async () => {
  const { ann, bob } = await both('Milk')
  await type(ann, 'Milk', 'Oat milk')
  await bob.rename('Milk', 'Rice milk')
  await ann.button('Save mine').click()
  await titlesOf(bob).toEqual(['Oat milk'])
  await noticesOn(bob, 'Oat milk').toEqual([expect.stringContaining('Ann’s “Oat milk” replaced your “Rice milk”.')])
  await bob.row('Oat milk').getByRole('button', { name: 'Keep theirs' }).click()
  await noticesOn(bob, 'Oat milk').toEqual([])
  await synced(bob)
  await titlesOf(ann).toEqual(['Oat milk'])
  expect(todo.complaints).toEqual([])
})

test('a form whose todo is deleted says so: saving brings it back, where it was, with what was typed', async () => {
  const { ann, bob } = await both('Eggs', 'Milk #shop', 'Bread')
  const input = await type(ann, 'Milk', 'Oat milk')
  await bob.button('Delete Milk').click()
  await ann.page.getByText('Deleted meanwhile. Saving brings it back.').waitFor()
  expect(await input.evaluate((one: HTMLInputElement) => [one === document.activeElement, one.value])).toEqual([true, 'Oat milk'])
  await titlesOf(bob).toEqual(['Bread', 'Eggs'])
  await ann.button('Bring it back').click()
  for (const one of [ann, bob]) {
    await titlesOf(one).toEqual(['Bread', 'Oat milk', 'Eggs'])
    await eventually(() => one.row('Oat milk').locator('.chip').allInnerTexts()).toEqual(['shop✕'])
  }
  // And left deleted, it leaves.
  await type(ann, 'Eggs', 'Six eggs')
  await bob.button('Delete Eggs').click()
  await ann.button('Leave it deleted').click()
  await titlesOf(ann).toEqual(['Bread', 'Oat milk'])
  // Into which nothing was typed, there is nothing to ask.
  await ann.button('Bread').click()
  await bob.button('Delete Bread').click()
  await titlesOf(ann).toEqual(['Oat milk'])
  expect(todo.complaints).toEqual([])
})

/** Ann has renamed “Milk” to “Oat milk” offline, and Bob later to “Rice milk”. */
async function conflict() {
  const { ann, bob } = await both('Milk')
  for (const one of [ann, bob]) await one.offline.check()
  await ann.rename('Milk', 'Oat milk')
  await bob.rename('Milk', 'Rice milk')
  for (const one of [bob, ann]) {
    await one.offline.uncheck()
    await synced(one)
  }
  await noticesOn(ann, 'Rice milk').toEqual([expect.stringContaining('Bob’s “Rice milk” replaced your “Oat milk”.')])
  return { ann, bob, notice: ann.row('Rice milk').locator('.item-notices') }
}

test('a conflict is on its item: keep theirs, and it is settled on all devices', async () => {
  const { bob, notice } = await conflict()
  const elsewhere = await (await todo.device())('ann/shared')
  await noticesOn(elsewhere, 'Rice milk').toHaveLength(1)
  await notice.getByRole('button', { name: 'Keep theirs' }).click()
  await noticesOn(elsewhere, 'Rice milk').toEqual([])
  await titlesOf(bob).toEqual(['Rice milk'])
  expect(todo.complaints).toEqual([])
})

test('a conflict is on its item: edit begins with what was lost, and settles it', async () => {
  const { ann, bob, notice } = await conflict()
  await eventually(() => faultsOf(ann)).toEqual([])
  await notice.getByRole('button', { name: 'Edit' }).click()
  const input = ann.page.getByLabel('Title of Rice milk')
  expect(await input.inputValue()).toBe('Oat milk')
  await ann.page.keyboard.press('Escape')
  await noticesOn(ann, 'Rice milk').toHaveLength(1)
  await notice.getByRole('button', { name: 'Edit' }).click()
  await input.fill('Oat and rice milk')
  await ann.page.keyboard.press('Enter')
  await titlesOf(bob).toEqual(['Oat and rice milk'])
  await noticesOn(ann, 'Oat and rice milk').toEqual([])
  await synced(ann)
  // She had seen his: nobody has lost anything.
  await noticesOn(bob, 'Oat and rice milk').toEqual([])
  expect(todo.complaints).toEqual([])
})

test('what the server refuses of a todo is on it, with what to do; a new one that is refused can be edited, too', async () => {
  const { ann, bob } = await both('Milk', 'Bread')
  const long = 'Very '.repeat(25).trim()
  const notice = ann.row('Milk').locator('.item-notices')
  const refused = [expect.stringMatching(/^Not accepted: Rename “Milk” to “Very.*\s*A title has at most 100 characters\. title_too_long/)]
  await ann.rename('Milk', long)
  await noticesOn(ann, 'Milk').toEqual(refused)
  expect((await ann.deadLetters.count()) + (await ann.refused.count())).toBe(0)
  await notice.getByRole('button', { name: 'Try again' }).click()
  await synced(ann)
  await noticesOn(ann, 'Milk').toEqual(refused)
  await notice.getByRole('button', { name: 'Edit' }).click()
  const input = ann.page.getByLabel('Title of Milk')
  expect(await input.inputValue()).toBe(long)
  await input.fill('Very good milk')
  await ann.page.keyboard.press('Enter')
  await titlesOf(bob).toEqual(['Bread', 'Very good milk'])
  await noticesOn(ann, 'Very good milk').toEqual([])
  await ann.rename('Bread', long)
  await ann.row('Bread').getByRole('button', { name: 'Discard' }).click()
  await noticesOn(ann, 'Bread').toEqual([])

  await ann.add(`${long} #shop`)
  await ann.refused.getByRole('button', { name: 'Edit' }).click()
  await eventually(() => faultsOf(ann)).toEqual([])
  await ann.refused.getByLabel('Text').fill('Cheese')
  await ann.page.keyboard.press('Enter')
  await titlesOf(bob).toEqual(['Cheese', 'Bread', 'Very good milk'])
  await eventually(() => bob.row('Cheese').locator('.chip').allInnerTexts()).toEqual(['shop✕'])
  await eventually(() => ann.refused.count()).toBe(0)
  await synced(ann)
  expect(todo.complaints).toEqual([])
})
