import { expect, test } from 'vitest'
import { eventually, synced, titlesOf, useTodo, type Window } from './todo.kit.ts'

const todo = useTodo()

/** Ann and Bob look at the same todos: a, b, c, d, e. */
async function both() {
  const [ann, bob] = [await (await todo.device())('ann/shared'), await (await todo.device())('bob/shared')]
  for (const title of ['e', 'd', 'c', 'b', 'a']) await ann.add(title)
  await titlesOf(bob).toEqual(['a', 'b', 'c', 'd', 'e'])
  return { ann, bob }
}

/** Takes the grip of a todo by the mouse and moves it over another one, a little below its middle or above it; does not let go. */
async function drag({ page, grip, row }: Window, title: string, where: 'above' | 'below', other: string): Promise<void> {
  await grip(title).hover()
  await page.mouse.down()
  const box = await row(other).boundingBox()
  if (!box) throw new Error(`${other} is not on the screen.`)
  await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2 + (where === 'above' ? -3 : 3), { steps: 8 })
}

test('dragged by the mouse it goes where it is dropped, for both; Escape puts it back', async () => {
  const { ann, bob } = await both()
  await drag(ann, 'a', 'below', 'c')
  await titlesOf(ann).toEqual(['b', 'c', 'a', 'd', 'e'])
  // What is in her hand nobody else sees, and what comes meanwhile goes around it.
  await bob.add('new')
  await titlesOf(ann).toEqual(['new', 'b', 'c', 'a', 'd', 'e'])
  await titlesOf(bob).toEqual(['new', 'a', 'b', 'c', 'd', 'e'])
  await ann.page.mouse.up()
  await titlesOf(bob).toEqual(['new', 'b', 'c', 'a', 'd', 'e'])

  await drag(bob, 'e', 'above', 'new')
  await titlesOf(bob).toEqual(['e', 'new', 'b', 'c', 'a', 'd'])
  await bob.page.keyboard.press('Escape')
  await titlesOf(bob).toEqual(['new', 'b', 'c', 'a', 'd', 'e'])
  await bob.page.mouse.up()
  await drag(bob, 'e', 'above', 'new')
  await bob.page.mouse.up()
  await titlesOf(ann).toEqual(['e', 'new', 'b', 'c', 'a', 'd'])
  await synced(ann)
  await ann.page.reload()
  await titlesOf(ann).toEqual(['e', 'new', 'b', 'c', 'a', 'd'])
  expect(todo.complaints).toEqual([])
})

test('a finger drags it, too, and does not scroll the page by that', async () => {
  const open = await todo.device({ hasTouch: true, viewport: { width: 360, height: 1200 } })
  const ann = await open('ann')
  for (const title of ['c', 'b', 'a']) await ann.add(title)
  await titlesOf(ann).toEqual(['a', 'b', 'c'])
  await ann.grip('a').scrollIntoViewIfNeeded()
  const [from, to] = [await ann.grip('a').boundingBox(), await ann.row('c').boundingBox()]
  if (!from || !to) throw new Error('They are not on the screen.')
  const finger = await ann.page.context().newCDPSession(ann.page)
  const x = from.x + from.width / 2
  const [start, end] = [from.y + from.height / 2, to.y + to.height - 5]
  const scrolled = await ann.page.evaluate(() => scrollY)
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y: start }] })
  for (let i = 1; i <= 10; i++) {
    await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: start + ((end - start) * i) / 10 }] })
  }
  await titlesOf(ann).toEqual(['b', 'c', 'a'])
  expect(await ann.page.evaluate(() => scrollY)).toBe(scrolled)
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await synced(ann)
  await titlesOf(await (await todo.device())('ann')).toEqual(['b', 'c', 'a'])
  expect(todo.complaints).toEqual([])
})

test('by keyboard: lifted, moved, put down or put back, and each step is said', async () => {
  const { ann, bob } = await both()
  const { page, grip, moves } = ann
  const isFocused = () => eventually(() => grip('b').evaluate((one) => one === document.activeElement))
  await grip('b').focus()
  await page.keyboard.press('Space')
  await eventually(() => moves.textContent()).toBe('b is in your hand, 2 of 5')
  await page.keyboard.press('ArrowDown')
  await eventually(() => moves.textContent()).toBe('b, 3 of 5')
  await page.keyboard.press('End')
  await eventually(() => moves.textContent()).toBe('b, 5 of 5')
  await titlesOf(ann).toEqual(['a', 'c', 'd', 'e', 'b'])
  await isFocused().toBe(true)
  await page.keyboard.press('Escape')
  await eventually(() => moves.textContent()).toBe('b is back, 2 of 5')
  await titlesOf(ann).toEqual(['a', 'b', 'c', 'd', 'e'])
  await isFocused().toBe(true)
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Space')
  await eventually(() => moves.textContent()).toBe('b is put down, 1 of 5')
  await titlesOf(bob).toEqual(['b', 'a', 'c', 'd', 'e'])
  // In one go.
  await page.keyboard.press('Alt+ArrowDown')
  await page.keyboard.press('Alt+ArrowDown')
  await eventually(() => moves.textContent()).toBe('b, 3 of 5')
  await titlesOf(bob).toEqual(['a', 'c', 'b', 'd', 'e'])
  await isFocused().toBe(true)
  expect(await grip('b').evaluate((one) => document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent)).toMatch(
    /Escape/,
  )
  // Whoever goes elsewhere with it in his hand has moved nothing.
  await page.keyboard.press('Space')
  await page.keyboard.press('Home')
  await page.keyboard.press('Tab')
  await titlesOf(ann).toEqual(['a', 'c', 'b', 'd', 'e'])
  await synced(ann)
  await titlesOf(bob).toEqual(['a', 'c', 'b', 'd', 'e'])
  expect(todo.complaints).toEqual([])
})

test('two who move the same todo leave it once; and what each of them moved alone is where he put it', async () => {
  const { ann, bob } = await both()
  for (const one of [ann, bob]) await one.offline.check()
  const press = async (who: Window, title: string, key: string) => {
    await who.grip(title).focus()
    await who.page.keyboard.press('Space')
    await who.page.keyboard.press(key)
    await who.page.keyboard.press('Space')
  }
  await press(ann, 'c', 'Home')
  await press(ann, 'd', 'Home')
  await press(bob, 'c', 'End')
  await press(bob, 'a', 'End')
  await titlesOf(ann).toEqual(['d', 'c', 'a', 'b', 'e'])
  await titlesOf(bob).toEqual(['b', 'd', 'e', 'c', 'a'])
  for (const one of [ann, bob]) {
    await one.offline.uncheck()
    await synced(one)
  }
  await eventually(async () => (await ann.titles.allInnerTexts()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
  await eventually(async () => (await ann.titles.allInnerTexts()).filter((title) => title !== 'c')).toEqual(['d', 'b', 'e', 'a'])
  await titlesOf(bob).toEqual(await ann.titles.allInnerTexts())
  expect(todo.complaints).toEqual([])
})

test('among those that are filtered it goes next to the one that is seen; undone deletes come back where they were', async () => {
  const { ann, bob } = await both()
  for (const title of ['b', 'd']) await ann.done(title).check()
  await ann.page.getByLabel('Open', { exact: true }).check()
  await titlesOf(ann).toEqual(['a', 'c', 'e'])
  await ann.grip('e').focus()
  await ann.page.keyboard.press('Alt+ArrowUp')
  await titlesOf(ann).toEqual(['a', 'e', 'c'])
  await ann.page.getByLabel('All', { exact: true }).check()
  await titlesOf(bob).toEqual(['a', 'e', 'b', 'c', 'd'])
  await ann.button('Delete b').click()
  await titlesOf(bob).toEqual(['a', 'e', 'c', 'd'])
  await ann.button('Undo').click()
  await titlesOf(bob).toEqual(['a', 'e', 'b', 'c', 'd'])
  expect(todo.complaints).toEqual([])
})
