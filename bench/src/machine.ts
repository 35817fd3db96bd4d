import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { requireChromium } from '../../scripts/browser-path.mjs'

/** What one has to know of the machine to compare two runs. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly os: string
  readonly node: string
  readonly chromium: string
  /** Processes that wanted a core, by the minute, before the run: well above 0 means that others were at work, and that the numbers are worth little. */
  readonly loadBefore: number
}

export function machine(): Machine {
  const [first] = cpus()
  const { path, env } = requireChromium()
  return {
    cpu: first?.model ?? '?',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${release()}`,
    node: process.version,
    chromium: execFileSync(path, ['--version', '--no-sandbox'], { env, encoding: 'utf8' }).trim(),
    loadBefore: loadavg()[0] ?? 0,
  }
}
