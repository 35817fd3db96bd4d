import type { Todo } from '../schema.ts'
import type { List } from './db.ts'
import { el, type Part, setText } from './dom.ts'
import { attempt, brief, toast } from './toast.ts'
import { createTags } from './todo-tags.ts'

export interface TodoRow extends Part<Todo> {
  /** The title while its owner is typing, else undefined. */
  readonly draft: string | undefined
}

interface RowOptions {
  readonly space: List
  /** A draft was saved or given up. */
  readonly onEdited: () => void
}

/** One todo: each control is one verb of the SDK. */
export function createRow({ id }: Todo, { space, onEdited }: RowOptions): TodoRow {
  const { todos } = space
  let todo: Todo | undefined
  let editing = false
  /** The title that the person saw when the editing began. */
  let seen = ''

  const done = el('input', { type: 'checkbox', onchange: () => void setDone() })
  const title = el('button', { type: 'button', className: 'title', title: 'Edit', onclick: edit })
  const input = el('input', { type: 'text', className: 'edit', hidden: true, enterKeyHint: 'done', onblur: () => finish('save') })
  const meanwhile = el('p', { className: 'meanwhile', role: 'status' })
  const count = el('span')
  const vote = el('button', { type: 'button', className: 'vote', onclick: () => void attempt(() => todos.increment(id, 'votes')) })
  const remove = el('button', { type: 'button', className: 'icon', onclick: () => void removeTodo() }, '✕')
  const tags = createTags({
    add: (tag) => void attempt(() => todos.add(id, 'tags', tag)),
    remove: (tag) => void attempt(() => todos.remove(id, 'tags', tag)),
  })
  vote.append(el('span', { className: 'arrow', ariaHidden: 'true' }, '▲'), count)
  // Who loses the focus finds the same control in the next row.
  for (const [part, control] of Object.entries({ done, title, vote, remove })) control.dataset.part = part
  const element = el('li', { className: 'todo' })
  element.append(
    el('label', { className: 'check' }, done),
    el('div', { className: 'body' }, title, input, meanwhile, tags.element),
    el('div', { className: 'actions' }, vote, remove),
  )

  async function setDone(): Promise<void> {
    await attempt(() => todos.update(id, { done: done.checked }))
    done.checked = todo?.done ?? false
  }

  async function removeTodo(): Promise<void> {
    const gone = todo
    if (!gone) return
    await attempt(() => space.write((tx) => tx.todos.delete(id), { label: `Delete “${brief(gone.title)}”` }))
    const { id: _, $space, ...values } = gone
    toast(`Deleted “${brief(gone.title)}”.`, { action: { name: 'Undo', run: () => void attempt(() => todos.upsert(id, values)) } })
  }

  function edit(): void {
    if (!todo || editing) return
    editing = true
    seen = todo.title
    input.value = seen
    title.hidden = true
    input.hidden = false
    input.focus()
  }

  function finish(how: 'save' | 'cancel'): void {
    if (!editing) return
    const hadFocus = document.activeElement === input
    const text = input.value.trim()
    editing = false
    title.hidden = false
    input.hidden = true
    setText(meanwhile, '')
    if (hadFocus) title.focus()
    // An untouched draft says nothing: it must not overwrite what came in meanwhile.
    if (how === 'save' && text && text !== seen) {
      const label = `Rename “${brief(seen)}” to “${brief(text)}”`
      void attempt(() => space.write((tx) => tx.todos.update(id, { title: text }), { label }), text)
    }
    onEdited()
  }

  input.onkeydown = (event) => {
    if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return
    // The focus moves to a button: the same key must not press it.
    event.preventDefault()
    finish(event.key === 'Enter' ? 'save' : 'cancel')
  }

  return {
    element,
    get draft() {
      return editing ? input.value : undefined
    },
    update(next) {
      if (next === todo) return
      todo = next
      element.classList.toggle('done', next.done)
      done.checked = next.done
      done.ariaLabel = `Done: ${next.title}`
      setText(title, next.title)
      input.ariaLabel = `Title of ${next.title}`
      setText(meanwhile, editing && next.title !== seen ? `Meanwhile this became “${next.title}”. Saving replaces it.` : '')
      setText(count, String(next.votes))
      vote.ariaLabel = `Vote for ${next.title}, ${next.votes} so far`
      remove.ariaLabel = `Delete ${next.title}`
      tags.update(next)
    },
  }
}
