import type { IDBFactory } from 'fake-indexeddb'

/** Reads or changes the one database of a device, or the one of this name, behind the client's back: what a crash, a bug or another version may leave there. */
export async function withStore<T>(
  indexedDB: IDBFactory,
  store: string,
  work: (objects: IDBObjectStore) => IDBRequest<T> | undefined,
  name?: string,
): Promise<T> {
  const [database] = await indexedDB.databases()
  const opening = indexedDB.open(name ?? database?.name ?? '')
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  const transaction = db.transaction(store, 'readwrite')
  const request = work(transaction.objectStore(store))
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(transaction.error)
  })
  db.close()
  return request?.result as T
}

/** Every event on disk, by revision. */
export async function storedEvents(indexedDB: IDBFactory): Promise<{ revision: number; event: Record<string, unknown> }[]> {
  const revisions = await withStore(indexedDB, 'events', (objects) => objects.getAllKeys())
  const events = await withStore(indexedDB, 'events', (objects) => objects.getAll())
  return revisions.map((revision, i) => ({ revision: revision as number, event: events[i] }))
}

const STORES = ['events', 'segments', 'kept', 'meta']

/** Everything on disk, as text: to look for what must not be there. */
export async function diskText(indexedDB: IDBFactory, stores: readonly string[] = STORES, name?: string): Promise<string> {
  const all = []
  for (const store of stores) all.push(await withStore(indexedDB, store, (objects) => objects.getAll(), name))
  return JSON.stringify(all, (_, value) => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value)
    return value instanceof Map ? [...value] : value
  })
}
