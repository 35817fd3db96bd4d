import { fixed, type Row } from '../row.ts'

/** Records of one transaction. */
const CHUNK = 1_000

export const bulkInsert: Row = {
  key: 'a',
  title: 'bulk insert by local transactions of 1,000, durable, queued for sync',
  unit: 'rec/s',
  better: 'more',
  targets: [{ measure: 'relaxed', bound: fixed(100_000), says: '≥ 100,000' }],
  runs: 3,
  async run(lab, contender) {
    const server = await lab.server(contender, 0)
    const page = await lab.page(await lab.browser(), server)
    // Offline, so that what is measured is the queue, and no upload beside it.
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
    const relaxed = await page.evaluate(
      async ({ records, chunk }) => {
        const { insert } = (await bench.open()) as typeof bench.store
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
