import type { Dot } from '@holdfast/shared/internal/clock/dot'
import type { Head } from '@holdfast/shared/internal/clock/heads'
import type { Hlc } from '@holdfast/shared/internal/clock/hlc'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { Asker } from './asker.ts'

/** Who writes on the server has seen everything. */
export const ALL_SEEN = { base: () => Number.MAX_SAFE_INTEGER, sees: () => true } as const

/** The author of the transaction that is being decided. */
export interface Writer {
  readonly dot: Dot
  /** As it was decided. */
  readonly at: Hlc
  readonly asker: Asker
  /** The asker's own, judged by grants and rules; or the server's, which may write anywhere. */
  readonly rights: 'own' | 'server'
  /** Spaces that may begin with it. */
  readonly begins: readonly SpaceId[]
  /** Up to which seq its author had seen everything. */
  base(space: SpaceId): number
  /** What its author had seen. */
  sees(space: SpaceId, head: Head): boolean
}
