import { describe, expect, test } from 'vitest'
import { type Clock, sees } from './clock.ts'
import { compareDots, type Dot } from './dot.ts'
import { compareHeads, type Head, winner } from './heads.ts'
import { hlcOf, msOf, tick } from './hlc.ts'

// Expected values are written by hand, from DESIGN 5.1 and 5.2: another implementation has to give the same.

const head = (session: string, n: number, at: number, seq = 1): Head => ({ by: [session, n], at, seq })

describe('which of two concurrent changes wins', () => {
  test.each([
    ['the later one, whatever their dots', head('Z', 9, 100), head('A', 1, 101)],
    ['the later one, whatever their seqs', head('A', 1, 100, 9), head('B', 1, 101, 2)],
    ['of the same time: the greater session', head('A', 9, 100), head('B', 1, 100)],
    ['of the same time and session: the greater number, as a number', head('A', 9, 100), head('A', 10, 100)],
    ['of the same time: the longer session, if the other begins it', head('A', 2, 100), head('AA', 1, 100)],
    ['upper case is before lower case', head('Z', 1, 100), head('a', 1, 100)],
    [
      'by code point: U+FF5E before U+1F600, which UTF-16 units have the other way round',
      head('\uff5e', 1, 100),
      head('\u{1f600}', 1, 100),
    ],
    ['by code point: U+E000 before U+10000', head('\ue000', 1, 100), head('\u{10000}', 1, 100)],
    ['by code point: U+D7FF before U+E000', head('\ud7ff', 1, 100), head('\ue000', 1, 100)],
    ['by code point: é (U+E9) after z', head('z', 1, 100), head('é', 1, 100)],
    ['composed and decomposed are two names: e + U+301 before U+E9', head('e\u0301', 1, 100), head('\u00e9', 1, 100)],
    ['1970 loses against the first tick after it', head('Z', 1, 0), head('A', 1, 1)],
    ['one counter step counts, also in the year 2248', head('Z', 1, 2 ** 53 - 2), head('A', 1, 2 ** 53 - 1)],
  ])('%s', (_, loser, best) => {
    expect(compareHeads(loser, best)).toBeLessThan(0)
    expect(compareHeads(best, loser)).toBeGreaterThan(0)
    expect(winner([loser, best])).toBe(best)
    expect(winner([best, loser])).toBe(best)
  })

  test('among many it is the same in any order; of none there is none', () => {
    const heads = [head('B', 2, 100), head('a', 1, 99), head('B', 10, 100), head('A', 99, 100)]
    expect(winner(heads)).toBe(heads[2])
    expect(winner(heads.toReversed())).toBe(heads[2])
    expect(winner([])).toBeUndefined()
  })

  test('a dot is the same as itself only', () => {
    const dots: Dot[] = [
      ['A', 1],
      ['A', 2],
      ['A', 10],
      ['B', 1],
      ['é', 1],
      ['\uff5e', 1],
      ['\u{1f600}', 1],
    ]
    dots.forEach((a, i) => {
      dots.forEach((b, j) => {
        expect(Math.sign(compareDots(a, b))).toBe(Math.sign(i - j))
      })
    })
  })
})

describe('the hybrid logical clock', () => {
  test.each([
    ['1970', 0, 0],
    ['a clock before 1970 is at 1970', -62_135_596_800_000, 0],
    ['a millisecond is 1024', 1, 1_024],
    ['parts of one do not count', 1.999, 1_024],
    ['19 January 2038, 03:14:07 UTC, where 32 bits end', 2_147_483_647_000, 2_199_023_254_528_000],
    ['a second later', 2_147_483_648_000, 2_199_023_255_552_000],
    ['the last millisecond, in the year 2248', 8_796_093_022_207, 9_007_199_254_739_968],
  ])('%s', (_, ms, hlc) => {
    expect(hlcOf(ms)).toBe(hlc)
    expect(msOf(hlc)).toBe(Math.max(0, Math.floor(ms)))
  })

  test('the last millisecond is of 26 September 2248, and what it counts is safe to the end', () => {
    expect(new Date(8_796_093_022_207).toISOString().slice(0, 10)).toBe('2248-09-26')
    expect(Number.isSafeInteger(9_007_199_254_739_968 + 1_023)).toBe(true)
    expect(Number.isSafeInteger(9_007_199_254_739_968 + 1_024)).toBe(false)
  })

  test.each([
    ['nothing seen: the wall clock', 0, 5, 5_120],
    ['nothing seen, in 1970: still later than nothing', 0, 0, 1],
    ['the same millisecond: the counter', 5_120, 5, 5_121],
    ['a clock that stands still: the counter goes on', 5_121, 5, 5_122],
    ['a clock that goes back: the counter goes on', 5_121, 1, 5_122],
    ['a clock of before 1970: the counter goes on', 5_121, -1, 5_122],
    ['a clock that goes on: the wall clock', 5_121, 6, 6_144],
    ['a full counter carries into the milliseconds', 6_143, 5, 6_144],
    ['and is not behind the clock then', 6_144, 6, 6_145],
    ['what is ahead by years stays ahead, by one', 2_199_023_255_552_000, 5, 2_199_023_255_552_001],
    ['up to the last safe integer', 9_007_199_254_740_990, 5, 9_007_199_254_740_991],
  ])('%s', (_, last, now, next) => {
    expect(tick(last, now)).toBe(next)
  })

  test('1024 ticks in one millisecond are one millisecond more', () => {
    let hlc = hlcOf(7)
    for (let i = 0; i < 1_024; i++) hlc = tick(hlc, 7)
    expect(hlc).toBe(8_192)
    expect(msOf(hlc)).toBe(8)
  })
})

describe('what a clock sees', () => {
  const clock: Clock = { base: { x: 5, y: 0 }, seen: { B: 3 } }
  const at = (session: string, n: number, seq: number): Head => head(session, n, 0, seq)
  const PENDING = Number.POSITIVE_INFINITY

  test.each([
    ['up to its base', at('Z', 9, 5), 'x', true],
    ['nothing beyond it', at('Z', 9, 6), 'x', false],
    ['the base of another space says nothing', at('Z', 9, 1), 'y', false],
    ['nor one that it does not name', at('Z', 9, 1), 'z', false],
    ['what is stated of a session of its device', at('B', 3, 9), 'x', true],
    ['in whatever space', at('B', 3, 9), 'z', true],
    ['and no more of it', at('B', 4, 9), 'x', false],
    ['what is not decided yet, if it is stated', at('B', 3, PENDING), 'x', true],
    ['and not, if it is not', at('C', 1, PENDING), 'x', false],
    ['what it wrote before itself', at('A', 6, 9), 'x', true],
    ['itself, where it writes twice', at('A', 7, 9), 'x', true],
    ['not what it wrote later', at('A', 8, 9), 'x', false],
    ['a session whose name begins the same is another', at('A~7', 1, 9), 'x', false],
  ])('%s', (_, change, space, seen) => {
    expect(sees(clock, ['A', 7], space, change)).toBe(seen)
  })

  test('what is stated of the own session counts in place of n - 1: a retry has not seen what came between', () => {
    const retry: Clock = { base: {}, seen: { A: 2 } }
    expect(sees(retry, ['A', 7], 'x', at('A', 2, 9))).toBe(true)
    expect(sees(retry, ['A', 7], 'x', at('A', 3, 9))).toBe(false)
    expect(sees(retry, ['A', 7], 'x', at('A', 7, 9))).toBe(true)
    expect(sees(retry, ['A~3', 1], 'x', at('A', 3, 9))).toBe(false)
  })
})
