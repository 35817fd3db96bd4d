import { expect, test } from 'vitest'
import { decodeFrame, encodeFrame, type Frame, type FrameDelta, numbersOf } from './frame.ts'

const spaces = ['L', 'M']
const numbers = numbersOf(spaces)
const delta = (space: string, more: Partial<FrameDelta> = {}): FrameDelta => ({
  ...{ space, from: 6, to: 7, whole: false, hash: 'h' },
  by: [['A', 3, 7, 1_000]],
  records: [{ r: ['todos', 't'], f: { title: ['Milk', [0]] } }],
  ...more,
})
const commit = (deltas: readonly FrameDelta[], user?: string): Frame => ({ is: 'commit', deltas, hlc: 1_024, user })

test.each<[string, Frame]>([
  ['in one space', commit([delta('M')])],
  ['in several, of somebody else', commit([delta('L'), delta('M', { from: 1, to: 2, by: [['A', 3, 2, 1_000]] })], 'bob')],
  ['in a space that came later', commit([delta('new')], '')],
  ['that added no head', commit([delta('L', { by: [], records: [] })])],
])('a commit %s is read as it was meant', (_, frame) => {
  expect(decodeFrame(encodeFrame(frame, 3, numbers), spaces)).toEqual({ frame, i: 3 })
})

test('what is the same for all who follow a space is the same text, whatever their numbers', () => {
  const frame = commit([delta('M')])
  const text = encodeFrame(frame, 1, numbersOf(['M']))
  expect(text).toContain('{"x":0,"to":7,')
  expect(encodeFrame(frame, 12, numbers)).toBe(text.replace('"i":1', '"i":12').replace('"x":0', '"x":1'))
})

test('a number without a name makes it no frame', () => {
  const text = encodeFrame(commit([delta('M')]), 1, numbers)
  expect(() => decodeFrame(text, ['L'])).toThrow(expect.objectContaining({ code: 'bad_response' }))
})
