import { el } from './dom.ts'
import type { Moves } from './todo-moves.ts'

/** How near to an edge of the window, in pixels, a drag scrolls, and how far at a time. */
const EDGE = 60
const SCROLL = 12

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }

/** What one takes a row by: dragged by mouse or finger, or lifted with Space or Enter and moved with arrows. */
export function createGrip({ id, row, moves }: { readonly id: string; readonly row: HTMLElement; readonly moves: Moves }) {
  const grip = el('button', { type: 'button', className: 'icon grip' }, '⠿')
  grip.setAttribute('aria-describedby', 'grip-help')

  // Not a click of the mouse, but Space, Enter, or what a screen reader makes of them.
  grip.onclick = ({ detail }) => {
    if (detail !== 0) return
    if (moves.isHeld(id)) moves.putDown()
    else moves.lift(id)
  }
  grip.onkeydown = (event) => {
    const steps = STEPS[event.key]
    const isHeld = moves.isHeld(id)
    if (isHeld && event.key === 'Escape') moves.putBack()
    else if (isHeld && steps !== undefined) moves.by(steps)
    else if (event.altKey && steps !== undefined) moves.step(id, steps)
    else return
    event.preventDefault()
  }
  grip.onblur = moves.putBack

  grip.onpointerdown = ({ button, pointerId }) => {
    if (button !== 0) return
    // Not every browser gives it the focus, and what has it is not taken out of the page while the others move around it.
    grip.focus()
    grip.setPointerCapture(pointerId)
    moves.lift(id)
  }
  grip.onpointermove = ({ pointerId, clientY }) => {
    if (!grip.hasPointerCapture(pointerId) || !moves.isHeld(id)) return
    const at = placeAt(clientY)
    if (at !== [...(row.parentElement?.children ?? [])].indexOf(row)) moves.to(at)
    if (clientY < EDGE) scrollBy(0, -SCROLL)
    if (clientY > innerHeight - EDGE) scrollBy(0, SCROLL)
  }
  grip.onpointerup = () => moves.isHeld(id) && moves.putDown()
  grip.onpointercancel = moves.putBack

  /** How many of the others are above: by their middles, so that a tall one does not jump back and forth. */
  function placeAt(y: number): number {
    const others = [...(row.parentElement?.children ?? [])].filter((other) => other !== row)
    return others.filter((other) => {
      const { top, height } = other.getBoundingClientRect()
      return top + height / 2 < y
    }).length
  }
  return grip
}
