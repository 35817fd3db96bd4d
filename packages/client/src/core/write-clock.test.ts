import { expect, test } from 'vitest'
import { nothingKnown } from './known.ts'
import { baseOf, writeClock } from './write-clock.ts'

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

test('who is shown nothing of a space has seen nothing of it: not there yet, not held any more, or broken', () => {
  const cut = { x: { seq: 9, hash: '' }, y: { seq: 9, hash: '' } }
  const known = { ...nothingKnown, cut, resync: { y: 5, left: 7 } }
  const spaces = ['x', 'y', 'left', 'new']
  const clock = (isBaseLost: boolean) => writeClock({ known, pending: [], isBaseLost } as never, 'A', { spaces }).base
  expect(clock(false)).toEqual({ x: 9, y: 5, left: 0, new: 0 })
  expect(clock(true)).toEqual({ x: 0, y: 0, left: 0, new: 0 })
})
