import type { TableDef } from '@holdfast/shared/internal/schema/table'
import type { Revision } from './core/event.ts'
import type { Judge } from './core/judge.ts'
import type { Replica } from './core/replica.ts'
import type { RowChange } from './core/view.ts'
import type { Store } from './store/store.ts'
import type { Address } from './sync/http.ts'
import type { Tab } from './tabs/tab.ts'
import type { Writing } from './writing.ts'

/** What the functions over `db`, each in its own subpath, reach into: it takes no name from a schema, and no bytes from who has no use for it. */
export interface Internals {
  readonly userId: string
  readonly replica: Replica
  readonly tab: Tab
  readonly store: Store
  readonly tables: Readonly<Record<string, TableDef>>
  readonly write: Writing['write']
  readonly judge: Judge
  readonly address: Address
  /** What changed in the replica, for whoever shows it. */
  readonly changed: (changes: readonly RowChange[]) => void
  /** Since when the queue is held, or would be if it was approved up to this revision. */
  readonly held: (upTo?: Revision) => number | undefined
  /** Deletes what is on this device, after a last look at it, which may refuse; again, while another tab stores something. */
  readonly eraseAfter: (look: () => void | Promise<void>) => Promise<void>
}

const all = new WeakMap<object, Internals>()

export const setInternals = (db: object, internals: Internals): void => void all.set(db, internals)

export function internalsOf(db: object): Internals {
  const found = all.get(db)
  if (!found) throw new TypeError('This is no database that openDatabase() opened.')
  return found
}
