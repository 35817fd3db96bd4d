export { refuse } from '@holdfast/shared'
export type { HealingMetrics } from './healing.ts'
export type {
  AppAccess,
  AppGrant,
  Bodies,
  Change,
  CommandServer,
  Committed,
  CreateSpace,
  OnCommit,
  ServerBody,
  ServerTx,
  ServerVerbs,
  User,
  Validate,
  Validation,
} from './hooks.ts'
export type { Log, LogEntry } from './log.ts'
export type { Platform } from './platform.ts'
export {
  type Authenticate,
  defineServer,
  type NoCommands,
  type ServerConfig,
  type ServerLimits,
  type SyncServerOptions,
} from './server-options.ts'
export { memoryStorage } from './storage/memory-storage.ts'
export type { Storage } from './storage/storage.ts'
export { createSyncServer, type Health, type Metrics, type SyncServer } from './sync-server.ts'
