import type { DeadLetter } from '@holdfast/client'
import { type ExportedWrite, exportUnsent } from '@holdfast/client/export'
import type { schema } from '../schema.ts'
import type { Db } from './db.ts'
import { el, type Part } from './dom.ts'
import { editInPlace } from './edit-in-place.ts'
import { attempt, brief, copy } from './toast.ts'
import type { Beginning } from './todo-form.ts'
import { type Typed, typedIn } from './typed.ts'

/** A write that was refused, with what was typed for it. */
export interface Refused {
  readonly letter: DeadLetter<typeof schema>
  readonly typed: Typed | undefined
  /** The todo that it would have changed. */
  readonly todo: string | undefined
}

/** All of them. What they were about is in the export. */
export function refusedWrites(db: Db): readonly Refused[] {
  const letters = db.deadLetters.read()
  if (letters.length === 0) return []
  const exported = new Map(exportUnsent(db).refused.map((one) => [one.id, one]))
  return letters.map((letter) => {
    const write = exported.get(letter.id)
    return { letter, typed: write && typedIn(write), todo: write && todoIn(write) }
  })
}

/** The todo that a write changes, if it is one that was there. */
function todoIn({ operations }: ExportedWrite): string | undefined {
  const [first] = operations
  return first && first[2] === 'todos' && first[0] !== 'ins' ? first[3] : undefined
}

/** What the codes of the SDK mean here; those of this app’s server come with words of their own. */
const WORDS: Readonly<Record<string, string>> = {
  unknown_record: 'It was deleted meanwhile.',
  exists: 'It is there already.',
  forbidden: 'You can read this list, but not change it.',
  rule_refused: 'That is not allowed in this list.',
  hook_failed: 'Something went wrong on the server. Trying again later may help.',
  poison: 'The server cannot read this change. Copy the text before you discard it.',
}

/** Why something is refused, in people’s words. */
export const wordsOf = ({ code, message }: { readonly code: string; readonly message: string }): string => WORDS[code] ?? message

/** What was refused and why, with the ways out: nothing is gone until its user says so. */
export function refusedCard({ letter, typed }: Refused, edit?: (from: Beginning) => void): Part<Refused> {
  const { label, summary, code } = letter
  const [first = '', ...others] = summary
  const rest = label === null ? others : summary.filter((line) => line !== label)
  const button = (name: string, onclick: () => void) => el('button', { type: 'button', onclick }, name)
  const buttons = el('p', { className: 'row' })
  if (letter.retriable) buttons.append(button('Try again', () => void attempt(() => letter.retry())))
  if (typed?.write) {
    const { write, text } = typed
    const save = (title: string) => letter.replace((tx) => write(tx, title), { label: `Write “${brief(title)}”` })
    buttons.append(button('Edit', () => (edit ? edit({ title: text, save }) : editInPlace(buttons, { text, save }))))
  }
  if (typed) buttons.append(button('Copy the text', () => copy(typed.text)))
  buttons.append(button('Discard', () => void attempt(() => letter.discard())))
  const element = el('li', { className: 'notice refused' })
  element.append(
    el('p', {}, 'Not accepted: ', el('b', {}, label ?? first)),
    el('p', {}, wordsOf(letter), ' ', el('code', {}, code)),
    el('ul', { className: 'summary quiet' }, ...rest.map((line) => el('li', {}, line))),
    buttons,
  )
  return { element, update() {} }
}
