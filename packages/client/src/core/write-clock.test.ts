import { expect, test } from 'vitest'
import { nothingKnown } from './known.ts'
import { baseOf } from './write-clock.ts'

test('a clock of an earlier moment comes down with every reset since, as far as both histories agree', () => {
  const seen = { generation: 2, base: { x: 9, y: 9, z: 1 }, seen: {} }
  const resets = [
    { generation: 2, agree: { x: 1 } },
    { generation: 3, agree: { x: 7, z: 5 } },
    { generation: 4, agree: { x: 8, y: 3 } },
  ]
  expect(baseOf(seen, { ...nothingKnown, resets })).toEqual({ x: 7, y: 3, z: 1 })
  expect(baseOf(seen, nothingKnown)).toEqual(seen.base)
})
