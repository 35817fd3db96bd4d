import type { Position } from '@holdfast/shared'
import type { Todo } from '../schema.ts'
import { byId, setText } from './dom.ts'

interface MoveOptions {
  /** The todos on the screen, from top to bottom. */
  readonly shown: () => readonly Todo[]
  /** Shows them anew. */
  readonly show: () => void
  readonly move: (todo: Todo, position: Position) => void
}

/** The todo in somebody's hand: it is shown below the one that is `above` it, and at the top if there is none. */
interface Held {
  readonly id: string
  /** What was above it before. */
  readonly from: string | undefined
  above: string | undefined
  at: number
}

export type Moves = ReturnType<typeof createMoves>

/** Takes one todo through the list. Until it is put down that is on this screen only, and what others do goes on around it. */
export function createMoves({ shown, show, move }: MoveOptions) {
  let held: Held | undefined

  /** Says where it is now, for those who do not see it. */
  function say(words = ''): void {
    const list = shown()
    const at = list.findIndex(({ id }) => id === held?.id)
    const todo = list[at]
    if (todo) setText(byId('moves'), `${todo.title}${words}, ${at + 1} of ${list.length}`)
  }

  function to(at: number): void {
    if (!held) return
    const { id } = held
    const others = shown().filter((todo) => todo.id !== id)
    held.at = Math.max(0, Math.min(at, others.length))
    held.above = others[held.at - 1]?.id
    show()
    say()
  }

  function hold(id: string): void {
    const list = shown()
    const at = list.findIndex((todo) => todo.id === id)
    const from = list[at - 1]?.id
    if (at >= 0) held = { id, from, above: from, at }
  }

  function letGo(): void {
    held = undefined
    show()
  }

  function putDown(): void {
    if (!held) return
    const { id, at, above, from } = held
    const list = shown()
    const [todo, below] = [list.find((one) => one.id === id), list[at + 1]]
    if (todo && above !== from) move(todo, above !== undefined ? { after: above } : below ? { before: below.id } : 'first')
    letGo()
  }

  return {
    isHeld: (id: string) => held?.id === id,
    lift(id: string): void {
      hold(id)
      show()
      say(' is in your hand')
    },
    /** To a place in the list, counted from 0; whatever is beyond an end is that end. */
    to,
    /** Up or down by some places. */
    by: (steps: number) => to((held?.at ?? 0) + steps),
    putDown(): void {
      say(' is put down')
      putDown()
    },
    putBack(): void {
      if (!held) return
      held.above = held.from
      show()
      say(' is back')
      letGo()
    },
    /** Takes it some places up or down, all at once. */
    step(id: string, steps: number): void {
      hold(id)
      to((held?.at ?? 0) + steps)
      putDown()
    },
    /** The same todos, but the one in the hand is where it is held. */
    arrange(todos: readonly Todo[]): readonly Todo[] {
      const one = todos.find(({ id }) => id === held?.id)
      if (!held || !one) {
        held = undefined
        return todos
      }
      const { above, at } = held
      const others = todos.filter((todo) => todo !== one)
      const found = others.findIndex(({ id }) => id === above)
      // If the one above has gone, it stays about where it was.
      held.at = above === undefined ? 0 : found < 0 ? Math.min(at, others.length) : found + 1
      held.above = others[held.at - 1]?.id
      return [...others.slice(0, held.at), one, ...others.slice(held.at)]
    },
  }
}
