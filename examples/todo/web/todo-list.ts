import type { SpaceState } from '@holdfast/client'
import type { Todo } from '../schema.ts'
import type { Db, List } from './db.ts'
import { byId, keyed, setText } from './dom.ts'
import { createFilters, hasText, isFiltered } from './filters.ts'
import { createReadRow } from './read-row.ts'
import { type Refused, refusedCard, refusedWrites } from './refused.ts'
import type { ToLookAt } from './to-look-at.ts'
import { attempt, brief } from './toast.ts'
import { createMoves } from './todo-moves.ts'
import { createRow, type TodoRow } from './todo-row.ts'
import { cleanTag } from './todo-tags.ts'

interface ListOptions {
  readonly readOnly: boolean
  /** Where stands what concerns no todo on the screen. */
  readonly toLookAt: ToLookAt
}

/** One list: its rows come from a live query, and so do its tags. Returns the way to stop. */
export function showList(db: Db, space: List, { readOnly, toLookAt }: ListOptions): () => void {
  const newTitle = byId<HTMLInputElement>('new-title')
  const fallback = () => (readOnly ? byId('list-name') : newTitle)
  let found: readonly Todo[] = []
  let shown: readonly Todo[] = []
  let stopAsking = () => {}
  const moves = createMoves({
    shown: () => shown,
    show: render,
    move({ id, title }, position) {
      const label = `Move “${brief(title)}”`
      void attempt(() => space.write((tx) => tx.todos.move(id, 'position', position), { label }))
    },
  })
  const rows = keyed<Todo, TodoRow>(byId('todos'), {
    key: ({ id }) => id,
    make: (todo) => (readOnly ? createReadRow() : createRow(todo, { db, space, moves, above: () => above(todo), onToggle: render })),
    onFocusLost: (lost, heir) => focusIn(heir, lost) ?? fallback().focus(),
  })
  const filters = createFilters(() => ask())
  const above = ({ id }: Todo) => shown[shown.findIndex((todo) => todo.id === id) - 1]

  /** Asks the store anew: a query is immutable, and costs nothing until it is subscribed. */
  function ask(): void {
    stopAsking()
    const { show, tag } = filters.filter
    let query = space.todos.orderBy('position')
    if (show !== 'all') query = query.where({ done: show === 'done' })
    if (tag !== null) query = query.where({ tags: { has: tag } })
    stopAsking = query.subscribe((todos) => {
      found = todos
      render()
    })
  }

  function render(): void {
    const matching = found.filter((todo) => hasText(todo, filters.filter.text))
    shown = moves.arrange(withDrafts(matching))
    rows.show(shown)
    for (const [id, { element }] of rows.parts) element.classList.toggle('held', moves.isHeld(id))
    showEmpty()
    look()
  }

  /** What wants a decision stands on the todo it is about. */
  function look(): void {
    const refused = refusedWrites(db)
    for (const { look } of rows.parts.values()) look?.(refused)
    refusals.show(refused.filter(({ letter, todo }) => letter.spaces.includes(space.id) && !(todo && rows.parts.get(todo)?.look)))
    toLookAt.setOnScreen(readOnly ? [] : rows.parts.keys())
  }

  /** A row that someone types in stays, whatever the filter says, and also if its todo is gone. */
  function withDrafts(matching: readonly Todo[]): readonly Todo[] {
    const kept: Todo[] = []
    for (const [id, { draft }] of rows.parts) {
      if (draft && !matching.some((todo) => todo.id === id)) kept.push(space.todos.get(id) ?? draft)
    }
    return kept.length === 0 ? matching : [...matching, ...kept].sort((a, b) => (a.position < b.position ? -1 : 1))
  }

  function showEmpty(): void {
    const filtered = isFiltered(filters.filter)
    byId('empty').hidden = rows.parts.size > 0
    byId('show-all').hidden = !filtered
    setText(byId('empty-text'), filtered ? 'Nothing here matches.' : emptyText(space.state.read(), readOnly))
  }

  function add(title: string, tags: readonly string[]): void {
    const label = `Add “${brief(title)}”`
    const write = () => space.write((tx) => tx.todos.insert({ title, tags, position: 'first' }), { label })
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
  const refusals = keyed<Refused>(byId('refused'), {
    key: ({ letter }) => letter.id,
    make: (one) => refusedCard(one),
    onFocusLost: (_, heir) => (heir?.querySelector('button') ?? fallback()).focus(),
  })

  if (readOnly && byId('composer').contains(document.activeElement)) byId('list-name').focus()
  byId('composer').hidden = readOnly
  setText(byId('read-only'), readOnly ? 'You can read this list, but not change it.' : '')
  filters.reset()
  const stopLooking = [db.deadLetters.subscribe(look), db.conflicts.subscribe(look)]
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
    for (const { leave } of rows.parts.values()) leave?.()
    stopAsking()
    stopTags()
    stopState()
    for (const stop of stopLooking) stop()
    filters.close()
    refusals.show([])
    rows.show([])
    toLookAt.setOnScreen([])
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
