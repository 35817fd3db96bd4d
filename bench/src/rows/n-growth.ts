import type { Row } from '../row.ts'
import { firstResult } from './b-first-result.ts'
import { warmQuery } from './c-warm-query.ts'
import { liveQuery } from './e-live-query.ts'
import { liveUpdateAt } from './i-live-update.ts'
import { bytesAt } from './l-bytes.ts'

/** Records in the space: each ten times the one before. */
const SIZES = { quick: [200, 2_000], full: [1_000, 10_000, 100_000, 1_000_000] } as const

export const growth: Row = {
  key: 'n',
  title: 'rows b, c, e, i and l as the space grows',
  unit: 'ms, B',
  better: 'less',
  targets: [],
  runs: 1,
  patience: 10,
  async run(lab, contender) {
    const sample: Record<string, number> = {}
    const usual = lab.records
    for (const size of lab.quick ? SIZES.quick : SIZES.full) {
      lab.records = size
      try {
        const at = (name: string) => `${name} at ${size.toLocaleString('en')}`
        const { reload = Number.NaN } = await firstResult.run(lab, contender)
        sample[at('b reload')] = reload
        await lab.tidy()
        for (const row of [warmQuery, liveQuery]) {
          sample[at(row.key)] = (await row.run(lab, contender)).median ?? Number.NaN
          await lab.tidy()
        }
        sample[at('i')] = (await liveUpdateAt(lab, contender, size)).median
        await lab.tidy()
        const { up, down } = await bytesAt(lab, contender, size)
        sample[at('l up')] = up
        sample[at('l down')] = down
      } catch (error) {
        // How far it comes is part of the law.
        process.stderr.write(`  ${size}: ${(error as Error).message.split('\n')[0]}\n`)
        break
      } finally {
        lab.records = usual
        await lab.tidy()
      }
    }
    return sample
  },
}
