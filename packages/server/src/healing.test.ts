import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import { expect, test } from 'vitest'
import { createHealing } from './healing.ts'
import type { LogEntry } from './log.ts'
import { insert } from './test-server.kit.ts'
import { tx, voided } from './wire-client.kit.ts'

const asking = (more: object = {}) =>
  ({ user: 'ann', cursors: new Map(), known: new Map(), submissions: [], ...more }) as unknown as SyncRequest

test('what a device sends again is counted once, and told a line a space', () => {
  const lines: LogEntry[] = []
  const { heard, metrics } = createHealing((line) => lines.push(line))
  const compared = asking({
    cursors: new Map([['L', { seq: 50, hash: 'h' }]]),
    known: new Map([['A', 6]]),
  })
  const reset = { reset: new Map([['L', { agree: 46, heal: true }]]), lost: new Map([['A', 2]]), heal: true, verdicts: [] }
  heard(compared, reset)
  // The answer was lost, so it is asked for again.
  heard(compared, reset)
  expect(metrics()).toEqual({ resets: 2, lost: 4, back: 0, refused: 0, gone: 0 })
  expect(lines.slice(0, 2)).toEqual([
    { level: 'warn', event: 'history_reset', space: 'L', user: 'ann', at: 50, agree: 46, heal: true },
    { level: 'warn', event: 'history_lost', user: 'ann', transactions: 4, heal: true },
  ])
  lines.length = 0
  const again = asking({
    submissions: [tx('A', 3, [insert('L', 't1')]), tx('A', 4, [insert('L', 't2')]), voided('A', 5, 'lost'), tx('A', 7, [])],
  })
  const verdicts = [
    { is: 'applied', dot: ['A', 3], at: { L: 47 }, conflicts: 0 },
    { is: 'refused', dot: ['A', 4], to: 4, code: 'rule_refused', message: '' },
    { is: 'refused', dot: ['A', 5], to: 5, code: 'lost', message: '' },
    { is: 'expected', dot: ['A', 6] },
  ] as const
  heard(again, { verdicts })
  heard(again, { verdicts })
  expect(metrics()).toMatchObject({ back: 1, refused: 1, gone: 1 })
  expect(lines).toEqual([{ level: 'warn', event: 'healed', space: 'L', user: 'ann', back: 1, refused: 1 }])
  // What comes after that is no healing.
  heard(asking({ submissions: [tx('A', 6, []), tx('A', 7, [])] }), {
    verdicts: [6, 7].map((n) => ({ is: 'applied', dot: ['A', n], at: { L: 41 + n }, conflicts: 0 })),
  })
  expect(metrics()).toMatchObject({ lost: 4, back: 2, refused: 1, gone: 1 })
})

test('I5: who claims to have had what never was fills no memory', () => {
  const { heard, metrics } = createHealing(() => undefined)
  for (let i = 0; i < 300; i++) {
    const sessions = Array.from({ length: 50 }, (_, k) => `s${i}.${k}`)
    heard(asking({ known: new Map(sessions.map((one) => [one, 9])) }), { lost: new Map(sessions.map((one) => [one, 0])), verdicts: [] })
  }
  heard(asking(), { verdicts: [{ is: 'applied', dot: ['s0.0', 1], at: {}, conflicts: 0 }] })
  expect(metrics().back).toBe(0)
  heard(asking(), { verdicts: [{ is: 'applied', dot: ['s299.0', 1], at: {}, conflicts: 0 }] })
  expect(metrics().back).toBe(1)
})
