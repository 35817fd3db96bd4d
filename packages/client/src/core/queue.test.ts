import { defineSchema, string, table } from '@holdfast/shared'
import { LIMITS } from '@holdfast/shared/internal/protocol/limits'
import { encodeRequest } from '@holdfast/shared/internal/protocol/request'
import { expect, test } from 'vitest'
import { nextRequest } from './queue.ts'
import { Replica } from './replica.ts'

const schema = defineSchema({ version: 1, tables: { notes: table({ v: string() }) } })
const plain = { e: 'base', generation: 1, fence: 1, hlc: 0, decided: {}, accepted: [], dead: [], deltas: [], cut: {} } as const
const asking = { user: 'ann', nonce: 'q', pull: true, batch: 9 }

const mine = (spaces: readonly string[]) => spaces.map((space) => ({ space, access: 'write', role: null }) as const)

/** One that holds `here`, and was put out of s0, s1, s2…, in this order. */
function replicaOf(count: number): Replica {
  const left = Array.from({ length: count }, (_, i) => `s${i}`)
  const cut = Object.fromEntries(['here', ...left].map((space) => [space, { seq: 2, hash: space }]))
  const replica = new Replica(schema)
  replica.apply(1, { ...plain, spaces: mine(['here', ...left]), cut })
  // One after the other at first; then all the rest, which is known in the order of the list.
  for (const i of [1, 2, count]) replica.apply(1 + i, { ...plain, spaces: mine(['here', ...left.slice(i)]) })
  return replica
}

test('of as many spaces as there may be, a request that says where this device has been in each has room in a body', () => {
  const spaces = Array.from({ length: LIMITS.spaces }, (_, i) => `list_V1StGXR8Z5jdHi6Bm${String(i).padStart(5, '0')}`)
  const replica = new Replica(schema)
  for (let seq = 1; seq <= LIMITS.positions; seq++) {
    const cut = Object.fromEntries(spaces.map((space) => [space, { seq: 1e9 + seq, hash: 'a'.repeat(22) }]))
    replica.apply(seq, { ...plain, ...(seq === 1 ? { spaces: mine(spaces) } : {}), cut })
  }
  const sizeFor = (spaces: readonly string[]) => {
    const request = nextRequest(replica, { ...asking, list: { spaces } })
    return { size: JSON.stringify(encodeRequest(request)).length, each: request.positions?.get(spaces[0] ?? '') }
  }
  const all = sizeFor(spaces)
  expect(all.size).toBeLessThan(LIMITS.bodyBytes / 2)
  expect(all.each?.[0]).toEqual(replica.known.cut[spaces[0] ?? ''])
  expect(all.each?.length).toBeGreaterThan(1)
  expect(sizeFor(spaces.slice(0, 500)).each).toHaveLength(LIMITS.positions)
})

test('a pull proves all that this device ever held; of too much what was left longest ago goes without', () => {
  const count = LIMITS.spaces + 1
  const replica = replicaOf(count)
  const { cursors, fresh } = nextRequest(replica, asking)
  expect(cursors.size).toBe(LIMITS.spaces)
  expect([cursors.has('here'), cursors.has('s0'), cursors.has('s1'), cursors.has('s2')]).toEqual([true, false, false, true])
  expect([fresh.has('here'), fresh.has('s2')]).toEqual([false, true])
  expect(nextRequest(replica, { ...asking, pull: false }).cursors.size).toBe(0)

  // What a write names and what is asked about go always, or a server that says `differs` would never be understood.
  replica.apply(count + 2, { ...plain, spaces: mine(['here', 's0']) })
  const transaction = {
    dot: ['A', 1],
    version: 1,
    operations: [['ins', 's0', 'notes', 'n', { v: '1' }]],
    base: { s0: 2 },
    seen: {},
    at: 1,
  } as const
  replica.apply(count + 3, { e: 'write', generation: 1, lo: 0, transaction })
  expect(nextRequest(replica, { ...asking, pull: false }).cursors).toEqual(new Map([['s0', { seq: 2, hash: 's0' }]]))
  expect(nextRequest(replica, asking).cursors.has('s0')).toBe(true)
  expect(nextRequest(replica, { ...asking, list: { spaces: ['s1'] } }).cursors.has('s1')).toBe(true)
})

test('of too many sessions those of which only their number shows a loss are named before what is kept: the comparison finds it again', () => {
  const replica = replicaOf(1)
  replica.apply(9, { ...plain, decided: { unseen: 1 }, unproven: { unseen: 1_000 } })
  const kept = Array.from({ length: LIMITS.sessions }, (_, i) => ({
    ...{ generation: 1, at: {}, confirmed: 0 },
    transaction: { dot: [`kept${i}`, 1] as const, version: 1, operations: [], base: {}, seen: {}, at: 1 },
  }))
  const { known } = nextRequest(replica, { ...asking, batch: 0, kept, list: { spaces: [] } })
  expect([known.size, known.get('unseen')]).toEqual([LIMITS.sessions, 1])
  expect(nextRequest(replica, asking)).toMatchObject({ known: new Map([['unseen', 1]]), unproven: new Set(['unseen']) })
  expect(nextRequest(replica, { ...asking, pull: false }).known.size).toBe(0)
})
