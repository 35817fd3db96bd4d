import { HoldfastError } from '@holdfast/shared/internal/errors'
import { expect, test } from 'vitest'
import { createStorageProblem } from './storage-problem.ts'

const failed = new HoldfastError('storage_failed', 'The browser deleted the database: reload this tab.')

test('a problem is over when something could be stored', async () => {
  const problem = createStorageProblem(Date.now, () => undefined)
  problem.raise(failed)
  await problem.look(() => Promise.reject(failed))
  expect(problem.found).toMatchObject({ code: 'storage_failed' })
  await problem.look(() => Promise.resolve())
  expect(problem.found).toBeUndefined()
})

// Found by `pnpm sim --seed 4026233`: a tab said "syncing" for ever.
test('A2: that the database was deleted is not over, whatever was stored in it a moment before', () => {
  const problem = createStorageProblem(Date.now, () => undefined)
  problem.raiseForGood(failed)
  problem.over()
  expect(problem.found).toMatchObject({ code: 'storage_failed' })
})
