import { expect, test } from 'vitest'
import { memoryStorage } from '../storage/memory-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { applied, insert, refused, testServer } from '../test-server.kit.ts'
import { tx, voided } from '../wire-client.kit.ts'

/** A storage that counts how often a verdict is looked up. */
function counted(): Storage & { answers: number } {
  const inner = memoryStorage()
  const storage = {
    ...inner,
    answers: 0,
    write: (async (job) =>
      await inner.write(function* () {
        const asking = job()
        let step = asking.next()
        while (!step.done) {
          if (step.value[0] === 'answer') storage.answers++
          step = asking.next(yield step.value)
        }
        return step.value
      })) as Storage['write'],
  }
  return storage
}

test('of voids over what was decided so many are answered that others need not wait, and the rest when it is sent again', async () => {
  const storage = counted()
  const ann = testServer({ storage }).client('ann')
  const HELD = 6_000
  // Each refused with a verdict of its own.
  for (let n = 1; n <= HELD; n += 500)
    await ann.sync({ pull: false, known: { A: 0 }, tx: Array.from({ length: 500 }, (_, i) => tx('A', n + i, [insert('foreign', 't')])) })
  storage.answers = 0
  const rest = [voided('A', HELD + 1, 'lost', HELD + 10), tx('A', HELD + 11, [insert('home:ann', 't')])]
  const ask = (from: number) => ann.sync({ known: { A: 0 }, tx: [voided('A', from, 'lost', HELD), ...rest] })
  const first = await ask(1)
  expect(first.verdicts.map((one) => one.dot)).toEqual(Array.from({ length: 5_000 }, (_, i) => ['A', i + 1]))
  expect(storage.answers).toBeLessThan(15_001)
  // What was not answered was not done either, and what it has decided beyond that is told as ever.
  expect(first.decided).toEqual(new Map([['A', HELD]]))
  const second = await ask(5_001)
  expect(second.verdicts).toHaveLength(1_002)
  expect(second.verdicts[0]).toMatchObject(refused('A', 5_001, 'forbidden'))
  expect(second.verdicts.slice(-2)).toMatchObject([refused('A', HELD + 1, 'lost', HELD + 10), applied('A', HELD + 11, { 'home:ann': 1 })])
})

test('voids of numbers that are new are recorded in as many parts as they take', async () => {
  const ann = testServer().client('ann')
  const ask = (from: number) => ann.sync({ tx: [voided('A', from, 'lost', 7_000), tx('A', 7_001, [insert('home:ann', 't')])] })
  expect((await ask(1)).verdicts).toMatchObject([refused('A', 1, 'lost', 5_000)])
  expect((await ask(5_001)).verdicts).toMatchObject([refused('A', 5_001, 'lost', 7_000), applied('A', 7_001, { 'home:ann': 1 })])
})
