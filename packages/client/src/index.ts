export { type OpenOptions, openDatabase } from './open.ts'
export type { Platform } from './platform.ts'
export type {
  Conflict,
  Database,
  DeadLetter,
  Duration,
  Live,
  Problem,
  Query,
  Side,
  Space,
  SpaceState,
  SpaceTableView,
  Status,
  TableView,
  Tx,
  Verdict,
  Write,
  WriteOptions,
} from './surface.ts'
