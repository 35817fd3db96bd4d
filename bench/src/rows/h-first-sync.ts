import { type Row, times } from '../row.ts'
import { WATCHED } from '../todo.ts'

export const firstSync: Row = {
  key: 'h',
  title: 'first sync to a fresh client, until it can be asked for and is stored',
  unit: 'rec/s',
  better: 'more',
  targets: [times('all', 0.65, 'raw-packed', '≥ 0.65 × the limit')],
  runs: 3,
  async run(lab, contender) {
    const server = await lab.server(contender, lab.records)
    const page = await lab.page(await lab.browser(), server)
    const took = await page.evaluate(
      async ({ records, watched }) => {
        const began = performance.now()
        const { ready, query } = await bench.open()
        await ready()
        const rows = await query(watched)
        const took = performance.now() - began
        if (rows.length < Math.min(50, records / 400)) throw new Error(`Only ${rows.length} records of the list are here.`)
        return took
      },
      { records: lab.records, watched: WATCHED },
    )
    return { all: (1_000 * lab.records) / took }
  },
}
