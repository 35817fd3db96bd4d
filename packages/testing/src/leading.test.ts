// P11: one tab syncs for all, and none that does not lead.
import { internalsOf } from '@holdfast/client/internal/internals'
import { createSyncLoop } from '@holdfast/client/internal/sync/sync-loop'
import { afterEach, expect, test } from 'vitest'
import { turns } from './manual-clock.ts'
import { testSchema as schema } from './test-schema.ts'
import { createWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

test.each(Array.from({ length: 12 }, (_, i) => i))(
  'a database that is closed %d turns after it was opened asks for nothing more',
  async (after) => {
    world = createWorld()
    const device = world.device()
    let isClosed = false
    const asked: string[] = []
    device.through((request, pass) => {
      if (isClosed) asked.push(request.url)
      return pass(request)
    })
    const db = await device.tab({ schema, userId: 'ann' })
    await turns(after)
    await world.meanwhile(db.close())
    isClosed = true
    await world.clock.advance(600_000)
    expect(asked).toEqual([])
  },
)

test('a tab that loses the lead while it is taking it does not sync, and does when it has it again', async () => {
  world = createWorld()
  const db = await world.device().tab({ schema, userId: 'ann' })
  await world.synced(db)
  const { tab, store, address } = internalsOf(db)
  let isLost = true
  let phase = ''
  const loop = createSyncLoop({
    ...{ address, tab, userId: 'ann', healWindow: 0 },
    store: {
      ...store,
      async takeFence() {
        const fence = await store.takeFence()
        if (isLost) loop.stop()
        return fence
      },
    },
    onState: (state) => {
      phase = state.phase
    },
    ...{ held: () => undefined, onMembers: () => undefined, onFenced: () => undefined },
  })
  await loop.start()
  expect(phase).toBe('off')
  isLost = false
  await loop.start()
  expect(phase).toBe('syncing')
  loop.stop()
})
