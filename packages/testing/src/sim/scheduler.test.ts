import { expect, test } from 'vitest'
import { quiet } from '../manual-clock.ts'
import { seededRandom } from '../random.ts'
import { chooseTurns, turn } from './scheduler.ts'

/** Four that each take three turns, and in each set off two things more. */
async function order(seed: number): Promise<string> {
  const order: string[] = []
  const restore = chooseTurns(seededRandom(seed))
  const work = async (name: string) => {
    for (let i = 1; i <= 3; i++) {
      await turn()
      order.push(`${name}${i}`)
      setImmediate(() => order.push(`${name}${i}x`))
      setImmediate(() => order.push(`${name}${i}y`))
    }
  }
  for (const name of ['a', 'b', 'c', 'd']) setImmediate(() => void work(name))
  await quiet()
  restore()
  return order.join(' ')
}

test('the seed says what is next of all that is ready, and everything has its turn', async () => {
  const first = await order(1)
  expect(first.split(' ')).toHaveLength(36)
  expect(await order(1)).toBe(first)
  expect(await order(2)).not.toBe(first)
})

test('what one thing sets off stays in its order', async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const found = (await order(seed)).split(' ')
    for (const what of found.filter((one) => one.endsWith('x'))) {
      expect(found.indexOf(what.replace('x', ''))).toBeLessThan(found.indexOf(what))
      expect(found.indexOf(what)).toBeLessThan(found.indexOf(what.replace('x', 'y')))
    }
  }
})

test('afterwards turns come as ever', () => {
  const before = setImmediate
  const restore = chooseTurns(seededRandom(1))
  expect(setImmediate).not.toBe(before)
  restore()
  expect(setImmediate).toBe(before)
})
