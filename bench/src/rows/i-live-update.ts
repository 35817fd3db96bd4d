import type { Facts } from '../contenders.ts'
import type { Lab } from '../lab.ts'
import { type Row, times } from '../row.ts'
import { median, p95 } from '../spread.ts'
import { connectTwo, type Size } from '../two-devices.ts'

/** Few, so that it is the way that is measured; how it grows is row n. */
const RECORDS = 1_000

export const liveUpdate: Row = {
  key: 'i',
  title: 'A updates → B’s live query has it, loopback, stored on both sides and the server',
  unit: 'ms',
  better: 'less',
  targets: [times('median', 1.2, 'bare-sse', '≤ 1.2 × bare SSE')],
  runs: 3,
  run: (lab, contender) => liveUpdateAt(lab, contender, { records: RECORDS }),
}

/** The same with so much on both devices and the server. */
export async function liveUpdateAt(lab: Lab, contender: Facts, size: Size): Promise<{ median: number; p95: number }> {
  const { a, tell } = await connectTwo(lab, contender, size)
  const took: number[] = []
  for (let i = 0; i < (lab.quick ? 20 : 100); i++) {
    took.push(await tell(i))
    await a.waitForTimeout(20)
  }
  return { median: median(took), p95: p95(took) }
}
