import type { Page } from 'playwright'
import type { First } from '../contender.ts'
import { atMost, type Row } from '../row.ts'

export const firstResult: Row = {
  key: 'b',
  title: 'page load → first result of a list’s open records, newest 50',
  unit: 'ms',
  better: 'less',
  targets: [atMost('new browser', 100), atMost('reload', 50)],
  runs: 5,
  async run(lab, contender) {
    const page = await lab.filledPage(contender, { first: true })
    const fresh = await first(page)
    // As a person would: not while the first load is still tidying up.
    await page.waitForTimeout(1_000)
    await page.reload()
    const again = await first(page)
    return { 'new browser': fresh, reload: again }
  },
}

async function first(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => bench.first)
  const { ms, rows } = (await found.jsonValue()) as First
  if (rows === 0) throw new Error('The first query found nothing.')
  return ms
}
