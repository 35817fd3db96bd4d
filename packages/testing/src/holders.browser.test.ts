import { openDatabase } from '@holdfast/client'
import { expect, test } from 'vitest'
import { testSchema as schema } from './test-schema.ts'

test('A8: a database that is opened twice in a tab has two holders: the first that closes it ends nothing for the other', async () => {
  const options = { schema, userId: 'ann', name: 'holders', token: () => null }
  const [one, two] = await Promise.all([openDatabase(options), openDatabase(options)])
  expect(one).toBe(two)
  await one.close()
  await two.home.todos.insert({ id: 'r', title: 'Milk' })
  expect(two.todos.get('r')?.title).toBe('Milk')
  await two.close()
  expect(() => two.todos.increment('r', 'votes')).toThrow(expect.objectContaining({ code: 'closed' }))
  const again = await openDatabase(options)
  expect(again.todos.get('r')?.title).toBe('Milk')
  await again.close()
})
