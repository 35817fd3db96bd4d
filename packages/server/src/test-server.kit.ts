import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'
import { unsafeTrustToken } from './dev.ts'
import type { LogEntry } from './log.ts'
import { nodePlatform } from './platform.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import type { Storage } from './storage/storage.ts'
import { createSyncServer, type SyncServerOptions } from './sync-server.ts'
import { wireClient } from './wire-client.kit.ts'

export const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean().default(false), votes: counter(), tags: set(string()) }).index('done', 'title'),
  },
})

/** A server in memory whose clock stands still until it is set. */
export function testServer(options: Partial<SyncServerOptions<typeof schema>> & { storage?: Storage; now?: number } = {}) {
  const logged: LogEntry[] = []
  const clock = { now: options.now ?? 1_000_000 }
  const storage = options.storage ?? memoryStorage()
  const server = createSyncServer({
    schema,
    authenticate: unsafeTrustToken,
    log: (entry) => logged.push(entry),
    ...options,
    storage,
    platform: { ...nodePlatform, now: () => clock.now },
  })
  const client = (user: string) => wireClient(server.fetch, user)
  return { ...server, server, storage, client, clock, logged }
}

export const insert = (space: string, id: string, values: object = { title: 'Milk' }) => ['ins', space, 'todos', id, values]
export const update = (space: string, id: string, values: object) => ['upd', space, 'todos', id, values]
export const applied = (session: string, n: number, at: Record<string, number>, conflicts = 0) => ({
  is: 'applied',
  dot: [session, n],
  at,
  conflicts,
})
export const refused = (session: string, n: number, code: string, to = n) => ({ is: 'refused', dot: [session, n], to, code })
