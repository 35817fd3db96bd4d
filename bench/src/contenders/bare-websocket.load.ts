import type { Load } from '../load.ts'
import { load as sse } from './bare-sse.load.ts'

export const load: Load = { ...sse, stream: () => ({ path: '/live', headers: {}, webSocket: true }) }
