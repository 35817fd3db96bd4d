import { sameDot } from '../clock/dot.ts'
import { bounded, type Head, type Heads, MAX_CONCURRENT } from '../clock/heads.ts'
import type { Code } from '../errors.ts'
import type { JsonValue } from '../json.ts'

/** What an operation does to one field. `init` is the field's part of an insert, `set` a write to a register. */
export type Action =
  | {
      readonly do: 'init' | 'set'
      readonly value: JsonValue
      /** What its author saw there. */
      readonly from?: JsonValue | undefined
      /** What of that was confirmed, where own writes that were not had made it otherwise. */
      readonly base?: JsonValue | undefined
    }
  | { readonly do: 'inc'; readonly delta: number }
  | { readonly do: 'reset'; readonly to: number; readonly sum: number }
  | { readonly do: 'add' | 'remove'; readonly elements: readonly JsonValue[] }
  | { readonly do: 'keys'; readonly values: Readonly<Record<string, JsonValue>> }
  | { readonly do: 'unkey'; readonly keys: readonly string[] }
  | { readonly do: 'move'; readonly key: string }

/** Who acts: the head that the change leaves behind, and what its author had seen. */
export interface Actor {
  readonly head: Head
  /** How far its author was in this space: the seq up to which he had seen everything. */
  readonly base: number
  sees(head: Head): boolean
}

/** A value that a merge discarded, with the change that had made it, and what stands in its place. Of a map: under this key. */
export interface Dropped {
  readonly key?: string
  readonly value: JsonValue
  readonly by: Head
  readonly kept: JsonValue
  readonly keptBy: Head
}

export type Merged<S> =
  | {
      readonly state: S
      readonly dropped?: readonly Dropped[]
      /** Where the change is in effect now; without it, wherever it was not dropped. Of a map: its keys. */
      readonly won?: readonly string[]
    }
  | { readonly refused: Code; readonly message: string }

export type ReadHeads = (packed: JsonValue | undefined, held: Heads) => Heads

/** The kind of a field decides its verbs: a register is set in a patch, a counter incremented, a set added to, a rank moved. */
export type FieldKind = 'register' | 'counter' | 'set' | 'map' | 'rank'

/**
 * How concurrent changes to one kind of field merge. Laws, checked for every policy in `laws.test.ts`:
 *
 * - pure: the same state, action and actor give the same result, and the arguments are not changed;
 * - heads are an antichain: `apply` drops those the actor sees and adds its own (a removal from a set adds none to the element);
 * - order does not matter: concurrent actions, applied in any order the server may choose, give the same value (but for `first` and
 *   `strict`, which go by that order);
 * - `unpack(pack(state))` is the same state, and packing is deterministic.
 */
export interface Policy<S = unknown> {
  /** What `docs/conflicts.md` and `explain` call it. */
  readonly name: string
  readonly kind: FieldKind
  /** A change carries the value that its author saw. */
  readonly from?: true
  /** What was written over one value, as if it had been written over another; undefined where that cannot be said. */
  rebase?(written: { readonly value: JsonValue; readonly over: JsonValue; readonly onto: JsonValue }): JsonValue | undefined
  /** The state of a field that no one has written. */
  empty(fallback: JsonValue): S
  apply(state: S, action: Action, actor: Actor): Merged<S>
  /** What a row shows. */
  read(state: S): JsonValue
  /** Every head in the state; with the field's own last changes. */
  heads(state: S): Heads
  /** Those of them that somebody meant, where the server leaves others: nobody's edit is lost with the rest. */
  edits?(state: S): Heads
  /** What one of these changes wrote, where that is not what a row shows. */
  wrote?(state: S, head: Head): JsonValue
  /** The wire and storage form; `heads` turns heads into theirs. */
  pack(state: S, heads: (heads: Heads) => JsonValue): JsonValue
  /**
   * The other way; raises `bad_response` where the form is wrong. A delta leaves out heads that are older than its start, so `heads` is
   * also given those that the reader `held` in that place and decides which to keep.
   */
  unpack(packed: JsonValue, heads: ReadHeads, held: S | undefined): S
}

/** The heads after a change: those the actor had not seen, and its own, whose time is later than of all it replaces. */
export function advance(heads: Heads, actor: Actor): { left: Heads; own: Head; next: Heads } {
  const left = heads.filter((head) => !actor.sees(head))
  const after = (head: Head) => (sameDot(head.by, actor.head.by) ? head.at : head.at + 1)
  const floor = heads.reduce((at, head) => (actor.sees(head) ? Math.max(at, after(head)) : at), actor.head.at)
  const own = floor === actor.head.at ? actor.head : { ...actor.head, at: floor }
  return { left, own, next: bounded([...left, own]) }
}

/** The refusal of an action that a policy has not. */
export const cannot = (name: string, action: Action): { readonly refused: Code; readonly message: string } => ({
  refused: 'invalid_value',
  message: `A field of policy "${name}" cannot take "${action.do}".`,
})

/** Of a set or a map: each change costs as much as the field is big. Keys of a map that were removed lately are among them, and make room. */
export const MAX_ENTRIES = 2_000

/** How many concurrent changes of one entry are told apart: the fewer, the more entries there are, so that all together stay few. */
export const headsPerEntry = (entries: number): number => Math.max(4, Math.min(MAX_CONCURRENT, Math.floor(MAX_ENTRIES / entries)))

/** The refusal of what would make a set or map bigger than that. */
export const full = (name: string): { readonly refused: Code; readonly message: string } => ({
  refused: 'too_large',
  message: `A ${name} holds at most ${MAX_ENTRIES} entries; for more, use a table.`,
})
