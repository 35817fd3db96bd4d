/** Opens a database of one version; `make` lays out its stores. */
export function openIdb(name: string, make: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => make(request.result)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** What raw contenders append changes to, one transaction each. */
export async function openLog(
  name: string,
  durability: 'relaxed' | 'strict',
): Promise<{ append(change: object): Promise<void>; close(): void }> {
  const db = await openIdb(name, (made) => made.createObjectStore('log', { autoIncrement: true }))
  return {
    async append(change) {
      const tx = db.transaction('log', 'readwrite', { durability })
      tx.objectStore('log').add(change)
      await stored(tx)
    },
    close: () => db.close(),
  }
}

/** The transaction has been stored, as durably as it was asked to be. */
export function stored(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onabort = () => reject(tx.error)
    tx.commit()
  })
}

export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
