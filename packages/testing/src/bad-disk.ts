import type { IDBFactory } from 'fake-indexeddb'

/** How the n-th change of what is on disk ends: it and its transaction are not stored, or they are and nobody hears of it. */
export type Ending = 'before' | 'after'

/**
 * The IndexedDB of one device, which can fail as browsers do: connections that are lost, databases that do not open, and a crash at any
 * one change of what is stored.
 */
export function badDisk(disk: IDBFactory) {
  const connections = new Set<IDBDatabase>()
  const lost = new Set<IDBDatabase>()
  let broken = false
  let hangs = false
  let changes = 0
  let crash: { readonly at: number; readonly ending: Ending; readonly then: () => void } | undefined

  const open = (name: string, version?: number) => {
    if (hangs) return new EventTarget() as IDBOpenDBRequest
    const request = disk.open(name, version)
    request.addEventListener('success', () => follow(request.result))
    return request
  }

  function follow(db: IDBDatabase): void {
    connections.add(db)
    const transaction = db.transaction.bind(db)
    db.transaction = (...args) => {
      if (broken || lost.has(db)) throw new DOMException('Connection to Indexed Database server lost.', 'InvalidStateError')
      const tx = transaction(...args)
      const objectStore = tx.objectStore.bind(tx)
      tx.objectStore = (name) => {
        const store = objectStore(name)
        for (const verb of ['add', 'put', 'delete'] as const) {
          const change = store[verb].bind(store) as (...args: unknown[]) => IDBRequest
          store[verb] = ((...args: unknown[]) => {
            const request = change(...args)
            if (++changes === crash?.at) end(db, tx)
            return request
          }) as never
        }
        return store
      }
      return tx
    }
  }

  function end(db: IDBDatabase, tx: IDBTransaction): void {
    const { ending, then } = crash as NonNullable<typeof crash>
    for (const one of connections) lost.add(one)
    then()
    // Not within the call, which has more to ask for: browsers abort when it is over.
    if (ending === 'before') queueMicrotask(() => (tx as unknown as { _abort(name: string): void })._abort('UnknownError'))
    else db.close()
  }

  return {
    indexedDB: Object.assign(Object.create(disk) as IDBFactory, { open }),
    /** How many changes there were. */
    get changes(): number {
      return changes
    },
    /** Every connection is dead from now on; whoever opens anew gets a good one. */
    loseConnections(): void {
      for (const one of connections) lost.add(one)
    },
    /** Every connection is dead, also those to come, until this is taken back. */
    break(is: boolean): void {
      broken = is
    },
    /** Databases do not open, nor say why. */
    hang(is: boolean): void {
      hangs = is
    },
    /** Ends all at the n-th change from now on; `then` is told, to end what is in memory. */
    crashAt(n: number, ending: Ending, then: () => void): void {
      crash = { at: changes + n, ending, then }
    },
  }
}
