import { el } from './dom.ts'
import { attempt } from './toast.ts'

interface EditOptions {
  readonly text: string
  readonly save: (text: string) => PromiseLike<unknown>
}

/** Puts a field in place of the buttons of a card, until what is in it is saved or given up. */
export function editInPlace(buttons: HTMLElement, { text, save }: EditOptions): void {
  const input = el('input', { type: 'text', ariaLabel: 'Text', value: text, enterKeyHint: 'done' })
  const cancel = el('button', { type: 'button', onclick: () => end() }, 'Cancel')
  const form = el('form', { className: 'row', autocomplete: 'off' }, input)
  form.append(el('button', { type: 'submit', className: 'primary' }, 'Save'), cancel)
  const end = () => {
    form.replaceWith(buttons)
    buttons.querySelector('button')?.focus()
  }
  form.onsubmit = (event) => {
    event.preventDefault()
    const title = input.value.trim()
    end()
    if (title) void attempt(() => save(title), title)
  }
  input.onkeydown = (event) => {
    if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return
    // The focus moves to a button: the same key must not press it.
    event.preventDefault()
    if (event.key === 'Enter') form.requestSubmit()
    else end()
  }
  buttons.replaceWith(form)
  input.select()
}
