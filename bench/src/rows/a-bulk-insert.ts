import { networkOf } from '../network.ts'
import { atLeast, type Row } from '../row.ts'

/** Records of one transaction. */
const CHUNK = 1_000

export const bulkInsert: Row = {
  key: 'a',
  title: 'bulk insert by local transactions of 1,000, durable, queued for sync',
  unit: 'rec/s',
  better: 'more',
  targets: [atLeast('relaxed', 100_000)],
  runs: 3,
  async run(lab, contender) {
    const server = await lab.server(contender, 0)
    const page = await lab.page(await lab.browser(), server)
    // Offline, so that what is measured is the queue, and no upload beside it.
    const network = await networkOf(page)
    await network(false)
    const relaxed = await page.evaluate(
      async ({ records, chunk }) => {
        const { insert } = await bench.open()
        const all = bench.todos(0, records)
        const began = performance.now()
        for (let i = 0; i < records; i += chunk) await insert(all.slice(i, i + chunk))
        return (1_000 * records) / (performance.now() - began)
      },
      { records: lab.records, chunk: CHUNK },
    )
    return { relaxed }
  },
}
