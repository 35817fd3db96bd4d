import { el } from './dom.ts'

export interface Choice<K extends string> {
  readonly key: K
  readonly name: string
  /** What it means. */
  readonly hint?: string
}

/** Asks in a dialog what is to be done; nothing, if it is closed. */
export function choose<const K extends string>(
  { title, text }: { readonly title: string; readonly text: string },
  choices: readonly Choice<K>[],
): Promise<K | undefined> {
  const { promise, resolve } = Promise.withResolvers<K | undefined>()
  const heading = el('h2', { id: 'choice-title' }, title)
  const words = el('p', { id: 'choice-text' }, text)
  const dialog = el('dialog', { className: 'card choice' }, heading, words)
  const button = (name: string, key?: K) => el('button', { type: 'button', onclick: () => dialog.close(key) }, name)
  for (const { key, name, hint } of choices) {
    dialog.append(el('div', {}, button(name, key), ...(hint ? [el('p', { className: 'quiet' }, hint)] : [])))
  }
  dialog.append(button('Cancel'))
  dialog.querySelector('button')?.classList.add('primary')
  dialog.setAttribute('aria-labelledby', heading.id)
  dialog.setAttribute('aria-describedby', words.id)
  dialog.onclose = () => {
    dialog.remove()
    resolve((dialog.returnValue || undefined) as K | undefined)
  }
  document.body.append(dialog)
  dialog.showModal()
  return promise
}
