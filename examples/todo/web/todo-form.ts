import { openDraft } from '@holdfast/client/draft'
import type { Todo } from '../schema.ts'
import type { List } from './db.ts'
import { el, setText } from './dom.ts'
import { nameOf } from './session.ts'
import { attempt, brief } from './toast.ts'

interface FormOptions {
  readonly space: List
  readonly id: string
  /** Who types. */
  readonly me: string
  /** It was opened, or what was typed was saved or given up. */
  readonly onToggle: (how: { readonly hadFocus: boolean }) => void
}

/** With what a form begins, if not with what is there. */
export interface Beginning {
  readonly title: string
  /** In place of saving the draft. */
  readonly save?: (title: string) => PromiseLike<unknown>
  /** After it. */
  readonly after?: () => PromiseLike<unknown>
}

const openTodo = ({ todos }: List, id: string) => openDraft(todos, id)

/** The title of one todo while somebody types: a draft, which writes against what he has seen. */
export function createForm({ space, id, me, onToggle }: FormOptions) {
  let draft: ReturnType<typeof openTodo> | undefined
  let beginning: Beginning | undefined
  /** The title when it was opened. */
  let before = ''

  const input = el('input', { type: 'text', className: 'edit', enterKeyHint: 'done', oninput: () => draft?.set({ title: input.value }) })
  const meanwhile = el('p', { className: 'meanwhile', role: 'status' })
  const mine = el('button', { type: 'submit', className: 'primary' })
  const theirs = el('button', { type: 'button', onclick: takeTheirs })
  const choices = el('p', { className: 'row', hidden: true }, mine, theirs)
  // A button does not take the caret out of the text.
  choices.onpointerdown = (event) => event.preventDefault()
  const element = el('form', { className: 'todo-form', hidden: true, autocomplete: 'off' }, input, meanwhile, choices)

  function open(from?: Beginning): void {
    if (!draft) {
      draft = openTodo(space, id)
      before = draft.values.title
      element.hidden = false
      draft.subscribe(show)
    }
    beginning = from
    if (from) draft.set({ title: from.title })
    onToggle({ hadFocus: false })
    input.focus()
  }

  function show(): void {
    if (!draft) return
    const { values, changed, theirs: others, gone } = draft
    // Nothing was typed into what is gone.
    if (gone && changed.length === 0) {
      close()
      return
    }
    if (input.value !== values.title) input.value = values.title
    input.ariaLabel = `Title of ${before}`
    const other = others.title
    const who = other?.userId === me ? 'You' : nameOf(other?.userId ?? null)
    setText(meanwhile, gone ? 'Deleted meanwhile. Saving brings it back.' : other ? `${who} meanwhile wrote “${other.value}”.` : '')
    setText(mine, gone ? 'Bring it back' : 'Save mine')
    setText(theirs, gone ? 'Leave it deleted' : 'Keep theirs')
    choices.hidden = !gone && !other
    element.closest('.todo')?.classList.toggle('gone', gone)
  }

  function takeTheirs(): void {
    if (draft?.gone) close()
    else {
      // First, as what is hidden cannot keep the focus.
      input.focus()
      draft?.take('title')
    }
  }

  function close(): void {
    if (!draft) return
    const hadFocus = element.contains(document.activeElement)
    const form = draft
    draft = undefined
    form.close()
    element.hidden = true
    element.closest('.todo')?.classList.remove('gone')
    onToggle({ hadFocus })
  }

  function save(): void {
    const form = draft
    const title = input.value.trim()
    const { save: write, after } = beginning ?? {}
    if (form && title) {
      form.set({ title })
      const label = `Rename “${brief(before)}” to “${brief(title)}”`
      if (write || form.changed.length > 0) void attempt(() => (write ? write(title) : form.save({ label })), title)
      if (after) void attempt(after)
    }
    close()
  }

  element.onsubmit = (event) => {
    event.preventDefault()
    save()
  }
  input.onkeydown = (event) => {
    if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return
    // The focus moves to a button: the same key must not press it.
    event.preventDefault()
    if (event.key === 'Enter') save()
    else close()
  }
  // Where there is something to decide it stays until that is decided.
  element.addEventListener('focusout', ({ relatedTarget }) => {
    if (choices.hidden && !element.contains(relatedTarget as Node | null)) save()
  })

  return {
    element,
    open,
    /** Saves what is in it: nobody looks at it any more. */
    leave: save,
    /** The todo as it is typed, or undefined while nobody types. */
    get todo(): Todo | undefined {
      return draft?.values
    },
  }
}
