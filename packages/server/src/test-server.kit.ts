import { boolean, counter, defineSchema, set, string, table } from '@holdfast/shared'
import type { Commands } from '@holdfast/shared/internal/schema/command'
import { unsafeTrustToken } from './dev.ts'
import { NO_CHANGES } from './engine/changes.ts'
import type { User } from './hooks.ts'
import type { LogEntry } from './log.ts'
import { nodePlatform } from './platform.ts'
import type { NoCommands, SyncServerOptions } from './server-options.ts'
import { memoryStorage } from './storage/memory-storage.ts'
import type { Storage } from './storage/storage.ts'
import { createSyncServer } from './sync-server.ts'
import { wireClient } from './wire-client.kit.ts'

export const schema = defineSchema({
  version: 1,
  tables: {
    todos: table({ title: string(), done: boolean().default(false), votes: counter(), tags: set(string()) }).index('done', 'title'),
  },
})

/** A server in memory whose clock stands still until it is set. */
export function testServer<C extends Commands = NoCommands, U extends User = User>(
  options: Partial<SyncServerOptions<typeof schema, C, U>> & { storage?: Storage; now?: number } = {},
) {
  const logged: LogEntry[] = []
  const clock = { now: options.now ?? 1_000_000 }
  const storage = options.storage ?? memoryStorage()
  const server = createSyncServer<typeof schema, C, U>({
    schema,
    authenticate: unsafeTrustToken as never,
    log: (entry) => logged.push(entry),
    ...options,
    storage,
    platform: { ...nodePlatform, now: () => clock.now },
  } as SyncServerOptions<typeof schema, C, U>)
  const client = (user: string) => wireClient(server.fetch, user)
  return { ...server, server, storage, client, clock, logged }
}

/** Puts a grant into a storage, without a server. */
export const storeGrant = (storage: Storage, user: string, space: string, access: 'read' | 'write') =>
  // biome-ignore lint/correctness/useYield: nothing is read.
  storage.write(function* () {
    return { result: undefined, changes: { ...NO_CHANGES, grants: [{ user, space, access, role: null }] } }
  })

export const insert = (space: string, id: string, values: object = { title: 'Milk' }) => ['ins', space, 'todos', id, values]
export const update = (space: string, id: string, values: object) => ['upd', space, 'todos', id, values]
export const applied = (session: string, n: number, at: Record<string, number>, conflicts = 0) => ({
  is: 'applied',
  dot: [session, n],
  at,
  conflicts,
})
export const refused = (session: string, n: number, code: string, to = n) => ({ is: 'refused', dot: [session, n], to, code })

/** A Standard Schema of arguments, as any library would make one: `check` says what is wrong. */
export const argsOf = <T>(check: (value: T) => string | undefined = () => undefined) => ({
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate(value: unknown) {
      const message = check(value as T)
      return message === undefined ? { value: value as T } : { issues: [{ message }] }
    },
    types: undefined as unknown as { readonly input: T; readonly output: T },
  },
})

/** A call of a command, as an operation. */
export const call = (name: string, args: unknown = {}) => ['cmd', name, args]
