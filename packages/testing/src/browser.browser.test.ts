import { expect, test } from 'vitest'

test('IndexedDB stores and returns a value', async () => {
  const value = await new Promise((resolve, reject) => {
    const opening = indexedDB.open('browser-smoke', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows').put('kept', 'key')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const reading = opening.result.transaction('rows').objectStore('rows').get('key')
      reading.onerror = () => reject(reading.error)
      reading.onsuccess = () => resolve(reading.result)
    }
  })
  expect(value).toBe('kept')
})

test('a web lock is granted', async () => {
  expect(await navigator.locks.request('browser-smoke', () => 'held')).toBe('held')
})

test('a BroadcastChannel delivers', async () => {
  const sender = new BroadcastChannel('browser-smoke')
  const receiver = new BroadcastChannel('browser-smoke')
  const received = new Promise((resolve) => {
    receiver.onmessage = (event) => resolve(event.data)
  })
  sender.postMessage('heard')
  expect(await received).toBe('heard')
  sender.close()
  receiver.close()
})
