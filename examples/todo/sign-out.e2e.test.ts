import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diskOf, eventually, synced, titlesOf, useTodo, type Window } from './todo.kit.ts'

const todo = useTodo()

const signedOut = ({ page, heading }: Window) =>
  eventually(async () => [await heading.textContent(), new URL(page.url()).hash]).toEqual(['Who is here?', ''])

/** Ann, offline, with a todo that the server has and one that it has not. */
async function annWithUnsent(): Promise<{ ann: Window; open: (address: string) => Promise<Window> }> {
  const open = await todo.device()
  const ann = await open('ann')
  await ann.add('Sent')
  await synced(ann)
  await ann.offline.check()
  await ann.add('Unsent')
  return { ann, open }
}

test('with everything sent, signing out leaves nothing on the device', async () => {
  const open = await todo.device()
  const ann = await open('ann')
  await ann.add('Sent')
  await synced(ann)
  await ann.button('Sign out').click()
  await signedOut(ann)
  await eventually(() => diskOf(ann)).not.toContain('Sent')
  await titlesOf(await open('ann')).toEqual(['Sent'])
  expect(todo.complaints).toEqual([])
})

test('what is unsent can be sent now, and while that fails nobody is signed out', async () => {
  const { ann } = await annWithUnsent()
  await ann.button('Sign out').click()
  await eventually(() => ann.dialog.locator('#choice-text').textContent()).toBe('Here, and nowhere else: 1 change not sent yet.')
  await ann.dialog.getByRole('button', { name: 'Send them now' }).click()
  await eventually(() => ann.dialog.locator('#choice-text').textContent()).toMatch(/^They could not be sent now\./)
  await ann.page.keyboard.press('Escape')
  await eventually(() => ann.dialog.count()).toBe(0)
  await titlesOf(ann).toEqual(['Unsent', 'Sent'])
  // Paused by the server rather than by the switch, so that there is something to send when she asks for it.
  await ann.page.route('**/holdfast/**', (route) => route.abort())
  await ann.offline.uncheck()
  await eventually(() => ann.status.textContent()).toMatch(/^Offline, with 1 change/)
  await ann.button('Sign out').click()
  await ann.dialog.waitFor()
  await ann.page.unroute('**/holdfast/**')
  await ann.dialog.getByRole('button', { name: 'Send them now' }).click()
  await signedOut(ann)
  await eventually(() => diskOf(ann)).not.toContain('Sent')
  await titlesOf(await (await todo.device())('ann')).toEqual(['Unsent', 'Sent'])
})

test('what is unsent can stay: others on this device do not see it, and it goes on at the next sign-in', async () => {
  const { ann, open } = await annWithUnsent()
  await ann.button('Sign out').click()
  await ann.dialog.getByRole('button', { name: 'Keep them on this device' }).click()
  await signedOut(ann)
  expect(await diskOf(ann)).toContain('Unsent')
  const bob = await open('bob')
  await synced(bob)
  await titlesOf(bob).toEqual([])
  await ann.page.getByRole('link', { name: 'Ann', exact: true }).click()
  await titlesOf(ann).toEqual(['Unsent', 'Sent'])
  await ann.offline.uncheck()
  await synced(ann)
  await titlesOf(await (await todo.device())('ann')).toEqual(['Unsent', 'Sent'])
  expect(todo.complaints).toEqual([])
})

test('what is unsent can be saved as a file; only then it can be deleted', async () => {
  const { ann } = await annWithUnsent()
  await ann.button('Sign out').click()
  expect(await ann.dialog.getByRole('button', { name: 'Delete' }).count()).toBe(0)
  const [download] = await Promise.all([
    ann.page.waitForEvent('download'),
    ann.dialog.getByRole('button', { name: 'Save them as a file' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('todo-ann.json')
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8'))
  expect(saved).toMatchObject({ userId: 'ann', refused: [] })
  expect(saved.unsent.map(({ summary }: { summary: string[] }) => summary[0])).toEqual(['Add “Unsent”'])
  expect(await diskOf(ann)).toContain('Unsent')
  await ann.dialog.getByRole('button', { name: 'Delete them from this device' }).click()
  await signedOut(ann)
  await eventually(() => diskOf(ann)).not.toContain('Sent')
  await titlesOf(await (await todo.device())('ann')).toEqual(['Sent'])
  expect(todo.complaints).toEqual([])
})

test('what was refused is not lost by signing out either', async () => {
  const ann = await (await todo.device())('ann')
  await ann.add('Long '.repeat(30))
  await eventually(() => ann.deadLetters.count()).toBe(1)
  await ann.button('Sign out').click()
  await eventually(() => ann.dialog.locator('#choice-text').textContent()).toBe(
    'Here, and nowhere else: 1 change not accepted by the server.',
  )
  await ann.page.keyboard.press('Escape')
  await ann.deadLetters.getByRole('button', { name: 'Discard' }).click()
  await eventually(() => ann.deadLetters.count()).toBe(0)
  await ann.button('Sign out').click()
  await signedOut(ann)
  expect(todo.complaints).toEqual([])
})

test('signing out in one window signs out the others', async () => {
  const open = await todo.device()
  const [ann, again, bob] = [await open('ann'), await open('ann/shared'), await open('bob')]
  for (const one of [ann, again, bob]) await synced(one)
  await ann.button('Sign out').click()
  await signedOut(ann)
  await signedOut(again)
  expect(await bob.heading.textContent()).toBe('My list')
  expect(todo.complaints).toEqual([])
})
