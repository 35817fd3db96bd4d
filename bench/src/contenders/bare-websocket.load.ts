import type { Load } from '../load.ts'

export const load: Load = {
  write: () => ({ path: '/change', headers: {}, body: '{}' }),
  accepted: () => true,
  stream: () => ({ path: '/live', headers: {}, webSocket: true }),
  change: (marker) => ({ path: '/change', headers: {}, body: JSON.stringify({ title: marker }) }),
}
