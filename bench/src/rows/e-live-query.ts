import { atMost, type Row } from '../row.ts'
import { median } from '../spread.ts'
import { shownOf, WATCHED } from '../todo.ts'

export const liveQuery: Row = {
  key: 'e',
  title: 'update → live query callback has it (before durability)',
  unit: 'ms',
  better: 'less',
  targets: [atMost('median', 0.1)],
  runs: 3,
  async run(lab, contender) {
    const page = await lab.filledPage(contender)
    const took = await page.evaluate(
      async ({ shown, updates, watched }) => {
        const { update, watch } = await bench.open()
        let wanted = ''
        let told = (_: number) => {}
        await watch(watched, (rows) => {
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
        return took
      },
      { shown: shownOf(lab.records), updates: lab.quick ? 50 : 200, watched: WATCHED },
    )
    return { median: median(took) }
  },
}
