import { USERS } from '../schema.ts'
import { byId, el, setText } from './dom.ts'
import { showFace } from './face.ts'
import { addressOf, joinAddress } from './session.ts'

/** Asks who is here; with a link to a list in hand, to join it as that person. */
export function showSignIn(secret: string | undefined): void {
  setText(byId('sign-in-title'), secret ? 'You are invited to a list. Who are you?' : 'Who is here?')
  document.title = 'Holdfast todo'
  byId('users').replaceChildren(
    ...USERS.map((user) => {
      const href = secret ? joinAddress(secret, user) : addressOf({ user })
      return el('li', {}, el('a', { href }, showFace(el('span'), user.id)))
    }),
  )
}
