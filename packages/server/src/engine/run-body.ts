import { msOf } from '@holdfast/shared/internal/clock/hlc'
import { checkId } from '@holdfast/shared/internal/schema/value'
import { Composition } from '@holdfast/shared/internal/transaction/composition'
import { commandIds, createTx } from '@holdfast/shared/internal/transaction/create-tx'
import type { Operation } from '@holdfast/shared/internal/transaction/operation'
import type { ServerVerbs } from '../hooks.ts'
import { accessOf, accessTo } from './access.ts'
import type { Batch } from './batch.ts'
import { settled } from './hook.ts'
import { Overlay } from './overlay.ts'
import { OverlayGround } from './overlay-ground.ts'
import type { Asking } from './reads.ts'
import { scan } from './scan.ts'
import { serverVerbs } from './server-verbs.ts'
import { type Sight, withSight } from './sight.ts'
import type { Writer } from './writer.ts'

/** What a body came to: its operations are still to be applied, to the overlay that has its grants. */
export interface Ran<T> {
  readonly overlay: Overlay
  readonly operations: readonly Operation[]
  readonly value: T
  /** It was given ids that no other may be given. */
  readonly hasIds: boolean
}

export type Body<T> = (tx: object, server: ServerVerbs, parts: { readonly sight: Sight; readonly overlay: Overlay }) => T

/** Runs the body of a transaction on what is decided so far, through the same composition as on a device; throws what it throws. */
export function* runBody<T>(batch: Batch, writer: Writer, body: Body<T>): Asking<Ran<T>> {
  const { engine } = batch
  const { dot, at, asker } = writer
  const secrets: string[] = []
  return yield* withSight((sight) => {
    const overlay = new Overlay(batch)
    const { grants } = overlay
    const ground = new OverlayGround(
      {
        batch,
        overlay,
        sight,
        mayRead: (space) => writer.rights === 'server' || sight.now(() => accessTo(asker, space, grants)) !== undefined,
        everywhere: () => sight.now(() => accessOf(asker, grants)).map(({ space }) => space),
      },
      at - 1,
    )
    const { tables } = engine.schema
    const nextId = commandIds(dot)
    let hasIds = false
    const newId = () => {
      hasIds = true
      return nextId()
    }
    const composition = new Composition({ ground, tables, dot, newId })
    const asking = scan(ground, () => composition.changes())
    const tx = createTx({ userId: asker.user, now: msOf(at), newId, tables, asker: asking, perform: (verb) => verb(composition) })
    const value = settled(body(tx, serverVerbs(engine, { sight, overlay, secrets }), { sight, overlay }))
    const operations = composition.close()
    for (const [, space] of operations) checkId(space, 'id of a space')
    return { overlay, operations, value, hasIds }
  })
}
