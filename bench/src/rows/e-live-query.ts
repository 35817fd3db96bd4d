import { fixed, type Row } from '../row.ts'
import { expected, listOf, todos } from '../todo.ts'

export const liveQuery: Row = {
  key: 'e',
  title: 'update → live query callback has it (before durability)',
  unit: 'ms',
  better: 'less',
  targets: [{ measure: 'median', bound: fixed(0.1), says: '≤ 0.1' }],
  runs: 3,
  async run(lab, contender) {
    const { server, context } = await lab.filled(contender)
    const page = await lab.page(context, server)
    const shown = expected(todos(0, lab.records), listOf(3)).map(({ id }) => id)
    const median = await page.evaluate(
      async ({ shown, updates }) => {
        const { update, watch } = (await bench.open()) as typeof bench.store
        let wanted = ''
        let told = (_: number) => {}
        await watch('list_3', (rows) => {
          if (rows.some(({ title }) => title === wanted)) told(performance.now())
        })
        const took: number[] = []
        for (let i = 0; i < updates; i++) {
          wanted = `changed ${i}`
          const heard = new Promise<number>((resolve) => {
            told = resolve
          })
          const began = performance.now()
          const durable = update(shown[i % shown.length] as string, wanted)
          took.push((await heard) - began)
          await durable
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        return took.sort((a, b) => a - b)[took.length >> 1] as number
      },
      { shown, updates: lab.quick ? 50 : 200 },
    )
    return { median }
  },
}
