export type { Log, LogEntry } from './log.ts'
export type { Platform } from './platform.ts'
export { memoryStorage } from './storage/memory-storage.ts'
export type { Storage } from './storage/storage.ts'
export {
  type Authenticate,
  createSyncServer,
  type Health,
  type ServerLimits,
  type SyncServer,
  type SyncServerOptions,
  type User,
} from './sync-server.ts'
