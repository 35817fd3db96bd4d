import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { foldedFrom, unfold } from '../tabs/fold.kit.ts'
import type { BaseEvent } from './event.ts'
import { Replica } from './replica.ts'
import { userOf } from './user-of.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string(), w: string().default('') }) } })
const names = ['B', 'S', '__proto__', 'constructor'] as const

const event = (seq: number, of: string, more: Partial<BaseEvent> = {}): BaseEvent => ({
  ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], cut: { x: { seq, hash: '' } } },
  deltas: [
    {
      ...{ space: 'x', from: seq - 1, to: seq, whole: false, by: [[of, 1, seq, seq]] },
      records: [{ r: ['notes', of], alive: seq, born: [0], f: { v: ['', [0]], w: ['', [0]] } }],
    },
  ],
  ...more,
})

/** A tab that is opened with what a fold left on the disk. */
function reopened(before: Replica): Replica {
  const replica = new Replica(schema)
  unfold(replica, foldedFrom(before))
  return replica
}

const who = (replica: Replica) => ['A', ...names].map((session) => userOf(replica, [session, 1], 'ann'))

test('who wrote a change: by name, null for the server, the own user where nobody else is said; the same after a fold', () => {
  const replica = new Replica(schema)
  for (const [i, name] of ['A', ...names].entries())
    replica.apply(i + 1, event(i + 1, name, name === 'A' ? {} : { users: [[name, name === 'S' ? '' : `of ${name}`]] }))
  expect(who(replica)).toEqual(['ann', 'of B', null, 'of __proto__', 'of constructor'])
  expect(who(reopened(replica))).toEqual(who(replica))
  expect(userOf(new Replica(schema), ['constructor', 1], 'ann')).toBe('ann')
})

test('a fold forgets the users of sessions that base has no head of any more', () => {
  const replica = new Replica(schema)
  const both = [{ r: ['notes', 'B'], f: { v: ['mine', [0]] } }] as const
  replica.apply(1, event(1, 'B', { users: [['B', 'bob']] }))
  replica.apply(2, event(2, 'C', { users: [['C', 'cleo']] }))
  replica.apply(3, {
    ...event(3, 'A'),
    deltas: [
      { space: 'x', from: 2, to: 3, whole: false, by: [['A', 1, 3, 3]], records: [...both, { r: ['notes', 'C'], died: [0] } as const] },
    ],
  })
  // Of the note that Ann changed Bob still made the rest; Cleo's is gone.
  expect([...reopened(replica).known.users]).toEqual([['B', 'bob']])
  expect([...replica.known.users.keys()]).toEqual(['B', 'C'])
})
