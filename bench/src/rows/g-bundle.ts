import { bundleSize } from '../bundle.ts'
import { atMost, type Row } from '../row.ts'

export const bundle: Row = {
  key: 'g',
  title: 'bundle of what this takes, sync included, minified and gzipped',
  unit: 'kB',
  better: 'less',
  targets: [atMost('size', 20)],
  runs: 1,
  async run(_, { page }) {
    return { size: (await bundleSize(page as string)) / 1_000 }
  },
}
