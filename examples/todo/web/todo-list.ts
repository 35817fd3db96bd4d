import type { SpaceState } from '@holdfast/client'
import type { Todo } from '../schema.ts'
import type { Db, List } from './db.ts'
import { byId, keyed, setText } from './dom.ts'
import { createFilters, hasText, isFiltered } from './filters.ts'
import { createReadRow } from './read-row.ts'
import { type Refused, refusedCard, refusedWrites } from './refused.ts'
import { attempt, brief, toast } from './toast.ts'
import { createRow, type TodoRow } from './todo-row.ts'
import { cleanTag } from './todo-tags.ts'

/** One list: its rows come from a live query, and so do its tags. Returns the way to stop. */
export function showList(db: Db, space: List, { readOnly }: { readonly readOnly: boolean }): () => void {
  const newTitle = byId<HTMLInputElement>('new-title')
  const fallback = () => (readOnly ? byId('list-name') : newTitle)
  const rows = keyed<Todo>(byId('todos'), {
    key: ({ id }) => id,
    make: (todo) => (readOnly ? createReadRow() : createRow(todo, { space, onEdited: () => render(shown) })),
    onFocusLost: (lost, heir) => focusIn(heir, lost) ?? fallback().focus(),
  })
  const filters = createFilters(() => ask())
  let shown: readonly Todo[] = []
  let stopAsking = () => {}

  /** Asks the store anew: a query is immutable, and costs nothing until it is subscribed. */
  function ask(): void {
    stopAsking()
    const { show, tag } = filters.filter
    let query = space.todos.orderBy('created', 'desc')
    if (show !== 'all') query = query.where({ done: show === 'done' })
    if (tag !== null) query = query.where({ tags: { has: tag } })
    stopAsking = query.subscribe(render)
  }

  function render(found: readonly Todo[]): void {
    shown = found
    const matching = found.filter((todo) => hasText(todo, filters.filter.text))
    rows.show(withDrafts(matching))
    showEmpty()
  }

  /** A row that someone types in stays, whatever the filter says; if the todo itself is gone, the text is not. */
  function withDrafts(matching: readonly Todo[]): readonly Todo[] {
    const kept: Todo[] = []
    for (const [id, part] of rows.parts) {
      const { draft } = part as TodoRow
      if (draft === undefined || matching.some((todo) => todo.id === id)) continue
      const todo = space.todos.get(id)
      if (todo) kept.push(todo)
      else toast(`This was deleted while you typed “${brief(draft)}”.`, { action: { name: 'Add it', run: () => add(draft, []) } })
    }
    return kept.length === 0 ? matching : [...matching, ...kept].sort((a, b) => b.created - a.created)
  }

  function showEmpty(): void {
    const filtered = isFiltered(filters.filter)
    byId('empty').hidden = rows.parts.size > 0
    byId('show-all').hidden = !filtered
    setText(byId('empty-text'), filtered ? 'Nothing here matches.' : emptyText(space.state.read(), readOnly))
  }

  function add(title: string, tags: readonly string[]): void {
    const label = `Add “${brief(title)}”`
    const write = () => space.write((tx) => tx.todos.insert({ title, tags, created: tx.now }), { label })
    const { show, tag, text } = filters.filter
    if (show === 'done' || (tag !== null && !tags.includes(tag)) || !hasText({ title, tags }, text)) filters.reset()
    void attempt(write, title)
  }

  byId<HTMLFormElement>('composer').onsubmit = (event) => {
    event.preventDefault()
    const { title, tags } = parse(newTitle.value)
    if (title) add(title, tags)
    newTitle.value = ''
    newTitle.focus()
  }
  byId('show-all').onclick = () => {
    filters.reset()
    newTitle.focus()
  }

  /** What was refused here is said here. */
  const refused = keyed<Refused>(byId('refused'), {
    key: ({ letter }) => letter.id,
    make: refusedCard,
    onFocusLost: (_, heir) => (heir?.querySelector('button') ?? fallback()).focus(),
  })

  if (readOnly && byId('composer').contains(document.activeElement)) byId('list-name').focus()
  byId('composer').hidden = readOnly
  setText(byId('read-only'), readOnly ? 'You can read this list, but not change it.' : '')
  filters.reset()
  const stopRefused = db.deadLetters.subscribe(() =>
    refused.show(refusedWrites(db).filter(({ letter }) => letter.spaces.includes(space.id))),
  )
  const stopTags = db
    .live((read) => [
      ...new Set(
        read
          .space(space.id)
          .todos.read()
          .flatMap(({ tags }) => tags),
      ),
    ])
    .subscribe((tags) => filters.showTags(tags))
  const stopState = space.state.subscribe(showEmpty)
  return () => {
    stopAsking()
    stopTags()
    stopState()
    stopRefused()
    filters.close()
    refused.show([])
    rows.show([])
  }
}

/** "Milk #shop" is a title and a tag. */
function parse(text: string): { title: string; tags: string[] } {
  const words = text.trim().split(/\s+/)
  const isTag = (word: string) => /^#\p{L}/u.test(word)
  const title = words.filter((word) => !isTag(word)).join(' ')
  return { title: title || text.trim(), tags: title ? words.filter(isTag).map(cleanTag) : [] }
}

function emptyText(state: SpaceState, readOnly: boolean): string {
  if (state.is === 'loading') return 'This list has never been on this device: it comes as soon as you are online.'
  if (state.is === 'gone') return 'You no longer have access to this list.'
  if (readOnly) return 'Nothing to do yet.'
  return 'Nothing to do yet. Add something above.'
}

/** After a deletion the title of the neighbour, so that a second Enter deletes nothing; else the same control as before. */
function focusIn(row: HTMLElement | undefined, lost: Element): true | undefined {
  const part = lost instanceof HTMLElement ? lost.dataset.part : undefined
  const wanted = part === undefined || part === 'remove' ? 'title' : part
  const control = row?.querySelector<HTMLElement>(`[data-part=${wanted}]:not([hidden])`) ?? row?.querySelector<HTMLElement>('input, button')
  control?.focus()
  return control ? true : undefined
}
