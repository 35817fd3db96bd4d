import { IDBFactory } from 'fake-indexeddb'

interface Insides {
  readonly _rawDatabase: { readonly rawObjectStores: ReadonlyMap<string, { readonly keyGenerator: { readonly num: number } | null }> }
}

/** Every database of one browser profile as another one: what copying the profile's folder gives. */
export async function copyDatabases(from: IDBFactory): Promise<IDBFactory> {
  const to = new IDBFactory()
  for (const { name = '', version = 1 } of await from.databases()) {
    const source = await opened(from.open(name))
    const stores = [...source.objectStoreNames]
    const target = await opened(to.open(name, version), (db) => {
      for (const store of stores) db.createObjectStore(store, { autoIncrement: generatorOf(source, store) !== undefined })
    })
    const read = source.transaction(stores, 'readonly')
    const entries = await Promise.all(
      stores.map(async (store) => {
        const [keys, values] = [read.objectStore(store).getAllKeys(), read.objectStore(store).getAll()]
        return { store, keys: await result(keys), values: await result(values) }
      }),
    )
    const write = target.transaction(stores, 'readwrite')
    for (const { store, keys, values } of entries) {
      const objects = write.objectStore(store)
      // The key generator goes on where it was, also past what is deleted.
      const last = generatorOf(source, store) ?? 0
      if (last > 0) objects.put(null, last)
      if (last > 0) objects.delete(last)
      for (const [i, key] of keys.entries()) objects.put(values[i], key)
    }
    await new Promise((resolve, reject) => {
      write.oncomplete = resolve
      write.onabort = () => reject(write.error)
    })
    source.close()
    target.close()
  }
  return to
}

const generatorOf = (db: IDBDatabase, store: string): number | undefined =>
  (db as unknown as Insides)._rawDatabase.rawObjectStores.get(store)?.keyGenerator?.num

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

function opened(request: IDBOpenDBRequest, upgrade?: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  request.onupgradeneeded = () => upgrade?.(request.result)
  return result(request)
}
