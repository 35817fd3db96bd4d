import type { Todo } from '../schema.ts'
import { el, keyed } from './dom.ts'

interface TagOptions {
  readonly add: (tag: string) => void
  readonly remove: (tag: string) => void
}

export const cleanTag = (text: string): string => text.trim().replace(/^#+/, '').toLowerCase()

/** The tags of one todo as chips, each with its way out, and a field for more. */
export function createTags({ add, remove }: TagOptions) {
  let title = ''
  const chips = el('span', { className: 'chips' })
  const open = el('button', { type: 'button', className: 'add-tag', onclick: () => show(true) }, el('span', {}, '+ tag'))
  const input = el('input', { type: 'text', className: 'tag-input', hidden: true, placeholder: 'tag', enterKeyHint: 'done' })
  const element = el('div', { className: 'tags' }, chips, open, input)

  function show(typing: boolean): void {
    if (typing === !input.hidden) return
    const hadFocus = document.activeElement === input
    input.value = ''
    input.hidden = !typing
    open.hidden = typing
    if (typing) input.focus()
    else if (hadFocus) open.focus()
  }
  function take(): void {
    const tag = cleanTag(input.value)
    input.value = ''
    if (tag) add(tag)
  }
  input.onkeydown = (event) => {
    if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return
    event.preventDefault()
    if (event.key === 'Enter' && input.value !== '') take()
    else show(false)
  }
  input.onblur = () => {
    if (input.hidden) return
    take()
    show(false)
  }

  const list = keyed<string>(chips, {
    key: (tag) => tag,
    make(tag) {
      const button = el('button', { type: 'button', className: 'chip', onclick: () => remove(tag) })
      button.append(el('span', {}, tag, el('span', { className: 'cross', ariaHidden: 'true' }, '✕')))
      return { element: button, update: () => (button.ariaLabel = `Remove tag ${tag} from ${title}`) }
    },
    onFocusLost: (_, heir) => (heir ?? open).focus(),
  })

  return {
    element,
    update(todo: Todo): void {
      title = todo.title
      open.ariaLabel = `Add a tag to ${title}`
      input.ariaLabel = `New tag for ${title}`
      list.show(todo.tags)
    },
  }
}
