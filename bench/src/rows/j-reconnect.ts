import type { Page } from 'playwright'
import { networkOf } from '../network.ts'
import { atMost, type Row } from '../row.ts'
import { connectTwo } from '../two-devices.ts'

const RECORDS = 1_000

export const reconnect: Row = {
  key: 'j',
  title: '1,000 offline updates of distinct records, reconnect → B has all',
  unit: 'ms',
  better: 'less',
  targets: [atMost('all', 100)],
  runs: 5,
  async run(lab, contender) {
    const { a, b } = await connectTwo(lab, contender, { records: RECORDS })
    const connect = await connectionOf(a)
    await connect(false)
    await a.evaluate(async (records) => {
      for (let i = 0; i < records; i++) await bench.store.update(bench.todo(i).id, `offline ${i}`)
    }, RECORDS)
    // Looks again and again, since not all of them are in the one query that is watched.
    const has = b.evaluate(async (records) => {
      let i = 0
      for (;;) {
        while (i < records && (await bench.store.get(bench.todo(i).id))?.title === `offline ${i}`) i++
        if (i === records) return bench.now()
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }, RECORDS)
    await a.waitForTimeout(500)
    const began = await connect(true)
    return { all: (await has) - began }
  },
}

/** Ends the connection of a page and gives it back, in its own way if it has one; says when, in milliseconds since 1970. */
async function connectionOf(page: Page): Promise<(on: boolean) => Promise<number>> {
  const network = await networkOf(page)
  return async (on) => {
    const { at, own } = await page.evaluate(async (on) => {
      const { disconnect, reconnect } = bench.store
      const at = bench.now()
      const change = on ? reconnect : disconnect
      await change?.()
      return { at, own: change !== undefined }
    }, on)
    if (!own) await network(on)
    return at
  }
}
