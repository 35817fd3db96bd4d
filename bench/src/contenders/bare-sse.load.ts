import type { Load } from '../load.ts'

export const load: Load = {
  stream: () => ({ path: '/live', headers: {} }),
  change: (marker) => ({ path: '/change', headers: {}, body: JSON.stringify({ title: marker }) }),
}
