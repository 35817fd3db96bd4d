import { HoldfastError } from '@holdfast/shared'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import { CONFLICTS } from '@holdfast/shared/internal/merge/conflict'
import { isAlive, type RecordState } from '@holdfast/shared/internal/merge/record'
import type { Touched } from '@holdfast/shared/internal/merge/touched'
import { type Perform, tableHandles, withTables } from '@holdfast/shared/internal/query/table-handle'
import type { Change, Validation } from '../hooks.ts'
import { userOf } from './asker.ts'
import type { Batch } from './batch.ts'
import { hookError, orRefused, settled } from './hook.ts'
import type { Overlay } from './overlay.ts'
import { OverlayGround } from './overlay-ground.ts'
import type { Asking } from './reads.ts'
import { scan } from './scan.ts'
import { type Sight, withSight } from './sight.ts'
import type { Writer } from './writer.ts'

/** Asks the app for the last word on what a transaction would change; throws its refusal. */
export function* validate(batch: Batch, overlay: Overlay, { asker }: Writer): Asking<void> {
  const hook = batch.engine.validate
  const changes = hook ? changesOf(batch, overlay.changed()) : []
  if (!hook || changes.length === 0) return
  const spaces = [...new Set(changes.map(({ space }) => space))]
  try {
    yield* withSight((sight) => {
      const read = readerOf({ batch, overlay, sight }, spaces)
      return orRefused(settled(hook({ changes, read, user: userOf(asker), now: asker.now })))
    })
  } catch (error) {
    throw hookError('validate', error)
  }
}

/** Records before and after a transaction as the app sees them, without conflicts. */
export function changesOf(batch: Batch, touched: readonly Touched[]): readonly Change[] {
  const row = ({ space, table, id }: Touched, state: RecordState | undefined) =>
    state && isAlive(state) ? batch.row(space, table, id, state) : undefined
  return touched.flatMap((one): Change | [] => {
    const [before, after] = [row(one, one.before), row(one, one.after)]
    if (one.table === CONFLICTS || !(before ?? after)) return []
    const { space, table, id } = one
    return { space, table, id, ...(before ? { before } : {}), ...(after ? { after } : {}) } as Change
  })
}

const noWrites: Perform = () => {
  throw new HoldfastError('use_tx', 'validate() only reads.')
}

function readerOf(parts: { batch: Batch; overlay: Overlay; sight: Sight }, spaces: readonly SpaceId[]): Validation['read'] {
  const ground = new OverlayGround({ ...parts, mayRead: () => true, everywhere: () => spaces }, 0)
  const asker = scan(ground, () => [])
  const { tables } = parts.batch.engine.schema
  const handles = (space: SpaceId | undefined) => tableHandles(tables, { asker, perform: noWrites, space })
  return withTables({ space: (id: SpaceId) => withTables({ id }, handles(id)) }, handles(undefined)) as Validation['read']
}
