import type { Page } from 'playwright'

/** Takes the network from a page, and gives it back. Not from its browser: the other device of a row is there, too. */
export async function networkOf(page: Page): Promise<(on: boolean) => Promise<void>> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  return async (on) => {
    await cdp.send('Network.emulateNetworkConditions', { offline: !on, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  }
}
