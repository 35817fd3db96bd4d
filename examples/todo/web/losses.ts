import type { SpaceState } from '@holdfast/client'
import type { Db } from './db.ts'
import { listName } from './list-name.ts'
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
    before = now
    for (const space of gone) {
      const state = db.space(space).state.read()
      if (state.is === 'gone') onLost({ space, words: lossOf(db, space, state) })
    }
  })
}

/** Why a list is gone, and what is left of it. */
export function lossOf(db: Db, space: string, { why, deadLetters }: SpaceState & { is: 'gone' }): string {
  const name = `“${listName(db, space)}”`
  const kept =
    deadLetters === 0 ? '' : ` ${changes(deadLetters)} of yours that had not been sent ${deadLetters === 1 ? 'is' : 'are'} kept below.`
  if (leaving.delete(space)) return `You are no longer in ${name}.${kept}`
  return why === 'refused' ? `The server did not accept ${name}.${kept}` : `You no longer have access to ${name}.${kept}`
}
