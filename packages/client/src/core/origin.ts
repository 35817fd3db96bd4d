import { type Head, winner } from '@holdfast/shared/internal/clock/heads'
import { msOf } from '@holdfast/shared/internal/clock/hlc'
import { equalJson } from '@holdfast/shared/internal/json'
import type { FirstState } from '@holdfast/shared/internal/policy/first'
import type { Policy } from '@holdfast/shared/internal/policy/policy'
import type { Replica } from './replica.ts'
import { userOf } from './user-of.ts'

/** Who made a change, and when. */
export interface Origin {
  /** Null of the server's own changes, and of what is so old that nothing is kept of it but the value. */
  readonly userId: string | null
  /** In milliseconds since 1970; null of what is so old. */
  readonly at: number | null
}

/** The change that gave a field the value it shows; of a value that was merged from several, the latest. None, if it is forgotten. */
export function decidingHead(policy: Policy, state: unknown): Head | undefined {
  if (policy.name === 'first') return (state as FirstState).by[0]
  const heads = policy.heads(state)
  const shown = policy.read(state)
  return winner(heads.filter((head) => policy.wrote && equalJson(policy.wrote(state, head), shown))) ?? winner(heads)
}

/** The same as people ask for it; `userId` is whose device this is. */
export const originOf = ({ replica, userId }: { readonly replica: Replica; readonly userId: string }, head: Head | undefined): Origin =>
  head ? { userId: userOf(replica, head.by, userId), at: msOf(head.at) } : { userId: null, at: null }
