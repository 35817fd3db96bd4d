import type { Dot } from '../clock/dot.ts'
import { homeSpace, type SpaceId } from '../ids.ts'
import type { Asker } from '../query/question.ts'
import { type Perform, type Scope, tableHandles, withTables } from '../query/table-handle.ts'
import type { TableDef } from '../schema/table.ts'

export interface TxParts {
  readonly userId: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly newId: () => string
  readonly tables: Readonly<Record<string, TableDef>>
  readonly asker: Asker
  readonly perform: Perform
  /** Whose tables are the tables of the transaction; all spaces if undefined. */
  readonly space?: SpaceId | undefined
}

/** What a body works with; `tx.ts` types it by schema. The same on a device and on the server. */
export function createTx({ userId, now, newId, tables, asker, perform, space }: TxParts): object {
  const handles = (of: SpaceId | undefined) => tableHandles(tables, { asker, perform, space: of } satisfies Scope)
  const spaceOf = (id: SpaceId) => withTables({ id }, handles(id))
  const context = { userId, now, newId, home: spaceOf(homeSpace(userId)), space: spaceOf }
  return withTables(context, handles(space))
}

/** The ids that the body of a command makes: of its dot, so that the device and the server make the same. Unique, not secret. */
export function commandIds([session, n]: Dot): () => string {
  let i = 0
  return () => `${session}-${n}-${++i}`
}

/** The transaction whose command an id of this form would be of. Nothing but the form: others may have chosen such an id for themselves. */
export function commandOf(id: string): Dot | undefined {
  const [, session, n] = /^(.+)-([1-9]\d*)-[1-9]\d*$/s.exec(id) ?? []
  return session === undefined ? undefined : [session, Number(n)]
}
