import { expect, test, vi } from 'vitest'
import { nodePlatform } from './platform.ts'
import { testServer } from './test-server.kit.ts'

test.each([Number.POSITIVE_INFINITY, 60 * 24 * 3_600_000])('a timer of %d milliseconds does not end at once', async (ms) => {
  const over = vi.fn()
  const cancel = nodePlatform.setTimer(over, ms)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(over).not.toHaveBeenCalled()
  cancel()
})

test('a stream whose life has no end stays open', async () => {
  const live = await testServer({ limits: { streamLifetime: Number.POSITIVE_INFINITY } })
    .client('ann')
    .live()
  expect(await live.next()).toMatchObject({ is: 'cut' })
  const next = live.next()
  const open = new Promise((resolve) => setTimeout(resolve, 20, 'open'))
  expect(await Promise.race([next, open])).toBe('open')
  await live.cancel()
})
