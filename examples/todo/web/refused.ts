import type { DeadLetter } from '@holdfast/client'
import { exportUnsent } from '@holdfast/client/export'
import type { Db } from './db.ts'
import { el, type Part } from './dom.ts'
import { attempt, copy } from './toast.ts'

/** A write that was refused, with what was typed for it. */
export interface Refused {
  readonly letter: DeadLetter
  readonly text: string | undefined
}

/** A dead letter tells people what it would have done; the whole of what they typed is in the export. */
export function refusedWrites(db: Db): readonly Refused[] {
  const letters = db.deadLetters.read()
  if (letters.length === 0) return []
  const exported = new Map(exportUnsent(db).refused.map((one) => [one.id, one.operations]))
  return letters.map((letter) => ({ letter, text: exported.get(letter.id)?.map(titleIn).find(Boolean) }))
}

function titleIn(operation: readonly unknown[]): string | undefined {
  const { title, name } = Object(operation[4]) as { title?: unknown; name?: unknown }
  return [title, name].find((one) => typeof one === 'string')
}

/** What was refused and why, with the ways out: nothing is gone until its user says so. */
export function refusedCard({ letter, text }: Refused): Part<Refused> {
  const { label, summary, message, code } = letter
  const [first = '', ...others] = summary
  const rest = label === null ? others : summary.filter((line) => line !== label)
  const button = (name: string, onclick: () => void) => el('button', { type: 'button', onclick }, name)
  const element = el('li', { className: 'notice refused' })
  element.append(
    el('p', {}, 'Not accepted: ', el('b', {}, label ?? first)),
    el('p', {}, message, ' ', el('code', {}, code)),
    el('ul', { className: 'summary quiet' }, ...rest.map((line) => el('li', {}, line))),
    el(
      'p',
      { className: 'row' },
      button('Try again', () => void attempt(() => letter.retry())),
      ...(text === undefined ? [] : [button('Copy the text', () => copy(text))]),
      button('Discard', () => void attempt(() => letter.discard())),
    ),
  )
  return { element, update() {} }
}
