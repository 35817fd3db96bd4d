import { defineSchema, string, table } from '@holdfast/shared'
import { expect, test } from 'vitest'
import { foldedFrom, unfold } from '../tabs/fold.kit.ts'
import type { BaseEvent, NoteEvent, StoreEvent, WriteEvent } from './event.ts'
import { Replica } from './replica.ts'
import { retried } from './retry.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })

const base = (more: Partial<BaseEvent>): BaseEvent => ({
  ...{ e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} },
  ...more,
})

const write: WriteEvent = {
  e: 'write',
  generation: 1,
  transaction: { dot: ['A', 1], version: 1, operations: [['put', 'x', 'notes', 'a', { v: 'ours' }]], base: { x: 0 }, seen: {}, at: 1 },
  lo: 0,
}

/** A tab that is opened when everything before is folded. */
function reopened(before: Replica): Replica {
  const replica = new Replica(schema)
  unfold(replica, { ...foldedFrom(before), known: before.known })
  return replica
}

test('a write that has waited since before the fold takes no tab back to it: what came after is not applied twice', () => {
  const before = new Replica(schema)
  const events: StoreEvent[] = [write, base({}), base({ decided: { A: 1 }, accepted: [['A', 1, { x: 1 }]] })]
  events.forEach((event, i) => void before.apply(i + 1, event))
  const replica = reopened(before)
  replica.apply(1, write)
  expect(replica.revision).toBe(3)
  expect(replica.view.row('x', 'notes', 'a')?.v).toBe('ours')
})

test('a note from before the fold, kept for a write that waits, says nothing again of which spaces are held', () => {
  const left: NoteEvent = { e: 'note', space: 'x', follow: false }
  const dropped: NoteEvent = { e: 'note', drop: ['A', 1], reason: 'discarded' }
  const records = [{ r: ['notes', 'b'], alive: 1, born: [0], f: { v: ['theirs', [0]] } }] as const
  const pulled = base({
    spaces: [{ space: 'x', access: 'write', role: null }],
    deltas: [{ space: 'x', from: 0, to: 1, whole: true, by: [['B', 1, 1, 1]], records }],
    cut: { x: { seq: 1, hash: '' } },
  })
  const notes: StoreEvent[] = [left, { ...left, follow: true }, write, dropped]
  const before = new Replica(schema)
  for (const [i, event] of [...notes, pulled].entries()) before.apply(i + 1, event)
  const replica = reopened(before)
  for (const [i, event] of notes.entries()) replica.apply(i + 1, event)
  expect(replica.view.row('x', 'notes', 'b')?.v).toBe('theirs')
  expect(replica.cursor('x')).toEqual(before.cursor('x'))
  expect(replica.pending).toMatchObject([{ dropped: 'discarded' }])
})

test('P3: a space that left and is wanted again takes no change that goes on from what left; what proves its history counts', () => {
  const record = (id: string) => ({ r: ['notes', id], alive: 1, born: [0], f: { v: [id, [0]] } }) as const
  const cursor = (seq: number) => ({ seq, hash: `${seq}` })
  const pulled = base({
    spaces: ['x', 'y'].map((space) => ({ space, access: 'write', role: null })),
    deltas: ['x', 'y'].map((space) => ({ space, from: 0, to: 1, whole: true, by: [['B', 1, 1, 1]], records: [record('a')] })),
    cut: { x: cursor(1), y: cursor(1) },
  })
  const late = base({
    deltas: ['x', 'y'].map((space) => ({ space, from: 1, to: 2, whole: false, by: [['B', 2, 2, 2]], records: [record('b')] })),
    cut: { x: cursor(2), y: cursor(2) },
  })
  const note: NoteEvent = { e: 'note', space: 'x', follow: false }
  const replica = new Replica(schema)
  for (const [i, event] of [pulled, note, { ...note, follow: true }, late].entries()) replica.apply(i + 1, event)
  expect([replica.cursor('x'), replica.cursor('y')]).toEqual([undefined, cursor(2)])
  expect(replica.known.positions.x).toEqual([cursor(2), cursor(1)])
  const shown = (space: string) => ['a', 'b'].filter((id) => replica.view.row(space, 'notes', id))
  expect([shown('x'), shown('y')]).toEqual([[], ['a', 'b']])
})

test('of a retry that another tab was faster with, no event leaves the disk but its own', () => {
  const replica = new Replica(schema)
  const again = retried({ id: 'A.1', code: 'rule_refused', message: '', at: 0, transaction: write.transaction, generation: 1 })
  replica.predict(again)
  replica.apply(7, base({ decided: { 'A~1': 1 } }))
  expect(replica.leftovers).toEqual([])
  replica.apply(8, again)
  expect(replica.leftovers).toEqual([8])
})

test('a time that is repaired shows at once, also in records that the same answer does not bring', () => {
  const replica = new Replica(schema)
  const at = 1_000 * 1_024
  // Stamped by a clock that is 900 ms behind; the other, which had not seen it, was decided at second 1.
  const late: WriteEvent = { ...write, transaction: { ...write.transaction, at: at / 10 } }
  const records = [{ r: ['notes', 'a'], alive: 1, born: [0], f: { v: ['theirs', [0]] } }] as const
  const pulled = base({
    deltas: [{ space: 'x', from: 0, to: 1, whole: true, by: [['B', 1, 1, at]], records }],
    cut: { x: { seq: 1, hash: '' } },
  })
  const shifted = base({ shift: { by: 1_000, now: 2_000 } })
  const events: StoreEvent[] = [late, pulled, shifted]
  events.slice(0, 2).forEach((event, i) => void replica.apply(i + 1, event))
  expect(replica.view.row('x', 'notes', 'a')?.v).toBe('theirs')
  const changes = replica.apply(3, shifted)
  expect(replica.view.row('x', 'notes', 'a')?.v).toBe('ours')
  expect(changes.map(({ id }) => id)).toEqual(['a'])
})
