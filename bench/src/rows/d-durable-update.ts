import { type Row, times } from '../row.ts'

export const durableUpdate: Row = {
  key: 'd',
  title: 'one-field update until durable',
  unit: 'ms',
  better: 'less',
  targets: [
    { measure: 'relaxed', bound: times(1.2, 'd', 'raw-log', 'relaxed'), says: '≤ 1.2 × the log' },
    { measure: 'strict', bound: times(1.2, 'd', 'raw-log', 'strict'), says: '≤ 1.2 × the log' },
  ],
  runs: 3,
  async run(lab, contender) {
    const sample: Record<string, number> = {}
    for (const durability of ['relaxed', 'strict'] as const) {
      if (durability === 'strict' && contender.cannot['d strict']) continue
      const { server, context } = await lab.filled(contender)
      const page = await lab.page(context, server)
      sample[durability] = await page.evaluate(
        async ({ durability, updates, records }) => {
          const { update, query } = (await bench.open({ durability })) as typeof bench.store
          await query?.('list_3')
          const took: number[] = []
          for (let i = 0; i < updates; i++) {
            const { id } = bench.todo((i * 37) % records)
            const began = performance.now()
            await update(id, `changed ${i}`)
            took.push(performance.now() - began)
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
          return took.sort((a, b) => a - b)[took.length >> 1] as number
        },
        { durability, updates: lab.quick ? 50 : 200, records: lab.records },
      )
      await lab.tidy()
    }
    return sample
  },
}
