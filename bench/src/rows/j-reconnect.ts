import type { Page } from 'playwright'
import { fixed, type Row } from '../row.ts'
import { connectTwo } from '../two-devices.ts'

const RECORDS = 1_000

export const reconnect: Row = {
  key: 'j',
  title: '1,000 offline updates of distinct records, reconnect → B has all',
  unit: 'ms',
  better: 'less',
  targets: [{ measure: 'all', bound: fixed(100), says: '≤ 100' }],
  runs: 5,
  async run(lab, contender) {
    const { a, b } = await connectTwo(lab, contender, RECORDS)
    const network = await networkOf(a)
    await network(false)
    await a.evaluate(async (records) => {
      for (let i = 0; i < records; i++) await bench.store.update(bench.todo(i).id, `offline ${i}`)
    }, RECORDS)
    const has = b.evaluate(async (records) => {
      let i = 0
      for (;;) {
        while (i < records && (await bench.store.get(bench.todo(i).id))?.title === `offline ${i}`) i++
        if (i === records) return bench.now()
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }, RECORDS)
    await a.waitForTimeout(500)
    const began = await network(true)
    return { all: (await has) - began }
  },
}

/** Takes the network from a page and gives it back; says when, in milliseconds since 1970. */
async function networkOf(page: Page): Promise<(on: boolean) => Promise<number>> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  return async (on) => {
    const own = await page.evaluate(async (on) => {
      const { disconnect, reconnect } = bench.store
      if (!disconnect) return undefined
      const at = bench.now()
      await (on ? reconnect() : disconnect())
      return at
    }, on)
    if (own !== undefined) return own
    const at = await page.evaluate(() => bench.now())
    await cdp.send('Network.emulateNetworkConditions', { offline: !on, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
    return at
  }
}
