import type { Todo } from '../schema.ts'
import type { Db, List } from './db.ts'
import { el, type Part, setText } from './dom.ts'
import { createGrip } from './grip.ts'
import { createItemNotices } from './item-notices.ts'
import type { Refused } from './refused.ts'
import { attempt, brief, toast } from './toast.ts'
import { createForm } from './todo-form.ts'
import type { Moves } from './todo-moves.ts'
import { createTags } from './todo-tags.ts'

export interface TodoRow extends Part<Todo> {
  /** The todo as it is in its form, while that is open. */
  readonly draft?: Todo | undefined
  /** Shows what wants a decision about this todo. */
  look?(refused: readonly Refused[]): void
  /** The row goes away, and what is typed into it does not. */
  leave?(): void
}

interface RowOptions {
  readonly db: Db
  readonly space: List
  readonly moves: Moves
  /** The todo above this one. */
  readonly above: () => Todo | undefined
  /** The form was opened, or what was typed was saved or given up. */
  readonly onToggle: () => void
}

/** One todo: each control is one verb of the SDK. */
export function createRow({ id }: Todo, { db, space, moves, above, onToggle }: RowOptions): TodoRow {
  const { todos } = space
  let todo: Todo | undefined

  const done = el('input', { type: 'checkbox', onchange: () => void setDone() })
  const title = el('button', { type: 'button', className: 'title', title: 'Edit', onclick: () => form.open() })
  const count = el('span')
  const vote = el('button', { type: 'button', className: 'vote', onclick: () => void attempt(() => todos.increment(id, 'votes')) })
  const remove = el('button', { type: 'button', className: 'icon', onclick: () => void removeTodo() }, '✕')
  const tags = createTags({
    add: (tag) => void attempt(() => todos.add(id, 'tags', tag)),
    remove: (tag) => void attempt(() => todos.remove(id, 'tags', tag)),
  })
  vote.append(el('span', { className: 'arrow', ariaHidden: 'true' }, '▲'), count)
  // It comes once: what others move past it does not come anew.
  const element = el('li', { className: 'todo arriving', onanimationend: () => element.classList.remove('arriving') })
  const grip = createGrip({ id, row: element, moves })
  const form = createForm({ space, id, me: db.userId, onToggle: toggle })
  const notices = createItemNotices({ db, id, edit: form.open, onFocusLost: () => title.focus() })
  element.append(
    el('label', { className: 'check' }, done),
    el('div', { className: 'body' }, title, form.element, tags.element),
    el('div', { className: 'actions' }, vote, remove),
    grip,
    notices.element,
  )
  // Who loses the focus finds the same control in the next row.
  for (const [part, control] of Object.entries({ done, title, vote, remove, grip })) control.dataset.part = part

  async function setDone(): Promise<void> {
    await attempt(() => todos.update(id, { done: done.checked }))
    done.checked = todo?.done ?? false
  }

  async function removeTodo(): Promise<void> {
    const [gone, before] = [todo, above()]
    if (!gone) return
    await attempt(() => space.write((tx) => tx.todos.delete(id), { label: `Delete “${brief(gone.title)}”` }))
    const { id: _, $space, position: __, ...values } = gone
    // Back where it was; what it was below may have gone, too.
    const undo = () => todos.upsert(id, { ...values, position: before && todos.get(before.id) ? { after: before.id } : 'first' })
    toast(`Deleted “${brief(gone.title)}”.`, { action: { name: 'Undo', run: () => void attempt(undo) } })
  }

  function toggle({ hadFocus }: { readonly hadFocus: boolean }): void {
    title.hidden = form.todo !== undefined
    if (hadFocus) title.focus()
    onToggle()
  }

  return {
    element,
    get draft() {
      return form.todo
    },
    look: notices.show,
    leave: form.leave,
    update(next) {
      if (next === todo) return
      todo = next
      element.classList.toggle('done', next.done)
      done.checked = next.done
      done.ariaLabel = `Done: ${next.title}`
      setText(title, next.title)
      setText(count, String(next.votes))
      vote.ariaLabel = `Vote for ${next.title}, ${next.votes} so far`
      remove.ariaLabel = `Delete ${next.title}`
      grip.ariaLabel = `Move ${next.title}`
      tags.update(next)
    },
  }
}
