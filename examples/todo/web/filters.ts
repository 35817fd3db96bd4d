import type { Todo } from '../schema.ts'
import { byId, el, keyed } from './dom.ts'

/** Which todos are shown. The store answers `show` and `tag`; the text is looked for in the view. */
export interface Filter {
  show: 'all' | 'open' | 'done'
  tag: string | null
  text: string
}

export const isFiltered = ({ show, tag, text }: Filter): boolean => show !== 'all' || tag !== null || text.trim() !== ''

export function hasText({ title, tags }: Pick<Todo, 'title' | 'tags'>, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  return [title, ...tags].some((one) => one.toLowerCase().includes(wanted))
}

const collator = new Intl.Collator()

/** The controls above the list. `onChange` is called with every change of the filter. */
export function createFilters(onChange: (filter: Filter) => void) {
  const search = byId<HTMLInputElement>('search')
  const radios = [...document.querySelectorAll<HTMLInputElement>('input[name=show]')]
  const filter: Filter = { show: 'all', tag: null, text: '' }
  let known: readonly string[] = []

  for (const radio of radios) radio.onchange = () => change({ show: radio.value as Filter['show'] })
  search.oninput = () => change({ text: search.value })
  const chips = keyed<string>(byId('tag-filter'), {
    key: (tag) => tag,
    make(tag) {
      const toggle = () => change({ tag: filter.tag === tag ? null : tag })
      const element = el('button', { type: 'button', className: 'chip', onclick: toggle }, el('span', {}, `#${tag}`))
      return { element, update: () => (element.ariaPressed = String(filter.tag === tag)) }
    },
    onFocusLost: (_, heir) => (heir ?? search).focus(),
  })

  function change(next: Partial<Filter>): void {
    Object.assign(filter, next)
    showTags(known)
    onChange(filter)
  }

  /** A tag that is being filtered by stays, or one could not switch it off. */
  function showTags(tags: readonly string[]): void {
    known = tags
    const all = new Set(filter.tag === null ? tags : [...tags, filter.tag])
    chips.show([...all].sort(collator.compare))
    byId('tag-filter').hidden = all.size === 0
  }

  return {
    filter: filter as Readonly<Filter>,
    showTags,
    close: () => chips.show([]),
    reset(): void {
      search.value = ''
      for (const radio of radios) radio.checked = radio.value === 'all'
      change({ show: 'all', tag: null, text: '' })
    },
  }
}
