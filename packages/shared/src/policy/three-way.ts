import type { Heads } from '../clock/heads.ts'
import type { Code } from '../errors.ts'
import { equalJson, type JsonValue } from '../json.ts'
import { packedArray, packedInteger } from './packed.ts'
import { advance, cannot, type Merged, type Policy } from './policy.ts'
import { inOrder, readVersion, type Version, writtenBy } from './versions.ts'

/** A value with what its author, and those whose changes it replaced unconfirmed, had seen before: `known` is the seq of that. */
interface Branch extends Version {
  readonly from: JsonValue
  readonly known: number
}

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

/**
 * A fold over the branches, in order of time, with a function of the app's: the base of two is what the one had seen that had seen less.
 * So the result does not depend on the order in which they arrived (`schedules.md` 1: a value that was merged into another is not a
 * branch that saw it).
 */
function fold(
  branches: readonly Branch[],
  merge: MergeSides,
): { readonly value: JsonValue; readonly dropped: readonly Branch[] } | Refused {
  const [first, ...rest] = branches
  let merged = { value: first?.value ?? null, from: first?.from ?? null, known: first?.known ?? 0 }
  const dropped: Branch[] = []
  for (const mine of rest) {
    const { from, known } = mine.known <= merged.known ? mine : merged
    const found = merge({ base: from, theirs: merged.value, mine: mine.value })
    if ('refused' in found) return found
    if (found.conflict) dropped.push(mine)
    merged = { value: found.value, from, known }
  }
  return { value: merged.value, dropped }
}

const headsOf = (branches: readonly Branch[]): Heads => branches.flatMap(({ heads }) => heads)

/** Concurrent writes are merged by a function of both and of what their authors saw; each carries that as `from`. */
export function threeWayPolicy(merge: MergeSides): Policy<ThreeWayState> {
  return {
    name: 'three-way',
    kind: 'register',
    from: true,
    empty: (fallback) => ({ value: fallback, branches: [] }),
    apply(state, action, actor): Merged<ThreeWayState> {
      if (action.do !== 'set' && action.do !== 'init') return cannot('three-way', action)
      const { left: unseen, own } = advance(headsOf(state.branches), actor)
      const left = state.branches.filter(({ heads }) => heads.some((head) => unseen.includes(head)))
      // What he built on and the server had not confirmed by then stands in the way of nobody else's: he goes on from where that began.
      const chain = state.branches.filter(({ heads }) => heads.some((head) => actor.sees(head) && head.seq > actor.base))
      const start = chain.reduce<Branch | undefined>((least, one) => (least && least.known <= one.known ? least : one), undefined)
      const mine: Branch = {
        value: action.value,
        heads: [own],
        from: start ? start.from : action.from === undefined ? state.value : action.from,
        known: start ? start.known : Math.min(actor.base, own.seq),
      }
      const branches = inOrder([...left, mine])
      const folded = fold(branches, merge)
      if ('refused' in folded) return folded
      const merged = { state: { value: folded.value, branches } }
      if (folded.dropped.length === 0) return merged
      // Whose value could not be kept before has been told then. Now it may be the newcomer's, or that of one who was there.
      const before = fold(state.branches, merge)
      const told = 'refused' in before ? [] : before.dropped
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
    pack: (state, heads) => [state.value, state.branches.map(({ value, heads: of, from, known }) => [value, heads(of), from, known])],
    unpack(packed, heads, held) {
      const [value, branches] = packedArray(packed, 2)
      return {
        value: value as JsonValue,
        branches: packedArray(branches).map((branch): Branch => {
          const [of, numbers, from, known] = packedArray(branch, 4)
          const own = readVersion(of as JsonValue, numbers, { heads, held: held?.branches ?? [] })
          return { value: of as JsonValue, heads: own, from: from as JsonValue, known: packedInteger(known) }
        }),
      }
    },
  }
}
