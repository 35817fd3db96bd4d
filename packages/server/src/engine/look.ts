import type { Cut } from '@holdfast/shared/internal/history/history-hash'
import type { SpaceId } from '@holdfast/shared/internal/ids'
import type { SyncRequest } from '@holdfast/shared/internal/protocol/request'
import { accessOf, accessTag, type Reader } from './access.ts'
import type { Engine } from './engine.ts'
import { cutOf, readable } from './pull.ts'
import { type Asking, need } from './reads.ts'

/** Where a reader could be: of the spaces that he follows those that he may read, all in one snapshot. */
export interface Outlook {
  readonly spaces: ReadonlySet<SpaceId>
  readonly tag: string
  readonly cut: Cut
  /** The number of the last commit in it. */
  readonly commits: number
}

/** Looks where things are, without what is there. */
export function* look(engine: Engine, reader: Reader, follow: SyncRequest['follow']): Asking<Outlook> {
  const { spaces, tag } = yield* lookAtAccess(engine, reader, follow)
  const { commits } = yield* need('meta')
  return { spaces, tag, commits, cut: yield* cutOf(engine, [...spaces]) }
}

/** The part of it that says what this user may read. */
export function* lookAtAccess(engine: Engine, reader: Reader, follow: SyncRequest['follow']): Asking<Pick<Outlook, 'spaces' | 'tag'>> {
  const list = yield* accessOf(reader)
  return { spaces: new Set(readable(list, follow)), tag: accessTag(engine.sha256, list) }
}
