import { type Browser, type BrowserContext, chromium } from 'playwright'
import { requireChromium } from '../../../scripts/browser-path.mjs'

/** A real Chromium: a browser of its own, or, given a profile folder, a context whose storage survives a restart. */
export function launchChromium(options?: { userDataDir?: undefined }): Promise<Browser>
export function launchChromium(options: { userDataDir: string }): Promise<BrowserContext>
export function launchChromium(options: { userDataDir?: string | undefined } = {}): Promise<Browser | BrowserContext> {
  const { path, args, env } = requireChromium()
  const launch = { executablePath: path, args, env }
  return options.userDataDir === undefined ? chromium.launch(launch) : chromium.launchPersistentContext(options.userDataDir, launch)
}
