import { expect, test } from 'vitest'
import { quiet } from './manual-clock.ts'
import { seededRandom } from './random.ts'
import { inChosenOrder, ready, turn } from './scheduler.ts'

/** Four that each take three turns, and in each set off two things more, as fake-indexeddb does. */
const orderOf = (seed: number): Promise<string[]> =>
  inChosenOrder(seededRandom(seed), async () => {
    const order: string[] = []
    const work = async (name: string) => {
      for (let i = 1; i <= 3; i++) {
        await turn()
        order.push(`${name}${i}`)
        setImmediate(() => order.push(`${name}${i}x`))
        setImmediate(() => order.push(`${name}${i}y`))
      }
    }
    for (const name of ['a', 'b', 'c', 'd']) ready(() => void work(name))
    await quiet()
    return order
  })

test('the seed says what is next of all that is ready, and everything has its turn', async () => {
  const first = await orderOf(1)
  expect(first).toHaveLength(36)
  expect(await orderOf(1)).toEqual(first)
  expect(await orderOf(2)).not.toEqual(first)
})

test('what fake-indexeddb sets off in one go stays in its order', async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const found = await orderOf(seed)
    for (const what of found.filter((one) => one.endsWith('x'))) {
      expect(found.indexOf(what.replace('x', ''))).toBeLessThan(found.indexOf(what))
      expect(found.indexOf(what)).toBeLessThan(found.indexOf(what.replace('x', 'y')))
    }
  }
})

test('afterwards turns come as ever, also when it failed', async () => {
  const before = setImmediate
  await expect(
    inChosenOrder(seededRandom(1), async () => {
      expect(setImmediate).not.toBe(before)
      throw new Error('failed')
    }),
  ).rejects.toThrow('failed')
  expect(setImmediate).toBe(before)
  await turn()
})
