import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between, isRankKey, placed, spread, tagOf } from './rank-key.ts'

const [ann, bob] = [tagOf('annSession'), tagOf('bobSession')]

describe('between', () => {
  test('golden: by hand', () => {
    expect(between(undefined, undefined, 'annS')).toBe('VannSV-0')
    // Its own run goes on, at either end.
    expect(between('VannSV-0', undefined, 'annS')).toBe('VannSV-1')
    expect(between(undefined, 'VannSV-0', 'annS')).toBe('VannSUzz')
    // Another person begins one of his own, after it or before it.
    expect(between('VannSV-0', undefined, 'bobS')).toBe('kbobSV-0')
    expect(between(undefined, 'VannSV-0', 'bobS')).toBe('FbobSV-0')
    // Neighbouring digits leave room below a prefix only.
    expect(between('A', 'B', 'annS')).toBe('AVannSV-0')
    expect(between('A', 'AVannSV-0', 'annS')).toBe('AVannSUzz')
  })

  test('is between, and a key that leaves room on both sides, wherever it is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.constantFrom(ann, bob)), { minLength: 1, maxLength: 60 }), (steps) => {
        const keys: string[] = []
        for (const [where, tag] of steps) {
          const at = where % (keys.length + 1)
          const key = between(keys[at - 1], keys[at], tag)
          expect(isRankKey(key)).toBe(true)
          if (at > 0) expect((keys[at - 1] as string) < key).toBe(true)
          if (at < keys.length) expect(key < (keys[at] as string)).toBe(true)
          keys.splice(at, 0, key)
        }
      }),
    )
  })

  test.each(['after the last', 'before the first', 'always right behind one', 'always right before one'])(
    'a run of 10,000 stays short: %s',
    (how) => {
      const fixed = between(undefined, undefined, bob)
      let last = fixed
      let longest = 0
      for (let i = 0; i < 10_000; i++) {
        if (how === 'after the last') last = between(last, undefined, ann)
        else if (how === 'before the first') last = between(undefined, last, ann)
        else if (how === 'always right behind one') last = between(fixed, last === fixed ? undefined : last, ann)
        else last = between(last === fixed ? undefined : last, fixed, ann)
        longest = Math.max(longest, last.length)
      }
      expect(longest).toBeLessThanOrEqual(16)
    },
  )

  test('runs that two people begin at one place, without knowing of each other, do not interleave', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 2, maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 2, maxLength: 12 }),
        (hers, his) => {
          const run = (tag: string, forward: readonly boolean[]) => {
            const keys = [between('K', 'a', tag)]
            for (const isAfter of forward) {
              if (isAfter) keys.push(between(keys.at(-1), 'a', tag))
              else keys.unshift(between('K', keys[0], tag))
            }
            return keys.map((key) => ({ key, tag }))
          }
          const all = [...run(ann, hers), ...run(bob, his)].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ tag }) => tag)
          expect(all.filter((tag, i) => tag !== all[i - 1])).toHaveLength(2)
        },
      ),
    )
  })
})

test('spread: as many as asked for, in order, between the two, and short', () => {
  const keys = spread('K', 'L', 5_000)
  expect(keys).toHaveLength(5_000)
  expect(keys.every((key, i) => isRankKey(key) && key > (keys[i - 1] ?? 'K') && key < 'L')).toBe(true)
  expect(Math.max(...keys.map((key) => key.length))).toBeLessThanOrEqual(5)
  expect(spread(undefined, undefined, 1)).toEqual(['V'])
})

describe('placed', () => {
  const place = ['M', 'a', 'b'] as const

  test('golden: where its author saw a place, as long as that is one', () => {
    expect(placed(place, { after: 'K', before: 'P' }, 'annS')).toBe('M')
    expect(placed(place, { after: undefined, before: undefined }, 'annS')).toBe('M')
  })

  test('golden: both have moved on together, so it goes with them', () => {
    expect(placed(place, { after: 'R', before: 'V' }, 'annS')).toBe('TannSV-0')
    expect(placed(place, { after: 'C', before: 'G' }, 'annS')).toBe('EannSV-0')
  })

  test('golden: one of them has gone elsewhere: it follows the one that it was put behind', () => {
    expect(placed(place, { after: 'X', before: 'C' }, 'annS')).toBe('XannSV-0')
    expect(placed(place, { after: 'R', before: undefined }, 'annS')).toBe('RannSV-0')
    expect(placed(place, { after: undefined, before: 'C' }, 'annS') < 'C').toBe(true)
  })
})

test('a key is digits, of which the last is not the least; no longer than a limit', () => {
  for (const key of ['U', '-1', 'AVannSV-0', 'z'.repeat(4_096)]) expect(isRankKey(key), key).toBe(true)
  for (const key of ['', '-', 'A-', 'é', 'a b', 7, null, undefined, 'z'.repeat(4_097)]) expect(isRankKey(key), String(key)).toBe(false)
  expect(tagOf('~!.')).toBe('xxxx')
})
