import { heapOf } from '../heap.ts'
import { atMost, type Row } from '../row.ts'

export const heap: Row = {
  key: 'f',
  title: 'heap after the first result, everything resident',
  unit: 'MB',
  better: 'less',
  targets: [atMost('heap', 30)],
  runs: 3,
  async run(lab, contender) {
    const { server, context } = await lab.filled(contender)
    const empty = await heapOf(await lab.page(context, server))
    const page = await lab.page(context, server, { first: true })
    await page.waitForFunction(() => bench.first)
    return { heap: (await heapOf(page)) - empty }
  },
}
