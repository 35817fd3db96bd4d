import { exportUnsent } from '@holdfast/client/export'
import { type Preview, type PreviewedConflict, type PreviewedWrite, preview } from '@holdfast/client/review'
import { isHoldfastError } from '@holdfast/shared'
import type { schema } from '../schema.ts'
import { inWords } from './conflict-card.ts'
import type { Db } from './db.ts'
import { byId, el, keyed, setText } from './dom.ts'
import { editInPlace } from './edit-in-place.ts'
import { wordsOf } from './refused.ts'
import { nameOf } from './session.ts'
import { changes, timeOf } from './status-text.ts'
import { attempt, brief } from './toast.ts'
import { typedIn } from './typed.ts'

type Previewed = PreviewedWrite<typeof schema>

/** After a long absence: what waits, and what would become of it, before anything is sent. Returns the way to stop. */
export function showReview(db: Db): () => void {
  const section = byId('review')
  const send = byId<HTMLButtonElement>('review-send')
  let looked: Preview<typeof schema> | undefined
  /** What was last asked for: an answer that comes later than the next question is not shown. */
  let asked = 0
  let waiting = -1

  const cards = keyed<Previewed>(byId('review-writes'), {
    // What is said of it makes it another card.
    key: ({ id, is, code, conflicts }) => JSON.stringify([id, is, code, conflicts]),
    make: (write) => previewCard(db, write, () => void look()),
    onFocusLost: (_, heir) => (heir?.querySelector('button') ?? section).focus(),
  })

  async function look(news = ''): Promise<void> {
    const turn = ++asked
    send.disabled = true
    try {
      const found = await preview(db)
      if (turn !== asked) return
      looked = found
      setText(byId('review-text'), `${news}You were away for a while. This is what would become of ${changes(found.writes.length)}:`)
      cards.show(found.writes)
      send.disabled = false
    } catch (error) {
      // It is asked again when the status is another one.
      waiting = -1
      if (!isHoldfastError(error)) throw error
      if (turn === asked) setText(byId('review-text'), `It cannot be looked at now: ${error.message}`)
    }
  }

  async function sendAll(): Promise<void> {
    send.disabled = true
    const answer = await attempt(async () => looked?.approve())
    if (answer === 'changed') await look('Things have moved meanwhile, so nothing was sent yet. ')
    else send.disabled = false
  }

  const stop = db.status.subscribe(({ problem, online, pending }) => {
    const due = problem?.fix === 'review' && online
    const hadFocus = section.contains(document.activeElement)
    section.hidden = !due
    if (!due) {
      asked++
      waiting = -1
      cards.show([])
      if (hadFocus) byId('list-name').focus()
    } else if (pending !== waiting) {
      waiting = pending
      void look()
    }
  })
  send.onclick = () => void sendAll()
  return () => {
    stop()
    asked++
    section.hidden = true
    cards.show([])
  }
}

/** One write that waits, with what would become of it, and the ways to send something else or nothing. */
function previewCard(db: Db, write: Previewed, lookAgain: () => void) {
  const { id, label, summary, at, is, code = '', message = '', conflicts } = write
  const typed = typedIn(exportUnsent(db).unsent.find((one) => one.id === id) ?? { operations: [] })
  const button = (name: string, onclick: () => void) => el('button', { type: 'button', onclick }, name)
  const buttons = el('p', { className: 'row' })
  if (typed?.write) {
    const { text, write: again } = typed
    const save = (title: string) => {
      const stored = write.replace((tx) => again(tx, title), { label: `Write “${brief(title)}”` })
      lookAgain()
      return stored
    }
    buttons.append(button('Edit', () => editInPlace(buttons, { text, save })))
  }
  buttons.append(button('Do not send', () => void attempt(() => write.drop().then(lookAgain))))
  const fate = is === 'refused' ? [el('p', {}, 'It would not be accepted: ', wordsOf({ code, message }), ' ', el('code', {}, code))] : []
  const element = el('li', { className: `notice ${is}` })
  element.append(
    el('p', {}, el('b', {}, label ?? summary[0] ?? '')),
    ...fate,
    ...conflicts.map((one) => el('p', {}, lossOf(one, db.userId))),
    el('p', { className: 'quiet' }, timeOf(at)),
    buttons,
  )
  return { element, update() {} }
}

/** What a write would cost, and whom. */
function lossOf({ kind, kept, dropped, to }: PreviewedConflict<typeof schema>, me: string): string {
  const name = nameOf(to)
  if (kind === 'deleted') {
    if (to === me) return 'It was deleted meanwhile: this would be kept for you to bring back.'
    return `It would delete what ${name} has changed meanwhile; ${name} is told.`
  }
  if (to !== me) return `It would replace ${name}’s ${inWords(dropped.value)}; ${name} is told.`
  return `${nameOf(kept.userId)}’s ${inWords(kept.value)} would stand, and your ${inWords(dropped.value)} be kept for you.`
}
