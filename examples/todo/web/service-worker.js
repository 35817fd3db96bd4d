// Keeps a copy of the page, so that it also opens while the server is away. The network comes first: a copy is never shown in its place.
const FILES = ['/', '/page.js', '/page.css', '/icon.svg', '/manifest.webmanifest', '/icon-192.png', '/icon-512.png', '/icon-maskable.png']

addEventListener('install', (event) => {
  event.waitUntil(caches.open('holdfast-todo').then((cache) => cache.addAll(FILES)))
})

addEventListener('fetch', (event) => {
  const { method, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method === 'GET' && origin === location.origin && FILES.includes(pathname)) event.respondWith(answer(event.request))
})

async function answer(request) {
  const cache = await caches.open('holdfast-todo')
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return response
  } catch (error) {
    const copy = await cache.match(request, { ignoreSearch: true })
    if (copy) return copy
    throw error
  }
}
