import type { SpaceState } from '@holdfast/client'
import type { Db } from './db.ts'
import { heardName } from './list-name.ts'
import { leaving } from './people.ts'
import { changes } from './status-text.ts'

export interface Lost {
  readonly space: string
  readonly words: string
}

/** Tells of lists that are taken away, whichever one is looked at. Returns the way to stop. */
export function watchLosses(db: Db, onLost: (lost: Lost) => void): () => void {
  let before = db.spaces.read()
  return db.spaces.subscribe((now) => {
    const gone = before.filter((space) => !now.includes(space))
    // Who has come back can be surprised again.
    for (const space of now) if (!before.includes(space)) leaving.delete(space)
    before = now
    for (const space of gone) {
      const state = db.space(space).state.read()
      if (state.is === 'gone') onLost({ space, words: lossOf(db, space, state) })
    }
  })
}

/** Why a list is gone, and what is left of it. */
export function lossOf(db: Db, space: string, { why, deadLetters }: SpaceState & { is: 'gone' }): string {
  const known = heardName(db, space)
  const name = known === undefined ? 'that list' : `“${known}”`
  const kept = deadLetters === 0 ? '' : ` What you had not sent, ${changes(deadLetters)}, is kept under “For you to look at”.`
  if (leaving.has(space)) return `You are no longer in ${name}.${kept}`
  return why === 'refused' ? `The server did not accept ${name}.${kept}` : `You no longer have access to ${name}.${kept}`
}
