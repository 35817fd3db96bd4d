import { defineSchema, string, table } from '@holdfast/shared'
import { hlcOf } from '@holdfast/shared/internal/clock/hlc'
import { expect, test } from 'vitest'
import type { BaseEvent, StoreEvent, WriteEvent } from './event.ts'
import { heldSince } from './hold.ts'
import { Replica } from './replica.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

const write = (n: number, ms: number, more: Partial<WriteEvent> = {}, session = 'A'): WriteEvent => ({
  e: 'write',
  generation: 1,
  transaction: {
    dot: [session, n],
    version: 1,
    operations: [['put', 'x', 'notes', 'a', { v: `${n}` }]],
    base: { x: 0 },
    seen: {},
    at: hlcOf(ms),
  },
  lo: 0,
  ...more,
})
const base = (more: Partial<BaseEvent>): BaseEvent => ({
  ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} },
  ...more,
})

function after(...events: StoreEvent[]): Replica {
  const replica = new Replica(schema)
  for (const [i, event] of events.entries()) replica.apply(i + 1, event)
  return replica
}

const dropped = { e: 'note', drop: ['A', 1], reason: 'discarded' } as const

test.each<[string, StoreEvent[], number | undefined]>([
  ['a write as old as that', [write(1, 100)], 100],
  ['the first of several', [write(1, 90), write(2, 100)], 90],
  ['a younger one is not', [write(1, 101)], undefined],
  ['what was approved is not', [write(1, 90), write(2, 100), { e: 'note', approved: 2 }], undefined],
  ['what came after that is', [write(1, 90), write(2, 100), { e: 'note', approved: 1 }], 100],
  ['what was dropped is not, but what stands behind it', [write(1, 90), write(2, 100), dropped], 100],
  ['what was decided is not', [write(1, 90), base({ decided: { A: 1 } })], undefined],
  ['what base has already is not: only its answer was lost', [write(1, 90), base({ reached: { A: 1 } })], undefined],
  ['what a server lost and is sent again is not', [write(1, 90, { healed: { x: 1 } })], undefined],
  ['what is tried again is not', [write(1, 90, {}, 'A~1')], undefined],
  ['times are the server’s, and so compared with this device’s clock', [write(1, 1_100), base({ offset: 1_000 })], 1_100],
])('held is %s', (_, events, since) => {
  expect(heldSince(after(...events), 100)).toBe(since)
})

test('it can be asked what would be held, if more was approved; what is not stored yet is not asked about', () => {
  const replica = after(write(1, 90), write(2, 100))
  expect([0, 1, 2].map((upTo) => heldSince(replica, 100, upTo))).toEqual([90, 100, undefined])
  replica.predict(write(3, 50))
  expect(heldSince(replica, 100, 2)).toBeUndefined()
})

test('an approval is remembered over a fold, and one from before it says nothing again', () => {
  const old = { e: 'note', approved: 1 } as const
  const before = after(write(1, 90), write(2, 100), old, { e: 'note', approved: 2 })
  const replica = new Replica(schema)
  replica.load(before.known, before.revision, [])
  for (const [i, event] of [write(1, 90), write(2, 100), old].entries()) replica.apply(i + 1, event)
  expect(replica.pending).toHaveLength(2)
  expect(heldSince(replica, 100)).toBeUndefined()
  replica.apply(5, base({}))
  expect(heldSince(replica, 100)).toBeUndefined()
})
