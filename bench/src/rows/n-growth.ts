import type { Facts } from '../contenders.ts'
import type { Lab } from '../lab.ts'
import type { Row } from '../row.ts'
import type { Size } from '../two-devices.ts'
import { firstResult } from './b-first-result.ts'
import { warmQuery } from './c-warm-query.ts'
import { liveQuery } from './e-live-query.ts'
import { liveUpdateAt } from './i-live-update.ts'
import { bytesAt } from './l-bytes.ts'

/** Records in the space, and spaces of other people on the server: each ten times the one before. */
const SIZES = {
  quick: { records: [200, 2_000], spaces: [10, 100] },
  full: { records: [1_000, 10_000, 100_000, 1_000_000], spaces: [10, 100, 1_000, 10_000] },
} as const
/** Records, where it is the spaces that grow. */
const RECORDS = 1_000

type Sample = Record<string, number>

export const growth: Row = {
  key: 'n',
  title: 'rows b, c, e, i and l as the space grows, and i and l with the spaces on the server',
  unit: 'ms, B',
  better: 'less',
  targets: [],
  runs: 1,
  patience: 10,
  async run(lab, contender) {
    const sizes = SIZES[lab.quick ? 'quick' : 'full']
    const sample: Sample = {}
    await grow(lab, sizes.records, async (records) => {
      const at = (name: string) => `${name} at ${records.toLocaleString('en')}`
      Object.assign(sample, await onDevice(lab, contender, { records, at }))
      Object.assign(sample, await between(lab, contender, { records, at }))
    })
    await grow(lab, sizes.spaces, async (spaces) => {
      const at = (name: string) => `${name} with ${spaces.toLocaleString('en')} spaces`
      Object.assign(sample, await between(lab, contender, { records: RECORDS, spaces, at }))
    })
    return sample
  },
}

interface Named extends Size {
  readonly at: (name: string) => string
}

/** What one device does on its own, which knows nothing of other people's spaces. */
async function onDevice(lab: Lab, contender: Facts, { records, at }: Named): Promise<Sample> {
  const sample: Sample = {}
  const usual = lab.records
  lab.records = records
  try {
    sample[at('b reload')] = (await firstResult.run(lab, contender)).reload ?? Number.NaN
    for (const row of [warmQuery, liveQuery]) {
      await lab.tidy()
      sample[at(row.key)] = (await row.run(lab, contender)).median ?? Number.NaN
    }
    return sample
  } finally {
    lab.records = usual
    await lab.tidy()
  }
}

async function between(lab: Lab, contender: Facts, { at, ...size }: Named): Promise<Sample> {
  const { median } = await liveUpdateAt(lab, contender, size)
  await lab.tidy()
  const { up, down } = await bytesAt(lab, contender, size)
  return { [at('i')]: median, [at('l up')]: up, [at('l down')]: down }
}

/** Goes as far as it comes: how far is part of the law. */
async function grow(lab: Lab, sizes: readonly number[], measure: (size: number) => Promise<void>): Promise<void> {
  for (const size of sizes) {
    try {
      await measure(size)
    } catch (error) {
      process.stderr.write(`  ${size}: ${(error as Error).message.split('\n')[0]}\n`)
      return
    } finally {
      await lab.tidy()
    }
  }
}
