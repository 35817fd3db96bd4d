import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import type { BaseEvent, NoteEvent, WriteEvent } from '../core/event.ts'
import { Replica } from '../core/replica.ts'
import type { Fold, Store } from '../store/store.ts'
import { Folding, foldOf } from './fold.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })
const pulled: BaseEvent = {
  ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [] },
  spaces: [
    { space: 'x', access: 'write', role: null },
    { space: 'y', access: 'write', role: null },
  ],
  deltas: ['x', 'y'].map((space) => ({
    ...{ space, from: 0, to: 1, whole: true, by: [] },
    records: [{ r: ['notes', 'a'] as const, alive: 1, f: { v: ['', []] } }],
  })),
  cut: { x: { seq: 1, hash: '' }, y: { seq: 1, hash: '' } },
}
const left = (space: string): NoteEvent => ({ e: 'note', space, follow: false })

/** A tab whose disk takes a fold when it is told to, or does not. */
function createTab() {
  const replica = new Replica(schema)
  replica.apply(1, pulled)
  replica.apply(2, left('x'))
  const folds: Fold[] = []
  let end = (_: Promise<void>) => {}
  const fold: Store['fold'] = (one) => {
    folds.push(one)
    return new Promise((resolve) => {
      end = resolve
    })
  }
  const folding = new Folding()
  const foldIfWorth = () => folding.foldIfWorth(replica, { fold } as Store, { fence: 1, healWindow: 0, now: 0 })
  const spacesOf = () => folds.map(({ segments }) => segments.map(({ space }) => space))
  return { replica, foldIfWorth, spacesOf, end: (how: Promise<void>) => end(how) }
}

test('what leaves while a fold is being written leaves the disk with the next', async () => {
  const { replica, foldIfWorth, spacesOf, end } = createTab()
  const folding = foldIfWorth()
  replica.apply(3, left('y'))
  end(Promise.resolve())
  await folding
  const again = foldIfWorth()
  end(Promise.resolve())
  await again
  await foldIfWorth()
  expect(spacesOf()).toEqual([['y'], []])
})

test('what had left before a fold that failed leaves the disk with the next', async () => {
  const { foldIfWorth, spacesOf, end } = createTab()
  const folding = foldIfWorth()
  end(Promise.reject(new Error('no room')))
  await expect(folding).rejects.toThrow('no room')
  const again = foldIfWorth()
  end(Promise.resolve())
  await again
  expect(spacesOf()).toEqual([['y'], ['y']])
})

test('a session that no cursor proves is asked about for as long as what it confirmed is kept', () => {
  const { replica } = createTab()
  replica.apply(3, { ...pulled, deltas: [], cut: {}, unproven: { older: 1_000, newer: 3_000 }, now: 5_000 })
  const { known, keptSince } = foldOf(replica, () => 'f', { fence: 1, healWindow: 3_000 })
  expect({ unproven: known.unproven, keptSince }).toEqual({ unproven: { newer: 3_000 }, keptSince: 2_000 })
})

test('what was sent again after a reset is known as long as a clock from before it may name it', () => {
  const base = { e: 'base', generation: 2, fence: 1, deltas: [], cut: {}, hlc: 0, decided: {}, accepted: [], dead: [] } as const
  const write = (n: number, generation: number): WriteEvent => ({
    ...{ e: 'write', generation, lo: 0 },
    transaction: { dot: ['A', n], version: 1, operations: [], base: { x: 4 }, seen: {}, at: n },
  })
  const healedIn = (generation: number) => {
    const replica = new Replica(schema)
    replica.apply(1, write(1, generation))
    replica.apply(2, { ...base, resets: { x: 2 }, healed: [['H', 1, { x: 3 }]] })
    return foldOf(replica, () => '', { fence: 1, healWindow: 0 }).known.resets.map(({ healed }) => healed?.length)
  }
  expect(healedIn(1)).toEqual([1])
  expect(healedIn(2)).toEqual([0])
})
