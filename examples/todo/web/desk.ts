import { type Duration, openDatabase } from '@holdfast/client'
import { app } from '../app.ts'
import type { Db } from './db.ts'
import { byId } from './dom.ts'
import { showLists } from './lists.ts'
import { type Lost, watchLosses } from './losses.ts'
import { createNetwork } from './network.ts'
import { notice } from './notice.ts'
import { showReview } from './review.ts'
import type { User } from './session.ts'
import { followSignOut } from './sign-out.ts'
import { showStatus } from './status-line.ts'
import { showToLookAt, type ToLookAt } from './to-look-at.ts'
import { clearToasts } from './toast.ts'

/** What is open for the user who is signed in, whichever list he looks at. */
export interface Desk {
  readonly user: User
  readonly db: Db
  readonly lists: ReturnType<typeof showLists>
  readonly toLookAt: ToLookAt
  close(): void
}

interface DeskOptions {
  readonly onLost: (lost: Lost) => void
  /** Another window has signed the user out. */
  readonly onSignedOut: () => void
}

/** Who was away for longer than a day looks first at what he would send; `?review=10s` in the address is for trying that out. */
const reviewAfter = () => (new URLSearchParams(location.search).get('review') ?? '1d') as Duration

export async function openDesk(user: User, { onLost, onSignedOut }: DeskOptions): Promise<Desk> {
  const network = createNetwork(user.id, (off) => {
    byId<HTMLInputElement>('offline').checked = off
    void opening.then((db) => db.sync())
  })
  const opening = openDatabase({
    ...app,
    userId: user.id,
    token: () => user.id,
    reviewAfter: reviewAfter(),
    platform: { fetch: network.fetch },
  })
  const db = await opening
  const lists = showLists(db, user)
  const toLookAt = showToLookAt(db)
  const stops = [
    showStatus(db, network),
    toLookAt.stop,
    showReview(db),
    watchLosses(db, onLost),
    followSignOut(user.id, onSignedOut),
    lists.stop,
    network.close,
    clearToasts,
    () => notice(''),
  ]
  return {
    user,
    db,
    lists,
    toLookAt,
    close() {
      for (const stop of stops) stop()
      void db.close()
    },
  }
}
