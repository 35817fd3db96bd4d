import { effectOf, type Pending } from './pending.ts'
import { footprintOf, includes, nothingRead, type Predict } from './prediction.ts'
import type { View } from './view.ts'

interface Review {
  readonly touched: ReadonlySet<string>
  /** Every command runs again: what the user may do has changed, and no body reads that. So it does when a space came or went whole. */
  readonly all: boolean
  readonly predict: Predict
}

/**
 * Computes again what changed records show, and runs each pending command again whose reads are among them: on what was there before it,
 * so it and everything after it leaves the view first and comes back one by one. That costs what stands behind such a command; without
 * commands, only the records that changed.
 */
export function reviewAll(view: View, pending: readonly Pending[], { touched, predict, ...review }: Review): void {
  // Asked first: it is said once.
  const all = view.takeRenewed() || review.all
  const first = pending.findIndex((one) => isStale(one, touched, all))
  if (first < 0) {
    view.review(touched)
    return
  }
  const above = pending.slice(first)
  const dirty = new Set(touched)
  for (const one of above) {
    one.lifted = true
    for (const key of one.keys) dirty.add(key)
  }
  view.review(dirty)
  const changed = new Set(touched)
  for (const one of above) {
    one.lifted = false
    if (isStale(one, changed, all)) {
      for (const key of one.keys) changed.add(key)
      view.delete(one)
      run(one, { predict, view })
      view.add(one)
      for (const key of one.keys) changed.add(key)
    }
    view.replay(one)
  }
}

const isStale = ({ footprint, keys }: Pending, changed: ReadonlySet<string>, all: boolean): boolean => {
  if (!footprint) return false
  if (all) return true
  for (const key of changed) if (keys.has(key) || includes(footprint, key)) return true
  return false
}

/**
 * Predicts a command on what the view shows, and a serializable transaction from what became of its reads. A command that throws is shown
 * nothing of, and sent all the same: the server decides.
 */
export function run(one: Pending, { predict, view }: { readonly predict: Predict; readonly view: View }): void {
  const { command, reads, dot, at } = one.transaction
  if (reads) {
    one.footprint ??= footprintOf(reads)
    view.examine(one)
  }
  if (!command) return
  try {
    const prediction = predict(command, { dot, at })
    Object.assign(one, effectOf(prediction?.operations ?? []))
    one.footprint = prediction?.footprint ?? nothingRead
  } catch {
    // What it had read by then is what might let it succeed, but a body may throw for anything: it is tried again with every change.
    Object.assign(one, effectOf([]))
    one.footprint = { ...nothingRead, all: true }
  }
}
