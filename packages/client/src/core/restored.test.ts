import type { Delta } from '@holdfast/shared/internal/merge/pack'
import { expect, test } from 'vitest'
import type { StoredDeadLetter } from './event.ts'
import { helpedBy } from './restored.ts'

const letter: StoredDeadLetter = {
  ...{ id: 'A.1', code: 'unknown_record', message: '', at: 0, generation: 1 },
  transaction: { dot: ['A', 1], version: 1, operations: [['put', 'x', 'notes', 'a', { v: '1' }]], base: {}, seen: {}, at: 1 },
  waits: { until: 10, healed: { x: 1 } },
}
const whole = (more: Partial<Delta>): Delta => ({ space: 'x', from: 0, to: 1, whole: true, by: [], records: [], ...more })

test.each<[string, Delta, boolean]>([
  ['a change of it', whole({ records: [{ r: ['notes', 'a'], f: {} }] }), true],
  ['a change of another', whole({ records: [{ r: ['notes', 'b'], f: {} }] }), false],
  ['segments of its space, which may have it', whole({ segments: [['s', 1, '']] }), true],
  ['segments of another space', whole({ space: 'y', segments: [['s', 1, '']] }), false],
  ['no segment', whole({ segments: [] }), false],
])('what waits for a record is proposed again with %s: %#', (_, delta, helped) => {
  expect(helpedBy([letter], [delta], { now: 5, isHere: () => false })).toEqual(helped ? [letter] : [])
})
