import { expect, test } from 'vitest'
import type { Dot } from '../clock/dot.ts'
import type { Operation } from '../transaction/operation.ts'
import { LIMITS } from './limits.ts'
import { decodeRequest, encodeRequest, type Outgoing, type Void } from './request.ts'

const insert = (space: string, dot: Dot) => ({
  ...{ dot, version: 1, base: { [space]: 7 }, seen: {}, at: 9 },
  operations: [['ins', space, 'todos', 't', { title: 'Milk' }] as Operation],
})
const cursors = new Map([['L', { seq: 7, hash: 'h' }]])
const usual: Outgoing = {
  ...{ version: 1, user: 'ann', nonce: 'q', follow: ['L'], cursors, pull: false },
  known: new Map([['A', 4]]),
  submissions: [insert('L', ['A', 5])],
  ...{ spacesTag: undefined, positions: undefined, fresh: new Set() },
}
const sent = (request: Outgoing) => decodeRequest(JSON.parse(JSON.stringify(encodeRequest(request))))

test('what is as usual is not said: the space stands in its cursor, the session once, and neither what is known nor that nothing is asked', () => {
  expect(encodeRequest(usual)).toEqual({
    ...{ p: 1, v: 1, u: 'ann', q: 'q', S: ['A'], cur: [['L', 7, 'h']] },
    tx: [{ d: 5, o: [['ins', 0, 'todos', 't', { title: 'Milk' }]], t: 9 }],
  })
})

const OF_ALL = Object.fromEntries(Array.from({ length: LIMITS.spaces - 1 }, (_, i) => [`S${i}`, i]))
const hole: Void = { dot: ['B', 2], to: 3, reason: 'lost' }

test.each<[string, Partial<Outgoing>]>([
  ['as usual', {}],
  ['with an answer that was lost', { known: new Map([['A', 2]]) }],
  ['of a session of which nothing is known', { known: new Map() }],
  ['of several sessions, with a hole', { submissions: [insert('L', ['A', 5]), hole, insert('L', ['B', 4]), insert('L', ['A', 6])] }],
  ['into a space without a cursor', { submissions: [insert('L', ['A', 5]), { ...insert('M', ['A', 6]), base: { M: 0 } }] }],
  ['that asks for changes', { pull: true }],
  ['that only asks', { pull: true, submissions: [], known: new Map([['C', 9]]) }],
  ['that has what nothing proves', { pull: true, known: new Map([['C', 9]]), unproven: new Set(['C', 'A']) }],
  ['without anything', { pull: false, submissions: [], follow: 'all', cursors: new Map() }],
  ['of one that writes in as many spaces as there may be', { submissions: [{ ...insert('L', ['A', 5]), base: OF_ALL }] }],
  ['that follows more than it has', { pull: true, follow: ['M', 'L'], fresh: new Set(['M']) }],
])('a request %s is read as it was meant', (_, more) => {
  const request = { ...usual, ...more }
  const { submissions, known, follow, pull, cursors, fresh, unproven } = sent(request)
  expect(submissions.map(({ dot }) => dot)).toEqual(request.submissions.map(({ dot }) => dot))
  expect(submissions).toMatchObject(
    request.submissions.map((one) => ('reason' in one ? one : { operations: one.operations, base: one.base })),
  )
  expect({ follow, pull, cursors, fresh }).toEqual({
    follow: request.follow,
    pull: request.pull,
    cursors: request.cursors,
    fresh: request.fresh,
  })
  expect(unproven).toEqual(request.unproven)
  for (const session of ['A', 'B', 'C']) expect(known.get(session) ?? 0, session).toBe(request.known.get(session) ?? 0)
})
