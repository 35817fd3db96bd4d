import type { Page } from 'playwright'
import type { Facts } from './contenders.ts'
import type { Lab } from './lab.ts'
import { shownOf, WATCHED } from './todo.ts'

/** How much there is. */
export interface Size {
  readonly records: number
  /** Of other people, on the server. */
  readonly spaces?: number
}

/** Two devices of one user that have all records, each at an origin of its own, listening to the watched list. */
export interface TwoDevices {
  readonly a: Page
  readonly b: Page
  /** The i-th time that A updates a record which B's live query shows; gives the milliseconds until it has it. */
  tell(i: number): Promise<number>
}

export async function connectTwo(lab: Lab, contender: Facts, { records, spaces = 0 }: Size): Promise<TwoDevices> {
  const server = await lab.server(contender, records, { spaces })
  const context = await lab.browser()
  const shown = shownOf(records)
  const open = async (device: string) => {
    const page = await lab.page(context, server, { device, records })
    await page.evaluate(async (watched) => {
      const { ready } = await bench.open()
      await ready?.()
      await bench.listen(watched)
    }, WATCHED)
    return page
  }
  const tell = async (from: Page, to: Page, change: { readonly id: string; readonly title: string }) => {
    const began = await from.evaluate(({ id, title }) => {
      const began = bench.now()
      void bench.store.update(id, title)
      return began
    }, change)
    return (await to.evaluate((title) => bench.heard(title), change.title)) - began
  }
  const a = await open('a')
  const b = await open('b')
  // Both are connected when each has heard of the other.
  await tell(a, b, { id: shown[0] as string, title: 'hello from a' })
  await tell(b, a, { id: shown[0] as string, title: 'hello from b' })
  return { a, b, tell: (i) => tell(a, b, { id: shown[i % shown.length] as string, title: `told ${i}` }) }
}
