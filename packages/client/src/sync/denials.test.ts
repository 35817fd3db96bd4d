import { defineSchema } from '@holdfast/shared'
import type { SyncResponse } from '@holdfast/shared/internal/protocol/response'
import { expect, test } from 'vitest'
import type { KeptTransaction } from '../core/event.ts'
import { Replica } from '../core/replica.ts'
import { createDenials } from './denials.ts'

const plain = { e: 'base', generation: 1, fence: 1, hlc: 0, accepted: [], dead: [], deltas: [], cut: {} } as const
const confirmed = (n: number): KeptTransaction => ({
  ...{ generation: 1, at: { L: n }, confirmed: 0 },
  transaction: { dot: ['A', n], version: 1, operations: [], base: {}, seen: {}, at: n },
})
const naming = (...refused: [string, number, number][]) => ({ refused }) as unknown as SyncResponse

function begin() {
  const replica = new Replica(defineSchema({ version: 1, tables: {} }))
  replica.apply(1, { ...plain, decided: { A: 5 }, unproven: { A: 1 }, void: [['A', 1, 1, 'discarded']] })
  const seen = { looks: 0, again: 0, fails: false }
  const wasDenied = createDenials({
    replica,
    store: {
      async kept() {
        seen.looks++
        return [2, 3].map(confirmed)
      },
    },
    async beginAgain() {
      if (seen.fails) throw new Error('the disk')
      seen.again++
    },
  })
  return { seen, wasDenied }
}

test('of a range all counts, also where this device knows its first number as refused', async () => {
  const { wasDenied, seen } = begin()
  expect(await wasDenied(naming(['A', 1, 2]))).toBe(true)
  expect(seen.again).toBe(1)
})

test('what is named again is not looked at again, whatever became of it: nothing goes round for ever', async () => {
  const { wasDenied, seen } = begin()
  expect(await wasDenied(naming(['A', 2, 2]))).toBe(true)
  expect(await wasDenied(naming(['A', 2, 2]))).toBe(false)
  expect(await wasDenied(naming(['A', 9, 9]))).toBe(false)
  expect(await wasDenied(naming(['A', 9, 9]))).toBe(false)
  expect(seen).toMatchObject({ looks: 2, again: 1 })
})

test('where nothing is refused nothing is read', async () => {
  const { wasDenied, seen } = begin()
  expect(await wasDenied({} as SyncResponse)).toBe(false)
  expect(seen.looks).toBe(0)
})

test('what could not be stored is looked at again', async () => {
  const { wasDenied, seen } = begin()
  seen.fails = true
  await expect(wasDenied(naming(['A', 2, 2]))).rejects.toThrow('the disk')
  seen.fails = false
  expect(await wasDenied(naming(['A', 2, 2]))).toBe(true)
})
