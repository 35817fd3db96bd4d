import { expect, test } from 'vitest'
import { eventually, faultsOf, noticesOn, synced, titlesOf, useTodo, type Window } from './todo.kit.ts'

const todo = useTodo()

const cards = ({ page }: Window) => page.locator('#review-writes > li')
const review = (window: Window) => eventually(() => cards(window).allInnerTexts())
const said = ({ page }: Window) => eventually(() => page.locator('#review-text').textContent())

/** Ann was away for longer than she lets things go unseen, has written, and is back; Bob has written meanwhile. */
async function back() {
  const annsDevice = await todo.device({ viewport: { width: 360, height: 740 } })
  // So short that the next click comes after it.
  const ann = await annsDevice('ann/shared', '?review=10ms')
  const bob = await (await todo.device())('bob/shared')
  for (const title of ['Eggs', 'Bread', 'Milk']) await bob.add(title)
  await titlesOf(ann).toEqual(['Milk', 'Bread', 'Eggs'])
  await synced(bob)
  await ann.offline.check()
  await ann.rename('Milk', 'Oat milk')
  await ann.rename('Eggs', 'Many eggs '.repeat(11).trim())
  await ann.add('Cheese')
  await bob.rename('Milk', 'Rice milk')
  await synced(bob)
  await ann.offline.uncheck()
  await eventually(() => ann.status.textContent()).toMatch(/^Paused, with 3 changes waiting here, .*Look at it before it is sent\.$/)
  return { ann, bob, annsDevice }
}

const MILK = /^Rename “Milk” to “Oat milk”\s+Bob’s “Rice milk” would stand, and your “Oat milk” be kept for you\./
const EGGS = /^Rename “Eggs” to “Many eggs.*\s+It would not be accepted: A title has at most 100 characters\. title_too_long/
const CHEESE = /^Add “Cheese”/
const like = (...expected: readonly RegExp[]) => expected.map((one) => expect.stringMatching(one))

test('after a long absence nothing goes out before its writer has seen what would become of it', async () => {
  const { ann, bob } = await back()
  await review(ann).toEqual(like(MILK, EGGS, CHEESE))
  await said(ann).toBe('You were away for a while. This is what would become of 3 changes:')
  await ann.page.reload()
  await review(ann).toEqual(like(MILK, EGGS, CHEESE))
  expect(await bob.titles.allInnerTexts()).toEqual(['Rice milk', 'Bread', 'Eggs'])
  // Her own list shows all of it, as ever.
  expect(await ann.titles.first().textContent()).toBe('Cheese')

  await ann.button('Send all').click()
  await synced(ann)
  await eventually(() => ann.page.locator('#review').isVisible()).toBe(false)
  // What then happens is what was said.
  for (const one of [ann, bob]) await titlesOf(one).toEqual(['Cheese', 'Rice milk', 'Bread', 'Eggs'])
  await noticesOn(ann, 'Rice milk').toEqual([expect.stringContaining('Bob’s “Rice milk” replaced your “Oat milk”.')])
  await noticesOn(ann, 'Eggs').toEqual([expect.stringContaining('title_too_long')])
  await noticesOn(bob, 'Rice milk').toEqual([])
  expect(todo.complaints).toEqual([])
})

test('when things move meanwhile nothing is sent, and it is shown anew', async () => {
  const { ann, bob } = await back()
  await review(ann).toEqual(like(MILK, EGGS, CHEESE))
  await bob.rename('Rice milk', 'Soy milk')
  await synced(bob)
  await ann.button('Send all').click()
  await said(ann).toMatch(/^Things have moved meanwhile, so nothing was sent yet\./)
  await review(ann).toEqual(like(/Bob’s “Soy milk” would stand/, EGGS, CHEESE))
  expect(await bob.titles.allInnerTexts()).toEqual(['Soy milk', 'Bread', 'Eggs'])
  await ann.button('Send all').click()
  await titlesOf(bob).toEqual(['Cheese', 'Soy milk', 'Bread', 'Eggs'])
  expect(todo.complaints).toEqual([])
})

test('one is edited, one is not sent, the rest goes: also from another window of hers', async () => {
  const { ann, bob, annsDevice } = await back()
  await review(ann).toEqual(like(MILK, EGGS, CHEESE))
  await cards(ann).nth(2).getByRole('button', { name: 'Do not send' }).click()
  await review(ann).toEqual(like(MILK, EGGS))
  await cards(ann).nth(1).getByRole('button', { name: 'Edit' }).click()
  await eventually(() => faultsOf(ann)).toEqual([])
  await cards(ann).nth(1).getByLabel('Text').fill('Six eggs')
  await ann.page.keyboard.press('Enter')
  await review(ann).toEqual(like(MILK, /^Write “Six eggs”/))
  await titlesOf(ann).toEqual(['Rice milk', 'Bread', 'Six eggs'])

  const again = await annsDevice('ann/shared', '?review=10ms')
  await review(again).toEqual(like(MILK, /^Write “Six eggs”/))
  await again.button('Send all').click()
  for (const one of [ann, again]) await synced(one)
  for (const one of [ann, again, bob]) await titlesOf(one).toEqual(['Rice milk', 'Bread', 'Six eggs'])
  await noticesOn(again, 'Rice milk').toHaveLength(1)
  expect(todo.complaints).toEqual([])
})
