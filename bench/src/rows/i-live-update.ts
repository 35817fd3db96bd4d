import type { Facts } from '../contenders.ts'
import type { Lab } from '../lab.ts'
import { type Row, times } from '../row.ts'
import { expected, listOf, todos } from '../todo.ts'
import { connectTwo } from '../two-devices.ts'

/** Few, so that it is the way that is measured; how it grows is row n. */
const RECORDS = 1_000

export const liveUpdate: Row = {
  key: 'i',
  title: 'A updates → B’s live query has it, loopback, stored on both sides and the server',
  unit: 'ms',
  better: 'less',
  targets: [{ measure: 'median', bound: times(1.2, 'i', 'bare-sse', 'median'), says: '≤ 1.2 × bare SSE' }],
  runs: 3,
  run: (lab, contender) => liveUpdateAt(lab, contender, RECORDS),
}

/** The same with so many records on both devices and the server. */
export async function liveUpdateAt(lab: Lab, contender: Facts, records: number): Promise<{ median: number; p95: number }> {
  const { a, b } = await connectTwo(lab, contender, records)
  const shown = expected(todos(0, records), listOf(3)).map(({ id }) => id)
  const took: number[] = []
  for (let i = 0; i < (lab.quick ? 20 : 100); i++) {
    const title = `told ${i}`
    const began = await a.evaluate(
      ({ id, title }) => {
        const began = bench.now()
        void bench.store.update(id, title)
        return began
      },
      { id: shown[i % shown.length] as string, title },
    )
    took.push((await b.evaluate((title) => bench.heard(title), title)) - began)
    await a.waitForTimeout(20)
  }
  took.sort((x, y) => x - y)
  return { median: took[took.length >> 1] as number, p95: took[Math.floor(took.length * 0.95)] as number }
}
