import type { Conflict } from '@holdfast/client'
import type { schema } from '../schema.ts'
import type { Db } from './db.ts'
import { byId, el, keyed, setText } from './dom.ts'
import { listName } from './list-name.ts'
import { type Refused, refusedCard, refusedWrites } from './refused.ts'
import { nameOf } from './session.ts'
import { timeOf } from './status-text.ts'
import { attempt } from './toast.ts'

type AnyConflict = Conflict<typeof schema>

/** What wants a decision: edits that a merge dropped, and writes that the server refused. Returns the way to stop. */
export function showReview(db: Db): () => void {
  const onFocusLost = (_: Element, heir: HTMLElement | undefined) => (heir?.querySelector('button') ?? byId('review')).focus()

  const conflictCards = keyed<AnyConflict>(byId('conflicts'), {
    key: ({ id, dropped }) => `${id}@${dropped.at}`,
    make: (conflict) => conflictCard(db, conflict),
    onFocusLost,
  })
  const deadLetterCards = keyed<Refused>(byId('dead-letters'), { key: ({ letter }) => letter.id, make: refusedCard, onFocusLost })

  function show(): void {
    const open = db.conflicts.read()
    const dead = refusedWrites(db)
    const n = open.length + dead.length
    const link = byId('review-link')
    byId('review').hidden = n === 0
    link.hidden = n === 0
    setText(link, `${n} to look at`)
    conflictCards.show(open)
    deadLetterCards.show(dead)
  }
  byId('review-link').onclick = () => byId('review').focus()

  const stops = [db.conflicts.subscribe(show), db.deadLetters.subscribe(show)]
  return () => {
    for (const stop of stops) stop()
    conflictCards.show([])
    deadLetterCards.show([])
  }
}

function conflictCard(db: Db, conflict: AnyConflict) {
  const { space, dropped } = conflict
  const words =
    conflict.kind === 'deleted' ? `“${titleOf(dropped.value)}” was deleted while you changed it.` : replaced(conflict, db.userId)
  const mine = conflict.kind === 'deleted' ? 'Bring it back' : 'Use mine'
  const element = el('li', { className: 'notice' })
  element.append(
    el('p', {}, words),
    el('p', { className: 'quiet' }, `${listName(db, space)}, ${timeOf(dropped.at)}`),
    el(
      'p',
      { className: 'row' },
      el('button', { type: 'button', className: 'primary', onclick: () => void attempt(() => conflict.restore()) }, mine),
      el('button', { type: 'button', onclick: () => void attempt(() => conflict.dismiss()) }, 'Leave it'),
    ),
  )
  return { element, update() {} }
}

function replaced({ kept, dropped }: AnyConflict, me: string): string {
  const by = kept === null || kept.userId === me ? 'Your later' : `${nameOf(kept.userId)}’s`
  return `${by} ${inWords(kept?.value)} replaced your ${inWords(dropped.value)}.`
}

const inWords = (value: unknown): string => (typeof value === 'boolean' ? (value ? '“done”' : '“open”') : `“${String(value)}”`)

/** Of a record that is deleted a conflict holds the fields that were edited. */
function titleOf(value: unknown): string {
  const { title } = Object(value) as { title?: unknown }
  return typeof title === 'string' ? title : 'A todo'
}
