import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import type { BaseEvent } from './event.ts'
import { Replica } from './replica.ts'
import { absorbResponse } from './verdict.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

// Found by `pnpm sim --seed 113`: a cloned device sent on, and the stream told this one before the answer to its own request came.
test('an answer that comes after frames have told more takes no number back', () => {
  const replica = new Replica(schema)
  const told: BaseEvent = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: { A: 3 }, accepted: [], dead: [], deltas: [], cut: {} }
  replica.apply(1, told)
  const verdicts = [
    { is: 'applied', dot: ['A', 1], at: {}, conflicts: 0 },
    { is: 'applied', dot: ['B', 2], at: {}, conflicts: 0 },
  ] as const
  const response = { now: 0, verdicts, deltas: [], cut: new Map(), hlc: 0 } as unknown as Parameters<typeof absorbResponse>[1]
  const { event } = absorbResponse(replica, response, { fence: 1, local: 0, pull: true, session: 'C' })
  expect(event.decided).toEqual({ B: 2 })
  replica.apply(2, event)
  expect([replica.decided('A'), replica.decided('B')]).toEqual([3, 2])
})
