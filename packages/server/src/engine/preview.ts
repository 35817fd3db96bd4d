import { dotName } from '@holdfast/shared/internal/clock/dot'
import { CONFLICTS, type ConflictValue } from '@holdfast/shared/internal/merge/conflict'
import { isVoid, type SyncRequest, spacesNamed } from '@holdfast/shared/internal/protocol/request'
import type { Drop, Verdict } from '@holdfast/shared/internal/protocol/response'
import type { Asker } from './asker.ts'
import { Batch } from './batch.ts'
import { type Decision, decide, isHalted } from './decide.ts'
import type { Engine } from './engine.ts'
import { type Pulled, pull } from './pull.ts'
import type { Asking } from './reads.ts'

/** What a preview says: verdicts as they would be, the cut that they hold for, and what hooks failed of. */
export interface Previewed {
  readonly answer: Decision & Partial<Pulled>
  readonly failures: readonly unknown[]
}

/**
 * Decides a request as if it were now, on a snapshot, and leaves nothing behind: no number is taken, no clock moves, nobody is told.
 * The cut has every space by which anything was decided and that its user may read.
 */
export function* preview(engine: Engine, request: SyncRequest, asker: Asker): Asking<Previewed> {
  const batch = new Batch(engine)
  const decision = yield* decide(batch, request, asker)
  const { failures } = batch
  if (isHalted(decision)) return { answer: decision, failures }
  const drops = yield* dropsOf(batch, asker)
  const verdicts = decision.verdicts.map((one): Verdict => {
    // What a command would give back is of a run that never was: a secret in it opens nothing.
    return one.is === 'applied' ? { ...one, result: undefined, drops: drops.get(dotName(one.dot)) } : one
  })
  const named = request.submissions.flatMap((one) => (isVoid(one) ? [] : spacesNamed(one.operations)))
  const follow = [...new Set([...batch.spaces, ...named])]
  const cut = yield* pull(
    engine,
    { ...request, pull: false, cursors: new Map(follow.map((space) => [space, { seq: 0, hash: '' }])) },
    asker,
  )
  return { answer: { ...decision, verdicts, ...cut }, failures }
}

/**
 * The conflicts that there would be in the end, where the asker may look, by the name of the transaction that wrote each last: a later one
 * of the same session may lose the same field once more, or win it.
 */
function* dropsOf(batch: Batch, asker: Asker): Asking<Map<string, Drop[]>> {
  const last = new Map<string, { readonly name: string; readonly drop: Drop }>()
  for (const { space, to, by, records } of batch.commits.flatMap(({ deltas }) => deltas)) {
    const [session = '', n = 0] = by.find(([, , seq]) => seq === to) ?? []
    for (const {
      r: [table, id],
      f,
    } of records) {
      if (table !== CONFLICTS) continue
      const [value] = (f?.v ?? []) as readonly ConflictValue[]
      last.delete(`${space}\0${id}`)
      if (value) last.set(`${space}\0${id}`, { name: dotName([session, n]), drop: { space, id, value } })
    }
  }
  const drops = new Map<string, Drop[]>()
  for (const { name, drop } of last.values()) {
    if (yield* batch.access(asker, drop.space)) drops.set(name, [...(drops.get(name) ?? []), drop])
  }
  return drops
}
