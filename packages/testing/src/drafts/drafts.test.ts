import type { Database } from '@holdfast/client'
import { expect, onTestFinished, test } from 'vitest'
import { createWorld } from '../world.ts'
import { form, schema } from './form.ts'
import { why } from './why.ts'

type Tab = Database<typeof schema>

/** As much of a page as the form looks at. */
function page() {
  const input = Object.assign(new EventTarget(), { value: '' })
  const output = { value: '' }
  const root = Object.assign(new EventTarget(), { querySelector: (name: string) => (name === 'input' ? input : output) })
  return { root: root as unknown as HTMLFormElement, input, output }
}

test('docs/drafts.md: the form, and where a value comes from', async () => {
  const world = createWorld({ server: { schema } })
  onTestFinished(() => world.close())
  for (const user of ['ann', 'bob']) await world.server.grant('s', user, 'write')
  const ann: Tab = await world.device().tab({ schema, userId: 'ann' })
  const bob: Tab = await world.device().tab({ schema, userId: 'bob' })
  const shows = (db: Tab, title: string) => world.until(() => expect(db.notes.get('n')?.title).toBe(title))
  await world.until(() => expect([ann, bob].map(({ status }) => status.read().state)).toEqual(['synced', 'synced']))
  ann.space('s').notes.insert({ id: 'n', title: 'Milk' })
  await shows(bob, 'Milk')

  const { root, input, output } = page()
  const { keepTheirs, close } = form(ann, 'n', root)
  const type = (value: string) => {
    input.value = value
    input.dispatchEvent(new Event('input'))
  }
  expect(input.value).toBe('Milk')
  bob.notes.update('n', { title: 'Rice' })
  await shows(ann, 'Rice')
  expect(input.value).toBe('Rice')
  type('Rice milk')
  bob.notes.update('n', { title: 'Soy' })
  await shows(ann, 'Soy')
  expect([input.value, output.value]).toEqual(['Rice milk', 'Soy'])
  keepTheirs()
  expect([input.value, output.value]).toEqual(['Soy', ''])
  type('Soy milk')
  root.dispatchEvent(new Event('submit'))
  expect(why(ann, 'n')).toEqual([
    expect.stringMatching(/^title is "Soy milk", predicted: latest, by ann, /),
    expect.stringMatching(/^ {2}waiting: /),
    expect.stringMatching(/^text is "", confirmed: latest, by /),
  ])
  await shows(bob, 'Soy milk')
  expect(bob.conflicts.read()).toEqual([])
  bob.notes.delete('n')
  await world.until(() => expect(output.value).toContain('Deleted meanwhile'))
  expect(why(ann, 'n')).toEqual([])
  close()
})
