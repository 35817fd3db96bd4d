import type { Page } from 'playwright'
import type { Facts } from './contenders.ts'
import type { Lab } from './lab.ts'

/** Two devices of one user that have all records, each at an origin of its own, with B listening to a list. */
export async function connectTwo(lab: Lab, contender: Facts, records: number): Promise<{ a: Page; b: Page }> {
  const server = await lab.server(contender, records)
  const context = await lab.browser()
  const pages: Page[] = []
  for (const device of ['a', 'b']) {
    const page = await lab.page(context, server, { device, records })
    await page.evaluate(async () => {
      await bench.open()
      await bench.store.ready?.()
      await bench.listen('list_3')
    })
    pages.push(page)
  }
  const [a, b] = pages as [Page, Page]
  // Until streams are open on both sides.
  await b.waitForTimeout(1_500)
  return { a, b }
}
