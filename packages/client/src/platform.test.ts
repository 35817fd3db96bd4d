import { expect, test, vi } from 'vitest'
import { browserPlatform } from './platform.ts'

test.each([Number.POSITIVE_INFINITY, 60 * 24 * 3_600_000])('a timer of %d milliseconds does not end at once', async (ms) => {
  const over = vi.fn()
  const cancel = browserPlatform.setTimer(ms, over)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(over).not.toHaveBeenCalled()
  cancel()
})
