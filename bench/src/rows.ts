import type { Row } from './row.ts'
import { bulkInsert } from './rows/a-bulk-insert.ts'
import { firstResult } from './rows/b-first-result.ts'
import { warmQuery } from './rows/c-warm-query.ts'
import { durableUpdate } from './rows/d-durable-update.ts'
import { liveQuery } from './rows/e-live-query.ts'
import { heap } from './rows/f-heap.ts'
import { bundle } from './rows/g-bundle.ts'
import { firstSync } from './rows/h-first-sync.ts'
import { liveUpdate } from './rows/i-live-update.ts'
import { reconnect } from './rows/j-reconnect.ts'
import { writes } from './rows/k-writes.ts'
import { bytes } from './rows/l-bytes.ts'
import { streams } from './rows/m-streams.ts'
import { growth } from './rows/n-growth.ts'

/** The table, in its order. */
export const rows: readonly Row[] = [
  bulkInsert,
  firstResult,
  warmQuery,
  durableUpdate,
  liveQuery,
  heap,
  bundle,
  firstSync,
  liveUpdate,
  reconnect,
  writes,
  bytes,
  streams,
  growth,
]
