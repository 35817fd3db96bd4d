import { LIST, SHARED, USERS } from '../schema.ts'
import type { Db, List } from './db.ts'
import { byId, setText } from './dom.ts'
import { listName } from './list-name.ts'
import { nameOf } from './session.ts'
import { attempt, brief } from './toast.ts'

const everyone = new Intl.ListFormat('en-GB').format(USERS.map(({ name }) => name))

/** The name of a list, which its owner can change. Returns the way to stop. */
export function showHeading(db: Db, space: List): { readonly rename: () => void; readonly stop: () => void } {
  const heading = byId('list-name')
  const rename = byId<HTMLButtonElement>('rename')
  const form = byId<HTMLFormElement>('rename-form')
  const input = byId<HTMLInputElement>('new-name')

  function edit(editing: boolean): void {
    if (editing === !form.hidden) return
    const hadFocus = form.contains(document.activeElement)
    form.hidden = !editing
    byId('title-row').hidden = editing
    input.value = listName(db, space.id)
    if (editing) input.select()
    else if (hadFocus) rename.focus()
  }

  function save(): void {
    const [before, name] = [listName(db, space.id), input.value.trim()]
    edit(false)
    if (name === '' || name === before) return
    const label = `Rename the list “${brief(before)}” to “${brief(name)}”`
    void attempt(() => space.write((tx) => tx.lists.update(LIST, { name }), { label }), name)
  }

  function show(): void {
    setText(heading, listName(db, space.id))
    rename.hidden = !space.lists.get(LIST) || !space.can('update', 'lists', LIST)
    if (rename.hidden) edit(false)
    setText(byId('list-hint'), hint(db, space))
  }

  rename.onclick = () => edit(true)
  form.onsubmit = (event) => {
    event.preventDefault()
    save()
  }
  input.onkeydown = ({ key }) => {
    if (key === 'Escape') edit(false)
  }
  byId('rename-cancel').onclick = () => edit(false)
  const stops = [space.lists.record(LIST).subscribe(show), space.state.subscribe(show), space.members.subscribe(show)]
  return {
    rename: () => edit(true),
    stop() {
      for (const stop of stops) stop()
      edit(false)
    },
  }
}

function hint(db: Db, space: List): string {
  if (space.id === db.home.id) return `Only ${nameOf(db.userId)} sees this list, in every window and on every device.`
  if (space.id === SHARED) return `${everyone} see and change this list together.`
  const state = space.state.read()
  if (state.is !== 'ready') return ''
  const owner = space.members.read().find(({ role }) => role === 'owner')?.userId
  if (state.role === 'owner') return 'Your list. Only who is in it sees it.'
  return owner ? `${nameOf(owner)}’s list. Only who is in it sees it.` : 'Only who is in this list sees it.'
}
