// The limit of an update: what changed is appended to a log, and nothing else.
import type { Contender } from '../contender.ts'
import { openIdb, stored } from './idb.ts'

export const contender: Contender = {
  async open({ durability }) {
    const db = await openIdb('raw-log', (made) => made.createObjectStore('log', { autoIncrement: true }))
    return {
      async update(id, title) {
        const tx = db.transaction('log', 'readwrite', { durability })
        tx.objectStore('log').add({ id, title })
        await stored(tx)
      },
      close: () => db.close(),
    }
  },
}
