// booking/run.ts
import { createSyncServer } from '@holdfast/server'
import { sqlite } from '@holdfast/server/sqlite'
import { serve } from '@hono/node-server'
import { config } from './server.ts'

export const sync = createSyncServer({ ...config, storage: sqlite('booking.db') })
serve({ port: 3000, fetch: sync.fetch }) // or mount it in your own Hono app: app.route('/', sync.app)

await sync.setAccess('hotel', 'ann', 'write', 'admin') // grants: see below
process.once('SIGTERM', () => void sync.close()) // answers what is under way, then lets go of the file
