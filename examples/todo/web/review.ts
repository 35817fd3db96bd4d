import type { Conflict, Database, DeadLetter } from '@holdfast/client'
import type { schema } from '../schema.ts'
import { byId, el, keyed, setText } from './dom.ts'
import { listName, nameOf } from './session.ts'
import { timeOf } from './status-text.ts'
import { attempt } from './toast.ts'

type AnyConflict = Conflict<typeof schema>

/** What wants a decision: edits that a merge dropped, and writes that the server refused. Returns the way to stop. */
export function showReview(db: Database<typeof schema>): () => void {
  const reviewed = createReviewed(db.userId)
  const onFocusLost = (_: Element, heir: HTMLElement | undefined) => (heir?.querySelector('button') ?? byId('review')).focus()
  let conflicts: readonly AnyConflict[] = []

  const conflictCards = keyed<AnyConflict>(byId('conflicts'), {
    key: reviewed.keyOf,
    make: (conflict) => conflictCard(db, conflict, () => decide(conflict)),
    onFocusLost,
  })
  const deadLetterCards = keyed<DeadLetter>(byId('dead-letters'), { key: ({ id }) => id, make: deadLetterCard, onFocusLost })

  function decide(conflict: AnyConflict): void {
    reviewed.add(conflict)
    show()
  }

  function show(): void {
    const open = conflicts.filter((conflict) => !reviewed.has(conflict))
    const dead = db.deadLetters.read()
    const n = open.length + dead.length
    const link = byId('review-link')
    byId('review').hidden = n === 0
    link.hidden = n === 0
    setText(link, `${n} to look at`)
    conflictCards.show(open)
    deadLetterCards.show(dead)
  }
  byId('review-link').onclick = () => byId('review').focus()

  const stops = [
    db.conflicts.subscribe((now) => {
      conflicts = now
      reviewed.prune(now)
      show()
    }),
    db.deadLetters.subscribe(show),
  ]
  return () => {
    for (const stop of stops) stop()
    conflictCards.show([])
    deadLetterCards.show([])
  }
}

function conflictCard(db: Database<typeof schema>, conflict: AnyConflict, decided: () => void) {
  const { space, record, dropped } = conflict
  const { todos } = db.space(space)
  const words =
    conflict.kind === 'deleted' ? `“${titleOf(dropped.value)}” was deleted while you changed it.` : replaced(conflict, db.userId)
  const mine = conflict.kind === 'deleted' ? 'Add it again' : 'Use mine'
  const useMine = async () => {
    if (conflict.kind === 'deleted') {
      const title = titleOf(dropped.value)
      await attempt(() => db.space(space).write((tx) => tx.todos.insert({ title, created: tx.now }), { label: `Add “${title}” again` }))
    } else await attempt(() => todos.update(record, { [conflict.field]: dropped.value }))
    decided()
  }
  const element = el('li', { className: 'notice' })
  element.append(
    el('p', {}, words),
    el('p', { className: 'quiet' }, `${listName(space)}, ${timeOf(dropped.at)}`),
    el(
      'p',
      { className: 'row' },
      el('button', { type: 'button', className: 'primary', onclick: () => void useMine() }, mine),
      el('button', { type: 'button', onclick: decided }, 'Leave it'),
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

function deadLetterCard(letter: DeadLetter) {
  const [what = '', ...rest] = letter.summary
  const element = el('li', { className: 'notice refused' })
  element.append(
    el('p', {}, 'Not accepted: ', el('b', {}, what)),
    el('p', {}, letter.message, ' ', el('code', {}, letter.code)),
    el('ul', { className: 'summary quiet' }, ...rest.map((line) => el('li', {}, line))),
    el('p', { className: 'row' }, el('button', { type: 'button', onclick: () => void attempt(() => letter.discard()) }, 'Discard')),
  )
  return { element, update() {} }
}

/** Conflicts that this person has decided about. The server keeps them; this device remembers which ones are settled. */
function createReviewed(userId: string) {
  const key = `holdfast-todo ${userId} reviewed`
  const keyOf = ({ id, dropped }: AnyConflict) => `${id}@${dropped.at}`
  let settled = new Set<string>(JSON.parse(localStorage.getItem(key) ?? '[]'))
  const save = (next: Iterable<string>) => {
    settled = new Set(next)
    localStorage.setItem(key, JSON.stringify([...settled]))
  }
  return {
    keyOf,
    has: (conflict: AnyConflict) => settled.has(keyOf(conflict)),
    add: (conflict: AnyConflict) => save([...settled, keyOf(conflict)]),
    prune(conflicts: readonly AnyConflict[]): void {
      if (settled.size > conflicts.length) save(conflicts.map(keyOf).filter((one) => settled.has(one)))
    },
  }
}
