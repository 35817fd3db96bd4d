import { networkOf } from '../network.ts'
import { type Row, times } from '../row.ts'
import { median } from '../spread.ts'
import { WATCHED } from '../todo.ts'

/** Offline as in row a, so that no upload of the update before is measured with it; and what it takes beside one. */
const MODES = [
  { measure: 'relaxed', durability: 'relaxed', online: false },
  { measure: 'strict', durability: 'strict', online: false },
  { measure: 'relaxed, online', durability: 'relaxed', online: true },
] as const

export const durableUpdate: Row = {
  key: 'd',
  title: 'one-field update until durable',
  unit: 'ms',
  better: 'less',
  targets: [times('relaxed', 1.2, 'raw-log', '≤ 1.2 × the log'), times('strict', 1.2, 'raw-log', '≤ 1.2 × the log')],
  runs: 3,
  async run(lab, contender) {
    const sample: Record<string, number> = {}
    for (const { measure, durability, online } of MODES) {
      if ((durability === 'strict' && contender.cannot['d strict']) || (online && !contender.server)) continue
      const page = await lab.filledPage(contender)
      await page.evaluate(
        async ({ durability, watched }) => {
          const { query } = await bench.open({ durability })
          // A log cannot be asked.
          await query?.(watched)
        },
        { durability, watched: WATCHED },
      )
      const network = await networkOf(page)
      await network(online)
      const took = await page.evaluate(
        async ({ updates, records }) => {
          const took: number[] = []
          for (let i = 0; i < updates; i++) {
            const { id } = bench.todo((i * 37) % records)
            const began = performance.now()
            await bench.store.update(id, `changed ${i}`)
            took.push(performance.now() - began)
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
          return took
        },
        { updates: lab.quick ? 50 : 200, records: lab.records },
      )
      sample[measure] = median(took)
      await lab.tidy()
    }
    return sample
  },
}
