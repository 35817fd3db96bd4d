import { expect, test } from 'vitest'
import { eventually, synced, titlesOf, useTodo } from './todo.kit.ts'

const todo = useTodo()

test('news from others disturbs nobody who is typing', async () => {
  const open = await todo.device()
  const ann = await open('ann/shared')
  const bob = await open('bob/shared')
  await ann.add('Milk')
  await titlesOf(bob).toEqual(['Milk'])
  await ann.page.getByRole('button', { name: 'Milk', exact: true }).click()
  const input = ann.page.getByLabel('Title of Milk')
  await input.fill('Oat drink')
  await input.evaluate((element: HTMLInputElement) => element.setSelectionRange(1, 3))
  await bob.rename('Milk', 'Rice milk')
  await bob.add('Bread')
  await eventually(() => ann.titles.count()).toBe(2)
  await bob.grip('Bread').focus()
  await bob.page.keyboard.press('Alt+ArrowDown')
  await titlesOf(bob).toEqual(['Rice milk', 'Bread'])
  await eventually(() => ann.row('Bread').evaluate((row) => row.previousElementSibling?.textContent)).toContain('Bob meanwhile')
  expect(
    await input.evaluate((one: HTMLInputElement) => [one === document.activeElement, one.value, one.selectionStart, one.selectionEnd]),
  ).toEqual([true, 'Oat drink', 1, 3])
  expect(await ann.page.getByText('Bob meanwhile wrote “Rice milk”.').isVisible()).toBe(true)
  expect(todo.complaints).toEqual([])
})

test('a todo is added and completed, edited and deleted by keyboard alone', async () => {
  const open = await todo.device()
  const { page, titles, done } = await open('sign-in')
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const focused = () => eventually(() => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent))
  await press('Tab', 'Enter')
  await focused().toBe('My list')
  await press('Tab')
  for (const title of ['Milk', 'Bread', 'Eggs']) {
    await page.keyboard.type(title)
    await press('Enter')
  }
  await eventually(() => titles.allTextContents()).toEqual(['Eggs', 'Bread', 'Milk'])
  expect(await page.getByLabel('New todo').evaluate((input) => input === document.activeElement)).toBe(true)

  await press('Tab', 'Tab', 'Tab', 'Tab')
  await focused().toBe('Done: Eggs')
  await press('Space')
  expect(await done('Eggs').isChecked()).toBe(true)
  await press('Tab', 'Enter')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Given up')
  await press('Escape')
  await focused().toBe('Eggs')
  await press('Enter', 'End')
  await page.keyboard.type(' and ham')
  await press('Enter')
  await focused().toBe('Eggs and ham')
  await press('Tab', 'Enter')
  await page.keyboard.type('shop')
  await press('Enter', 'Escape')
  await focused().toBe('Add a tag to Eggs and ham')
  await press('Tab', 'Enter')
  await focused().toBe('Vote for Eggs and ham, 1 so far')
  await press('Tab', 'Enter')
  await focused().toBe('Bread')
  expect(await titles.allTextContents()).toEqual(['Bread', 'Milk'])
  expect(todo.complaints).toEqual([])
})

test('a list is made, named and shared by keyboard alone', async () => {
  const { page, heading, button } = await (await todo.device())('ann')
  const focused = () => eventually(() => page.evaluate(() => document.activeElement?.id))
  await button(/New list$/).focus()
  await page.keyboard.press('Enter')
  await focused().toBe('new-name')
  await page.keyboard.type('Trip')
  await page.keyboard.press('Enter')
  await eventually(() => heading.textContent()).toBe('Trip')
  await focused().toBe('rename')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Never mind')
  await page.keyboard.press('Escape')
  await focused().toBe('rename')
  expect(await heading.textContent()).toBe('Trip')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await focused().toBe('people')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await eventually(() => page.getByLabel('Link to this list').inputValue()).toMatch(/#join=[\w-]{22}$/)
  await focused().toBe('link')
  expect(await page.locator('#share-text').textContent()).toBe('Whoever opens this link within a week can only read this list.')
  expect(todo.complaints).toEqual([])
})

test('every control has a name, is large enough for a thumb, and fits a phone', async () => {
  const open = await todo.device({ viewport: { width: 360, height: 740 } })
  const ann = await open('ann/shared')
  await ann.add('Milk #shop')
  await ann.add(`${'Long'.repeat(20)} #${'tag'.repeat(12)}`)
  await ann.page.getByRole('button', { name: 'Add a tag to Milk' }).click()
  await synced(ann)
  await eventually(() => ann.page.evaluate(faultsOfPage)).toEqual([])
  // A list of one's own, with somebody in it who may only read.
  await ann.newList('Trip'.repeat(20))
  await ann.add('Tent #gear')
  const bob = await (await todo.device({ viewport: { width: 360, height: 740 } }))(`bob/${await ann.share('can only read')}`)
  await titlesOf(bob).toEqual(['Tent'])
  await ann.button('Remove Bob').waitFor()
  for (const one of [ann, bob]) await eventually(() => one.page.evaluate(faultsOfPage)).toEqual([])
  await ann.button('Remove Bob').click()
  await ann.dialog.waitFor()
  expect(await ann.page.evaluate(faultsOfPage)).toEqual([])
  await ann.page.keyboard.press('Escape')
  await ann.page.getByRole('link', { name: 'Switch user' }).click()
  await ann.page.getByRole('link', { name: 'Cleo' }).waitFor()
  expect(await ann.page.evaluate(faultsOfPage)).toEqual([])
  expect(todo.complaints).toEqual([])
})

/** Runs in the page. */
function faultsOfPage(): string[] {
  const faults: string[] = []
  const shown = (element: Element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true })
  for (const control of document.querySelectorAll<HTMLElement>('a, button, input')) {
    if (!shown(control)) continue
    const what = control.outerHTML.slice(0, 100)
    const labels = 'labels' in control ? [...((control as HTMLInputElement).labels ?? [])] : []
    const name =
      control.ariaLabel || labels.map((label) => label.textContent).join('') || (control.matches('input') ? '' : control.textContent)
    if (!name?.trim()) faults.push(`no name: ${what}`)
    const target = labels.find((label) => label.contains(control)) ?? control
    const { width, height } = target.getBoundingClientRect()
    if (width < 44 || height < 44) faults.push(`${width} x ${height}: ${what}`)
  }
  if ([...document.querySelectorAll('h1')].filter(shown).length !== 1) faults.push('not one h1')
  if ([...document.querySelectorAll('main')].filter(shown).length !== 1) faults.push('not one main')
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  if (new Set(ids).size !== ids.length) faults.push('an id is there twice')
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} pixels wide`)
  return faults
}

test('what stands in the way is said, with the way out', async () => {
  const ann = await (await todo.device())('ann')
  await synced(ann)
  await ann.page.route('**/holdfast/sync', (route) => route.fulfill({ status: 401 }))
  await ann.add('Milk')
  await eventually(() => ann.status.textContent()).toMatch(/^Paused, with 1 change waiting here.*Sign in again to go on\.$/)
  await ann.page.unroute('**/holdfast/sync')
  await ann.page.locator('#status').getByRole('button', { name: 'Sign in' }).click()
  await ann.page.getByRole('link', { name: 'Ann', exact: true }).click()
  await synced(ann)
  expect(await ann.titles.allTextContents()).toEqual(['Milk'])

  await ann.page.evaluate(() => {
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
  })
  await ann.add('Bread')
  await ann.page.getByRole('alert').getByText('storage_full').waitFor()
  expect(await ann.titles.allTextContents()).toEqual(['Milk'])
})
