import { isHoldfastError } from '@holdfast/shared'
import { byId, el } from './dom.ts'

interface Action {
  readonly name: string
  readonly run: () => void
}

const SHOWN = 10_000

/** Enough of a title to know it by. */
export function brief(title: string): string {
  const characters = [...title]
  return characters.length > 40 ? `${characters.slice(0, 39).join('').trimEnd()}…` : title
}

/** A short message with one thing to do about it. Errors stay until they are dismissed. */
export function toast(text: string, { action, error = false }: { readonly action?: Action; readonly error?: boolean } = {}): void {
  const box = byId('toasts')
  const close = (then = () => {}) => {
    const hadFocus = card.querySelector(':focus-visible') !== null
    card.remove()
    if (hadFocus) byId('new-title').focus()
    then()
  }
  const act = action && el('button', { type: 'button', onclick: () => close(action.run) }, action.name)
  const dismiss = el('button', { type: 'button', className: 'icon', ariaLabel: 'Dismiss', onclick: () => close() }, '✕')
  const card = el('div', { className: error ? 'toast error' : 'toast' }, el('p', {}, text), ...(act ? [act] : []), dismiss)
  if (error) card.role = 'alert'
  box.append(card)
  while (box.children.length > 3) box.firstElementChild?.remove()
  if (error) return
  const expire = () => (card.matches(':hover, :focus-within') ? setTimeout(expire, 2_000) : close())
  setTimeout(expire, SHOWN)
}

/** Takes away what no longer concerns who signs in next. */
export const clearToasts = (): void => byId('toasts').replaceChildren()

/**
 * Does a write and tells the person if it could not be stored on this device: then the change has left the screen again. Most writes need
 * no more than this, since they are on screen already.
 */
export async function attempt<T>(write: () => PromiseLike<T>): Promise<T | undefined> {
  try {
    return await write()
  } catch (error) {
    const why = isHoldfastError(error) ? `${error.message} (${error.code})` : String(error)
    toast(`That could not be kept, and is undone: ${why}`, { error: true })
    return undefined
  }
}
