// The limit of an update: what changed is appended to a log, and nothing else.
import type { Contender } from '../contender.ts'
import { openLog } from './idb.ts'

export const contender: Contender = {
  async open({ durability }) {
    const { append, close } = await openLog('raw-log', durability)
    return { update: (id, title) => append({ id, title }), close }
  },
}
