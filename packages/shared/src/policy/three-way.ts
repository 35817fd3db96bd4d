import { sameDot } from '../clock/dot.ts'
import type { Head, Heads } from '../clock/heads.ts'
import { type Code, HoldfastError } from '../errors.ts'
import { equalJson, type JsonValue } from '../json.ts'
import { LIMITS } from '../protocol/limits.ts'
import { utf8Length } from '../schema/value.ts'
import { packedArray, packedInteger } from './packed.ts'
import { advance, cannot, type Merged, type Policy } from './policy.ts'
import { inOrder, readVersion, type Version, writtenBy } from './versions.ts'

/** What the author of a branch had before him when his device had got so far, its own unconfirmed writes included. */
interface Step {
  /** When the write that it ends with was decided. */
  readonly seq: number
  readonly value: JsonValue
}

/** A value with what its author, and those whose changes it replaced unconfirmed, had seen before. */
interface Branch extends Version {
  /** What was confirmed to him, which is all up to the seq `known`. */
  readonly from: JsonValue
  readonly known: number
  /** What he built on besides: others may have seen the beginning of it. In order. */
  readonly steps: readonly Step[]
  /** What of others it has replaced: they may go on from there without knowing when that was decided. */
  readonly replaced: readonly Replaced[]
}

type Replaced = Pick<Head, 'by' | 'seq'>

export interface ThreeWayState {
  /** All branches merged. */
  readonly value: JsonValue
  /** In order. */
  readonly branches: readonly Branch[]
}

/** The three values of a merge. */
export interface Sides<V> {
  readonly base: V
  readonly theirs: V
  readonly mine: V
}

/** What a merge function gives where it had to drop something: the value, and that its author shall be told. */
export class Conflicting<V> {
  readonly value: V

  constructor(value: V) {
    this.value = value
  }
}

/** A merge function as the policy calls it: what it gives is checked, and what it throws is a refusal. */
export type MergeSides = (sides: Sides<JsonValue>) => { readonly value: JsonValue; readonly conflict: boolean } | Refused

interface Refused {
  readonly refused: Code
  readonly message: string
}

/** So many steps, and sessions of whom something was replaced, are kept: whoever is further behind may see a part of it twice. */
const MAX_KEPT = 16

/** Bytes of all steps of a branch: with long values fewer are kept, so that they alone never make a field too large. */
const STEP_BYTES = LIMITS.fieldBytes / 8

/**
 * A fold over the branches, which are in order of time, with a function of the app's. Who has seen most begins, so each that follows is
 * merged by exactly what it shares with all before it: the last of its own steps that they have seen. So the result does not depend on
 * the order in which they arrived (`schedules.md` 1: a value that was merged into another is not a branch that saw it).
 */
function fold(
  branches: readonly Branch[],
  merge: MergeSides,
): { readonly value: JsonValue; readonly dropped: readonly Branch[] } | Refused {
  const [most, ...rest] = [...branches.entries()].sort(([, a], [, b]) => b.known - a.known)
  if (!most) return { value: null, dropped: [] }
  let [latest, { value }] = most
  let merged = [most[1]]
  const dropped: Branch[] = []
  for (const [at, next] of rest) {
    const base = next.steps.findLast(({ seq }) => seq <= most[1].known)?.value ?? next.from
    const [theirs, mine] = at > latest ? [value, next.value] : [next.value, value]
    const found = merge({ base, theirs, mine })
    if ('refused' in found) return found
    if (found.conflict) dropped.push(...(at > latest ? [next] : merged))
    value = found.value
    merged = [...merged, next]
    latest = Math.max(latest, at)
  }
  return { value, dropped }
}

/** What the author of a write had built on unconfirmed, as it is on top of what is confirmed to him now. */
function stepsOf(chain: readonly Branch[], mine: Pick<Branch, 'heads' | 'from' | 'known'>, merge: MergeSides): readonly Step[] {
  const steps = chain.flatMap(({ value, heads, from, known, steps: before }) => {
    const own = heads.filter(({ by }) => !mine.heads.some((head) => sameDot(head.by, by))).map(({ seq }) => ({ seq, value }))
    return [...before, ...own].flatMap((step) => {
      if (step.seq <= mine.known) return []
      const again = known === mine.known ? step : merge({ base: from, theirs: mine.from, mine: step.value })
      return 'refused' in again ? [] : [{ seq: step.seq, value: again.value }]
    })
  })
  return steps.sort((a, b) => a.seq - b.seq)
}

/** The newest, as many as there is room for. */
function newest(steps: readonly Step[]): readonly Step[] {
  let bytes = 0
  const tooOld = steps.findLastIndex(({ value }) => {
    bytes += utf8Length(JSON.stringify(value))
    return bytes > STEP_BYTES
  })
  return steps.slice(Math.max(tooOld + 1, steps.length - MAX_KEPT))
}

/** Of each session the last. */
function replacedBy(own: Head, gone: readonly Branch[]): readonly Replaced[] {
  const heads = gone.flatMap((branch) => [...branch.replaced, ...branch.heads]).filter(({ by }) => by[0] !== own.by[0])
  const last = new Map(heads.sort((a, b) => a.seq - b.seq).map(({ by, seq }) => [by[0], { by, seq }]))
  return [...last.values()].slice(-MAX_KEPT)
}

const headsOf = (branches: readonly Branch[]): Heads => branches.flatMap(({ heads }) => heads)

/** Concurrent writes are merged by a function of both and of what their authors saw; each carries that as `from`. */
export function threeWayPolicy(merge: MergeSides): Policy<ThreeWayState> {
  return {
    name: 'three-way',
    kind: 'register',
    from: true,
    rebase({ value, over, onto }) {
      const found = merge({ base: over, theirs: onto, mine: value })
      return 'refused' in found || found.conflict ? undefined : found.value
    },
    empty: (fallback) => ({ value: fallback, branches: [] }),
    apply(state, action, actor): Merged<ThreeWayState> {
      if (action.do !== 'set' && action.do !== 'init') return cannot('three-way', action)
      const { left: unseen, own } = advance(headsOf(state.branches), actor)
      const left = state.branches.filter(({ heads }) => heads.some((head) => unseen.includes(head)))
      const before = action.from === undefined ? state.value : action.from
      const from = action.base === undefined ? before : action.base
      const isOwn = (head: Head | Replaced) => head.seq > actor.base && actor.sees({ at: 0, ...head })
      const chain = state.branches.filter(({ heads }) => heads.some(isOwn))
      const branch = { value: action.value, heads: [own], from, known: Math.min(actor.base, own.seq) }
      const steps = stepsOf(chain, branch, merge)
      // What he had before him ends with his last write that was decided: that may be here no more.
      const last = Math.max(0, ...[...left.flatMap(({ replaced }) => replaced.filter(isOwn)), ...steps].map(({ seq }) => seq))
      const mine: Branch = {
        ...branch,
        steps: last === 0 ? [] : newest([...steps.filter(({ seq }) => seq < last), { seq: last, value: before }]),
        replaced: replacedBy(
          own,
          state.branches.filter((one) => !left.includes(one)),
        ),
      }
      const branches = inOrder([...left, mine])
      const folded = fold(branches, merge)
      if ('refused' in folded) return folded
      const merged = { state: { value: folded.value, branches } }
      if (folded.dropped.length === 0) return merged
      // Whose value could not be kept before has been told then. Now it may be the newcomer's, or that of one who was there.
      const old = fold(state.branches, merge)
      const told = 'refused' in old ? [] : old.dropped
      const news = folded.dropped.filter((branch) => !told.includes(branch) && !equalJson(branch.value, folded.value))
      const [rival = own] = headsOf(left)
      const dropped = news.flatMap((branch) =>
        branch.heads.map((by) => ({ value: branch.value, by, kept: folded.value, keptBy: branch === mine ? rival : own })),
      )
      return { ...merged, dropped }
    },
    read: (state) => state.value,
    heads: (state) => headsOf(state.branches),
    wrote: (state, head) => writtenBy(state.branches, head),
    pack: (state, heads) => [state.value, state.branches.map((branch) => packBranch(branch, heads))],
    unpack(packed, heads, held) {
      const [value, branches] = packedArray(packed, 2)
      return {
        value: value as JsonValue,
        branches: packedArray(branches).map((branch): Branch => {
          const [of, numbers, from, known, steps = [], replaced = []] = packedArray(branch)
          return {
            value: of as JsonValue,
            heads: readVersion(of as JsonValue, numbers, { heads, held: held?.branches ?? [] }),
            from: from as JsonValue,
            known: packedInteger(known),
            steps: packedArray(steps).map(readStep),
            replaced: packedArray(replaced).map(readReplaced),
          }
        }),
      }
    },
  }
}

function packBranch({ value, heads: of, from, known, steps, replaced }: Branch, heads: (heads: Heads) => JsonValue): JsonValue {
  const packed: JsonValue[] = [value, heads(of), from, known]
  if (steps.length + replaced.length > 0) packed.push(steps.map((step) => [step.seq, step.value]))
  if (replaced.length > 0) packed.push(replaced.map(({ by, seq }) => [...by, seq]))
  return packed
}

function readStep(packed: JsonValue): Step {
  const [seq, value] = packedArray(packed, 2)
  return { seq: packedInteger(seq), value: value as JsonValue }
}

function readReplaced(packed: JsonValue): Replaced {
  const [session, n, seq] = packedArray(packed, 3)
  if (typeof session !== 'string') throw new HoldfastError('bad_response', 'A field arrived in an unknown form.')
  return { by: [session, packedInteger(n)], seq: packedInteger(seq) }
}
