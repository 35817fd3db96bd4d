import { setText } from './dom.ts'
import { nameOf } from './session.ts'

/** Shows an element as a person: a name, with a coloured initial before it. */
export function showFace<E extends HTMLElement>(element: E, userId: string): E {
  const name = nameOf(userId)
  element.classList.add('face')
  element.dataset.user = userId
  element.dataset.initial = name.charAt(0).toUpperCase()
  setText(element, name)
  return element
}
