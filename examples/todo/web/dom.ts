/** The element of index.html with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no #${id}`)
  return found as E
}

/** Makes an element. @example el('button', { type: 'button', onclick: save }, 'Save') */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), props)
  element.append(...children)
  return element
}

/** Writes only what differs, so that screen readers and selections are left in peace. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** What shows one value of a list. */
export interface Part<T> {
  readonly element: HTMLElement
  update(value: T): void
}

interface Keyed<T, P> {
  readonly key: (value: T) => string
  readonly make: (value: T) => P
  /** The part that had the focus is gone; `heir` is the nearest that stays. */
  readonly onFocusLost?: (lost: Element, heir: HTMLElement | undefined) => void
}

/**
 * Shows a list of values as the children of an element. A value that stays keeps its element, and with it focus, caret and selection:
 * what comes, goes and moves around it does not touch it.
 */
export function keyed<T, P extends Part<T> = Part<T>>(parent: Element, { key, make, onFocusLost }: Keyed<T, P>) {
  const parts = new Map<string, P>()
  return {
    parts: parts as ReadonlyMap<string, P>,
    show(values: readonly T[]): void {
      const wanted = new Map(values.map((value) => [key(value), value]))
      const focused = [...parts.values()].find(({ element }) => element.contains(document.activeElement))?.element
      const active = document.activeElement
      const leaving = new Set<Element>()
      for (const [id, { element }] of [...parts]) {
        if (wanted.has(id)) continue
        parts.delete(id)
        leaving.add(element)
      }
      const heir = focused && leaving.has(focused) ? nextTo(focused, leaving) : undefined
      for (const element of leaving) element.remove()
      let cursor = parent.firstElementChild
      for (const [id, value] of wanted) {
        const part = parts.get(id) ?? make(value)
        parts.set(id, part)
        part.update(value)
        if (part.element === focused) cursor = clearWay(parent, cursor, focused)
        if (part.element === cursor) cursor = cursor.nextElementSibling
        else parent.insertBefore(part.element, cursor)
      }
      if (active && focused && leaving.has(focused)) onFocusLost?.(active, heir)
    },
  }
}

/** An element that is moved loses the focus: so what stands in its way goes behind it, to be put in order from there. */
function clearWay(parent: Element, from: Element | null, element: Element): Element | null {
  let cursor = from
  while (cursor && cursor !== element) {
    const next = cursor.nextElementSibling
    parent.append(cursor)
    cursor = next
  }
  return cursor
}

/** The nearest sibling that stays: after it, else before it. */
function nextTo(element: Element, leaving: ReadonlySet<Element>): HTMLElement | undefined {
  for (const side of ['nextElementSibling', 'previousElementSibling'] as const) {
    for (let other = element[side]; other; other = other[side]) if (!leaving.has(other)) return other as HTMLElement
  }
  return undefined
}
