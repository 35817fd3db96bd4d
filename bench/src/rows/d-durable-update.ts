import { type Row, times } from '../row.ts'
import { median } from '../spread.ts'
import { WATCHED } from '../todo.ts'

export const durableUpdate: Row = {
  key: 'd',
  title: 'one-field update until durable',
  unit: 'ms',
  better: 'less',
  targets: [times('relaxed', 1.2, 'raw-log', '≤ 1.2 × the log'), times('strict', 1.2, 'raw-log', '≤ 1.2 × the log')],
  runs: 3,
  async run(lab, contender) {
    const sample: Record<string, number> = {}
    for (const durability of ['relaxed', 'strict'] as const) {
      if (durability === 'strict' && contender.cannot['d strict']) continue
      const page = await lab.filledPage(contender)
      const took = await page.evaluate(
        async ({ durability, updates, records, watched }) => {
          const { update, query } = await bench.open({ durability })
          // A log cannot be asked.
          await query?.(watched)
          const took: number[] = []
          for (let i = 0; i < updates; i++) {
            const { id } = bench.todo((i * 37) % records)
            const began = performance.now()
            await update(id, `changed ${i}`)
            took.push(performance.now() - began)
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
          return took
        },
        { durability, updates: lab.quick ? 50 : 200, records: lab.records, watched: WATCHED },
      )
      sample[durability] = median(took)
      await lab.tidy()
    }
    return sample
  },
}
