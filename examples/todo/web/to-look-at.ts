import { type AnyConflict, conflictCard, keyOfConflict } from './conflict-card.ts'
import type { Db } from './db.ts'
import { byId, keyed, setText } from './dom.ts'
import { type Refused, refusedCard, refusedWrites } from './refused.ts'

/**
 * What wants a decision: edits that a merge dropped, and writes that the server refused. What concerns a todo on the screen is said
 * there; this is the rest.
 */
export function showToLookAt(db: Db) {
  const box = byId('to-look-at')
  const link = byId('look-link')
  let onScreen: ReadonlySet<string> = new Set()
  const onFocusLost = (_: Element, heir: HTMLElement | undefined) => (heir?.querySelector('button') ?? box).focus()

  const conflictCards = keyed<AnyConflict>(byId('conflicts'), {
    key: keyOfConflict,
    make: (conflict) => conflictCard(db, conflict),
    onFocusLost,
  })
  const deadLetterCards = keyed<Refused>(byId('dead-letters'), {
    key: ({ letter }) => letter.id,
    make: (one) => refusedCard(one),
    onFocusLost,
  })

  function show(): void {
    const [open, dead] = [db.conflicts.read(), refusedWrites(db)]
    const conflicts = open.filter(({ record }) => !onScreen.has(record))
    const letters = dead.filter(({ todo }) => todo === undefined || !onScreen.has(todo))
    const n = open.length + dead.length
    box.hidden = conflicts.length + letters.length === 0
    link.hidden = n === 0
    setText(link, `${n} to look at`)
    conflictCards.show(conflicts)
    deadLetterCards.show(letters)
  }
  link.onclick = () => (box.hidden ? document.querySelector<HTMLElement>('.item-notices button') : box)?.focus()

  const stops = [db.conflicts.subscribe(show), db.deadLetters.subscribe(show)]
  return {
    /** Which todos tell themselves what there is to decide about them. */
    setOnScreen(ids: Iterable<string>): void {
      onScreen = new Set(ids)
      show()
    },
    stop(): void {
      for (const stop of stops) stop()
      conflictCards.show([])
      deadLetterCards.show([])
    },
  }
}

export type ToLookAt = ReturnType<typeof showToLookAt>
