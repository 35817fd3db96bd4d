import type { IDBFactory } from 'fake-indexeddb'

/** An IndexedDB whose writes are stored at once, and only told to be so when `release` is called: the other tabs are quicker. */
export function slowToTell(indexedDB: IDBFactory): { readonly indexedDB: IDBFactory; hold(): void; release(): void } {
  let held: (() => void)[] | undefined
  const open = (name: string, version?: number) => {
    const request = indexedDB.open(name, version)
    request.addEventListener('success', () => slowDown(request.result))
    return request
  }

  function slowDown(db: IDBDatabase): void {
    const transaction = db.transaction.bind(db)
    db.transaction = (...args) => {
      const tx = transaction(...args)
      const listen = tx.addEventListener.bind(tx) as (type: string, listener: (event: Event) => void) => void
      tx.addEventListener = (type: string, listener: unknown) =>
        listen(type, (event) => {
          const tell = () => (listener as (event: Event) => void).call(tx, event)
          if (held && type === 'complete' && tx.mode === 'readwrite') held.push(tell)
          else tell()
        })
      return tx
    }
  }

  return {
    indexedDB: Object.assign(Object.create(indexedDB) as IDBFactory, { open }),
    hold() {
      held ??= []
    },
    release() {
      const telling = held ?? []
      held = undefined
      for (const tell of telling) tell()
    },
  }
}
