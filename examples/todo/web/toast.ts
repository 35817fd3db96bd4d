import type { Run } from '@holdfast/client'
import { isHoldfastError } from '@holdfast/shared'
import type { Db } from './db.ts'
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

/** Puts a text that would else be lost where one can paste it from. */
export const copy = (text: string): void =>
  void navigator.clipboard?.writeText(text).then(
    () => toast('Copied.'),
    () => toast(`It could not be copied: ${text}`, { error: true }),
  )

/**
 * Does a write and tells the person if it cannot be done, or not be stored on this device: then the change has left the screen again, but
 * `text`, which was typed for it, can be had. Most writes need no more than this, since they are on screen already.
 */
export async function attempt<T>(write: () => PromiseLike<T>, text?: string): Promise<T | undefined> {
  try {
    return await write()
  } catch (error) {
    const why = isHoldfastError(error) ? `${error.message} (${error.code})` : String(error)
    const action = text === undefined ? {} : { action: { name: 'Copy the text', run: () => copy(text) } }
    toast(`That could not be kept, and is undone: ${why}`, { error: true, ...action })
    return undefined
  }
}

/** Milliseconds after which it is worth saying that the server is away. */
const PATIENCE = 2_000

/** Asks the server for something and waits for its word; `later` says that it waits in the queue. Gives whether it was done. */
export async function ask(db: Db, call: () => Run<unknown>, later: string): Promise<boolean> {
  const run = await attempt(async () => ({ call: call() }))
  if (!run) return false
  const soon = await run.call.confirmed({ within: db.status.read().online ? PATIENCE : 0 })
  if (soon.status === 'pending') toast(later)
  const verdict = await run.call.confirmed()
  if (verdict.status !== 'refused') return true
  toast(verdict.message, { error: true })
  await discardLetter(db, verdict.deadLetter)
  return false
}

/** Of what the person has been told there is nothing left to look at. */
export async function discardLetter(db: Db, id: string): Promise<void> {
  await db.deadLetters
    .read()
    .find((letter) => letter.id === id)
    ?.discard()
}
