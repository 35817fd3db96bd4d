import type { SessionId, SpaceId } from '@holdfast/shared/internal/ids'
import type { SpaceAccess } from '@holdfast/shared/internal/protocol/response'
import type { AnswerRow, SegmentRow, SessionRow, SpaceRow, StoredRecord } from './reads.ts'

/** What a batch adds to a space's history: the entry as text, and the short hash after it. */
export interface LogRow {
  readonly space: SpaceId
  readonly seq: number
  readonly session: SessionId
  readonly n: number
  readonly payload: string
  readonly at: number
  readonly entry: string
  readonly hash: string
}

/** What a user may do in a space from now on; `access` null takes it away. */
export interface GrantRow {
  readonly user: string
  readonly space: SpaceId
  readonly access: SpaceAccess['access'] | null
  readonly role: string | null
}

/** What is to become of segments, after all else. */
export interface SegmentChanges {
  readonly bodies?: readonly (SegmentRow & { readonly id: string; readonly until: number | null })[] | undefined
  /** Until when a segment is kept, in milliseconds since 1970; null: as long as nobody says otherwise. */
  readonly until?: readonly (readonly [id: string, until: number | null])[] | undefined
  readonly sets?: readonly { readonly space: SpaceId; readonly body: string }[] | undefined
  /** In the end those go whose `until` is not after this. */
  readonly now: number
}

/** Everything that a storage has to store, in one transaction, before anyone is answered. */
export interface Changes {
  readonly meta?: { readonly hlc: number; readonly commits: number } | undefined
  /** Before everything that names them. `creator` counts only for a space that is new. */
  readonly spaces: readonly (SpaceRow & { readonly space: SpaceId; readonly creator: string })[]
  readonly records: readonly (StoredRecord & {
    readonly space: SpaceId
    readonly seq: number
    readonly alive: number
    readonly dead: boolean
  })[]
  readonly log: readonly LogRow[]
  readonly sessions: readonly (SessionRow & { readonly session: SessionId })[]
  readonly answers: readonly (AnswerRow & { readonly session: SessionId })[]
  /** Up to which n a session's client knows its verdicts: answers without a code may go. */
  readonly known: readonly (readonly [session: SessionId, n: number])[]
  readonly grants: readonly GrantRow[]
  readonly segments?: SegmentChanges | undefined
}

export const NO_CHANGES: Changes = { spaces: [], records: [], log: [], sessions: [], answers: [], known: [], grants: [] }
