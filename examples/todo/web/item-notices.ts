import { type AnyConflict, conflictCard, keyOfConflict } from './conflict-card.ts'
import type { Db } from './db.ts'
import { el, keyed } from './dom.ts'
import { type Refused, refusedCard } from './refused.ts'
import type { Beginning } from './todo-form.ts'

interface NoticeOptions {
  readonly db: Db
  readonly id: string
  /** Opens the form of the item with a text in it. */
  readonly edit: (from: Beginning) => void
  readonly onFocusLost: () => void
}

/** What wants a decision about one todo, in its own row. */
export function createItemNotices({ db, id, edit, onFocusLost }: NoticeOptions) {
  const conflicts = db.conflicts.of('todos', id)
  const [ofConflicts, ofLetters] = [el('ul', { className: 'notices' }), el('ul', { className: 'notices' })]
  const conflictCards = keyed<AnyConflict>(ofConflicts, {
    key: keyOfConflict,
    make: (conflict) => conflictCard(db, conflict, edit),
    onFocusLost,
  })
  const letterCards = keyed<Refused>(ofLetters, {
    key: ({ letter }) => letter.id,
    make: (refused) => refusedCard(refused, edit),
    onFocusLost,
  })
  return {
    element: el('div', { className: 'item-notices', ariaLive: 'polite' }, ofConflicts, ofLetters),
    show(refused: readonly Refused[]): void {
      conflictCards.show(conflicts.read())
      letterCards.show(refused.filter(({ todo }) => todo === id))
    },
  }
}
