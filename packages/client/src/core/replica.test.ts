import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import type { BaseEvent, StoreEvent, WriteEvent } from './event.ts'
import { Replica } from './replica.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

const base = (more: Partial<BaseEvent>): BaseEvent => ({
  ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} },
  ...more,
})

test('a time that is repaired shows at once, also in records that the same answer does not bring', () => {
  const replica = new Replica(schema)
  const at = 1_000 * 1_024
  // Stamped by a clock that is 900 ms behind; the other, which had not seen it, was decided at second 1.
  const write: WriteEvent = {
    e: 'write',
    generation: 1,
    transaction: {
      dot: ['A', 1],
      version: 1,
      operations: [['put', 'x', 'notes', 'a', { v: 'ours' }]],
      base: { x: 0 },
      seen: {},
      at: at / 10,
    },
    lo: 0,
  }
  const records = [{ r: ['notes', 'a'], alive: 1, born: [0], f: { v: ['theirs', [0]] } }] as const
  const pulled = base({
    deltas: [{ space: 'x', from: 0, to: 1, whole: true, by: [['B', 1, 1, at]], records }],
    cut: { x: { seq: 1, hash: '' } },
  })
  const shifted = base({ shift: { by: 1_000, now: 2_000 } })
  const events: StoreEvent[] = [write, pulled, shifted]
  events.slice(0, 2).forEach((event, i) => void replica.apply(i + 1, event))
  expect(replica.view.row('x', 'notes', 'a')?.v).toBe('theirs')
  const changes = replica.apply(3, shifted)
  expect(replica.view.row('x', 'notes', 'a')?.v).toBe('ours')
  expect(changes.map(({ id }) => id)).toEqual(['a'])
})
