export type { Live } from '@holdfast/shared/internal/query/reading'
export type { Query, SpaceTableView, TableView } from '@holdfast/shared/internal/query/table-view'
export type { Tx } from '@holdfast/shared/internal/transaction/tx'
export type { Duration, Verdict, Write } from '@holdfast/shared/internal/transaction/write'
export { openDatabase } from './open.ts'
export type { OpenOptions } from './open-options.ts'
export type { Platform } from './platform.ts'
export type {
  Can,
  Conflict,
  Database,
  DeadLetter,
  EraseOptions,
  Member,
  Problem,
  Restored,
  Run,
  Side,
  Space,
  SpaceState,
  Status,
  WriteOptions,
} from './surface.ts'
