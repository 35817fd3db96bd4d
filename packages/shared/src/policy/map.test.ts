import { expect, test } from 'vitest'
import { type Clock, sees } from '../clock/clock.ts'
import type { Head } from '../clock/heads.ts'
import { type MapState, mapPolicy } from './map.ts'
import { type Action, MAX_ENTRIES } from './policy.ts'

/** A map that changes one after the other are made to, each by whoever has seen all before it, unless `base` says up to which. */
function changing() {
  let state: MapState = mapPolicy.empty(null)
  let seq = 0
  const change = (action: Action, { at = seq + 1, base = seq }: { at?: number; base?: number } = {}) => {
    seq++
    const head: Head = { by: [`s${seq}`, 1], seq, at }
    const clock: Clock = { base: { L: base }, seen: {} }
    const merged = mapPolicy.apply(state, action, { head, base, sees: (other) => sees(clock, head.by, 'L', other) })
    if ('refused' in merged) return merged.refused
    state = merged.state
    return undefined
  }
  return {
    set: (key: string, when?: { at?: number; base?: number }) => change({ do: 'keys', values: { [key]: key } }, when),
    remove: (keys: string[], when?: { at?: number; base?: number }) => change({ do: 'unkey', keys }, when),
    keys: () => Object.keys(mapPolicy.read(state) as object),
    slots: () => [...state.slots.keys()].sort(),
  }
}

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

test('keys may come and go for ever', () => {
  const map = changing()
  for (const key of names('k', MAX_ENTRIES + 500)) {
    expect(map.set(key)).toBeUndefined()
    expect(map.remove([key])).toBeUndefined()
  }
  expect(map.keys()).toEqual([])
  expect(map.slots().length).toBeLessThanOrEqual(MAX_ENTRIES)
})

test('full of what is there it takes no more, until something is removed', () => {
  const map = changing()
  for (const key of names('k', MAX_ENTRIES)) map.set(key)
  expect(map.set('one more')).toBe('too_large')
  map.remove(['k7'])
  expect(map.set('one more')).toBeUndefined()
  expect(map.keys()).toHaveLength(MAX_ENTRIES)
})

test('the oldest removals are forgotten, by their time: a set of such a key that had not seen it comes back, another one does not', () => {
  const map = changing()
  map.remove(['late'], { at: 9_000_001 })
  map.remove(['early'], { at: 9_000_000 })
  for (const key of names('k', MAX_ENTRIES - 1)) map.remove([key], { at: 9_000_002 })
  for (const key of ['late', 'early']) map.set(key, { at: 5, base: 0 })
  expect(map.keys()).toEqual(['early'])
})

test('which are forgotten does not depend on the order in which they were removed', () => {
  const removed = names('k', MAX_ENTRIES + 100)
  const left = [removed, removed.toReversed()].map((order) => {
    const map = changing()
    for (const key of order) map.remove([key], { at: 1_000 + removed.indexOf(key), base: 0 })
    return map.slots()
  })
  expect(left[0]).toEqual(removed.slice(100).sort())
  expect(left[1]).toEqual(left[0])
})
