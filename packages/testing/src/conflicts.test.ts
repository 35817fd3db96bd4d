import { createSyncServer, memoryStorage } from '@holdfast/server'
import { unsafeTrustToken } from '@holdfast/server/dev'
import { afterEach, expect, test } from 'vitest'
import { createDevice, eventually } from './device.ts'
import { testSchema as schema } from './test-schema.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})

/** Long enough that devices which know the time to within a round trip agree on what was later. */
const later = () => new Promise((resolve) => setTimeout(resolve, 60))

/** Two devices of Ann that both know the item `t`; the second one is offline. */
async function twoDevices() {
  const server = createSyncServer({ schema, storage: memoryStorage(), authenticate: unsafeTrustToken })
  const first = createDevice((request) => server.fetch(request))
  const second = createDevice((request) => server.fetch(request))
  closing.push(first, second, server)
  const one = await first.tab({ schema, userId: 'ann' })
  const two = await second.tab({ schema, userId: 'ann' })
  await one.home.todos.insert({ id: 't', title: 'Milk', tags: ['shop'] })
  await eventually(() => expect(two.todos.get('t')?.title).toBe('Milk'))
  second.offline()
  return { first, second, one, two }
}

test('a dropped value can be taken back: the conflict goes, the value stands on every device', async () => {
  const { second, one, two } = await twoDevices()
  await two.todos.update('t', { title: 'Rice milk' })
  await later()
  await one.todos.update('t', { title: 'Oat milk' })
  await eventually(() => expect(one.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
  second.online()
  await eventually(() => expect(two.conflicts.read()).toMatchObject([{ field: 'title', dropped: { value: 'Rice milk' } }]))
  expect(await two.conflicts.read()[0]?.restore().confirmed({ within: '5s' })).toMatchObject({ status: 'applied' })
  await eventually(() => {
    expect(one.todos.get('t')?.title).toBe('Rice milk')
    expect([one.conflicts.read(), two.conflicts.read()]).toEqual([[], []])
  })
})

test('an edit of an item that was deleted meanwhile is a conflict, from which the item comes back whole', async () => {
  const { second, one, two } = await twoDevices()
  await two.todos.update('t', { title: 'Rice milk' })
  await one.todos.delete('t')
  await eventually(() => expect(one.status.read()).toMatchObject({ state: 'synced', pending: 0 }))
  second.online()
  await eventually(() => expect(two.conflicts.read()).toMatchObject([{ kind: 'deleted', dropped: { value: { title: 'Rice milk' } } }]))
  expect(two.todos.get('t')).toBeUndefined()
  await two.conflicts.read()[0]?.restore().confirmed({ within: '5s' })
  await eventually(() => {
    for (const db of [one, two]) expect(db.todos.get('t')).toMatchObject({ title: 'Rice milk', tags: ['shop'] })
    expect(two.conflicts.read()).toEqual([])
  })
})

test('a conflict that its user dismisses is gone on all his devices, and the value that stands stays', async () => {
  const { second, one, two } = await twoDevices()
  await two.todos.update('t', { title: 'Rice milk' })
  await later()
  await one.todos.update('t', { title: 'Oat milk' })
  second.online()
  await eventually(() => expect(one.conflicts.read()).toHaveLength(1))
  await one.conflicts.read()[0]?.dismiss()
  await eventually(() => {
    expect(two.conflicts.read()).toEqual([])
    expect(two.todos.get('t')?.title).toBe('Oat milk')
  })
})
