import { expect, test } from 'vitest'
import { computedRecipe } from './computed.ts'
import { createHub, type Hub, type Recipe } from './live.ts'

function createWorld() {
  const errors: unknown[] = []
  const hub: Hub = createHub((error) => errors.push(error))
  const log: string[] = []
  const cell = <T>(key: string, initial: T) => {
    const state = { value: initial, running: 0, runs: 0 }
    const recipe: Recipe<T> = {
      key,
      once: () => state.value,
      start() {
        state.running++
        state.runs++
        return { value: () => state.value, stop: () => void state.running-- }
      },
    }
    return { state, recipe, live: hub.live(recipe) }
  }
  return { hub, errors, log, cell }
}

test('a listener hears the value at once, and then once for each change', () => {
  const { hub, cell } = createWorld()
  const { state, live } = cell('a', 1)
  const heard: number[] = []
  const stop = live.subscribe((value) => heard.push(value))
  expect(heard).toEqual([1])
  hub.notify()
  state.value = 2
  state.value = 3
  expect(live.read()).toBe(3)
  hub.notify()
  hub.notify()
  expect(heard).toEqual([1, 3])
  stop()
  stop()
  state.value = 4
  hub.notify()
  expect(heard).toEqual([1, 3])
})

test('listeners of one key share one running value, which ends with the last of them', () => {
  const { hub, cell } = createWorld()
  const { state, recipe } = cell('a', 1)
  const stops = [hub.live(recipe).subscribe(() => {}), hub.live(recipe).subscribe(() => {}), hub.hold(recipe).stop]
  expect(state).toMatchObject({ running: 1, runs: 1 })
  stops.shift()!()
  stops.shift()!()
  expect(state.running).toBe(1)
  stops.shift()!()
  expect(state.running).toBe(0)
  expect(hub.peek(recipe)).toBe(undefined)
})

test('writes made in a listener are queued, not nested', () => {
  const { hub, log, cell } = createWorld()
  const a = cell('a', 0)
  const b = cell('b', 0)
  a.live.subscribe((value) => {
    log.push(`a${value} begins`)
    if (value > 0 && value < 3) {
      a.state.value++
      b.state.value++
      hub.notify()
    }
    log.push(`a${value} ends`)
  })
  b.live.subscribe((value) => log.push(`b${value}`))
  log.length = 0
  a.state.value = b.state.value = 1
  hub.notify()
  expect(log).toEqual(['a1 begins', 'a1 ends', 'b1', 'a2 begins', 'a2 ends', 'b2', 'a3 begins', 'a3 ends', 'b3'])
})

test('a listener that throws is reported and stops no other', () => {
  const { hub, errors, cell } = createWorld()
  const { state, live } = cell('a', 1)
  const heard: number[] = []
  live.subscribe((value) => {
    throw new Error(`no ${value}`)
  })
  live.subscribe((value) => heard.push(value))
  state.value = 2
  hub.notify()
  expect(heard).toEqual([1, 2])
  expect(errors.map(String)).toEqual(['Error: no 1', 'Error: no 2'])
  state.value = 3
  hub.notify()
  expect(heard).toEqual([1, 2, 3])
})

test('a listener that another one stopped is not called; a new one is called once', () => {
  const { hub, cell } = createWorld()
  const { state, live } = cell('a', 1)
  const heard: string[] = []
  let stopSecond = () => {}
  live.subscribe((value) => {
    if (value !== 2) return
    stopSecond()
    live.subscribe((late) => heard.push(`late ${late}`))
  })
  stopSecond = live.subscribe((value) => heard.push(`second ${value}`))
  state.value = 2
  hub.notify()
  hub.notify()
  expect(heard).toEqual(['second 1', 'late 2'])
})

test('a computed value depends on what its last run read', () => {
  const { hub, cell } = createWorld()
  const which = cell<'a' | 'b'>('which', 'a')
  const a = cell('a', 1)
  const b = cell('b', 10)
  let runs = 0
  const live = hub.live(
    computedRecipe(hub, 'computed', (pull) => {
      runs++
      return pull(which.recipe).read() === 'a' ? pull(a.recipe).read() : pull(b.recipe).read()
    }),
  )
  expect(live.read()).toBe(1)
  expect([which, a, b].map(({ state }) => state.running)).toEqual([0, 0, 0])
  const heard: number[] = []
  const stop = live.subscribe((value) => heard.push(value))
  runs = 0
  b.state.value = 11
  hub.notify()
  expect(runs).toBe(0)
  a.state.value = 2
  hub.notify()
  expect(runs).toBe(1)
  which.state.value = 'b'
  hub.notify()
  expect([which, a, b].map(({ state }) => state.running)).toEqual([1, 0, 1])
  a.state.value = 3
  hub.notify()
  expect(runs).toBe(2)
  b.state.value = 12
  hub.notify()
  expect(heard).toEqual([1, 2, 11, 12])
  expect(which.state.runs).toBe(1)
  stop()
  expect([which, a, b].map(({ state }) => state.running)).toEqual([0, 0, 0])
})

test('a computation that throws is reported, and runs again at the next change', () => {
  const { hub, errors, cell } = createWorld()
  const a = cell('a', 1)
  const recipe = computedRecipe(hub, 'computed', (pull) => {
    const value = pull(a.recipe).read()
    if (value === 2) throw new Error('two')
    return value
  })
  const heard: number[] = []
  const stop = hub.live(recipe).subscribe((value) => heard.push(value))
  for (const value of [2, 2, 3]) {
    a.state.value = value
    hub.notify()
  }
  expect(heard).toEqual([1, 3])
  expect(errors.map(String)).toEqual(['Error: two'])
  stop()
  a.state.value = 2
  expect(() => hub.live(recipe).read()).toThrow('two')
  expect(() => hub.live(recipe).subscribe(() => {})).toThrow('two')
  expect(a.state.running).toBe(0)
})
