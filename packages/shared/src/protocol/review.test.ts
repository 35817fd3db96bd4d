import { expect, test } from 'vitest'
import type { WireRequest } from './request.ts'
import { onCondition, readReviewed } from './review.ts'

const head = { p: 1, v: 1, q: 'q', now: 0, X: ['L'], S: ['A'] }
const bodyOf = (...lines: unknown[]) => new TextEncoder().encode([...lines, { end: 1 }].map((line) => `${JSON.stringify(line)}\n`).join(''))

test('what an answer says besides is read where it is there', () => {
  const value = { to: 'ann' }
  const body = bodyOf({ ...head, changed: [0] }, { d: [0, 1], ok: [], drops: [[0, 'c', value]] }, { expected: [0, 3] }, { r: ['t', 'x'] })
  expect(readReviewed(body)).toEqual({ changed: ['L'], drops: new Map([['A.1', [{ space: 'L', id: 'c', value }]]]) })
  expect(readReviewed(bodyOf(head))).toEqual({ changed: undefined, drops: new Map() })
})

test.each([
  ['names that are not listed', [{ ...head, changed: [1] }]],
  ['a session that is not listed', [head, { d: [1, 1], drops: [[0, 'c', {}]] }]],
  ['conflicts of another form', [head, { d: [0, 1], drops: [[0, 'c', 'no']] }]],
  ['a list of another form', [{ ...head, changed: 'L' }]],
])('%s are no answer', (_, lines) => {
  expect(() => readReviewed(bodyOf(...lines))).toThrow(expect.objectContaining({ code: 'bad_response' }))
})

test('a condition names its spaces after those that the request names', () => {
  const request = { X: ['L'], S: [], cur: [['M', 1, 'f']] } as unknown as WireRequest
  const cut = new Map([
    ['L', { seq: 3, hash: 'h' }],
    ['N', { seq: 0, hash: 'g' }],
  ])
  expect(onCondition(request, cut)).toEqual({
    X: ['L', 'N'],
    S: [],
    cur: [['M', 1, 'f']],
    if: [
      [1, 3, 'h'],
      [2, 0, 'g'],
    ],
  })
})
